/* pipeline.c - runs commands as one pipeline. See plumbing.h. */
#include "plumbing.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* STUDENT: helpers, for instance one that finds the commands among the words */
/*
 * Cuts the words into commands, each ended by NULL as execvp() wants it.
 * Returns how many there are, or 0 when one is missing or they are too many.
 */
static size_t
split(char *words[], char *const *commands[])
{
	for (size_t n = 0; n < PIPELINE_MAX; n++) {
		commands[n] = words;
		while (*words != NULL && strcmp(*words, PIPELINE_TO) != 0)
			words++;
		if (words == commands[n])
			return 0;
		if (*words == NULL)
			return n + 1;
		*words++ = NULL;
	}
	return 0;
}

static int
as_shell_counts(int status)
{
	if (WIFSIGNALED(status))
		return PIPELINE_SIGNALED + WTERMSIG(status);
	return WEXITSTATUS(status);
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: find the commands, run them, and end as the last one did */
	char *const *commands[PIPELINE_MAX];
	int status[PIPELINE_MAX];
	size_t n = split(argv + 1, commands);

	(void)argc;
	if (n == 0) {
		fputs(PIPELINE_USAGE, stderr);
		return PIPELINE_BAD_USAGE;
	}
	if (run_pipeline(n, commands, status) < 0) {
		fprintf(stderr, PIPELINE_FAILED, strerror(errno));
		return PIPELINE_FAULTY;
	}
	return as_shell_counts(status[n - 1]);
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 1;
	*/
	/* END */
}
