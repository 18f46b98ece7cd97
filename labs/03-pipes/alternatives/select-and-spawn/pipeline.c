#include "plumbing.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static void
usage(void)
{
	fputs(PIPELINE_USAGE, stderr);
	exit(PIPELINE_BAD_USAGE);
}

int
main(int argc, char *argv[])
{
	char *const *commands[PIPELINE_MAX];
	int status[PIPELINE_MAX];
	size_t n = 0;
	char **first = argv + 1;

	for (char **word = first;; word++) {
		if (*word != NULL && strcmp(*word, PIPELINE_TO) != 0)
			continue;
		if (word == first || n == PIPELINE_MAX)
			usage();
		commands[n++] = first;
		first = word + 1;
		if (*word == NULL)
			break;
		*word = NULL;
	}
	(void)argc;
	if (run_pipeline(n, commands, status) == 0)
		return WIFEXITED(status[n - 1]) ? WEXITSTATUS(status[n - 1])
						: PIPELINE_SIGNALED + WTERMSIG(status[n - 1]);
	fprintf(stderr, PIPELINE_FAILED, strerror(errno));
	return PIPELINE_FAULTY;
}
