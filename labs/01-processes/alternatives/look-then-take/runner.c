/* Different here: runner stands on run_children, with one child whose job is to exec. */
#include "runner.h"
#include "children.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The job: does not return when all is well. */
static int
execute(size_t index, void *context)
{
	char **words = context;
	int error;

	(void)index;
	execvp(words[0], words);
	error = errno;
	fprintf(stderr, RUNNER_FAILED, words[0], strerror(error));
	return error == ENOENT ? RUNNER_NOT_FOUND : RUNNER_NOT_RUNNABLE;
}

static char **
end_of(char **words)
{
	while (*words != NULL && strcmp(*words, RUNNER_THEN) != 0)
		words++;
	return words;
}

static int
usage_is_good(char **words)
{
	for (char **end;; words = end + 1) {
		end = end_of(words);
		if (end == words)
			return 0;
		if (*end == NULL)
			return 1;
	}
}

int
main(int argc, char **argv)
{
	int code = 0;

	if (argc < 2 || !usage_is_good(argv + 1)) {
		fprintf(stderr, RUNNER_USAGE);
		return RUNNER_BAD_USAGE;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (char **words = argv + 1, **next; words != NULL; words = next) {
		char **end = end_of(words);
		int status, written;

		next = *end == NULL ? NULL : end + 1;
		*end = NULL;
		if (run_children(1, execute, words, &status) < 0) {
			fprintf(stderr, RUNNER_FAILED, errno == ECHILD ? "wait" : "fork",
			    strerror(errno));
			return RUNNER_FAULTY;
		}
		if (WIFEXITED(status)) {
			code = WEXITSTATUS(status);
			written = printf(RUNNER_EXITED, *words, code);
		} else {
			code = RUNNER_SIGNALED + WTERMSIG(status);
			written = printf(
			    RUNNER_KILLED, *words, WTERMSIG(status), strsignal(WTERMSIG(status)));
		}
		if (written < 0) {
			fprintf(stderr, RUNNER_FAILED, "write", strerror(errno));
			return RUNNER_FAULTY;
		}
	}
	return code;
}
