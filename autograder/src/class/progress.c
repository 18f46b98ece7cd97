/* progress.c - see progress.h. */
#include "progress.h"
#include "../base/messages.h"

#include <stdio.h>
#include <unistd.h>

/* Seconds still to go, if it goes on as it went; the clock only informs, it judges nothing. */
static unsigned long
seconds_left(const struct progress *p)
{
	struct timespec now;
	double gone;

	if (p->done == 0 || clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return 0;
	gone =
	    (double)(now.tv_sec - p->start.tv_sec) + (double)(now.tv_nsec - p->start.tv_nsec) / 1e9;
	return (unsigned long)(gone / (double)p->done * (double)(p->n - p->done) + 0.5);
}

static void
show(const struct progress *p)
{
	unsigned long left = seconds_left(p);

	if (!p->shown)
		return;
	fputs("\r\033[K", stderr);
	fprintf(stderr, _("%zu of %zu graded"), p->done, p->n);
	if (p->done > 0 && left >= 60)
		fprintf(stderr, _(", about %lu min left"), (left + 30) / 60);
	else if (p->done > 0)
		fprintf(stderr, _(", about %lu s left"), left);
	fflush(stderr);
}

void
progress_begin(struct progress *p, size_t n)
{
	*p = (struct progress){.shown = n > 0 && isatty(STDERR_FILENO) == 1, .n = n};
	(void)clock_gettime(CLOCK_MONOTONIC, &p->start);
	show(p);
}

void
progress_step(struct progress *p)
{
	p->done++;
	show(p);
}

void
progress_end(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
