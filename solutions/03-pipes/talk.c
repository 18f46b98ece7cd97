/* talk.c - a conversation with another program. See talk.h. */
#include "talk.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* STUDENT: helpers of your own: make the ends, become the program, send some, receive some */
/* Who holds which end. Over a socket pair, ours are one and the same, and so are his. */
enum { HIS_INPUT, OUR_OUTPUT, OUR_INPUT, HIS_OUTPUT, ENDS };

static void
close_two(int one, int other)
{
	close(one);
	if (other != one)
		close(other);
}

/*
 * Makes the ends; no program that is started inherits ours. Returns 0, or -1
 * with errno and no end open.
 */
static int
make_ends(enum link link, int ends[ENDS])
{
	if (link == SOCKET_PAIR) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
			return -1;
		ends[OUR_INPUT] = ends[OUR_OUTPUT];
		ends[HIS_OUTPUT] = ends[HIS_INPUT];
	} else {
		if (pipe(&ends[HIS_INPUT]) < 0)
			return -1;
		if (pipe(&ends[OUR_INPUT]) < 0) {
			close_two(ends[HIS_INPUT], ends[OUR_OUTPUT]);
			return -1;
		}
	}
	fcntl(ends[OUR_OUTPUT], F_SETFD, FD_CLOEXEC); /* cannot fail: it is open */
	fcntl(ends[OUR_INPUT], F_SETFD, FD_CLOEXEC);
	return 0;
}

/* In the child: becomes the program, which is not to be surprised by what we ignore. */
static _Noreturn void
become(char *const argv[], int input, int output)
{
	signal(SIGPIPE, SIG_DFL);
	if (dup2(input, STDIN_FILENO) != -1 && dup2(output, STDOUT_FILENO) != -1) {
		close_two(input, output);
		execvp(argv[0], argv);
	}
	_exit(127);
}

/* Nothing more will be sent: the partner reads the end of the file. */
static void
end_text(struct partner *p)
{
	if (p->to == p->from)
		shutdown(p->to, SHUT_WR); /* closing it would end the other direction, too */
	else
		close(p->to);
	p->to = -1;
}

/* EPIPE, but a socket says ECONNRESET if the partner has left something unread. */
static bool
partner_left(void)
{
	return errno == EPIPE || errno == ECONNRESET;
}

static bool
later(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* Sends as much as there is room for. What nobody will read counts as sent. */
static int
send_some(int fd, const char **text, size_t *n)
{
	ssize_t done = write(fd, *text, *n);

	if (done < 0 && partner_left())
		done = (ssize_t)*n;
	if (done < 0)
		return later() ? 0 : -1;
	*text += done;
	*n -= (size_t)done;
	return 0;
}

/* Receives what is there. Returns 1, or 0 at the end of the file, or -1 with errno. */
static int
receive_some(int fd, char *answer, size_t room, size_t *got)
{
	char too_much[256];
	bool full = *got == room;
	ssize_t more =
	    read(fd, full ? too_much : answer + *got, full ? sizeof too_much : room - *got);

	if (more < 0 && later())
		return 1;
	if (more < 0 && !partner_left())
		return -1;
	if (more <= 0)
		return 0;
	if (full) {
		errno = EMSGSIZE;
		return -1;
	}
	*got += (size_t)more;
	return 1;
}

/* Sends and receives, whichever is possible, until the end of the answer. */
static int
talk(struct partner *p, const char *text, size_t n, char *answer, size_t room, size_t *got)
{
	int more = 1;

	/* poll() says that a little can be written; only so do we never wait for the rest. */
	fcntl(p->to, F_SETFL, O_NONBLOCK); /* cannot fail: it is open */
	while (more > 0) {
		if (n == 0 && p->to >= 0)
			end_text(p);

		struct pollfd ready[] = {
		    {.fd = p->from, .events = POLLIN},
		    {.fd = p->to, .events = POLLOUT}, /* -1 is not looked at */
		};

		if (poll(ready, 2, -1) < 0 && errno != EINTR)
			return -1;
		/* Interrupted: nothing is ready, and the wait begins anew. */
		if (ready[1].revents != 0 && send_some(p->to, &text, &n) < 0)
			return -1;
		if (ready[0].revents != 0)
			more = receive_some(p->from, answer, room, got);
	}
	return more;
}
/* END */

int
start_partner(struct partner *p, enum link link, char *const argv[])
{
	/* STUDENT: make the ends, fork, and close on each side what the other side needs */
	int ends[ENDS];

	if (make_ends(link, ends) != 0)
		return -1;
	p->pid = fork();
	if (p->pid == 0)
		become(argv, ends[HIS_INPUT], ends[HIS_OUTPUT]);
	close_two(ends[HIS_INPUT], ends[HIS_OUTPUT]);
	p->from = ends[OUR_INPUT];
	p->to = ends[OUR_OUTPUT];
	if (p->pid < 0) {
		close_two(p->from, p->to); /* errno stays that of fork() */
		return -1;
	}
	return 0;
	/* INSTEAD
	(void)p;
	(void)link;
	(void)argv;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
exchange(struct partner *p, const void *text, size_t n, void *answer, size_t room, size_t *got)
{
	/* STUDENT: send and receive, neither waiting for the other */
	int result;

	*got = 0;
	result = talk(p, text, n, answer, room, got);
	if (p->to >= 0)
		end_text(p);
	return result;
	/* INSTEAD
	(void)p;
	(void)text;
	(void)n;
	(void)answer;
	(void)room;
	(void)got;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

void
end_partner(struct partner *p, int *status)
{
	/* STUDENT: close what is open, then wait */
	if (p->to >= 0 && p->to != p->from)
		close(p->to);
	close(p->from);
	while (waitpid(p->pid, status, 0) < 0 && errno == EINTR)
		;
	/* INSTEAD
	(void)p;
	(void)status;
	*/
	/* END */
}
