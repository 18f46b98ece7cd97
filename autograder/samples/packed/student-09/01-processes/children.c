#include "children.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static void
run_job(int (*job)(size_t, void *), size_t index, void *context)
{
	_exit(job(index, context));
}

static int
collect(pid_t pid, int *status)
{
	pid_t result;

	while ((result = waitpid(pid, status, 0)) < 0 && errno == EINTR)
		continue;
	if (result < 0)
		*status = CHILD_LOST;
	return result < 0 ? -1 : 0;
}

int
run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[])
{
	int result = 0;
	pid_t *pids;

	if (n == 0)
		return 0;
	pids = malloc(n * sizeof(pid_t));
	if (!pids)
		return -1;
	for (size_t i = 0; i < n; i++) {
		pids[i] = fork();
		if (pids[i] == -1) {
			/* the others will end by themselves */
			free(pids);
			return -1;
		}
		if (pids[i] == 0)
			run_job(job, i, context);
	}
	for (size_t i = 0; i < n; i++)
		if (collect(pids[i], &status[i]) < 0)
			result = -1;
	free(pids);
	if (result < 0)
		errno = ECHILD;
	return result;
}
