/* turn_stream.c - clients in a state machine: select() for reading, one decision for each round. */
#include "pass.h"
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

extern int wake_pipe[2];

enum state { ABSENT, WORKS, IDLE };
struct worker {
	enum state state;
	int fd;
};
static struct worker *workers;
static size_t n_workers, last;
static int to_parent, guest = -1;

int
turn_open(int listener, size_t n)
{
	int flags = fcntl(listener, F_GETFL);

	if (flags == -1 || (workers = calloc(n, sizeof *workers)) == NULL)
		return -1;
	n_workers = n;
	return fcntl(listener, F_SETFL, flags | O_NONBLOCK);
}

static void
gone(struct worker *w)
{
	if (w->state != ABSENT)
		close(w->fd);
	w->state = ABSENT;
}

pid_t
turn_fork(int listener, size_t child)
{
	int ends[2];
	pid_t pid;

	gone(&workers[child]);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return -1;
	if ((pid = fork()) == 0) {
		size_t i;

		for (i = 0; i < n_workers; i++)
			gone(&workers[i]);
		free(workers);
		if (guest != -1)
			close(guest);
		close(listener);
		close(ends[0]);
		to_parent = ends[1];
	} else if (pid < 0) {
		int error = errno;

		close(ends[0]);
		close(ends[1]);
		errno = error;
	} else {
		close(ends[1]);
		workers[child].fd = ends[0];
		workers[child].state = WORKS; /* until it says something else */
	}
	return pid;
}

int
turn_next(int listener, size_t child)
{
	char number = (char)child;

	(void)listener;
	if (send(to_parent, &number, 1, MSG_NOSIGNAL) != 1)
		return -1;
	return receive_descriptor(to_parent);
}

/* The next one that is idle, behind the one that was the last: all get their share. */
static struct worker *
idle(void)
{
	for (size_t i = 1; i <= n_workers; i++)
		if (workers[(last + i) % n_workers].state == IDLE)
			return &workers[(last + i) % n_workers];
	return NULL;
}

static void
seat(void)
{
	struct worker *w;

	while (guest >= 0 && (w = idle()) != NULL) {
		last = (size_t)(w - workers);
		if (send_descriptor(w->fd, guest) != 0) {
			gone(w);
			continue;
		}
		w->state = WORKS;
		close(guest);
		guest = -1;
	}
}

static int
add(fd_set *set, int fd, int most)
{
	FD_SET(fd, set);
	return fd > most ? fd : most;
}

int
turn_watch(int listener, const sigset_t *awake)
{
	fd_set set;
	char bytes[32];
	int most;
	size_t i;

	(void)awake;
	FD_ZERO(&set);
	most = add(&set, wake_pipe[0], -1);
	for (i = 0; i < n_workers; i++)
		if (workers[i].state == WORKS || workers[i].state == IDLE)
			most = add(&set, workers[i].fd, most);
	if (guest < 0 && idle() != NULL)
		most = add(&set, listener, most);
	if (select(most + 1, &set, NULL, NULL, NULL) < 0)
		return errno == EINTR ? 0 : -1;
	while (read(wake_pipe[0], bytes, sizeof bytes) > 0)
		;
	for (i = 0; i < n_workers; i++) {
		if (workers[i].state == ABSENT || !FD_ISSET(workers[i].fd, &set))
			continue;
		if (recv(workers[i].fd, bytes, 1, MSG_DONTWAIT) == 1)
			workers[i].state = IDLE;
		else
			gone(&workers[i]);
	}
	if (FD_ISSET(listener, &set) && (guest = accept(listener, NULL, NULL)) < 0 &&
	    errno != EAGAIN && errno != ECONNABORTED && errno != EPROTO && errno != EINTR)
		return -1;
	seat();
	return 0;
}
