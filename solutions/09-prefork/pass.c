/* pass.c - hands open descriptors from one process to another. See pass.h. */
#include "pass.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* STUDENT: room for one descriptor, aligned as a struct cmsghdr has to be */
union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};
/* END */

int
send_descriptor(int channel, int fd)
{
	/* STUDENT: one byte with a value, and the descriptor as SCM_RIGHTS; no SIGPIPE; again after
	 * EINTR
	 */
	char byte = 0;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	union control control = {.bytes = {0}}; /* padding, too, goes to the kernel */
	struct msghdr message = {.msg_iov = &data,
	    .msg_iovlen = 1,
	    .msg_control = control.bytes,
	    .msg_controllen = sizeof control.bytes};
	struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
	ssize_t n;

	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(rights), &fd, sizeof fd);
	do
		n = sendmsg(channel, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -1 : 0;
	/* INSTEAD
	(void)channel;
	(void)fd;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

/* STUDENT: helpers of your own, for instance one that takes every descriptor out of a message */
/*
 * Padding makes room for a second descriptor, and whoever sends may use it: each that has come
 * is open here. Keeps the first and closes the others. Returns how many there were.
 */
static size_t
take_descriptors(struct msghdr *message, int *first)
{
	size_t n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; CMSG_LEN(at + sizeof(int)) <= c->cmsg_len; at += sizeof(int)) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + at, sizeof fd);
			if (n++ == 0)
				*first = fd;
			else
				close(fd);
		}
	}
	return n;
}
/* END */

int
receive_descriptor(int channel)
{
	/* STUDENT: take a message; return the one descriptor that came, or close whatever came */
	char byte;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	union control control;
	struct msghdr message = {.msg_iov = &data,
	    .msg_iovlen = 1,
	    .msg_control = control.bytes,
	    .msg_controllen = sizeof control.bytes};
	size_t came;
	ssize_t n;
	int fd = -1;

	do
		n = recvmsg(channel, &message, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	came = take_descriptors(&message, &fd);
	if (n == 1 && came == 1 && (message.msg_flags & MSG_CTRUNC) == 0)
		return fd;
	if (came > 0)
		close(fd);
	errno = n == 0 ? EPIPE : EBADMSG;
	return -1;
	/* INSTEAD
	(void)channel;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
