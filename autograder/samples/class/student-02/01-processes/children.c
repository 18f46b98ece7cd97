#include "children.h"
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int
run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[])
{
	pid_t *pids = malloc(n * sizeof *pids);
	size_t i;

	if (n == 0) {
		free(pids);
		return 0;
	}
	if (pids == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		pids[i] = fork();
		if (pids[i] < 0) {
			free(pids);
			return -1;
		}
		if (pids[i] == 0)
			exit(job(i, context));
	}
	for (i = 0; i < n; i++) {
		if (waitpid(pids[i], &status[i], 0) < 0) {
			free(pids);
			return -1;
		}
	}
	free(pids);
	return 0;
}
