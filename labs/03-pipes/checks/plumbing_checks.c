/* plumbing_checks.c - run_pipeline(). */
#include "checks.h"
#include "memory.h"
#include "pattern.h"
#include "plumbing.h"
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <string.h>

enum { MUCH = 150000 };

static long long
status_at(const struct answer *a, size_t i)
{
	return answer_int(a, words("status[%zu]", i));
}

static const char *
status_seen(const struct answer *a, size_t i)
{
	return status_at(a, i) == -2 ? _("never set") : ending_of((int)status_at(a, i));
}

static void
expect_status_at(const struct answer *a, size_t i, int status, const char *key)
{
	expect(status_at(a, i) == status, key,
	    words(_("status[%zu] says how command %zu ended: %s"), i, i, ending_of(status)),
	    _("status[%zu]: %s"), i, status_seen(a, i));
}

/*
 * The answer to "run": a hang is put down to ends, or else to the key. As long
 * as not all commands are there, the caller still needs some.
 */
static const struct answer *
run_to_end(struct trial *t, unsigned commands, const char *key)
{
	static const char expected[] = N_("run_pipeline returns when all commands have ended");

	if (!answered(t) && forks(t) < commands)
		return answer_or(t, key, _(expected));
	return answer_of_flow(t, 0, NULL, key, _(expected));
}

/* "0, or greater than PIPELINE_MAX: nothing is started" */
static void
numbers_of_commands(void)
{
	struct trial *t = trial("plumbing");
	const struct answer *a;

	trial_start(t);
	expect_failure(ask(t, "count", word(0), "true"), "run_pipeline", EINVAL, "how-many");
	expect_failure(
	    ask(t, "count", word(PIPELINE_MAX + 1), "true"), "run_pipeline", EINVAL, "how-many");
	look(t);
	expect(forks(t) == 0, "how-many", _("nothing is started"), _("%u processes were started"),
	    forks(t));
	ask_begin(t, "count", word(PIPELINE_MAX), "false");
	a = run_to_end(t, PIPELINE_MAX, "every-status");
	expect_result(a, "run_pipeline", 0, "every-status");
	for (size_t i = 0; i < PIPELINE_MAX; i++)
		expect_status_at(a, i, 1 << 8, "every-status");
	expect_no_child(t);
	trial_finish(t);
}

/*
 * The first command reads, and its input ends only when the others have ended: the order of
 * ending is never that of starting.
 */
static const struct answer *
first_ends_last(struct trial *t, unsigned commands, const char *key)
{
	await_quiet(t);
	trial_close_input(t);
	return run_to_end(t, commands, key);
}

/*
 * Task 3: "status[i] is then the wait status of command i." For: only the last
 * one waited for, statuses in the order of ending, exit codes.
 */
void
pipeline_every_status(void **state)
{
	(void)state;
	struct trial *t = trial("plumbing");
	int first = (int)draw(1, 50), last = (int)draw(51, 99);
	const struct answer *a;

	trial_open_input(t);
	trial_start(t);
	ask_begin(t, "run", "sh", "-c", words("read x; exit %d", first), "|", "sh", "-c",
	    "kill -TERM $$", "|", "true", "|", "sh", "-c", words("exit %d", last));
	a = first_ends_last(t, 4, "every-status");
	expect_result(a, "run_pipeline", 0, "every-status");
	look(t);
	expect(forks(t) >= 4, "every-status", _("four processes are started"), _("%u were started"),
	    forks(t));
	expect_status_at(a, 0, first << 8, "every-status");
	expect_status_at(a, 1, SIGTERM, "every-status");
	expect_status_at(a, 2, 0, "every-status");
	expect_status_at(a, 3, last << 8, "every-status");
	expect_no_child(t);
	trial_finish(t);
	numbers_of_commands();
}

static char much[MUCH + 1];

/* More than a pipe holds; of small letters. */
static size_t
much_text(void)
{
	size_t n = (size_t)draw(MUCH / 2, MUCH);

	fill_letters(much, n, (unsigned)draw(1, 1000000));
	much[n] = '\0';
	return n;
}

static void
expect_much(struct trial *t)
{
	expect(trial_output_size(t) == strlen(much), "data-flow",
	    words(_("all %zu bytes come out at the end"), strlen(much)), _("%zu came out"),
	    trial_output_size(t));
	expect(strcmp(trial_output(t), much) == 0, "data-flow",
	    _("each command reads what the one before it wrote"), _("other bytes came out"));
}

