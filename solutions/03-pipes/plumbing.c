/* plumbing.c - commands that are joined by pipes. See plumbing.h. */
#include "plumbing.h"
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* STUDENT: helpers of your own: become a command, start one, wait for all */
/* Standard input and output are the caller's; everything above is an end of ours. */
static void
close_end(int end)
{
	if (end > STDERR_FILENO)
		close(end);
}

/* In the child: reads from input, writes to output, and has no other end. */
static _Noreturn void
become(char *const command[], int input, int output)
{
	signal(SIGPIPE, SIG_DFL);
	if (dup2(input, STDIN_FILENO) != -1 && dup2(output, STDOUT_FILENO) != -1) {
		close_end(input);
		close_end(output);
		execvp(command[0], command);
	}
	perror(command[0]);
	_exit(127); /* exit() would write out the caller's buffers again */
}

/*
 * Starts a command that reads from *input, which is closed here afterwards,
 * also when that fails. Unless it is the last one it writes into a new pipe,
 * and *input is the read end of that, for the next one. Returns the pid, or -1
 * with errno.
 */
static pid_t
start(char *const command[], int *input, bool last)
{
	int ends[2] = {-1, STDOUT_FILENO};
	pid_t pid = -1;

	if (last || pipe(ends) == 0)
		pid = fork();
	if (pid == 0) {
		close_end(ends[0]);
		become(command, *input, ends[1]);
	}
	close_end(*input);
	close_end(ends[1]);
	*input = ends[0];
	return pid;
}
/* END */

int
run_pipeline(size_t n, char *const *const commands[], int status[])
{
	/* STUDENT: start all commands, each with its ends only, and wait for all of them */
	pid_t pids[PIPELINE_MAX];
	int input = STDIN_FILENO, error = 0;
	size_t started = 0;

	if (n == 0 || n > PIPELINE_MAX) {
		errno = EINVAL;
		return -1;
	}
	while (started < n && error == 0) {
		pids[started] = start(commands[started], &input, started + 1 == n);
		if (pids[started] < 0)
			error = errno;
		else
			started++;
	}
	close_end(input); /* when a command is missing, nobody reads from it */
	for (size_t i = 0; i < started; i++) {
		if (error != 0)
			kill(pids[i], SIGKILL); /* ours until we wait: no stranger is hit */
		while (waitpid(pids[i], &status[i], 0) < 0 && errno == EINTR)
			;
	}
	if (error == 0)
		return 0;
	errno = error;
	return -1;
	/* INSTEAD
	(void)n;
	(void)commands;
	(void)status;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
