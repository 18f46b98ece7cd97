/*
 * runner.h - what the program runner says and how it ends.
 *
 *	runner COMMAND [ARGUMENT...] [--then COMMAND [ARGUMENT...]]...
 *
 * Runs the commands one after the other, each as a child process of its own,
 * and whatever became of the one before. A command is searched for along PATH
 * (execvp(3)); it gets its arguments as they are, and runner's own environment,
 * standard input, standard output and standard error, but no other descriptor
 * that runner opened.
 *
 * When a command has ended, and not when it was only stopped, runner writes
 * one line to standard output: RUNNER_EXITED or RUNNER_KILLED. The line comes
 * after everything that the command wrote and before anything that the next
 * one writes. Processes that the command leaves behind are not waited for. A
 * wait that was interrupted (EINTR) is repeated.
 *
 *	$ runner echo hello --then sh -c 'kill -TERM $$' --then no-such-command
 *	hello
 *	echo: exited 0
 *	sh: killed by signal 15 (Terminated)
 *	runner: no-such-command: No such file or directory	(on standard error)
 *	no-such-command: exited 127
 *	$ echo $?
 *	127
 */
#ifndef RUNNER_H
#define RUNNER_H

/* Between two commands. */
#define RUNNER_THEN "--then"

/* On standard output. The command's first word; WEXITSTATUS, or WTERMSIG and strsignal(3) of it. */
#define RUNNER_EXITED "%s: exited %d\n"
#define RUNNER_KILLED "%s: killed by signal %d (%s)\n"

/*
 * On standard error. What failed, and strerror(3) of its errno: the command's
 * first word when it cannot be executed, "fork" when no child can be made,
 * "wait" when its status cannot be had, "write" when the line of a command's
 * end cannot be written.
 */
#define RUNNER_FAILED "runner: %s: %s\n"

/*
 * On standard error when there is nothing to run, or nothing before, between
 * or after a --then. No command is started, not even a good one.
 */
#define RUNNER_USAGE "usage: runner COMMAND [ARGUMENT...] [--then COMMAND [ARGUMENT...]]...\n"

/*
 * The exit status of runner is that of the last command, as a shell counts it:
 * the command's own exit status, or RUNNER_SIGNALED plus the number of the
 * signal that ended it. Besides:
 */
enum {
	RUNNER_BAD_USAGE = 2,
	RUNNER_FAULTY = 125,       /* fork, wait or write failed: no further command is run */
	RUNNER_NOT_RUNNABLE = 126, /* the command cannot be executed (any errno but ENOENT) */
	RUNNER_NOT_FOUND = 127,    /* there is no such command (ENOENT) */
	RUNNER_SIGNALED = 128,     /* the first that means a signal */
};

#endif
