/*
 * lines.h - lines out of a stream, and whole texts into it.
 *
 * A stream knows no lines: one read() may return a part of a line, or three lines
 * and the beginning of a fourth. A reader keeps what has come and was not yet asked
 * for, so that everybody who reads from this descriptor must use the same reader.
 *
 * Descriptors are pipes or stream sockets that block; they stay open and belong to
 * the caller. The caller ignores SIGPIPE. Handlers may run at any time: nothing
 * here fails with EINTR.
 */
#ifndef LINES_H
#define LINES_H

#include <stddef.h>

enum { READER_SIZE = 4096 };

struct reader {
	int fd;
	size_t next, end; /* bytes[next] to bytes[end - 1] have come and were not yet asked for */
	char bytes[READER_SIZE];
};

/* A reader of what comes from fd. There is nothing to free. */
void reader_init(struct reader *r, int fd);

/*
 * Takes the next line. line has room for room bytes, 1 at least; the newline is
 * not stored, a NUL stands behind the last byte. A line may hold any bytes, also
 * NULs, and it may be empty.
 *
 * The function returns as soon as the newline has come. It never reads when a
 * whole line is already there.
 *
 * Returns 1 with the number of bytes of the line, less the NUL, in *n. Returns 0
 * at the end of the file, when no byte of a line came before it. Returns -1 with
 * errno:
 *   EMSGSIZE    The line has room bytes or more. It was read up to its newline and
 *               thrown away, however long it is: the next call takes the next line.
 *   EPROTO      The end of the file came inside of a line, however long its
 *               beginning is: without a newline no line is too long.
 *   as read(2)  Any other failure.
 * *n is set only when the result is 1.
 */
int read_line(struct reader *r, char *line, size_t room, size_t *n);

/*
 * Writes all n bytes, however few each write() takes.
 * Returns 0, or -1 with errno as write(2), for instance EPIPE. A part may have
 * been written.
 */
int write_all(int fd, const void *bytes, size_t n);

#endif
