#include "plumbing.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

int
main(int argc, char *argv[])
{
	char *const *commands[PIPELINE_MAX];
	int status[PIPELINE_MAX], last;
	size_t n = 0;

	for (int i = 1; i <= argc; i++) {
		/* A command begins behind the start or a --to; there must be a word of it. */
		if (i > 1 && argv[i - 1] != NULL)
			continue;
		if (i == argc || strcmp(argv[i], PIPELINE_TO) == 0 || n == PIPELINE_MAX) {
			fputs(PIPELINE_USAGE, stderr);
			return PIPELINE_BAD_USAGE;
		}
		commands[n++] = argv + i;
		for (int j = i; j < argc; j++)
			if (strcmp(argv[j], PIPELINE_TO) == 0) {
				argv[j] = NULL;
				break;
			}
	}
	if (run_pipeline(n, commands, status) < 0) {
		fprintf(stderr, PIPELINE_FAILED, strerror(errno));
		return PIPELINE_FAULTY;
	}
	last = status[n - 1];
	return WIFEXITED(last) ? WEXITSTATUS(last) : PIPELINE_SIGNALED + WTERMSIG(last);
}
