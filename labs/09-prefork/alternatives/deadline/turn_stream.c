/* turn_stream.c - ppoll(); a client is accepted only for a child that is known already. */
#define _GNU_SOURCE
#include "pass.h"
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

const struct timespec *patience(void);

static int ends[CHILDREN_MAX]; /* 0: none, as long as descriptor 0 is standard input */
static bool idle[CHILDREN_MAX];
static int in_hand;
static int above;
static size_t places; /* poll() takes no more descriptors than a process may have */

int
turn_open(int listener, size_t n)
{
	int flags = fcntl(listener, F_GETFL);

	places = n;
	return flags == -1 ? -1 : fcntl(listener, F_SETFL, flags | O_NONBLOCK);
}

static void
let_go(int *fd)
{
	if (*fd > 0)
		close(*fd);
	*fd = 0;
}

static pid_t
fork_with(int pair[2], int listener)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	for (int i = 0; i < CHILDREN_MAX; i++)
		let_go(&ends[i]);
	let_go(&in_hand);
	close(listener);
	close(pair[0]);
	above = pair[1];
	return 0;
}

pid_t
turn_fork(int listener, size_t child)
{
	int pair[2], error;
	pid_t pid;

	idle[child] = false;
	let_go(&ends[child]);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
		return -1;
	pid = fork_with(pair, listener);
	if (pid == 0)
		return 0;
	error = errno;
	close(pair[1]);
	ends[child] = pair[0];
	if (pid < 0)
		let_go(&ends[child]);
	errno = error;
	return pid;
}

int
turn_next(int listener, size_t child)
{
	(void)listener;
	(void)child;
	return send(above, "?", 1, MSG_NOSIGNAL) == 1 ? receive_descriptor(above) : -1;
}

static int
some_idle(void)
{
	for (int i = CHILDREN_MAX - 1; i >= 0; i--)
		if (idle[i])
			return i;
	return -1;
}

static void
pass_on(void)
{
	int i;

	while (in_hand > 0 && (i = some_idle()) >= 0) {
		idle[i] = false;
		if (send_descriptor(ends[i], in_hand) == 0)
			let_go(&in_hand);
		else
			let_go(&ends[i]);
	}
}

static void
listen_to(int i)
{
	char question;
	ssize_t n = recv(ends[i], &question, 1, 0);

	if (n == 1)
		idle[i] = true;
	else {
		idle[i] = false;
		let_go(&ends[i]);
	}
}

int
turn_watch(int listener, const sigset_t *awake)
{
	struct pollfd set[CHILDREN_MAX + 1];
	int fd;

	memset(set, 0, sizeof set);
	for (size_t i = 0; i < places; i++) {
		set[i].fd = ends[i] > 0 ? ends[i] : -1;
		set[i].events = POLLIN;
	}
	set[places].fd = in_hand == 0 && some_idle() >= 0 ? listener : -1;
	set[places].events = POLLIN;
	if (ppoll(set, places + 1, patience(), awake) < 0)
		return errno == EINTR ? 0 : -1;
	for (size_t i = 0; i < places; i++)
		if (set[i].revents != 0)
			listen_to((int)i);
	if (set[places].revents != 0) {
		fd = accept(listener, NULL, NULL);
		if (fd > 0)
			in_hand = fd;
		else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED &&
			 errno != EPROTO)
			return -1;
	}
	pass_on();
	return 0;
}
