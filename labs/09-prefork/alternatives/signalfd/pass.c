/*
 * Different: no handlers; signals are read from a signalfd, which poll() sees like any other
 * descriptor. Children are ended with SIGKILL. lockf() on a file that never had a name; the mutex
 * looks for errors. A message may bring many descriptors, all in one array.
 */
#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC */
#include "pass.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 16 };

int
send_descriptor(int channel, int fd)
{
	static const char nothing[1];
	struct iovec data = {(void *)nothing, 1};
	size_t size = CMSG_SPACE(sizeof fd);
	struct cmsghdr *control = calloc(1, size);
	struct msghdr m = {NULL, 0, &data, 1, control, size, 0};
	int result = -1, error;

	if (control == NULL)
		return -1;
	control->cmsg_len = CMSG_LEN(sizeof fd);
	control->cmsg_level = SOL_SOCKET;
	control->cmsg_type = SCM_RIGHTS;
	*(int *)CMSG_DATA(control) = fd;
	while (sendmsg(channel, &m, MSG_NOSIGNAL) != 1)
		if (errno != EINTR)
			goto out;
	result = 0;
out:
	error = errno;
	free(control);
	errno = error;
	return result;
}

int
receive_descriptor(int channel)
{
	long control[CMSG_SPACE(ROOM * sizeof(int)) / sizeof(long) + 1];
	char byte;
	struct iovec data = {&byte, 1};
	struct msghdr m = {NULL, 0, &data, 1, control, sizeof control, 0};
	struct cmsghdr *c;
	ssize_t got;
	size_t n = 0;
	int *fds = NULL;

	while ((got = recvmsg(channel, &m, MSG_CMSG_CLOEXEC)) < 0)
		if (errno != EINTR)
			return -1;
	c = CMSG_FIRSTHDR(&m);
	if (c != NULL && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		fds = (int *)CMSG_DATA(c);
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	}
	if (n == 1 && got > 0 && !(m.msg_flags & MSG_CTRUNC))
		return fds[0];
	while (n-- > 0)
		close(fds[n]);
	errno = got == 0 ? EPIPE : EBADMSG;
	return -1;
}
