/* Different: pids and counters lie in one shared piece of memory, a cache line for each child. */
#define _DEFAULT_SOURCE
#include "meter.h"
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
	_Alignas(64) atomic_long counter;
	pid_t pid;
};

static void *
share(size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

long *
meter_new(size_t n)
{
	if (n - 1 >= METER_MAX) { /* 0 - 1 is the greatest of all */
		errno = EINVAL;
		return NULL;
	}
	return share(n * sizeof(long));
}

int
meter_free(long *meter, size_t n)
{
	return munmap(meter, n * sizeof(long));
}

static pid_t
start(size_t i, int (*work)(size_t child), struct child *child)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	while (work(i))
		child->counter++;
	_Exit(EXIT_SUCCESS);
}

static void
finish(struct child *child)
{
	while (waitpid(child->pid, NULL, 0) == -1 && errno == EINTR)
		continue;
}

int
run_metered(size_t n, int (*work)(size_t child), long count[])
{
	struct child *children;
	size_t running;
	int error = 0;

	if (n - 1 >= METER_MAX) {
		errno = EINVAL;
		return -1;
	}
	children = share(n * sizeof *children);
	if (children == NULL)
		return -1;
	for (running = 0; running < n; running++) {
		pid_t pid = start(running, work, &children[running]);

		if (pid == -1) {
			error = errno;
			break;
		}
		children[running].pid = pid;
	}
	for (size_t i = 0; i < running; i++) {
		if (error)
			kill(children[i].pid, SIGKILL);
		finish(&children[i]);
	}
	if (!error)
		for (size_t i = 0; i < n; i++)
			count[i] = children[i].counter;
	munmap(children, n * sizeof *children);
	if (!error)
		return 0;
	errno = error;
	return -1;
}
