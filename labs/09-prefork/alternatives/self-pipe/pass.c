/*
 * Different: signals become bytes in a pipe, and the SIGCHLD handler itself waits for the dead. A
 * child that has its turn by a lock of its own open file description; the mutex lies beside
 * a flag that says who died. select() everywhere; clients wait in the channel of datagrams.
 */
#include "pass.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One function for both directions: the message and its buffers. */
struct parcel {
	char byte;
	struct iovec data;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(2 * sizeof(int))];
	} control;
	struct msghdr message;
};

static void
wrap(struct parcel *p, size_t size)
{
	memset(p, 0, sizeof *p);
	p->data.iov_base = &p->byte;
	p->data.iov_len = 1;
	p->message.msg_iov = &p->data;
	p->message.msg_iovlen = 1;
	p->message.msg_control = p->control.room;
	p->message.msg_controllen = size;
}

int
send_descriptor(int channel, int fd)
{
	struct parcel p;

	wrap(&p, CMSG_SPACE(sizeof fd));
	p.control.head.cmsg_len = CMSG_LEN(sizeof fd);
	p.control.head.cmsg_level = SOL_SOCKET;
	p.control.head.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&p.control.head), &fd, sizeof fd);
again:
	if (sendmsg(channel, &p.message, MSG_NOSIGNAL) >= 0)
		return 0;
	if (errno == EINTR)
		goto again;
	return -1;
}

int
receive_descriptor(int channel)
{
	struct parcel p;
	ssize_t n;
	int fds[2], came = 0;

	do {
		wrap(&p, sizeof p.control.room);
		n = recvmsg(channel, &p.message, 0);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		return -1;
	if (p.message.msg_controllen >= CMSG_LEN(sizeof(int)) &&
	    p.control.head.cmsg_type == SCM_RIGHTS) {
		came = p.control.head.cmsg_len >= CMSG_LEN(2 * sizeof(int)) ? 2 : 1;
		memcpy(fds, CMSG_DATA(&p.control.head), (size_t)came * sizeof(int));
	}
	if (came == 1 && (p.message.msg_flags & MSG_CTRUNC) == 0)
		return fds[0];
	while (came > 0)
		close(fds[--came]);
	errno = n == 0 ? EPIPE : EBADMSG;
	return -1;
}
