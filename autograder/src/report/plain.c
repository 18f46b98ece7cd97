/* plain.c - see plain.h. */
#define _POSIX_C_SOURCE 200809L
#include "plain.h"

#include <errno.h>
#include <stdlib.h>

/* What another program shows: it has its own idea of width and colours. */
static struct report_options
plain_options(const struct report_options *o)
{
	enum { WIDTH = 100 };
	struct report_options plain = *o;

	plain.colour = false;
	plain.width = WIDTH;
	return plain;
}

typedef int writer(const struct result *r, size_t check, FILE *out, const struct report_options *o);

static char *
written(writer *write, const struct result *r, size_t check, const struct report_options *o)
{
	struct report_options plain = plain_options(o);
	char *bytes = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&bytes, &n);
	int result;

	if (out == NULL)
		return NULL;
	result = write(r, check, out, &plain);
	if (fclose(out) == EOF || result < 0) {
		free(bytes);
		errno = ENOMEM;
		return NULL;
	}
	return bytes;
}

static int
write_whole(const struct result *r, size_t check, FILE *out, const struct report_options *o)
{
	(void)check;
	return report_terminal(r, out, o);
}

static int
write_around(const struct result *r, size_t check, FILE *out, const struct report_options *o)
{
	(void)check;
	return report_terminal_head(r, out, o) < 0 ? -1 : report_terminal_foot(r, out, o);
}

char *
plain_check(const struct result *r, size_t check, const struct report_options *o)
{
	return written(report_terminal_check, r, check, o);
}

char *
plain_whole(const struct result *r, const struct report_options *o)
{
	return written(write_whole, r, 0, o);
}

char *
plain_around(const struct result *r, const struct report_options *o)
{
	return written(write_around, r, 0, o);
}
