/* Different: a group of children is a struct; one function ends it, well or not. */
#define _DEFAULT_SOURCE
#include "meter.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct group {
	size_t n;
	pid_t pid[METER_MAX];
	volatile long *meter;
};

long *
meter_new(size_t n)
{
	void *at = MAP_FAILED;

	if (n == 0 || n > METER_MAX)
		errno = EINVAL;
	else
		at = mmap(NULL, n * sizeof(long), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return at == MAP_FAILED ? NULL : (long *)at;
}

int
meter_free(long *meter, size_t n)
{
	return munmap((void *)meter, n * sizeof(long));
}

/* Sends every child of the group this signal (0: none), and waits for all. */
static void
end_group(const struct group *g, int signal)
{
	for (size_t i = 0; i < g->n; i++)
		if (signal != 0)
			kill(g->pid[i], signal);
	for (size_t i = 0; i < g->n; i++) {
		pid_t done;

		do
			done = waitpid(g->pid[i], NULL, 0);
		while (done != g->pid[i] && errno == EINTR);
	}
}

int
run_metered(size_t n, int (*work)(size_t child), long count[])
{
	struct group g = {.n = 0};
	long *meter = meter_new(n);
	int error;

	if (meter == NULL)
		return -1;
	g.meter = meter;
	while (g.n < n) {
		g.pid[g.n] = fork();
		if (g.pid[g.n] == 0) {
			while (work(g.n) != 0)
				g.meter[g.n] += 1;
			_exit(0);
		}
		if (g.pid[g.n] < 0) {
			error = errno;
			end_group(&g, SIGKILL);
			meter_free(meter, n);
			errno = error;
			return -1;
		}
		g.n++;
	}
	end_group(&g, 0);
	memcpy(count, meter, n * sizeof *count);
	return meter_free(meter, n);
}
