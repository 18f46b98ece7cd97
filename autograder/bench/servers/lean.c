/*
 * lean.c - of each design the least that serves: what the solutions of the labs are compared with.
 *
 *	lean HOST:PORT N WAY
 *
 * N children or threads, where they are made beforehand. The ways are in a table below, in the
 * order of designs.list. Only what a design is about is there: no failure is survived, nothing is
 * counted, nobody is replaced. SIGINT ends all; SIGKILL does, where somebody may be in accept().
 * For Linux.
 */
#define _GNU_SOURCE
#include "../../../labs/08-service/listener.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/uio.h>
#include <sys/wait.h>

enum { CHILDREN_MAX = 64, FDS_MAX = 1024, ROOM = 64 /* of the queue; a power of two */ };

static int listener, n;
static pid_t child[CHILDREN_MAX];

static _Noreturn void
give_up(const char *what)
{
	perror(what);
	_exit(EXIT_FAILURE);
}

/* ---- a session --------------------------------------------------------------------------------
 */

static char answer[16384];

/* Answers what one read brings: the benchmark's clients send a request at a time. */
static bool
answer_one(int fd)
{
	char line[64];
	ssize_t got = read(fd, line, sizeof line - 1);
	long count;

	if (got <= 0)
		return false;
	line[got] = '\0';
	count = strtol(line, NULL, 10);
	return count > 0 && count <= (long)sizeof answer &&
	       send(fd, answer, (size_t)count, MSG_NOSIGNAL) == count;
}

static void
session(int fd)
{
	while (answer_one(fd))
		;
	close(fd);
}

static int
next_client(void)
{
	return accept(listener, NULL, NULL);
}

/* ---- children ---------------------------------------------------------------------------------
 */

static _Noreturn void
serve_for_ever(int (*next)(void))
{
	for (;;) {
		int fd = next();

		if (fd >= 0)
			session(fd);
	}
}

/* Returns in the child. */
static bool
make_child(int i)
{
	child[i] = fork();
	if (child[i] < 0)
		give_up("fork");
	return child[i] == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

static void
end_children(void)
{
	for (int i = 0; i < n; i++)
		if (child[i] > 0)
			kill(child[i], SIGKILL);
	while (wait(NULL) > 0)
		;
}

/* All are killed in the end, so that none needs to look whether it is time to. */
static _Noreturn void
wait_for_the_end(void)
{
	sigset_t stop;
	int signal;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	if (say_ready("lean", listener) < 0)
		give_up("say_ready");
	sigwait(&stop, &signal);
	end_children();
	_exit(EXIT_SUCCESS);
}

static void
prefork(int (*next)(void))
{
	for (int i = 0; i < n; i++)
		if (make_child(i))
			serve_for_ever(next);
	wait_for_the_end();
}

/* ---- 0, 1, 6: nothing is made beforehand -------------------------------------------------------
 */

static void
leave(int signal)
{
	(void)signal;
	end_children();
	_exit(EXIT_SUCCESS);
}

static void
begin_to_serve(void)
{
	struct sigaction action = {.sa_handler = leave};
	sigset_t stop;

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_UNBLOCK, &stop, NULL);
	if (say_ready("lean", listener) < 0)
		give_up("say_ready");
}

static void
iterative(void)
{
	begin_to_serve();
	serve_for_ever(next_client);
}

