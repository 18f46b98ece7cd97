/* cputime.c - the report is put together from its end. */
#include "cputime.h"
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Puts text before at; returns where it begins. */
static char *
before(char *at, const char *text)
{
	size_t n = strlen(text);

	return memcpy(at - n, text, n);
}

static char *
time_before(char *at, struct timeval t)
{
	for (int i = 0; i < 6; i++, t.tv_usec /= 10)
		*--at = (char)('0' + t.tv_usec % 10);
	*--at = '.';
	do
		*--at = (char)('0' + t.tv_sec % 10);
	while ((t.tv_sec /= 10) > 0);
	return at;
}

static char *
line_before(char *at, const char *name, int who)
{
	struct rusage u;

	getrusage(who, &u);
	at = time_before(before(at, "\n"), u.ru_stime);
	at = time_before(before(at, " system "), u.ru_utime);
	return before(at, name);
}

void
report_cpu_time(int fd)
{
	char room[400], *end = room + sizeof room;
	char *at = line_before(end, "cpu children: user ", RUSAGE_CHILDREN);
	int error = errno;
	ssize_t n;

	at = line_before(at, "cpu self: user ", RUSAGE_SELF);
	while (at < end && ((n = write(fd, at, (size_t)(end - at))) > 0 || errno == EINTR))
		at += n > 0 ? n : 0;
	errno = error;
}
