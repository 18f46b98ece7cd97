/* turn_stream.c - a stack of children that are free, and one array for poll(). */
#include "pass.h"
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

extern int prefork_signals;

enum { SIGNALS, LISTENER, FIRST };

static struct pollfd set[FIRST + CHILDREN_MAX]; /* a child that is not there has fd -1 */
static size_t n_set;
static int stack[CHILDREN_MAX], top;
static int held = -1; /* a client for whom no child was left */
static int mine;      /* in a child */

static void
forget(size_t child)
{
	struct pollfd *p = &set[FIRST + child];
	int kept = 0;

	for (int i = 0; i < top; i++)
		if (stack[i] != (int)child)
			stack[kept++] = stack[i];
	top = kept;
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

int
turn_open(int listener, size_t n)
{
	int flags = fcntl(listener, F_GETFL);

	n_set = FIRST + n;
	for (size_t i = 0; i < n_set; i++)
		set[i] = (struct pollfd){.fd = -1, .events = POLLIN};
	set[SIGNALS].fd = prefork_signals;
	return flags < 0 ? -1 : fcntl(listener, F_SETFL, O_NONBLOCK | flags);
}

pid_t
turn_fork(int listener, size_t child)
{
	int pair[2];
	pid_t pid;

	forget(child);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	switch (pid = fork()) {
	case -1:
		close(pair[0]);
		close(pair[1]);
		errno = EAGAIN;
		return -1;
	case 0:
		for (size_t i = FIRST; i < n_set; i++)
			if (set[i].fd >= 0)
				close(set[i].fd);
		if (held >= 0)
			close(held);
		close(pair[0]);
		close(listener);
		mine = pair[1];
		return 0;
	default:
		close(pair[1]);
		set[FIRST + child].fd = pair[0];
		return pid;
	}
}

int
turn_next(int listener, size_t child)
{
	(void)listener, (void)child;
	while (send(mine, "f", 1, MSG_NOSIGNAL) != 1)
		if (errno != EINTR)
			return -1;
	return receive_descriptor(mine);
}

static void
dispatch(void)
{
	while (held >= 0 && top > 0) {
		int child = stack[--top];

		if (send_descriptor(set[FIRST + child].fd, held) < 0) {
			forget((size_t)child);
			continue;
		}
		close(held);
		held = -1;
	}
}

int
turn_watch(int listener, const sigset_t *awake)
{
	char byte;

	(void)awake;
	set[LISTENER].fd = top > 0 && held < 0 ? listener : -1;
	if (poll(set, (nfds_t)n_set, -1) < 0)
		return errno == EINTR ? 0 : -1;
	for (size_t i = FIRST; i < n_set; i++) {
		if (set[i].fd < 0 || set[i].revents == 0)
			continue;
		if (read(set[i].fd, &byte, 1) == 1)
			stack[top++] = (int)(i - FIRST);
		else
			forget(i - FIRST);
	}
	if (set[LISTENER].fd >= 0 && set[LISTENER].revents != 0) {
		held = accept(listener, NULL, NULL);
		if (held < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED &&
		    errno != EPROTO)
			return -1;
	}
	dispatch();
	return 0;
}
