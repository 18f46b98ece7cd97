/* cputime.c - all numbers are written in one way, by powers of ten. */
#include "cputime.h"
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

/* From the greatest power of ten that value needs, at least from this one, down to 1. */
static char *
digits(char *to, long value, long power)
{
	while (value / power >= 10)
		power *= 10;
	for (; power > 0; power /= 10)
		*to++ = (char)('0' + value / power % 10);
	return to;
}

static char *
line(char *to, const char *form, const struct rusage *u)
{
	const long numbers[] = {
	    u->ru_utime.tv_sec, u->ru_utime.tv_usec, u->ru_stime.tv_sec, u->ru_stime.tv_usec};
	int next = 0;

	/* the letter d ends a directive, %ld or %06ld */
	while (*form != '\0') {
		if (*form != '%') {
			*to++ = *form++;
			continue;
		}
		to = digits(to, numbers[next], next % 2 == 1 ? 100000 : 1);
		next++;
		while (*form++ != 'd')
			;
	}
	return to;
}

void
report_cpu_time(int fd)
{
	char text[256], *end = text;
	struct rusage used;
	int error = errno;

	getrusage(RUSAGE_SELF, &used);
	end = line(end, CPU_SELF, &used);
	getrusage(RUSAGE_CHILDREN, &used);
	end = line(end, CPU_CHILDREN, &used);
	for (const char *at = text; at < end;) {
		ssize_t n = write(fd, at, (size_t)(end - at));

		if (n > 0)
			at += n;
		else if (n < 0 && errno != EINTR)
			break;
	}
	errno = error;
}
