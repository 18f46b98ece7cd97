/*
 * plumbing_probe.c - runs pipelines: "run WORD... | WORD..."; with standard input
 * and output of this process. The answer has result, errno and status[0] ...
 */
#include "plumbing.h"

#include "probe.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = PIPELINE_MAX + 4, WORDS = 64, NOT_SET = -2 };

static char *list[WORDS];
static char *const *commands[MOST];

/* Cuts the request into commands. */
static size_t
read_commands(void)
{
	size_t n = 0;
	int used = 0;

	for (int i = 1; i < request_count() && used + 1 < WORDS && n < MOST; i++) {
		if (i == 1 || list[used - 1] == NULL)
			commands[n++] = &list[used];
		list[used] = (char *)request_word(i);
		if (strcmp(list[used], "|") == 0)
			list[used] = NULL;
		used++;
	}
	list[used] = NULL;
	return n;
}

static void
run(size_t n)
{
	int status[MOST], result;
	pid_t me = getpid();

	for (size_t i = 0; i < MOST; i++)
		status[i] = NOT_SET;
	errno = 0;
	result = run_pipeline(n, commands, status);
	if (getpid() != me)
		_exit(99);
	answer_put_int("errno", errno);
	answer_put_int("result", result);
	for (size_t i = 0; i < n && i < MOST; i++)
		answer_put_at("status", i, status[i]);
}

static void
do_run(void)
{
	run(read_commands());
}

/* "count N WORD": N times the same word. */
static void
do_count(void)
{
	size_t n = (size_t)request_int(1);

	list[0] = (char *)request_word(2);
	list[1] = NULL;
	for (size_t i = 0; i < n && i < MOST; i++)
		commands[i] = list;
	run(n);
}

/*
 * "bare WORD... | WORD...": for valgrind, which watches what is behind the commands, and that every
 * status is set.
 */
static void
do_bare(void)
{
	size_t n = read_commands();
	char *const **exact = malloc(n * sizeof *exact);
	int *status = malloc(n * sizeof *status);

	if (exact != NULL && status != NULL) {
		memcpy(exact, commands, n * sizeof *exact);
		if (run_pipeline(n, exact, status) == 0)
			for (size_t i = 0; i < n; i++)
				answer_put_at("status", i, status[i]);
	}
	free(exact);
	free(status);
}

/* A child of ours that has ended and waits to be waited for. */
static pid_t bystander;

static void
do_bystander(void)
{
	siginfo_t unused;

	bystander = fork();
	if (bystander == 0)
		_exit(0);
	waitid(P_PID, (id_t)bystander, &unused, WEXITED | WNOWAIT);
	answer_put_int("pid", bystander);
}

static void
do_collect(void)
{
	answer_put_int("taken", waitpid(bystander, NULL, WNOHANG) == bystander);
}

/* Text in the buffer of standard output, which is written when this process ends. */
static void
do_print(void)
{
	answer_put_int("result", fputs(request_word(1), stdout));
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"run", do_run},
	    {"count", do_count},
	    {"bare", do_bare},
	    {"bystander", do_bystander},
	    {"collect", do_collect},
	    {"print", do_print},
	    {"handle", probe_handle},
	    {0},
	};

	return probe_serve(verbs);
}
