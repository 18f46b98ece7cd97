#include "children.h"
#include <errno.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int
run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[])
{
	/* one child after the other, so that status[] is in order */
	for (size_t i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return -1;
		if (pid == 0)
			_exit(job(i, context));
		while (waitpid(pid, &status[i], 0) < 0)
			if (errno != EINTR)
				return -1;
	}
	return 0;
}
