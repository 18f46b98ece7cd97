/* command_line_checks.c - how supervisor reads its command line. */
#include "checks.h"

#include <string.h>

static const char *
or_nothing(const char *text)
{
	return *text == '\0' ? _("nothing") : text;
}

static void
expect_error_has(struct trial *t, const char *text)
{
	expect(strstr(trial_errors(t), text) != NULL, "command-line",
	    words(_("standard error holds \"%s\""), text), _("it holds: %s"),
	    or_nothing(trial_errors(t)));
}

/*
 * Its only worker, and it may not be restarted. What a worker does quicker than the supervisor
 * goes to sleep is another check's affair: this one ends later.
 */
static void
run_patiently(struct trial *t)
{
	fault_id end = trial_fault(
	    t, (struct fault){
		   .call = CALL_EXIT, .action = HOLD_BEFORE, .who = DESCENDANTS, .optional = true});

	trial_start(t);
	if (await_held_or_end(t, end)) {
		await_asleep(t, 0);
		release(t, end, false);
	}
	trial_finish(t);
}

/* "start PID", "end PID exit 0", of the same PID. */
static bool
tells_of_one_worker(const char *output)
{
	const char *pid = output + strlen("start ");
	size_t n = strspn(pid, "0123456789");

	return n > 0 && strcmp(output,
			    words("start %.*s\nend %.*s exit 0\n", (int)n, pid, (int)n, pid)) == 0;
}

static void
words_arrive(void)
{
	const char *last = word(draw(100, 999));
	struct trial *t = trial("supervisor", "1", "0", "sh", "-c",
	    "printf '<%s>' \"$0\" \"$@\" >&2", "two words", "", "*", "5", "6", "7", "8", last);

	run_patiently(t);
	expect_error_has(t, words("<two words><><*><5><6><7><8><%s>", last));
	expect(strncmp(trial_output(t), "start ", strlen("start ")) == 0 &&
		   tells_of_one_worker(trial_output(t)),
	    "wrong-lines", _("the lines are \"start PID\" and \"end PID exit 0\""),
	    _("so far it has: %s"), or_nothing(trial_output(t)));
	expect_exit(t, 1, "exit-status");
}

static void
says_why(const char *command)
{
	struct trial *t = trial("supervisor", "1", "0", command);

	run_patiently(t);
	expect(*trial_errors(t) != '\0', "silent",
	    _("standard error says why the supervisor gives up"), _("it holds: %s"), _("nothing"));
	/* a command that does not exist is named */
	expect(*command != '/' || strstr(trial_errors(t), command) != NULL, "silent",
	    words(_("standard error holds \"%s\""), command), _("it holds: %s"), trial_errors(t));
}

/* Nothing may have been started: what is wrong is noticed before. */
static void
is_refused(const char *workers, const char *restarts, const char *command)
{
	const char *const all[] = {workers, restarts, command};
	struct trial *t = trial("supervisor");

	for (size_t i = 0; i < sizeof all / sizeof *all && all[i] != NULL; i++)
		trial_argument(t, all[i]);
	trial_run(t);
	expect_output(t, "", "command-line");
	expect_exit(t, 2, "command-line");
	expect_error_has(t, "usage: supervisor WORKERS RESTARTS COMMAND");
}

/*
 * Task 4: "The command gets its arguments as they are", "A wrong call starts
 * nothing", "standard error says why". For: words joined for a shell, or cut off;
 * a number that is none read as 0; a missing command; a supervisor that gives up
 * without a word.
 */
void
supervisor_command_line(void **state)
{
	(void)state;
	words_arrive();
	says_why("/no/such/program");
	says_why("true");
	is_refused(NULL, NULL, NULL);
	is_refused("2", "5", NULL);
	is_refused("0", "5", "true");
	is_refused("65", "5", "true");
	is_refused("2a", "5", "true");
	is_refused("2", "-1", "true");
	is_refused("2", "", "true");
}
