/* program.c - see program.h. */
#define _GNU_SOURCE /* pipe2(), posix_spawn_file_actions_addchdir_np() */
#include "program.h"

#include "../src/base/files.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_MAX = 64 << 20 };

extern char **environ;

/* Waits. Returns the wait status, or -1. */
static int
wait_for(pid_t child)
{
	int status = -1;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

bool
program_logged(const char *directory, char *const argv[], const char *log)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	bool started;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	started = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) == 0 &&
		  posix_spawn_file_actions_addopen(
		      &actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0600) == 0 &&
		  posix_spawn_file_actions_adddup2(&actions, 1, 2) == 0 &&
		  posix_spawn_file_actions_addchdir_np(&actions, directory) == 0 &&
		  posix_spawnp(&child, argv[0], &actions, NULL, argv, environ) == 0;
	posix_spawn_file_actions_destroy(&actions);
	return started && wait_for(child) == 0;
}

bool
program_succeeds(const char *directory, char *const argv[])
{
	return program_logged(directory, argv, "/dev/null");
}

static int
spawn_into(const char *directory, char *const argv[], int out, pid_t *child)
{
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);

	if (error != 0)
		return error;
	error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (error == 0)
		error = posix_spawn_file_actions_addchdir_np(&actions, directory);
	if (error == 0)
		error = posix_spawnp(child, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

json_t *
program_json(const char *directory, char *const argv[])
{
	char *text = NULL;
	json_t *document = NULL;
	int ends[2], error, status = -1;
	size_t n = 0;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0) {
		perror("prove");
		return NULL;
	}
	error = spawn_into(directory, argv, ends[1], &child);
	close(ends[1]);
	if (error == 0) {
		text = read_descriptor(ends[0], OUTPUT_MAX, &n);
		status = wait_for(child);
	} else {
		fprintf(stderr, "prove: %s cannot be started: %s\n", argv[0], strerror(error));
	}
	close(ends[0]);
	if (text != NULL && status == 0)
		document = json_loadb(text, n, 0, NULL);
	if (error == 0 && document == NULL)
		fprintf(stderr, "prove: %s did not print what it should\n", argv[0]);
	free(text);
	return document;
}
