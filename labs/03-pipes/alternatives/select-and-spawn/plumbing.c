#include "plumbing.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { NOT_EXECUTED = 0 };

/* Returns 0, or the error of fork; a command that cannot be executed has the pid NOT_EXECUTED. */
static int
spawn(char *const command[], int in, int out, pid_t *pid)
{
	posix_spawn_file_actions_t ends;
	posix_spawnattr_t like;
	sigset_t usual;
	int error;

	posix_spawn_file_actions_init(&ends);
	posix_spawn_file_actions_adddup2(&ends, in, 0);
	posix_spawn_file_actions_adddup2(&ends, out, 1);
	posix_spawnattr_init(&like);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	posix_spawnattr_setsigdefault(&like, &usual);
	posix_spawnattr_setflags(&like, POSIX_SPAWN_SETSIGDEF);
	error = posix_spawnp(pid, command[0], &ends, &like, command, environ);
	posix_spawnattr_destroy(&like);
	posix_spawn_file_actions_destroy(&ends);
	if (error == 0 || error == EAGAIN || error == ENOMEM)
		return error;
	dprintf(2, "%s: %s\n", command[0], strerror(error));
	*pid = NOT_EXECUTED;
	return 0;
}

/* A pipe whose ends no command inherits but as 0 or 1. */
static int
private_pipe(int ends[2])
{
	if (pipe(ends) < 0)
		return errno;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

static int
start_all(size_t n, char *const *const commands[], pid_t pids[], size_t *started)
{
	int in = 0, error = 0;

	for (*started = 0; *started < n && error == 0;) {
		int ends[2] = {0, 1};

		if (*started + 1 < n)
			error = private_pipe(ends);
		if (error == 0)
			error = spawn(commands[*started], in, ends[1], &pids[*started]);
		if (error == 0)
			++*started;
		if (in != 0)
			close(in);
		if (ends[1] != 1)
			close(ends[1]);
		in = ends[0];
	}
	if (in != 0)
		close(in);
	return error;
}

int
run_pipeline(size_t n, char *const *const commands[], int status[])
{
	pid_t pids[PIPELINE_MAX];
	size_t started;
	int error;

	if (n - 1 >= PIPELINE_MAX) {
		errno = EINVAL;
		return -1;
	}
	error = start_all(n, commands, pids, &started);
	for (size_t i = 0; i < started; i++) {
		status[i] = 127 << 8;
		if (pids[i] == NOT_EXECUTED)
			continue;
		if (error != 0)
			kill(pids[i], SIGKILL);
		while (waitpid(pids[i], &status[i], 0) < 0 && errno == EINTR)
			;
	}
	errno = error;
	return error == 0 ? 0 : -1;
}
