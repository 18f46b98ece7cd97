#include "plumbing.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Pipe i lies between command i and command i + 1. */
static void
close_pipes(size_t n, int pipes[][2])
{
	while (n-- > 0) {
		close(pipes[n][0]);
		close(pipes[n][1]);
	}
}

static void
run_command(size_t i, size_t n, char *const command[], int pipes[][2])
{
	struct sigaction usual = {.sa_handler = SIG_DFL};

	sigaction(SIGPIPE, &usual, NULL);
	if ((i > 0 && dup2(pipes[i - 1][0], STDIN_FILENO) < 0) ||
	    (i + 1 < n && dup2(pipes[i][1], STDOUT_FILENO) < 0))
		_exit(127);
	close_pipes(n - 1, pipes);
	execvp(command[0], command);
	dprintf(STDERR_FILENO, "%s: %s\n", command[0], strerror(errno));
	_exit(127);
}

int
run_pipeline(size_t n, char *const *const commands[], int status[])
{
	int pipes[PIPELINE_MAX][2];
	pid_t pids[PIPELINE_MAX];
	size_t made, started;
	int error = 0;

	if (n < 1 || n > PIPELINE_MAX) {
		errno = EINVAL;
		return -1;
	}
	for (made = 0; made < n - 1; made++)
		if (pipe(pipes[made]) < 0) {
			error = errno;
			close_pipes(made, pipes);
			errno = error;
			return -1;
		}
	for (started = 0; started < n; started++) {
		pids[started] = fork();
		if (pids[started] < 0) {
			error = errno;
			break;
		}
		if (pids[started] == 0)
			run_command(started, n, commands[started], pipes);
	}
	close_pipes(n - 1, pipes);
	if (error != 0)
		for (size_t i = 0; i < started; i++)
			kill(pids[i], SIGKILL);
	for (size_t i = 0; i < started; i++)
		while (waitpid(pids[i], &status[i], 0) < 0)
			if (errno != EINTR)
				break;
	errno = error;
	return error == 0 ? 0 : -1;
}
