/* Different: a large buffer for what is read, and the line is put together byte by byte. */
#include "lines.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct lines {
	char raw[2048];
	size_t at, got; /* of raw: what is taken, what has been read */
	size_t longest,
	    n; /* of the line: the limit, what there is of it; more than longest: too long */
	char line[];
};

struct lines *
lines_new(size_t longest)
{
	struct lines *l = malloc(sizeof *l + longest + 1);

	if (l) {
		l->at = l->got = l->n = 0;
		l->longest = longest;
	}
	return l;
}

void
lines_free(struct lines *l)
{
	free(l);
}

ssize_t
lines_read(struct lines *l, int fd)
{
	ssize_t n;

	while ((n = read(fd, l->raw, sizeof l->raw)) == -1 && errno == EINTR)
		;
	l->at = 0;
	l->got = n > 0 ? (size_t)n : 0;
	return n;
}

enum lines_what
lines_next(struct lines *l, char **line, size_t *n)
{
	while (l->at < l->got) {
		char c = l->raw[l->at++];
		size_t length = l->n;

		if (c != '\n') {
			if (length < l->longest)
				l->line[length] = c;
			if (length <= l->longest)
				l->n++;
			continue;
		}
		l->n = 0;
		if (length > l->longest)
			return LINES_TOO_LONG;
		l->line[length] = '\0';
		*line = l->line;
		*n = length;
		return LINES_LINE;
	}
	return LINES_NONE;
}
