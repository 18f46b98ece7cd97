/*
 * lines.h - lines out of what arrives in pieces.
 *
 * A read from a socket brings half a line, or three lines and a half. This
 * module keeps the half until the rest has come.
 *
 *	struct lines *l = lines_new(LINES_LONGEST);
 *	...
 *	when poll(2) says POLLIN:
 *		switch (lines_read(l, fd)) { ... }	one read
 *		while ((what = lines_next(l, &line, &n)) != LINES_NONE)
 *			...				every line that is whole
 *
 * A line is any bytes up to a newline, NUL among them; the newline does not
 * belong to it. Bytes after the last newline are no line until a newline comes;
 * at the end of the file they are dropped.
 *
 * A line of more than longest bytes is too long: its bytes are thrown away as
 * they come, however many they are, so that no more memory is used than for a
 * line of longest bytes and one read. When its newline has come, lines_next() says
 * LINES_TOO_LONG, once, in its place among the other lines.
 *
 * What a struct lines holds is your choice: lines.c defines it. The functions
 * keep no other state, so that there may be any number of them.
 */
#ifndef LINES_H
#define LINES_H

#include <stddef.h>
#include <sys/types.h>

struct lines;

enum lines_what {
	LINES_NONE,     /* no whole line is there: read again when more has come */
	LINES_LINE,     /* a line */
	LINES_TOO_LONG, /* a line was here, and it was too long */
};

/*
 * For lines of at most longest bytes, longest > 0. It belongs to the caller,
 * who frees it with lines_free(). Returns NULL with ENOMEM when there is no memory.
 */
struct lines *lines_new(size_t longest);

/* Frees l with all that it holds. NULL is allowed and does nothing. */
void lines_free(struct lines *l);

/*
 * Reads once from fd, what is there now and at least one byte. fd has
 * O_NONBLOCK and belongs to the caller. Is called only when lines_next() has
 * said LINES_NONE, or first of all.
 *
 * Returns how many bytes were read, 0 at the end of the file, or -1 with errno
 * as read(2): EAGAIN when nothing is there. A read that a handler
 * interrupted is made again.
 */
ssize_t lines_read(struct lines *l, int fd);

/*
 * Takes the next line. LINES_LINE: its n bytes are at *line, followed by a NUL
 * that does not count; they belong to l, may be changed, and stay until the
 * next call of lines_read(), lines_next() or lines_free(). Otherwise *line and
 * *n are not set.
 */
enum lines_what lines_next(struct lines *l, char **line, size_t *n);

#endif
