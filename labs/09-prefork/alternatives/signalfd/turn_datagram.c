/* turn_datagram.c - first room in the channel, then a client: nobody ever waits in the parent. */
#include "pass.h"
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

extern int prefork_signals;

static int up, down; /* the parent's end, and that of all children */
static int room;     /* has the channel room? */

int
turn_open(int listener, size_t n)
{
	int pair[2], size = 0, flags = fcntl(listener, F_GETFL);

	(void)n;
	if (flags < 0 || socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0)
		return -1;
	up = pair[0];
	down = pair[1];
	setsockopt(up, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	return fcntl(listener, F_SETFL, O_NONBLOCK | flags);
}

pid_t
turn_fork(int listener, size_t child)
{
	pid_t pid = fork();

	(void)child;
	if (pid != 0)
		return pid;
	close(up);
	close(listener);
	return 0;
}

int
turn_next(int listener, size_t child)
{
	(void)listener, (void)child;
	return receive_descriptor(down);
}

int
turn_watch(int listener, const sigset_t *awake)
{
	struct pollfd set[] = {{.fd = prefork_signals, .events = POLLIN},
	    {.fd = room ? listener : up, .events = room ? POLLIN : POLLOUT}};
	int client, error;

	(void)awake;
	if (poll(set, 2, -1) < 0)
		return errno == EINTR ? 0 : -1;
	if (set[1].revents == 0)
		return 0;
	if (!room) {
		room = 1;
		return 0;
	}
	client = accept(listener, NULL, NULL);
	if (client < 0)
		return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED || errno == EPROTO
			   ? 0
			   : -1;
	error = send_descriptor(up, client);
	close(client);
	room = 0; /* perhaps */
	return error;
}
