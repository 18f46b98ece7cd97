/*
 * Different: no alarm(): the parent knows until when it has to wait, and sleeps in ppoll() no
 * longer than that. Everything about a child is in one struct, which shared memory holds, too. The
 * file lock is of one byte; a child retries inside its turn.
 */
#include "pass.h"
#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* A control message as it lies in memory: no macros but those that say how long it is. */
struct control {
	struct cmsghdr head;
	int fds[2];
};

int
send_descriptor(int channel, int fd)
{
	char letter = 0;
	struct iovec one = {.iov_len = sizeof letter, .iov_base = &letter};
	struct control c = {.head = {.cmsg_len = CMSG_LEN(sizeof(int)),
				.cmsg_level = SOL_SOCKET,
				.cmsg_type = SCM_RIGHTS},
	    .fds = {fd, 0}};
	struct msghdr m = {.msg_control = &c,
	    .msg_controllen = CMSG_LEN(sizeof(int)),
	    .msg_iov = &one,
	    .msg_iovlen = 1};

	for (;;) {
		if (sendmsg(channel, &m, MSG_NOSIGNAL) == 1)
			return 0;
		if (errno != EINTR)
			return -1;
	}
}

int
receive_descriptor(int channel)
{
	char letter;
	struct iovec one = {.iov_len = sizeof letter, .iov_base = &letter};
	struct control c = {.fds = {-1, -1}};
	struct msghdr m = {
	    .msg_control = &c, .msg_controllen = sizeof c, .msg_iov = &one, .msg_iovlen = 1};
	ssize_t n;

	while ((n = recvmsg(channel, &m, 0)) < 0 && errno == EINTR)
		;
	if (n < 0)
		return -1;
	if (n == 0) {
		errno = EPIPE;
		return -1;
	}
	if (m.msg_controllen != 0 && c.fds[0] >= 0 && c.fds[1] < 0 && m.msg_flags == 0)
		return c.fds[0];
	for (int i = 0; i < 2; i++)
		if (m.msg_controllen != 0 && c.fds[i] >= 0)
			close(c.fds[i]);
	errno = EBADMSG;
	return -1;
}
