/*
 * plumbing.h - commands that are joined by pipes, and the program pipeline.
 *
 *	char *const sort[] = {"sort", NULL};
 *	char *const head[] = {"head", "-n", "3", NULL};
 *	char *const *const commands[] = {sort, head};
 *	int status[2];
 *
 *	run_pipeline(2, commands, status);	what a shell does for: sort | head -n 3
 *
 * The program:
 *
 *	pipeline COMMAND [ARGUMENT...] [--to COMMAND [ARGUMENT...]]...
 *
 * runs the commands as one pipeline and ends as the last of them did, as a
 * shell counts it: with its exit status, or PIPELINE_SIGNALED plus the number of
 * the signal that ended it.
 */
#ifndef PLUMBING_H
#define PLUMBING_H

#include <stddef.h>

/* So many commands at most. */
enum { PIPELINE_MAX = 16 };

/*
 * Runs n commands at the same time: what one writes to its standard output, the
 * next one reads from its standard input. The first has the caller's standard
 * input, the last its standard output, all have its standard error. A command is
 * a list of words that ends with NULL; the first is searched for along PATH.
 * The caller has descriptors 0, 1 and 2 open.
 *
 * Returns 0 when all commands have ended and have been waited for. status[i]
 * is then the wait status of command i exactly as waitpid(2) stores it. A command
 * that cannot be executed, or whose ends cannot be put into place, has exit status 127; its name is
 * written to standard error, and the others run as if it had ended at once.
 *
 * Returns -1 with errno when something failed:
 *   EINVAL              n is 0 or greater than PIPELINE_MAX. Nothing is started.
 *   as pipe(2), fork(2) Commands that already run are ended with SIGKILL and
 *                       waited for. What status[] holds is undefined.
 *
 * Nobody holds an end of a pipe that he does not need: a command has its ends
 * as descriptors 0 and 1 and no other one, and when all commands run, the caller
 * has none. However it returns, it leaves no child behind and no descriptor open
 * that was not open before; what memory it asked for is freed. The program does
 * the same.
 *
 * Commands start with the default action for SIGPIPE, also when the caller
 * ignores it: a command whose reader has ended is ended by it.
 *
 * The caller does not ignore SIGCHLD and has no handler that waits. Its other
 * children are not waited for. Its handlers may run at any time: the function
 * does not fail with EINTR.
 */
int run_pipeline(size_t n, char *const *const commands[], int status[]);

/* ---- the program ------------------------------------------------------------- */

/* Between two commands. */
#define PIPELINE_TO "--to"

/*
 * On standard error when a command is missing before, between or after a --to,
 * or when there are more than PIPELINE_MAX. No command is started.
 */
#define PIPELINE_USAGE "usage: pipeline COMMAND [ARGUMENT...] [--to COMMAND [ARGUMENT...]]...\n"

/* On standard error when run_pipeline() fails; strerror(3) of its errno. */
#define PIPELINE_FAILED "pipeline: %s\n"

enum {
	PIPELINE_BAD_USAGE = 2,
	PIPELINE_FAULTY = 125,   /* run_pipeline() failed */
	PIPELINE_SIGNALED = 128, /* the first that means a signal */
};

#endif
