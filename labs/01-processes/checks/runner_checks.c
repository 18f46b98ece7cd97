/* runner_checks.c - the program runner, as its user sees it. */
#include "checks.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* The shortest command line that there is. */
static void
one_word_is_a_command(void)
{
	struct trial *t = trial("runner", "true");

	trial_run(t);
	expect_output(t, "true: exited 0\n", "runner-report");
	expect_exit(t, 0, "runner-status");
}

static void
every_command_is_reported(void)
{
	int first = (int)draw(1, 120);
	int last = (int)draw(121, 199);
	struct trial *t = trial("runner", "sh", "-c", words("exit %d", first), "--then", "true",
	    "--then", "sh", "-c", words("exit %d", last));

	trial_run(t);
	expect_output(t, words("sh: exited %d\ntrue: exited 0\nsh: exited %d\n", first, last),
	    "runner-report");
	expect_exit(t, last, "runner-status");
}

/*
 * Task 2: "For each command that has ended write one line", and "runner itself
 * ends with the status of the last command." The commands are silent. For: the
 * wait status printed without WEXITSTATUS, no wait, another format.
 */
void
runner_reports(void **state)
{
	(void)state;
	one_word_is_a_command();
	every_command_is_reported();
}

/* strsignal's words in the C locale; our own locale is the student's language. */
struct death {
	int signal;
	const char *name, *text;
};

static const struct death deaths[] = {
    {SIGHUP, "HUP", "Hangup"},
    {SIGKILL, "KILL", "Killed"},
    {SIGUSR1, "USR1", "User defined signal 1"},
    {SIGTERM, "TERM", "Terminated"},
};

/*
 * Task 2: "RUNNER_KILLED when a signal ended it", and 128 plus the
 * signal as the status of runner. For: a death by signal reported as an exit.
 */
void
runner_killed(void **state)
{
	(void)state;
	const struct death *d = &deaths[draw(0, 3)];
	struct trial *t =
	    trial("runner", "true", "--then", "sh", "-c", words("kill -%s $$", d->name));

	trial_run(t);
	expect_output(t,
	    words("true: exited 0\nsh: killed by signal %d (%s)\n", d->signal, d->text),
	    "runner-killed");
	expect_exit(t, 128 + d->signal, "runner-killed");
}

/* One line of standard error; there may be others. */
static void
expect_complaint(struct trial *t, const char *what, const char *why, const char *key)
{
	const char *line = words("runner: %s: %s\n", what, why);

	expect(strstr(trial_errors(t), line) != NULL, key,
	    words(_("standard error has the line \"runner: %s: %s\""), what, why),
	    _("standard error has \"%s\""), trial_errors(t));
}

/*
 * Task 2: "RUNNER_FAILED on standard error, 127 or 126 as its exit status, and on
 * with the next one." For: the child returning into the parent's loop, ending
 * with 0, or silent.
 */
void
runner_exec_fails(void **state)
{
	(void)state;
	const char *nowhere = words("nowhere-%lld", draw(1000, 9999));
	struct trial *t = trial("runner", nowhere, "--then", "./plain", "--then", "true");

	trial_file(t, "plain", "not a program\n", 14, 0644);
	trial_run(t);
	expect_output(t, words("%s: exited 127\n./plain: exited 126\ntrue: exited 0\n", nowhere),
	    "exec-failure");
	expect_complaint(t, nowhere, "No such file or directory", "exec-failure");
	expect_complaint(t, "./plain", "Permission denied", "exec-failure");
}

/*
 * Task 2: "The line comes after everything that the command wrote and before
 * anything that the next one writes." For: reports that stay in the buffer of
 * standard output.
 */
void
runner_output_order(void **state)
{
	(void)state;
	const char *one = words("%lld", draw(100, 499));
	const char *two = words("%lld", draw(500, 999));
	struct trial *t = trial("runner", "echo", one, "--then", "echo", two);

	trial_run(t);
	expect_output(
	    t, words("%s\necho: exited 0\n%s\necho: exited 0\n", one, two), "report-order");
}