static void
reap(int signal)
{
	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

/* So that no zombie stays while nobody comes. */
static void
reap_at_once(void)
{
	struct sigaction action = {.sa_handler = reap, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	sigaction(SIGCHLD, &action, NULL);
}

static void
one_process_each(void)
{
	reap_at_once();
	begin_to_serve();
	for (;;) {
		int fd = next_client();

		if (fork() == 0) {
			close(listener);
			session(fd);
			_exit(EXIT_SUCCESS);
		}
		close(fd);
	}
}

static void *
be_thread(void *with)
{
	session((int)(long)with);
	return NULL;
}

static void
one_thread_each(void)
{
	pthread_attr_t detached;
	pthread_t id;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	begin_to_serve();
	for (;;)
		if (pthread_create(&id, &detached, be_thread, (void *)(long)next_client()) != 0)
			give_up("pthread_create");
}

/* ---- 2, 3, 4: whose turn it is to accept --------------------------------------------------------
 */

static void
all_in_accept(void)
{
	prefork(next_client);
}

static int
after_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(listener, &set);
	select(listener + 1, &set, NULL, NULL, NULL);
	return next_client();
}

static void
all_in_select(void)
{
	if (do_not_block(listener) < 0)
		give_up("fcntl");
	prefork(after_select);
}

static int lock_file;

static int
under_file_lock(void)
{
	static struct flock take = {.l_type = F_WRLCK}, give = {.l_type = F_UNLCK};
	int fd;

	fcntl(lock_file, F_SETLKW, &take);
	fd = next_client();
	fcntl(lock_file, F_SETLK, &give);
	return fd;
}

static void
file_lock(void)
{
	lock_file = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (lock_file < 0)
		give_up("/tmp");
	prefork(under_file_lock);
}

static pthread_mutex_t *turn;

static int
under_mutex(void)
{
	int fd;

	pthread_mutex_lock(turn);
	fd = next_client();
	pthread_mutex_unlock(turn);
	return fd;
}

static void
make_mutex(int shared)
{
	pthread_mutexattr_t attr;

	turn = mmap(NULL, sizeof *turn, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (turn == MAP_FAILED)
		give_up("mmap");
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, shared);
	pthread_mutex_init(turn, &attr);
}

static void
shared_mutex(void)
{
	make_mutex(PTHREAD_PROCESS_SHARED);
	prefork(under_mutex);
}

/* ---- 5, 5d: descriptors are passed
 * ---------------------------------------------------------------- */

union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static struct msghdr
one_byte_and(union control *control)
{
	static char byte;
	static struct iovec one = {.iov_base = &byte, .iov_len = 1};

	return (struct msghdr){.msg_iov = &one,
	    .msg_iovlen = 1,
	    .msg_control = control->bytes,
	    .msg_controllen = sizeof control->bytes};
}

static void
pass(int channel, int fd)
{
	union control control;
	struct msghdr message = one_byte_and(&control);
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	sendmsg(channel, &message, 0);
	close(fd);
}

static int own_channel; /* of this child */

static int
passed(void)
{
	union control control;
	struct msghdr message = one_byte_and(&control);
	int fd;

	if (recvmsg(own_channel, &message, 0) != 1)
		_exit(EXIT_FAILURE);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
	return fd;
}

static int
passed_and_told(void)
{
	static bool served;

	if (served && write(own_channel, "", 1) != 1)
		_exit(EXIT_FAILURE);
	served = true;
	return passed();
}

/* The listening socket is left out while nobody is free. */
static _Noreturn void
distribute(struct pollfd *on, bool *busy)
{
	int n_free = n, i;
	char byte;

	for (;;) {
		on[n].fd = n_free > 0 ? listener : -1;
		if (poll(on, (nfds_t)n + 1, -1) < 0)
			continue;
		if ((on[n].revents & POLLIN) != 0) {
			for (i = 0; busy[i]; i++)
				;
			busy[i] = true;
			n_free--;
			pass(on[i].fd, next_client());
		}
		for (i = 0; i < n; i++)
			if ((on[i].revents & POLLIN) != 0 && read(on[i].fd, &byte, 1) == 1) {
				busy[i] = false;
				n_free++;
			}
	}
}

static void
passed_by_stream(void)
{
	static struct pollfd on[CHILDREN_MAX + 1];
	static bool busy[CHILDREN_MAX];

	for (int i = 0; i < n; i++) {
		int ends[2];

		if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
			give_up("socketpair");
		own_channel = ends[1];
		if (make_child(i))
			serve_for_ever(passed_and_told);
		close(ends[1]);
		on[i] = (struct pollfd){ends[0], POLLIN, 0};
	}
	on[n].events = POLLIN;
	begin_to_serve();
	distribute(on, busy);
}

static void
passed_by_datagram(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) < 0)
		give_up("socketpair");
	own_channel = ends[1];
	for (int i = 0; i < n; i++)
		if (make_child(i))
			serve_for_ever(passed);
	begin_to_serve();
	for (;;)
		pass(ends[0], next_client());
}

/* ---- 7, 8: threads made beforehand
 * ------------------------------------------------------------------- */

static void *
take_turns(void *with)
{
	(void)with;
	serve_for_ever(under_mutex);
}

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t not_empty, not_full;
	unsigned put, taken;
	int fds[ROOM];
} queue = {
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, {0}};

static void
queue_put(int fd)
{
	pthread_mutex_lock(&queue.mutex);
	while (queue.put - queue.taken == ROOM)
		pthread_cond_wait(&queue.not_full, &queue.mutex);
	queue.fds[queue.put++ % ROOM] = fd;
	pthread_cond_signal(&queue.not_empty);
	pthread_mutex_unlock(&queue.mutex);
}

static int
queue_take(void)
{
	int fd;

	pthread_mutex_lock(&queue.mutex);
	while (queue.put == queue.taken)
		pthread_cond_wait(&queue.not_empty, &queue.mutex);
	fd = queue.fds[queue.taken++ % ROOM];
	pthread_cond_signal(&queue.not_full);
	pthread_mutex_unlock(&queue.mutex);
	return fd;
}

