/* cputime.c - what a server has cost. See cputime.h. */
#include "cputime.h"
#include <errno.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

/* STUDENT: a text is put together without stdio, and written whole */
/* Two lines have less than 40 letters each, and four numbers of at most 20 + 7 digits. */
enum { REPORT_ROOM = 256 };

struct text {
	size_t n;
	char bytes[REPORT_ROOM];
};

static void
add(struct text *t, const char *words)
{
	while (*words != '\0')
		t->bytes[t->n++] = *words++;
}

/* At least so many digits, with zeros in front. */
static void
add_number(struct text *t, long value, size_t least)
{
	char digits[sizeof "9223372036854775807"];
	size_t n = 0;

	for (; value > 0 || n < least; value /= 10)
		digits[n++] = (char)('0' + value % 10);
	while (n > 0)
		t->bytes[t->n++] = digits[--n];
}

static void
add_seconds(struct text *t, const char *name, const struct timeval *time)
{
	add(t, name);
	add_number(t, (long)time->tv_sec, 1);
	add(t, ".");
	add_number(t, (long)time->tv_usec, 6);
}

/* getrusage() fails only when its arguments are wrong. */
static void
add_usage(struct text *t, const char *name, int who)
{
	struct rusage used = {0};

	getrusage(who, &used);
	add(t, name);
	add_seconds(t, ": user ", &used.ru_utime);
	add_seconds(t, " system ", &used.ru_stime);
	add(t, "\n");
}

static void
write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return;
		bytes += done;
		n -= (size_t)done;
	}
}
/* END */

void
report_cpu_time(int fd)
{
	/* STUDENT: both lines, and errno as it was */
	int callers_errno = errno;
	struct text text = {.n = 0};

	add_usage(&text, "cpu self", RUSAGE_SELF);
	add_usage(&text, "cpu children", RUSAGE_CHILDREN);
	write_all(fd, text.bytes, text.n);
	errno = callers_errno;
	/* INSTEAD
	(void)fd;
	*/
	/* END */
}
