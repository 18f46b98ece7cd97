/* cputime.c - no text is put together: each piece is written as it comes. */
#include "cputime.h"
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void
put(int fd, const char *text, size_t n)
{
	ssize_t done = 0;

	for (; n > 0 && (done >= 0 || errno == EINTR); n -= done > 0 ? (size_t)done : 0) {
		done = write(fd, text, n);
		text += done > 0 ? done : 0;
	}
}

static void
put_digits(int fd, long value, int digits)
{
	if (value > 9 || digits > 1)
		put_digits(fd, value / 10, digits - 1);
	put(fd, &"0123456789"[value % 10], 1);
}

static void
put_time(int fd, const char *name, struct timeval time)
{
	put(fd, name, strlen(name));
	put_digits(fd, time.tv_sec, 1);
	put(fd, ".", 1);
	put_digits(fd, time.tv_usec, 6);
}

void
report_cpu_time(int fd)
{
	struct rusage own, children;
	int error = errno;

	getrusage(RUSAGE_SELF, &own);
	getrusage(RUSAGE_CHILDREN, &children);
	put_time(fd, "cpu self: user ", own.ru_utime);
	put_time(fd, " system ", own.ru_stime);
	put_time(fd, "\ncpu children: user ", children.ru_utime);
	put_time(fd, " system ", children.ru_stime);
	put(fd, "\n", 1);
	errno = error;
}
