/* Different here: execve with a search along PATH of its own, and lines that write(2) prints. */
#include "runner.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Tries the name in every directory of PATH. Returns only when none can be executed. */
static int
search_and_execute(char **words)
{
	const char *path = getenv("PATH");
	int worst = ENOENT;

	if (strchr(words[0], '/') != NULL) {
		execve(words[0], words, environ);
		return errno;
	}
	if (path == NULL)
		path = "/bin:/usr/bin";
	while (*path != '\0') {
		size_t length = strcspn(path, ":");
		size_t room = length + strlen(words[0]) + 3;
		char *file = malloc(room);

		if (file == NULL)
			return errno;
		snprintf(file, room, "%.*s/%s", length > 0 ? (int)length : 1,
		    length > 0 ? path : ".", words[0]);
		execve(file, words, environ);
		free(file);
		if (errno != ENOENT && errno != ENOTDIR)
			worst = errno;
		path += length;
		path += *path == ':';
	}
	return worst;
}

static void
become(char **words)
{
	int error = search_and_execute(words);

	dprintf(STDERR_FILENO, RUNNER_FAILED, words[0], strerror(error));
	_exit(error == ENOENT ? RUNNER_NOT_FOUND : RUNNER_NOT_RUNNABLE);
}

static void
die(const char *what)
{
	dprintf(STDERR_FILENO, RUNNER_FAILED, what, strerror(errno));
	exit(RUNNER_FAULTY);
}

static int
finish(const char *name, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : RUNNER_SIGNALED + WTERMSIG(status);
	int written;

	if (WIFEXITED(status))
		written = dprintf(STDOUT_FILENO, RUNNER_EXITED, name, code);
	else
		written = dprintf(STDOUT_FILENO, RUNNER_KILLED, name, WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	if (written < 0)
		die("write");
	return code;
}

/* Runs the command at words; the rest of the line comes after it, by recursion. */
static int
run_line(char **words)
{
	char **end = words;
	int status, code;
	pid_t child;

	while (*end != NULL && strcmp(*end, RUNNER_THEN) != 0)
		end++;
	char *separator = *end;
	*end = NULL;
	child = fork();
	if (child == -1)
		die("fork");
	if (child == 0)
		become(words);
	while (waitpid(child, &status, 0) != child)
		if (errno != EINTR)
			die("wait");
	code = finish(words[0], status);
	return separator == NULL ? code : run_line(end + 1);
}

int
main(int argc, char *argv[])
{
	for (int i = 0; i < argc; i++) {
		int here_none = i + 1 == argc || strcmp(argv[i + 1], RUNNER_THEN) == 0;
		int at_start = i == 0 || strcmp(argv[i], RUNNER_THEN) == 0;

		if (at_start && here_none) {
			dprintf(STDERR_FILENO, "%s", RUNNER_USAGE);
			return RUNNER_BAD_USAGE;
		}
	}
	return run_line(argv + 1);
}