/* One command only: the caller's input and output. */
static void
alone(void)
{
	struct trial *t = trial("plumbing");
	const struct answer *a;

	much_text();
	trial_input(t, much, strlen(much));
	trial_start(t);
	a = ask(t, "run", "cat");
	expect_result(a, "run_pipeline", 0, "data-flow");
	trial_finish(t);
	expect_much(t);
}

/*
 * Task 3: "what one writes, the next one reads", "at the same time". For: each
 * waited for before the next is started; one pipe for all; ends mixed up.
 */
void
pipeline_data(void **state)
{
	(void)state;
	struct trial *t = trial("plumbing");
	size_t n = much_text();
	const struct answer *a;

	trial_file(t, "text", much, n, 0600);
	trial_start(t);
	ask_begin(t, "run", "cat", "text", "|", "tr", "a-z", "A-Z", "|", "cat", "|", "tr", "A-M",
	    "a-m", "|", "tr", "N-Z", "n-z", "|", "cat");
	a = run_to_end(t, 6, "data-flow");
	expect_result(a, "run_pipeline", 0, "data-flow");
	trial_finish(t);
	expect_much(t);
	alone();
}

/*
 * Task 3: "a command has its ends as descriptors 0 and 1 and no other one, the
 * caller has none." For: no close() in the child, or in the caller.
 */
void
pipeline_unused_ends(void **state)
{
	(void)state;
	struct trial *t = trial("plumbing");
	const struct look *l;

	trial_open_input(t);
	trial_start(t);
	ask_begin(t, "run", "cat", "|", "cat", "|", "cat", "|", "cat");
	expect_asleep(t, "data-flow", _("the commands wait for input"));
	l = look(t);
	expect(children_in(l, first_process(l)->pid) == 4, "data-flow",
	    _("four commands run at the same time"), _("%zu children are there"),
	    children_in(l, first_process(l)->pid));
	for (size_t i = 0; i < l->n; i++)
		expect_no_end_but(&l->processes[i], 0, NULL);
	trial_close_input(t);
	run_to_end(t, 4, "unused-ends");
	expect_nothing_left(t);
	trial_finish(t);
}

/*
 * Task 3: "a command whose reader has ended is ended by SIGPIPE, also when the
 * caller ignores it." For: SIG_IGN inherited through exec; a read end that the
 * caller keeps, so that the writer never learns.
 */
void
pipeline_sigpipe(void **state)
{
	(void)state;
	struct trial *t = trial("plumbing");
	const struct answer *a;

	trial_ignore(t, SIGPIPE);
	trial_start(t);
	ask_begin(t, "run", "yes", "|", "cat", "|", "head", "-n", "2");
	a = run_to_end(t, 3, "sigpipe-inherited");
	expect_result(a, "run_pipeline", 0, "sigpipe-inherited");
	expect_status_at(a, 0, SIGPIPE, "sigpipe-inherited");
	expect_status_at(a, 1, SIGPIPE, "sigpipe-inherited");
	expect_status_at(a, 2, 0, "sigpipe-inherited");
	trial_finish(t);
	expect_output(t, "y\ny\n", "sigpipe-inherited");
}

/* In each child, the nth dup2() fails; the command in the middle needs two. */
static void
no_place(unsigned nth)
{
	struct trial *t = trial("plumbing");
	const struct answer *a;

	trial_fault(t, (struct fault){.call = CALL_DUP,
			   .action = FAULT_FAIL,
			   .who = DESCENDANTS,
			   .nth = nth,
			   .per_process = true,
			   .error = EBUSY});
	trial_start(t);
	a = ask(t, "run", "true", "|", "true", "|", "true");
	expect_result(a, "run_pipeline", 0, "no-exec");
	expect_status_at(a, 1, 127 << 8, "no-exec");
	trial_finish(t);
}

/*
 * Task 3: "a command that cannot be executed has exit status 127; its name is
 * written to standard error." For: the child that goes on in the caller's code;
 * exit(), which writes the caller's buffers once more.
 */
