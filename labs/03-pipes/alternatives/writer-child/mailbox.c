#include "mailbox.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* Linux: a FIFO that is opened for both has a reader and a writer at once, and nobody waits. */
int
mailbox_open(struct mailbox *m, const char *path)
{
	struct stat there;

	m->other = -1;
	if (mkfifo(path, S_IRUSR | S_IWUSR) < 0) {
		if (errno != EEXIST || stat(path, &there) < 0)
			return -1;
		if (!S_ISFIFO(there.st_mode)) {
			errno = EEXIST;
			return -1;
		}
	}
	do
		m->fd = open(path, O_RDWR | O_CLOEXEC);
	while (m->fd < 0 && errno == EINTR);
	return m->fd < 0 ? -1 : 0;
}

void
mailbox_close(struct mailbox *m)
{
	close(m->fd);
}

int
mailbox_send(const char *path, const void *message, size_t n)
{
	int fd, error;
	ssize_t done;

	if (n < 1 || n > PIPE_BUF) {
		errno = EMSGSIZE;
		return -1;
	}
	while ((fd = open(path, O_WRONLY)) < 0)
		if (errno != EINTR)
			return -1;
	while ((done = write(fd, message, n)) < 0 && errno == EINTR)
		;
	error = errno;
	close(fd);
	if (done == (ssize_t)n)
		return 0;
	errno = error;
	return -1;
}