static void *
take_from_queue(void *with)
{
	(void)with;
	serve_for_ever(queue_take);
}

static void
make_threads(void *(*life)(void *))
{
	pthread_t id;

	for (int i = 0; i < n; i++)
		if (pthread_create(&id, NULL, life, NULL) != 0)
			give_up("pthread_create");
}

static void
thread_mutex(void)
{
	make_mutex(PTHREAD_PROCESS_PRIVATE);
	make_threads(take_turns);
	wait_for_the_end();
}

static void
thread_queue(void)
{
	make_threads(take_from_queue);
	begin_to_serve();
	for (;;)
		queue_put(next_client());
}

/* ---- one process, poll
 * ---------------------------------------------------------------------------------- */

/* What an answer needs a socket takes at once; the place of whoever goes gets the last one. */
static void
one_poll(void)
{
	static struct pollfd on[FDS_MAX];
	nfds_t used = 1;

	on[0] = (struct pollfd){listener, POLLIN, 0};
	begin_to_serve();
	for (;;) {
		if (poll(on, used, -1) < 0)
			continue;
		for (nfds_t i = used - 1; i > 0; i--)
			if (on[i].revents != 0 && !answer_one(on[i].fd)) {
				close(on[i].fd);
				on[i] = on[--used];
			}
		if (on[0].revents != 0 && used < FDS_MAX)
			on[used++] = (struct pollfd){next_client(), POLLIN, 0};
	}
}

/* ---- lab 11: pools of processes
 * ---------------------------------------------------------------------------- */

/* It closes its end of the pipe when it has a client: then the next one is made. */
static _Noreturn void
be_next(int told)
{
	int fd = next_client();

	close(told);
	close(listener);
	session(fd);
	_exit(EXIT_SUCCESS);
}

static _Noreturn void
make_one_after_the_other(void)
{
	reap_at_once();
	for (;;) {
		int ends[2];
		char byte;

		if (pipe(ends) < 0)
			give_up("pipe");
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			be_next(ends[1]);
		}
		close(ends[1]);
		while (read(ends[0], &byte, 1) < 0)
			;
		close(ends[0]);
	}
}

/* Who waits here is killed with its child; what both have used the kernel still counts. */
static void
pool_of_pairs(void)
{
	for (int i = 0; i < n; i++)
		if (make_child(i))
			make_one_after_the_other();
	wait_for_the_end();
}

static int reports; /* one byte each: +1 idle, -1 busy */

static int
reported(void)
{
	static bool served;
	signed char now = 1;
	int fd;

	if (served && write(reports, &now, 1) != 1)
		_exit(EXIT_FAILURE);
	fd = next_client();
	now = -1;
	served = write(reports, &now, 1) == 1;
	return fd;
}

/* At least one is idle; none is ended, as the benchmark's load never leaves more than N so. */
static void
spare_processes(void)
{
	int ends[2], idle = 1;
	signed char byte[ROOM];

	if (pipe(ends) < 0)
		give_up("pipe");
	reports = ends[1];
	n = 1;
	if (make_child(0))
		serve_for_ever(reported);
	begin_to_serve();
	for (;;) {
		for (ssize_t got = read(ends[0], byte, sizeof byte); got > 0; got--)
			idle += byte[got - 1];
		for (; idle < 1 && n < CHILDREN_MAX; idle++)
			if (make_child(n++))
				serve_for_ever(reported);
	}
}

/* ---- which
 * -------------------------------------------------------------------------------------------------
 */

static const struct way {
	const char *name;
	void (*serve)(void);
} ways[] = {
    {"iterative", iterative},
    {"fork", one_process_each},
    {"accept", all_in_accept},
    {"select", all_in_select},
    {"file", file_lock},
    {"mutex", shared_mutex},
    {"stream", passed_by_stream},
    {"datagram", passed_by_datagram},
    {"thread", one_thread_each},
    {"thread-mutex", thread_mutex},
    {"thread-queue", thread_queue},
    {"poll", one_poll},
    {"pairs", pool_of_pairs},
    {"spare", spare_processes},
};

static void
block_the_end(void)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_BLOCK, &stop, NULL);
}

int
main(int argc, char *argv[])
{
	n = argc == 4 ? atoi(argv[2]) : 0;
	for (size_t i = 0; n > 0 && n <= CHILDREN_MAX && i < sizeof ways / sizeof *ways; i++) {
		if (strcmp(ways[i].name, argv[3]) != 0)
			continue;
		listener = open_listener(argv[1]);
		if (listener < 0)
			give_up(argv[1]);
		for (size_t k = 0; k < sizeof answer; k++)
			answer[k] = (char)('a' + k % 26);
		block_the_end();
		ways[i].serve();
	}
	fputs("usage: lean HOST:PORT N WAY\n", stderr);
	return 2;
}
