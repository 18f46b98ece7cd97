#include "plumbing.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static bool
is_to(const char *word)
{
	return strcmp(word, PIPELINE_TO) == 0;
}

/* Counts first, cuts later. */
static size_t
count(int n, char *words[])
{
	size_t commands = 1;

	for (int i = 0; i < n; i++)
		if (is_to(words[i])) {
			if (i == 0 || i + 1 == n || is_to(words[i - 1]))
				return 0;
			commands++;
		}
	return n == 0 || commands > PIPELINE_MAX ? 0 : commands;
}

int
main(int argc, char *argv[])
{
	char *const *commands[PIPELINE_MAX] = {argv + 1};
	int status[PIPELINE_MAX] = {0};
	size_t n = count(argc - 1, argv + 1), next = 1;

	if (n == 0) {
		fprintf(stderr, PIPELINE_USAGE);
		return PIPELINE_BAD_USAGE;
	}
	for (int i = 1; i < argc; i++)
		if (is_to(argv[i])) {
			argv[i] = NULL;
			commands[next++] = argv + i + 1;
		}
	if (run_pipeline(n, commands, status) != 0) {
		fprintf(stderr, PIPELINE_FAILED, strerror(errno));
		return PIPELINE_FAULTY;
	}
	if (WIFSIGNALED(status[n - 1]))
		return PIPELINE_SIGNALED + WTERMSIG(status[n - 1]);
	return WEXITSTATUS(status[n - 1]);
}
