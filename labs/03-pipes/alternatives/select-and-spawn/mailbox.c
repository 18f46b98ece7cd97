#include "mailbox.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* The same door for both sides; flags say which. */
static int
enter(const char *path, int flags)
{
	int fd;

	while ((fd = open(path, flags | O_CLOEXEC)) < 0 && errno == EINTR)
		;
	return fd;
}

int
mailbox_open(struct mailbox *m, const char *path)
{
	struct stat s;
	int probe;

	if (stat(path, &s) == 0 && !S_ISFIFO(s.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	if (mkfifo(path, 0600) < 0 && errno != EEXIST)
		return -1;
	/* A reader that does not wait lets the writer in, and that one the reader that stays. */
	probe = enter(path, O_RDONLY | O_NONBLOCK);
	if (probe < 0)
		return -1;
	m->other = enter(path, O_WRONLY);
	m->fd = m->other < 0 ? -1 : enter(path, O_RDONLY);
	if (m->fd < 0) {
		int error = errno;

		if (m->other >= 0)
			close(m->other);
		close(probe);
		errno = error;
		return -1;
	}
	close(probe);
	return 0;
}

void
mailbox_close(struct mailbox *m)
{
	close(m->fd);
	close(m->other);
}

int
mailbox_send(const char *path, const void *message, size_t n)
{
	ssize_t done = -1;
	int fd;

	if (n > 0 && n <= PIPE_BUF) {
		fd = enter(path, O_WRONLY);
		if (fd < 0)
			return -1;
		do
			done = write(fd, message, n);
		while (done < 0 && errno == EINTR);
		int error = errno;
		close(fd);
		errno = error;
	} else
		errno = EMSGSIZE;
	return done < 0 ? -1 : 0;
}
