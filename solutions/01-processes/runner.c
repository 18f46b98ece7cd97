/* Runs commands one after the other and says how each one ended; runner.h has the rules. */
#include "runner.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* STUDENT: helper functions of your own, for instance one that runs a single command */
static bool
is_then(const char *word)
{
	return strcmp(word, RUNNER_THEN) == 0;
}

/* Is there a command at the start, and one after every --then? */
static bool
well_formed(int n, char *words[])
{
	bool may_end_here = false;

	for (int i = 0; i < n; i++) {
		if (is_then(words[i]) && !may_end_here)
			return false;
		may_end_here = !is_then(words[i]);
	}
	return may_end_here;
}

/* Ends the command's words where execvp wants it, with NULL, and returns the rest. */
static char **
cut_off(char *words[])
{
	while (*words != NULL && !is_then(*words))
		words++;
	if (*words == NULL)
		return words;
	*words = NULL;
	return words + 1;
}

static void
complain(const char *what)
{
	fprintf(stderr, RUNNER_FAILED, what, strerror(errno));
}

/* In the child: becomes the command, or says why not and ends as a shell would. */
static _Noreturn void
execute(char *command[])
{
	int error;

	execvp(command[0], command);
	error = errno; /* only an exec that failed returns */
	complain(command[0]);
	_exit(error == ENOENT ? RUNNER_NOT_FOUND : RUNNER_NOT_RUNNABLE);
}

/* Runs one command to its end. Returns true with its wait status, or false after a complaint. */
static bool
run(char *command[], int *status)
{
	pid_t child, ended;

	child = fork();
	if (child < 0) {
		complain("fork");
		return false;
	}
	if (child == 0)
		execute(command);
	do
		ended = waitpid(child, status, 0);
	while (ended < 0 && errno == EINTR);
	if (ended < 0) {
		complain("wait");
		return false;
	}
	return true;
}

/*
 * Says how a command ended. The line leaves the buffer at once: otherwise it
 * would come after the next command's output. Returns false after a complaint.
 */
static bool
report(const char *name, int status)
{
	if (WIFSIGNALED(status))
		printf(RUNNER_KILLED, name, WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		printf(RUNNER_EXITED, name, WEXITSTATUS(status));
	if (fflush(stdout) == EOF) {
		complain("write");
		return false;
	}
	return true;
}

static int
as_shell_counts(int status)
{
	if (WIFSIGNALED(status))
		return RUNNER_SIGNALED + WTERMSIG(status);
	return WEXITSTATUS(status);
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: run each command, say how it ended, and end as the last one did */
	char **rest = argv + 1;
	int status;

	if (!well_formed(argc - 1, rest)) {
		fputs(RUNNER_USAGE, stderr);
		return RUNNER_BAD_USAGE;
	}
	do {
		char **command = rest;

		rest = cut_off(command);
		if (!run(command, &status) || !report(command[0], status))
			return RUNNER_FAULTY;
	} while (*rest != NULL);
	return as_shell_counts(status);
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 1;
	*/
	/* END */
}
