/*
 * Different here: the child tells the errno of a failed exec through a pipe
 * that closes at exec, and only the parent process prints.
 */
#include "runner.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static void
complain_and_exit(const char *what)
{
	fprintf(stderr, RUNNER_FAILED, what, strerror(errno));
	exit(RUNNER_FAULTY);
}

static void
child(char *words[], int tell)
{
	ssize_t told;

	execvp(words[0], words);
	told = write(tell, &errno, sizeof errno);
	_exit(told == (ssize_t)sizeof errno && errno == ENOENT ? RUNNER_NOT_FOUND
							       : RUNNER_NOT_RUNNABLE);
}

/* 0 when the exec was done, else its errno. End of file comes with the exec itself. */
static int
exec_error(int from)
{
	int error = 0;
	ssize_t n;

	do
		n = read(from, &error, sizeof error);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof error ? error : 0;
}

static int
run(char *words[])
{
	int tell[2], status, error;
	pid_t pid;

	if (pipe(tell) < 0)
		complain_and_exit("fork");
	if (fcntl(tell[1], F_SETFD, FD_CLOEXEC) < 0 || fcntl(tell[0], F_SETFD, FD_CLOEXEC) < 0)
		complain_and_exit("fork");
	pid = fork();
	if (pid < 0)
		complain_and_exit("fork");
	if (pid == 0)
		child(words, tell[1]);
	close(tell[1]);
	error = exec_error(tell[0]);
	close(tell[0]);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			complain_and_exit("wait");
	if (error != 0)
		fprintf(stderr, RUNNER_FAILED, words[0], strerror(error));
	return status;
}

static void
say(const char *name, int status)
{
	int done = WIFEXITED(status)
		       ? printf(RUNNER_EXITED, name, WEXITSTATUS(status))
		       : printf(RUNNER_KILLED, name, WTERMSIG(status), strsignal(WTERMSIG(status)));

	if (done < 0 || fflush(stdout) != 0)
		complain_and_exit("write");
}

/* Splits argv into commands, each a list of words that ends with NULL. Returns how many, or 0. */
static size_t
split(char *argv[], char **commands[])
{
	size_t n = 0;
	char **first = argv;

	for (;; argv++) {
		int last = *argv == NULL;

		if (!last && strcmp(*argv, RUNNER_THEN) != 0)
			continue;
		if (argv == first)
			return 0;
		commands[n++] = first;
		*argv = NULL;
		first = argv + 1;
		if (last)
			return n;
	}
}

int
main(int argc, char *argv[])
{
	char ***commands = calloc((size_t)argc + 1, sizeof *commands);
	int status = 0;
	size_t n;

	if (commands == NULL)
		complain_and_exit("memory");
	n = argc > 1 ? split(argv + 1, commands) : 0;
	if (n == 0) {
		fputs(RUNNER_USAGE, stderr);
		free(commands);
		return RUNNER_BAD_USAGE;
	}
	for (size_t i = 0; i < n; i++) {
		status = run(commands[i]);
		say(commands[i][0], status);
	}
	free(commands);
	return WIFEXITED(status) ? WEXITSTATUS(status) : RUNNER_SIGNALED + WTERMSIG(status);
}