/* A command that stops itself; the one after it would read for ever. */
static void
a_stopped_command_has_not_ended(void)
{
	struct trial *t = trial("runner", "sh", "-c", "kill -STOP $$; exit 0", "--then", "cat");
	pid_t stopped;

	trial_open_input(t);
	trial_start(t);
	stopped = await_stopped(t);
	expect(forks(t) == 1, "stopped-is-not-ended",
	    _("runner waits for a command that is stopped"), _("it went on with the next one"));
	trial_kill(t, stopped, SIGCONT);
	trial_close_input(t);
	trial_finish(t);
	expect_output(t, "sh: exited 0\ncat: exited 0\n", "stopped-is-not-ended");
}

/* A command that ends at once and leaves a process behind that reads for ever. */
static void
an_orphan_is_not_waited_for(void)
{
	struct trial *t = trial("runner", "sh", "-c", "exec 3<&0; cat <&3 & exit 0");

	trial_open_input(t);
	trial_start(t);
	expect(trial_end(t) != END_BLOCKED, "orphans",
	    _("runner goes on when its command has ended"),
	    _("runner is blocked for ever: it waits for a process that the command left behind"));
	trial_finish(t);
	expect_output(t, "sh: exited 0\n", "orphans");
}

/*
 * Task 2: "Wait for the command to end, not to stop, and for nobody else." For:
 * WUNTRACED; waiting for the end of file of a pipe that the command inherited.
 */
void
runner_waits_for_its_command(void **state)
{
	(void)state;
	a_stopped_command_has_not_ended();
	an_orphan_is_not_waited_for();
}

/*
 * Task 2: "When fork fails, say so; no further command is run." For: waiting
 * for a child that does not exist, reporting what the variable held before.
 */
void
runner_fork_fails(void **state)
{
	(void)state;
	struct trial *t =
	    trial("runner", "true", "--then", "echo", "second", "--then", "echo", "third");

	trial_fault(t,
	    (struct fault){
		.call = CALL_FORK, .action = FAULT_FAIL, .who = FIRST, .nth = 2, .error = EAGAIN});
	trial_run(t);
	expect_output(t, "true: exited 0\n", "runner-fork");
	expect_complaint(t, "fork", "Resource temporarily unavailable", "runner-fork");
	expect(strstr(trial_errors(t), "runner: wait:") == NULL, "runner-fork",
	    _("after a fork() that failed there is nothing to wait for"),
	    _("runner waited: standard error has \"%s\""), trial_errors(t));
	expect_exit(t, 125, "runner-fork");
}

/* ---- when there is no status, or no place for the line ------------------------------ */

static void
run_with_a_failing(struct trial *t, enum call call, int error)
{
	trial_fault(t, (struct fault){.call = call,
			   .action = FAULT_FAIL,
			   .who = FIRST,
			   .nth = 1,
			   .error = error,
			   /* who only ever asks with WNOHANG is never interrupted */
			   .optional = error == EINTR});
	trial_run(t);
}

static void
an_interrupted_wait_is_repeated(void)
{
	struct trial *t = trial("runner", "true", "--then", "true");

	trial_limit(t, LIMIT_CPU_MS, 1000); /* who repeats for ever shows it soon */
	run_with_a_failing(t, CALL_WAIT, EINTR);
	expect_output(t, "true: exited 0\ntrue: exited 0\n", "eintr");
	expect_exit(t, 0, "eintr");
}

/* The line may still come out at the end of runner, when its buffers are written once more. */
static void
expect_given_up(enum call call, int error, const char *what, const char *why)
{
	struct trial *t = trial("runner", "true", "--then", "echo", "second");

	run_with_a_failing(t, call, error);
	expect_complaint(t, what, why, "runner-gives-up");
	expect(strstr(trial_output(t), "second") == NULL, "runner-gives-up",
	    words(_("no further command is run after \"runner: %s: %s\""), what, why),
	    _("standard output has \"%s\""), trial_output(t));
	expect_exit(t, 125, "runner-gives-up");
}

/*
 * Task 2: "The same holds when waiting fails, or when the line cannot be
 * written", and only then: "a wait that was interrupted is repeated." For:
 * reporting a status that nobody stored; printf and fflush never asked how it
 * went; EINTR taken for a failure.
 */
void
runner_gives_up(void **state)
{
	(void)state;
	an_interrupted_wait_is_repeated();
	expect_given_up(CALL_WAIT, ECHILD, "wait", "No child processes");
	expect_given_up(CALL_WRITE, ENOSPC, "write", "No space left on device");
}
