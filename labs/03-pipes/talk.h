/*
 * talk.h - a conversation with another program.
 *
 * A partner is a program whose standard input and standard output lead to us:
 *
 *	struct partner p;
 *	char answer[100];
 *	size_t got;
 *	int status;
 *
 *	if (start_partner(&p, TWO_PIPES, (char *[]){"tr", "a-z", "A-Z", NULL}) < 0)
 *		...
 *	exchange(&p, "hello", 5, answer, sizeof answer, &got);
 *	end_partner(&p, &status);
 *
 * The caller has descriptors 0, 1 and 2 open, and ignores SIGPIPE; it does not
 * ignore SIGCHLD and has no handler that waits. One thread only. Handlers of the
 * caller may run at any time: no function here fails with EINTR. What memory the
 * functions ask for is freed when end_partner() has returned.
 */
#ifndef TALK_H
#define TALK_H

#include <stddef.h>
#include <sys/types.h>

enum link {
	TWO_PIPES,   /* one for each direction */
	SOCKET_PAIR, /* one connection for both: socketpair(2), AF_UNIX, SOCK_STREAM */
};

struct partner {
	pid_t pid;
	int from; /* what the partner writes to its standard output is read here */
	int to;   /* what is written here, the partner reads; SOCKET_PAIR: the same as from */
};

/*
 * Starts the program argv[0], searched for along PATH, with the arguments argv,
 * which end with NULL. Its standard error is the caller's. If it cannot be
 * executed, or its ends cannot be put into place, the child ends with exit status 127.
 *
 * Nobody holds an end of a pipe or of the connection that he does not need:
 *   - The partner has its two ends as descriptors 0 and 1, and no other one.
 *   - The caller keeps p->from and p->to. They are closed on exec, so that a
 *     partner that is started later does not hold them either.
 *
 * The partner starts with the default action for SIGPIPE.
 *
 * Returns 0, or -1 with errno as pipe(2), socketpair(2) or fork(2): no process
 * was started then, and no descriptor is open that was not open before.
 */
int start_partner(struct partner *p, enum link link, char *const argv[]);

/*
 * Sends the n bytes at text to the partner, then the end of the file, and
 * receives all that it answers, up to the end of the file; answer has room for
 * room bytes, not more. Called at most once for each partner.
 *
 * Both directions go on at the same time: however much either side writes
 * before it reads, nobody waits for ever. The function sleeps while there is
 * nothing to do. A partner that does not read all of text, or has ended, is no
 * failure: the rest is not sent, and its answer counts.
 *
 * Returns 0 with the number of received bytes in *got, or -1 with errno:
 *   EMSGSIZE   The answer is longer than room.
 *   otherwise  as read(2), write(2) or what the function waits with
 * However it returns, p->to is -1: a pipe to the partner is closed. p->from stays
 * open.
 */
int exchange(struct partner *p, const void *text, size_t n, void *answer, size_t room, size_t *got);

/*
 * Closes p->from, and p->to unless it is -1, each descriptor once, then waits until the partner has
 * ended and stores its wait status, as waitpid(2) does, in *status. Waits for
 * nobody else.
 */
void end_partner(struct partner *p, int *status);

#endif
