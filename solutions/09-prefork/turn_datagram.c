/* turn_datagram.c - the parent accepts; whoever is free takes the next message. See prefork.h. */
#include "listener.h"
#include "pass.h"
#include "prefork.h"
#include <errno.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

/* STUDENT: the channel, the client that waits for room in it, and what is done with both */
enum { PARENT, CHILDREN };
static int ends[2];
static int client = -1; /* the parent's: accepted, and not yet passed on */

/* A client that the channel has no room for waits here. */
static int
hand_over(void)
{
	if (send_descriptor(ends[PARENT], client) < 0)
		return errno == EAGAIN ? 0 : -1;
	close(client); /* the message has its own now */
	client = -1;
	return 0;
}

static int
take_client(int listener)
{
	client = accept(listener, NULL, NULL);
	if (client >= 0)
		return hand_over();
	return errno == EINTR || errno == EAGAIN || errno == ECONNABORTED || errno == EPROTO ? 0
											     : -1;
}
/* END */

int
turn_open(int listener, size_t n)
{
	/* STUDENT: one pair for all; the parent must wait neither in accept() nor in sendmsg() */
	int least =
	    1; /* the kernel makes of it the least that it allows: few wait in the channel */

	(void)n;
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) < 0 ||
	    setsockopt(ends[PARENT], SOL_SOCKET, SO_SNDBUF, &least, sizeof least) < 0 ||
	    do_not_block(ends[PARENT]) < 0)
		return -1;
	return do_not_block(listener);
	/* INSTEAD
	(void)listener;
	(void)n;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

pid_t
turn_fork(int listener, size_t child)
{
	(void)child;
	/* STUDENT: the child closes what is the parent's; the parent keeps both ends */
	pid_t pid = fork();

	if (pid == 0) {
		close(ends[PARENT]);
		close(listener);
		if (client >= 0)
			close(client);
	}
	return pid;
	/* INSTEAD
	(void)listener;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
turn_next(int listener, size_t child)
{
	(void)listener;
	(void)child;
	/* STUDENT: wait for the next message */
	return receive_descriptor(ends[CHILDREN]);
	/* INSTEAD
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
turn_watch(int listener, const sigset_t *awake)
{
	/* STUDENT: wait for a client; while one is in hand, for room in the channel instead */
	fd_set clients, room;
	int fd = client < 0 ? listener : ends[PARENT];

	FD_ZERO(&clients);
	FD_ZERO(&room);
	FD_SET(fd, client < 0 ? &clients : &room);
	if (pselect(fd + 1, &clients, &room, NULL, NULL, awake) < 0)
		return errno == EINTR ? 0 : -1;
	return client < 0 ? take_client(listener) : hand_over();
	/* INSTEAD
	(void)listener;
	(void)awake;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
