#include "children.h"
#include <sys/wait.h>
#include <unistd.h>

int
run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[])
{
	pid_t pids[64];

	for (size_t i = 0; i < n; i++) {
		pids[i] = fork() if (pids[i] == 0) _exit(job(i, context));
	}
	for (size_t i = 0; i < n; i++)
		waitpid(pids[i], &statuses[i], 0);
	return 0;
}
