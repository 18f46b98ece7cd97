/*
 * mailbox.h - messages from anybody, through a FIFO with a name.
 *
 * Programs that do not know each other meet at a path. Neither has to be there
 * first: a receiver does not mind that nobody sends yet, and a sender waits for
 * the receiver.
 *
 * Callers have descriptors 0, 1 and 2 open, and ignore SIGPIPE. Their handlers may run
 * at any time: no function here fails with EINTR. What memory they ask for is freed: by
 * mailbox_close() what an open mailbox needs, otherwise when they return.
 */
#ifndef MAILBOX_H
#define MAILBOX_H

#include <stddef.h>

struct mailbox {
	int fd;    /* to read from; it blocks */
	int other; /* yours: what else must stay open, or -1 */
};

/*
 * Opens the mailbox at path for reading, and makes it, with permissions 0600 less
 * the umask, if there is nothing at path. Returns at once, whether somebody has
 * opened it for writing or not.
 *
 * From then on read(m->fd, ...) sleeps until there is something to read, however
 * many senders have come and gone: it never returns 0. No descriptor of the
 * mailbox survives an exec.
 *
 * Returns 0, or -1 with errno: EEXIST when there is something else than a FIFO
 * at path (it is left as it is), otherwise as the call that failed. No descriptor
 * is open then that was not open before.
 */
int mailbox_open(struct mailbox *m, const char *path);

/* Closes what mailbox_open() opened. The FIFO stays where it is. */
void mailbox_close(struct mailbox *m);

/*
 * Sends one message of n bytes, 1 to PIPE_BUF (<limits.h>, 4096 here), to the
 * mailbox at path. When nobody has opened it for reading, it sleeps until
 * somebody does. The message arrives in one piece, however many send at the same
 * time. Nothing is created.
 *
 * Returns 0, or -1 with errno:
 *   EMSGSIZE   n is 0 or greater than PIPE_BUF. Nothing was opened.
 *   otherwise  as open(2) or write(2), for instance ENOENT when there is no
 *              mailbox. No descriptor stays open.
 */
int mailbox_send(const char *path, const void *message, size_t n);

#endif
