/* mailbox.c - messages from anybody, through a FIFO with a name. See mailbox.h. */
#include "mailbox.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

/* STUDENT: a helper or two, if you like */
static bool
is_fifo(int fd)
{
	struct stat what;

	fstat(fd, &what); /* cannot fail: it is open */
	if (S_ISFIFO(what.st_mode))
		return true;
	errno = EEXIST;
	return false;
}

/* Waits, if it must, until somebody has opened the other end, whatever handlers run. */
static int
open_for_writing(const char *path)
{
	int fd;

	do
		fd = open(path, O_WRONLY | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	return fd;
}
/* END */

int
mailbox_open(struct mailbox *m, const char *path)
{
	/* STUDENT: make the FIFO, open it without waiting, and see that its end never comes */
	if (mkfifo(path, 0600) < 0 && errno != EEXIST)
		return -1;
	m->other = -1;
	m->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (m->fd < 0)
		return -1;
	if (is_fifo(m->fd)) {
		/* The reader is there, so this does not wait; a sender of our own is never last. */
		m->other = open_for_writing(path);
		if (m->other >= 0) {
			fcntl(m->fd, F_SETFL, 0); /* from now on, read() waits */
			return 0;
		}
	}
	mailbox_close(m); /* errno stays: a close() that succeeds leaves it alone */
	return -1;
	/* INSTEAD
	(void)m;
	(void)path;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

void
mailbox_close(struct mailbox *m)
{
	/* STUDENT: close what is open */
	close(m->fd);
	if (m->other >= 0)
		close(m->other);
	/* INSTEAD
	(void)m;
	*/
	/* END */
}

int
mailbox_send(const char *path, const void *message, size_t n)
{
	/* STUDENT: wait for a receiver, then write the message with one call */
	ssize_t sent;
	int fd;

	if (n == 0 || n > PIPE_BUF) {
		errno = EMSGSIZE;
		return -1;
	}
	fd = open_for_writing(path);
	if (fd < 0)
		return -1;
	do
		sent = write(fd, message, n); /* up to PIPE_BUF bytes: all or nothing */
	while (sent < 0 && errno == EINTR);
	close(fd); /* leaves errno alone, too */
	return sent < 0 ? -1 : 0;
	/* INSTEAD
	(void)path;
	(void)message;
	(void)n;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
