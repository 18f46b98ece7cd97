/* Different here: waitid instead of waitpid, so the wait status is put together by hand. */
#include "children.h"
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
await_end(pid_t pid, siginfo_t *how)
{
	while (waitid(P_PID, (id_t)pid, how, WEXITED) == -1) {
		if (errno != EINTR)
			return false;
	}
	return true;
}

/* The layout that WIFEXITED and its kin expect on Linux and the BSDs. */
static int
as_wait_status(const siginfo_t *how)
{
	switch (how->si_code) {
	case CLD_EXITED:
		return (how->si_status & 0xff) << 8;
	case CLD_DUMPED:
		return how->si_status | 0x80;
	default:
		return how->si_status;
	}
}

int
run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[])
{
	pid_t *pids = n > 0 ? malloc(n * sizeof *pids) : NULL;
	size_t running = 0;
	int error = 0;

	if (n > 0 && pids == NULL)
		return -1;
	while (running < n && error == 0) {
		pid_t pid = fork();

		switch (pid) {
		case -1:
			error = errno;
			break;
		case 0:
			_exit(job(running, context));
		default:
			pids[running++] = pid;
		}
	}
	if (error != 0)
		for (size_t i = running; i-- > 0;)
			kill(pids[i], SIGKILL);
	for (size_t i = running; i-- > 0;) {
		siginfo_t how;

		if (await_end(pids[i], &how)) {
			status[i] = as_wait_status(&how);
			continue;
		}
		status[i] = CHILD_LOST;
		if (error == 0)
			error = errno;
	}
	free(pids);
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}
