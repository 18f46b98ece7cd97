#include "mailbox.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* Looks first, then opens; what is there may also have been made meanwhile. */
static int
make(const char *path)
{
	struct stat what;

	if (mkfifo(path, 0600) == 0)
		return 0;
	if (errno == EEXIST && lstat(path, &what) == 0) {
		if (S_ISFIFO(what.st_mode))
			return 0;
		errno = EEXIST;
	}
	return -1;
}

int
mailbox_open(struct mailbox *m, const char *path)
{
	int error;

	if (make(path) < 0)
		return -1;
	m->fd = open(path, O_RDONLY | O_NONBLOCK);
	if (m->fd < 0)
		return -1;
	m->other = open(path, O_WRONLY | O_NONBLOCK);
	if (m->other < 0) {
		error = errno;
		close(m->fd);
		errno = error;
		return -1;
	}
	fcntl(m->fd, F_SETFD, FD_CLOEXEC);
	fcntl(m->other, F_SETFD, FD_CLOEXEC);
	return fcntl(m->fd, F_SETFL, fcntl(m->fd, F_GETFL) & ~O_NONBLOCK);
}

void
mailbox_close(struct mailbox *m)
{
	close(m->other);
	close(m->fd);
}

int
mailbox_send(const char *path, const void *message, size_t n)
{
	struct iovec part = {(void *)message, n};
	int fd, result = 0;

	if (n - 1 >= PIPE_BUF) { /* 0 becomes very large */
		errno = EMSGSIZE;
		return -1;
	}
	for (;;) {
		fd = open(path, O_WRONLY);
		if (fd >= 0)
			break;
		if (errno != EINTR)
			return -1;
	}
	while (writev(fd, &part, 1) < 0)
		if (errno != EINTR) {
			result = errno;
			break;
		}
	close(fd);
	errno = result;
	return result == 0 ? 0 : -1;
}
