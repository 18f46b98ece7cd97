#include "plumbing.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const int none = -1;

/* Command i writes to out; the one before it is started next, with the
 * other end of a new pipe. Closes out. */
static int
start_from_end(size_t i, char *const *const commands[], int out, pid_t pids[])
{
	int ends[2] = {none, none};
	int error;

	if (i > 0 && pipe(ends) < 0) {
		error = errno;
		if (out != none)
			close(out);
		errno = error;
		return -1;
	}
	pids[i] = fork();
	if (pids[i] == 0) {
		signal(SIGPIPE, SIG_DFL);
		if (i > 0) {
			if (dup2(ends[0], 0) < 0)
				_exit(127);
			close(ends[0]);
			close(ends[1]);
		}
		if (out != none) {
			if (dup2(out, 1) < 0)
				_exit(127);
			close(out);
		}
		execvp(commands[i][0], commands[i]);
		write(2, commands[i][0], strlen(commands[i][0]));
		write(2, ": no\n", 5);
		_exit(127);
	}
	error = errno;
	/* Before the next child: it must not inherit what only this one needs. */
	if (i > 0)
		close(ends[0]);
	if (out != none)
		close(out);
	if (pids[i] > 0 && i > 0)
		return start_from_end(i - 1, commands, ends[1], pids);
	if (i > 0)
		close(ends[1]);
	errno = error;
	return pids[i] > 0 ? 0 : -1;
}

int
run_pipeline(size_t n, char *const *const commands[], int status[])
{
	pid_t pids[PIPELINE_MAX] = {0};
	int error = 0;

	if (n == 0 || n > PIPELINE_MAX) {
		errno = EINVAL;
		return -1;
	}
	if (start_from_end(n - 1, commands, none, pids) < 0)
		error = errno;
	for (size_t i = 0; i < n; i++) {
		if (pids[i] <= 0)
			continue;
		if (error != 0)
			kill(pids[i], SIGKILL);
		while (waitpid(pids[i], &status[i], 0) < 0 && errno == EINTR)
			;
	}
	errno = error;
	return error != 0 ? -1 : 0;
}