void
pipeline_exec_fails(void **state)
{
	(void)state;
	struct trial *t = trial("plumbing");
	const char *name = words("no-such-%d", (int)draw(100, 999));
	int last = (int)draw(1, 99);
	const struct answer *a;

	trial_open_input(t);
	trial_start(t);
	ask(t, "print", "once ");
	ask_begin(t, "run", "cat", "|", name, "|", "sh", "-c", words("exit %d", last));
	a = first_ends_last(t, 3, "exec-fails");
	expect_result(a, "run_pipeline", 0, "exec-fails");
	expect_status_at(a, 0, 0, "exec-fails");
	expect_status_at(a, 1, 127 << 8, "exec-fails");
	expect_status_at(a, 2, last << 8, "exec-fails");
	a = ask(t, "run", "true", "|", name); /* its standard output is the caller's */
	expect_status_at(a, 1, 127 << 8, "exec-fails");
	trial_finish(t);
	expect(strstr(trial_errors(t), name) != NULL, "exec-fails",
	    words(_("standard error names %s"), name), _("it holds: %s"), trial_errors(t));
	expect_output(t, "once ", "exec-fails");
	no_place(1);
	no_place(2);
}

static void
the_kth_fails(enum call call, unsigned nth, int error)
{
	struct trial *t = trial("plumbing");
	const struct answer *a;

	trial_open_input(t);
	trial_watch(t, call);
	trial_watch(t, CALL_WAIT);
	trial_start(t);
	trial_fault(
	    t, (struct fault){
		   .call = call, .action = FAULT_FAIL, .who = FIRST, .nth = nth, .error = error});
	/* a handler runs while it waits for those that it has ended: that changes errno */
	next_wait_is_interrupted(t);
	ask_begin(t, "run", "cat", "|", "cat", "|", "cat");
	a = answer_or(t, "start-failure",
	    _("the commands that run are ended when another cannot be started"));
	expect_failure(a, "run_pipeline", error, "start-failure");
	expect_nothing_left(t);
	trial_close_input(t);
	trial_finish(t);
}

/*
 * Task 3: "Commands that already run are ended with SIGKILL and waited for",
 * whichever call fails. For: waiting for commands that still wait for input;
 * pipes left open; kill(-1, ...); errno of the wait instead of the failure's.
 */
void
pipeline_cannot_start(void **state)
{
	(void)state;
	for (unsigned nth = 1; nth <= 2; nth++)
		the_kth_fails(CALL_PIPE, nth, draw(0, 1) ? EMFILE : ENFILE);
	for (unsigned nth = 1; nth <= 3; nth++)
		the_kth_fails(CALL_FORK, nth, draw(0, 1) ? EAGAIN : ENOMEM);
}

/*
 * Task 3: "Its other children are not waited for. Its handlers may run at any
 * time." For: wait() for anybody, EINTR taken for the end of the wait.
 */
void
pipeline_interrupted(void **state)
{
	(void)state;
	struct trial *t = trial("plumbing");
	const struct answer *a;

	trial_open_input(t);
	trial_start(t);
	ask(t, "handle");
	ask(t, "bystander");
	ask_begin(t, "run", "cat", "|", "cat");
	expect_asleep(t, "data-flow", _("the commands wait for input"));
	trial_kill(t, 0, SIGUSR1);
	expect_asleep(t, "eintr", _("it goes on waiting when a handler has run"));
	trial_close_input(t);
	a = run_to_end(t, 2, "eintr");
	expect_result(a, "run_pipeline", 0, "eintr");
	expect_status_at(a, 0, 0, "eintr");
	expect_status_at(a, 1, 0, "eintr");
	expect(answer_int(ask(t, "collect"), "taken") == 1, "foreign-child",
	    _("the caller's other child is still to be waited for"),
	    _("somebody has already waited for it"));
	trial_finish(t);
}

/* The program, with three commands. */
static void
command_line(void)
{
	struct trial *t = trial("pipeline", "true");

	for (int i = 0; i < 2; i++) {
		trial_argument(t, PIPELINE_TO);
		trial_argument(t, "true");
	}
	memory_check(t, "memory", "leak");
}

/*
 * "is freed". For: a list of pids or pipes that is too short, or lost; a command behind the last
 * one; a status that is never set; words that are copied one too few.
 */
void
pipeline_memory(void **state)
{
	(void)state;
	struct trial *t = trial("plumbing");

	memory_watch(t);
	trial_start(t);
	ask(t, "bare", "true");
	ask(t, "bare", "true", "|", "no-such-command", "|", "false");
	ask(t, "count", word(PIPELINE_MAX + 1), "true");
	ask(t, "bare", "true", "|", "true", "|", "true");
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
	command_line();
}
