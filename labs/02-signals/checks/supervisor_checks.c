/*
 * supervisor_checks.c - the program supervisor.
 *
 * Its workers are "sleep infinity", which pause() until a signal ends them;
 * the judge is that signal.
 */
#include "checks.h"
#include "memory.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { WORKERS_MOST = 64 };

/* ---- a trial with a supervisor ------------------------------------------------------------ */

static void
prepare(struct trial *t)
{
	detect_polling(t);
	trial_limit(t, LIMIT_CPU_MS, 1000);
}

static struct trial *
supervisor(unsigned n, unsigned restarts)
{
	struct trial *t = trial("supervisor", word(n), word(restarts), "sleep", "infinity");

	prepare(t);
	return t;
}

static pid_t
first_pid(struct trial *t)
{
	size_t n;

	return events(t, &n)[0].pid;
}

/* Its workers leave its process group; they are its children all the same. */
static struct trial *
supervisor_of_sessions(unsigned n, unsigned restarts)
{
	struct trial *t =
	    trial("supervisor", word(n), word(restarts), "setsid", "sleep", "infinity");

	prepare(t);
	return t;
}

/* The workers alive now, by pid; at most WORKERS_MOST of them. */
static size_t
workers_now(struct trial *t, pid_t pid[WORKERS_MOST])
{
	const struct look *now = look(t);
	size_t n = 0;

	for (size_t i = 0; i < now->n && n < WORKERS_MOST; i++)
		if (now->processes[i].ppid == first_pid(t) && now->processes[i].state != 'Z')
			pid[n++] = now->processes[i].pid;
	return n;
}

static void
expect_workers(struct trial *t, size_t n, unsigned started, const char *key)
{
	pid_t pid[WORKERS_MOST] = {0};
	size_t alive = workers_now(t, pid);
	size_t zombies = zombies_in(look(t));

	expect(alive == n && zombies == 0 && forks(t) == started, key,
	    words(_("%zu workers run, %u were started so far"), n, started),
	    _("%zu run, %zu are zombies, %u were started"), alive, zombies, forks(t));
}

/* Starts it and waits until n workers sleep and the supervisor does. */
static void
start_supervisor(struct trial *t, unsigned n)
{
	trial_start(t);
	(void)has_come_to_its_end(t);
	expect_workers(t, n, n, "workers-missing");
}

/* ---- its lines ----------------------------------------------------------------------------- */

static bool
has_line(struct trial *t, const char *line)
{
	size_t n = strlen(line);
	const char *at = trial_output(t);

	for (; at != NULL && *at != '\0'; at = strchr(at, '\n'), at += at != NULL)
		if (strncmp(at, line, n) == 0 && at[n] == '\n')
			return true;
	return false;
}

static void
expect_line(struct trial *t, const char *line)
{
	expect(has_line(t, line), "wrong-lines",
	    words(_("standard output has the line \"%s\" by now"), line), _("so far it has: %s"),
	    trial_output_size(t) == 0 ? _("nothing") : trial_output(t));
}

static void
expect_end_line(struct trial *t, pid_t pid, int signal)
{
	expect_line(t, words("end %d signal %d", pid, signal));
}

static void
expect_line_count(struct trial *t, unsigned n)
{
	unsigned lines = 0;

	for (const char *at = trial_output(t); *at != '\0'; at++)
		lines += *at == '\n';
	expect(lines == n, "wrong-lines", words(_("%u lines: one for each start and each end"), n),
	    _("%u lines: %s"), lines, trial_output(t));
}

/* A line for the start of everybody who was forked. */
static void
expect_start_lines(struct trial *t)
{
	size_t n;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_FORK && happened[i].pid == first_pid(t))
			expect_line(t, words("start %d", happened[i].other));
}

/* ---- restarts -------------------------------------------------------------------------------- */

/*
 * Task 4: "A worker that ends is replaced. Each start and each end has its
 * line on standard output, at once". For: workers that are not restarted, output that stays in the
 * buffer of stdio, a supervisor that looks again and again.
 */
void
supervisor_restarts(void **state)
{
	static const int signals[] = {SIGKILL, SIGTERM, SIGUSR1, SIGHUP};
	unsigned n = (unsigned)draw(2, 4);
	int signal = signals[draw(0, 3)];
	struct trial *t = supervisor_of_sessions(n, 5);
	pid_t pid[WORKERS_MOST] = {0};

	(void)state;
	start_supervisor(t, n);
	expect_start_lines(t);
	workers_now(t, pid);
	trial_kill(t, pid[draw(0, n - 1)], signal);
	await_exits(t, 1);
	(void)has_come_to_its_end(t);
	expect_workers(t, n, n + 1, "workers-missing");
	expect_start_lines(t);
	expect_line_count(t, n + 2);
	for (unsigned i = 0; i < n; i++)
		if (process_of(look(t), pid[i]) == NULL)
			expect_end_line(t, pid[i], signal);
}

static fault_id
hold_after_fork(struct trial *t, unsigned k)
{
	return trial_fault(
	    t, (struct fault){.call = CALL_FORK, .action = HOLD_AFTER, .who = FIRST, .nth = k});
}

/*
 * The supervisor is held as its kth fork() returns, until these k workers run
 * their program: a SIGTERM that reaches one before that is another check's affair.
 */
static void
hold_until_workers_run(struct trial *t, fault_id hold, unsigned k)
{
	await_held(t, hold);
	await_execs(t, k);
}

/* Behind the last look at the children before it sleeps, or behind the last fork. */
static fault_id
hold_after_look(struct trial *t, unsigned looks, unsigned n)
{
	if (looks == 0)
		return hold_after_fork(t, n);
	return trial_fault(
	    t, (struct fault){.call = CALL_WAIT, .action = HOLD_AFTER, .who = FIRST, .nth = looks});
}

/* A worker ends when the supervisor has looked for the last time, and before it sleeps. */
static void
replaces_in_the_gap(unsigned n)
{
	struct trial *t = supervisor(n, 5);
	pid_t pid[WORKERS_MOST] = {0};
	unsigned looks;
	fault_id hold;

	trial_watch(t, CALL_WAIT);
	start_supervisor(t, n);
	looks = calls(t, CALL_WAIT, FIRST);

	t = supervisor(n, 5);
	hold = hold_after_look(t, looks, n);
	trial_start(t);
	hold_until_workers_run(t, hold, n);
	workers_now(t, pid);
	trial_kill(t, pid[0], SIGKILL);
	await_exits(t, 1);
	release(t, hold, false);
	(void)has_come_to_its_end(t);
	expect_workers(t, n, n + 1, "end-lost");
}

/*
 * Task 4: "Several workers may end at the same time, and a stopped worker has
 * not ended."
 * The supervisor is stopped while they end, so that one SIGCHLD stands for
 * three. For: one waitpid() for each SIGCHLD; WUNTRACED taken for an end; SIGCHLD
 * let in while nobody sleeps.
 */
void
supervisor_restarts_all(void **state)
{
	enum { N = 4, ENDED = 3 };
	struct trial *t = supervisor(N, 9);
	pid_t pid[WORKERS_MOST] = {0};

	(void)state;
	start_supervisor(t, N);
	workers_now(t, pid);
	trial_kill(t, 0, SIGSTOP);
	await_event(t, EVENT_STOP, first_pid(t), 1);
	for (unsigned i = 0; i < ENDED; i++)
		trial_kill(t, pid[i], SIGKILL);
	await_exits(t, ENDED);
	trial_kill(t, 0, SIGCONT);
	await_event(t, EVENT_CONTINUE, first_pid(t), 1);
	(void)has_come_to_its_end(t);
	expect_workers(t, N, N + ENDED, "one-wait-per-signal");
	trial_kill(t, pid[ENDED], SIGSTOP);
	await_event(t, EVENT_STOP, pid[ENDED], 1);
	(void)has_come_to_its_end(t);
	expect_workers(t, N, N + ENDED, "stopped-not-ended");
	trial_kill(t, pid[ENDED], SIGCONT);
	await_event(t, EVENT_CONTINUE, pid[ENDED], 1);
	(void)has_come_to_its_end(t);
	expect_workers(t, N, N + ENDED, "stopped-not-ended");
	expect_line_count(t, N + 2 * ENDED);
	replaces_in_the_gap((unsigned)draw(2, 3));
}

/* ---- the end ----------------------------------------------------------------------------------
 */

/* It must come to its end now; who sleeps instead fails with this key and these words. */
static void
expect_end(struct trial *t, const char *key, const char *expected, const char *asleep)
{
	expect(has_come_to_its_end(t), key, expected, "%s", asleep);
}

/* It has ended: whom did it leave, and with which exit status? */
static void
expect_clean_end(struct trial *t, int status)
{
	size_t alive = trial_left_processes(t), zombies = trial_unwaited(t);

	trial_finish(t);
	expect(alive == 0 && zombies == 0, "left-workers",
	    _("the supervisor waits for all its workers before it ends"),
	    _("as it ends, %zu of them still run and %zu are zombies"), alive, zombies);
	expect(trial_exit_status(t) == status, "exit-status",
	    words(_("the supervisor ends with exit status %d"), status), _("its exit status is %d"),
	    trial_exit_status(t));
}

static void
expect_no_restart(struct trial *t, unsigned n)
{
	expect(forks(t) == n, "restarted-after-sigterm",
	    _("after SIGTERM no worker is started any more"), _("%u more were started"),
	    forks(t) - n);
}

/* Has the supervisor made this process? */
static bool
made(struct trial *t, pid_t pid)
{
	size_t n;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_FORK && happened[i].pid == first_pid(t) &&
		    happened[i].other == pid)
			return true;
	return false;
}

/* SIGTERM to everybody, to the own group, to a stranger or to a worker that was reaped long ago. */
static void
expect_own_workers(struct trial *t)
{
	size_t n;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_CALL && happened[i].number == SYS_kill &&
		    happened[i].pid == first_pid(t) && happened[i].args[1] == SIGTERM)
			expect(made(t, (pid_t)happened[i].args[0]) && happened[i].result == 0,
			    "kill-everybody",
			    _("the supervisor sends SIGTERM to its own workers only"),
			    _("it calls kill(%d, SIGTERM), and that is none of them"),
			    (pid_t)happened[i].args[0]);
}

static void
stops_plainly(unsigned n)
{
	struct trial *t = supervisor(n, (unsigned)draw(100000, 900000));
	pid_t pid[WORKERS_MOST] = {0};

	trial_limit(t, LIMIT_PROCESSES, WORKERS_MOST + 16);
	trial_watch(t, CALL_KILL);
	start_supervisor(t, n);
	workers_now(t, pid);
	trial_kill(t, 0, SIGTERM);
	(void)has_come_to_its_end(t);
	expect_no_restart(t, n);
	expect_end(t, "sigterm-ignored", _("the supervisor ends after SIGTERM"), _("it sleeps on"));
	expect_own_workers(t);
	expect_clean_end(t, 0);
	for (unsigned i = 0; i < n; i++)
		expect_end_line(t, pid[i], SIGTERM);
	expect_line_count(t, 2 * n);
}

/* Workers that SIGTERM does not end: they read until their input ends. */
static void
stops_patiently(void)
{
	struct trial *t =
	    trial("supervisor", "2", "5", "sh", "-c", "trap '' TERM; read line; exit 3");
	pid_t pid[WORKERS_MOST] = {0};

	prepare(t);
	trial_open_input(t);
	start_supervisor(t, 2);
	workers_now(t, pid);
	for (int times = 1; times <= 2; times++) {
		trial_kill(t, 0, SIGTERM);
		expect(!has_come_to_its_end(t), "left-workers",
		    _("the supervisor waits until its workers have ended"),
		    _("it ends although its workers take their time"));
	}
	trial_kill(t, pid[0], SIGKILL);
	await_exits(t, 1);
	expect(!has_come_to_its_end(t), "left-workers",
	    _("the supervisor waits until its workers have ended"),
	    _("it ends although its workers take their time"));
	if (trial_output_size(t) > 0) /* that all stays in the buffer, another check says */
		expect_end_line(t, pid[0], SIGKILL);
	trial_close_input(t);
	expect_end(t, "sigterm-ignored", _("the supervisor ends after its last worker"),
	    _("it sleeps on"));
	expect_no_restart(t, 2);
	expect_clean_end(t, 0);
}

/* SIGINT while it waits for a worker that takes its time. */
static void
can_be_interrupted(void)
{
	struct trial *t =
	    trial("supervisor", "1", "5", "sh", "-c", "trap '' TERM; read line; exit 3");

	prepare(t);
	trial_open_input(t);
	start_supervisor(t, 1);
	trial_kill(t, 0, SIGTERM);
	(void)await_rest(t);
	trial_kill(t, 0, SIGINT);
	/* the worker ends, and so does a supervisor that has blocked SIGINT */
	trial_close_input(t);
	trial_finish(t);
	expect(trial_term_signal(t) == SIGINT, "other-signals",
	    _("SIGINT ends the supervisor, even while it waits for its workers"),
	    _("it waits on as if nothing had come, and ends with exit status %d"),
	    trial_exit_status(t));
}

/*
 * Task 4: "On SIGTERM the supervisor sends every worker SIGTERM, waits for all
 * of them, however long they take, and ends with exit status 0. Every other signal does to it
 * what it does to any program". For: no handler; workers left behind; a worker restarted after
 * SIGTERM; the wait given up at EINTR; a table that is too small or read beyond its end; all
 * signals blocked instead of two.
 */
void
supervisor_stops(void **state)
{
	(void)state;
	stops_plainly((unsigned)draw(2, 4));
	stops_plainly(WORKERS_MOST);
	stops_patiently();
	can_be_interrupted();
}

/* ---- races -------------------------------------------------------------------------------------
 */

static const char *
sigterm_lost(void)
{
	return _("SIGTERM is never lost: the supervisor stops its workers and ends");
}

/* SIGTERM comes after the supervisor has looked whether it shall stop, and before it sleeps. */
static void
sigterm_in_the_gap(unsigned n)
{
	struct trial *t = supervisor(n, 5);
	struct place place;
	fault_id hold;

	watch_sleeps(t);
	start_supervisor(t, n);
	place = place_of_sleep(t);

	t = supervisor(n, 5);
	watch_sleeps(t);
	signal_before(t, place, SIGTERM);
	hold = hold_after_fork(t, n);
	trial_start(t);
	hold_until_workers_run(t, hold, n);
	release(t, hold, false);
	expect_end(t, "sigterm-lost", sigterm_lost(),
	    words(_("SIGTERM came just before %s(), and there it sleeps for ever"),
		call_name(place.call)));
	expect_clean_end(t, 0);
}

/* SIGTERM comes while the last worker is being started and not yet noted. */
static void
sigterm_at_fork(unsigned n)
{
	struct trial *t = supervisor(n, 5);
	fault_id hold = hold_after_fork(t, n);

	trial_start(t);
	hold_until_workers_run(t, hold, n);
	trial_kill(t, 0, SIGTERM);
	release(t, hold, false);
	expect_end(t, "sigterm-lost", sigterm_lost(),
	    _("SIGTERM came as fork() returned; a worker that was not noted yet runs on"));
	expect_clean_end(t, 0);
}

/*
 * Task 4: "SIGTERM may come at any moment." For: a flag that is tested before
 * pause() or a blocking waitpid(), without SIGTERM blocked; a handler that
 * stops those workers only that it knows.
 */
void
supervisor_loses_no_sigterm(void **state)
{
	unsigned n = (unsigned)draw(2, 3);

	(void)state;
	sigterm_in_the_gap(n);
	sigterm_at_fork(n);
}

/*
 * Has the supervisor sent the young worker its SIGTERM, or is it waiting for its exec (vfork)?
 * Or does it start ever more workers, and will not come to that?
 */
static bool
told_or_waiting(struct trial *t, pid_t child, unsigned n)
{
	const struct process *young = process_of(look(t), child);
	const struct process *first = first_process(look(t));

	return forks(t) > n || first->state == 'D' ||
	       (young != NULL && in_set(young->pending, SIGTERM));
}

/*
 * Task 4: "SIGTERM may come at any moment: [...] before a worker has called
 * exec." Its SIGTERM comes before it has run a single instruction. For: the
 * mask emptied in the child while the supervisor's handler is still installed.
 */
void
supervisor_young_worker(void **state)
{
	unsigned n = (unsigned)draw(2, 3);
	struct trial *t = supervisor(n, 5);
	fault_id hold = trial_fault(
	    t, (struct fault){.call = CALL_FORK, .action = HOLD_CHILD, .who = FIRST, .nth = n});
	pid_t child;

	(void)state;
	trial_start(t);
	child = await_held(t, hold);
	trial_kill(t, 0, SIGTERM);
	for (int looks = 0; looks < 2000 && !told_or_waiting(t, child, n); looks++)
		continue;
	release(t, hold, false);
	expect_end(t, "sigterm-swallowed",
	    _("a worker that gets SIGTERM before it has called exec ends, too"),
	    _("it runs on: the supervisor's own handler took the signal in the child"));
	expect_clean_end(t, 0);
}

/* ---- failures
 * ------------------------------------------------------------------------------------ */

/* The nth fork() fails, when n - 1 workers run. */
static struct trial *
fork_that_fails(unsigned workers, unsigned n, fault_id *failure)
{
	struct trial *t = supervisor(workers, 5);

	trial_watch(t, CALL_KILL);
	*failure = trial_fault(t, (struct fault){.call = CALL_FORK,
				      .action = FAULT_FAIL,
				      .who = FIRST,
				      .nth = n,
				      .error = EAGAIN,
				      .optional = n > workers});
	return t;
}

static void
expect_giving_up(struct trial *t, unsigned started)
{
	bool gives_up = has_come_to_its_end(t);

	if (!gives_up) {
		trial_kill(t, 0, SIGTERM);
		(void)has_come_to_its_end(t);
	}
	expect_own_workers(t);
	expect(gives_up && forks(t) == started, "fork-failure",
	    _("the supervisor gives up when fork() fails"),
	    _("it goes on; %u workers were started instead of %u"), forks(t), started);
	expect(*trial_errors(t) != '\0', "silent",
	    _("standard error says why the supervisor gives up"), _("it holds: %s"), _("nothing"));
	expect_clean_end(t, 1);
}

static void
fails_at_the_start(unsigned n)
{
	fault_id failure;
	struct trial *t = fork_that_fails(n, n, &failure);
	fault_id hold = hold_after_fork(t, n - 1);

	trial_start(t);
	hold_until_workers_run(t, hold, n - 1);
	release(t, hold, false);
	expect_giving_up(t, n - 1);
}

static void
fails_at_a_restart(unsigned n)
{
	fault_id failure;
	struct trial *t = fork_that_fails(n, n + 1, &failure);
	pid_t pid[WORKERS_MOST] = {0};

	start_supervisor(t, n);
	workers_now(t, pid);
	trial_kill(t, pid[draw(0, n - 1)], SIGKILL);
	await_exits(t, 1);
	(void)has_come_to_its_end(t);
	if (fault_delivered(t, failure) > 0) /* that nobody is replaced, another check says */
		expect_giving_up(t, n);
}

/*
 * Task 4: "If fork fails, the supervisor gives up as well. It sends signals to
 * its own workers only." For: -1 taken for a pid, which kill() then takes for
 * everybody; workers left behind; a failure at a restart that nobody looks at.
 */
void
supervisor_fork_fails(void **state)
{
	(void)state;
	fails_at_the_start((unsigned)draw(3, 5));
	fails_at_a_restart((unsigned)draw(2, 3));
}

/* exec has failed; or the giving up of the supervisor came first. */
static void
expect_end_of_nothing(struct trial *t, pid_t pid)
{
	if (!has_line(t, words("end %d signal %d", pid, SIGTERM)))
		expect_line(t, words("end %d exit 127", pid));
}

/* The supervisor's nth worker, counted from 0; or 0. */
static pid_t
nth_worker(struct trial *t, unsigned nth)
{
	size_t n;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_FORK && happened[i].pid == first_pid(t) && nth-- == 0)
			return happened[i].other;
	return 0;
}

/*
 * The workers come to their exec one by one, and each when the supervisor sleeps (or waits for
 * that exec: vfork): an end just before the sleep is another check's affair.
 */
static void
workers_one_by_one(struct trial *t, fault_id birth)
{
	pid_t worker;

	for (unsigned nth = 0; !has_come_to_its_end(t) && (worker = nth_worker(t, nth)) > 0; nth++)
		release_one(t, birth, worker);
}

/* Nothing can be executed: every worker ends at once, and the supervisor has to see that it is no
 * use. */
static void
gives_up_on_nothing(unsigned n, unsigned restarts)
{
	struct trial *t = trial("supervisor", word(n), word(restarts), "/no/such/program");
	fault_id birth = trial_fault(
	    t, (struct fault){
		   .call = CALL_FORK, .action = HOLD_CHILD, .who = FIRST, .optional = true});
	fault_id hold = trial_fault(t, (struct fault){.call = CALL_FORK,
					   .action = HOLD_BEFORE,
					   .who = FIRST,
					   .nth = n + restarts + 1,
					   .optional = true});
	size_t many;
	const struct event *happened;

	prepare(t);
	trial_start(t);
	workers_one_by_one(t, birth);
	expect(fault_delivered(t, hold) == 0, "restarts",
	    words(_("%u workers and %u restarts: %u processes are started"), n, restarts,
		n + restarts),
	    _("it is about to start one more"));
	expect(forks(t) == n + restarts, "restarts",
	    words(_("%u workers and %u restarts: %u processes are started"), n, restarts,
		n + restarts),
	    _("%u were started"), forks(t));
	expect_end(
	    t, "restarts", _("the supervisor gives up when no restart is left"), _("it sleeps on"));
	expect_clean_end(t, 1);
	happened = events(t, &many);
	for (size_t i = 0; i < many; i++)
		if (happened[i].kind == EVENT_FORK && happened[i].pid == first_pid(t))
			expect_end_of_nothing(t, happened[i].other);
	expect_line_count(t, 2 * (n + restarts));
}

/* The last of several workers ends and is replaced; then another, and no restart is left. */
static void
gives_up_with_workers(unsigned n)
{
	struct trial *t = supervisor(n, 1);
	pid_t pid[WORKERS_MOST] = {0};

	trial_watch(t, CALL_KILL);
	start_supervisor(t, n);
	workers_now(t, pid);
	trial_kill(t, pid[n - 1], SIGKILL);
	await_exits(t, 1);
	(void)has_come_to_its_end(t);
	expect_workers(t, n, n + 1, "workers-missing");
	trial_kill(t, pid[n - 2], SIGKILL);
	await_exits(t, 2);
	expect_end(
	    t, "restarts", _("the supervisor gives up when no restart is left"), _("it sleeps on"));
	expect_own_workers(t);
	expect_clean_end(t, 1);
	for (unsigned i = 0; i < n; i++)
		expect_end_line(t, pid[i], i < n - 2 ? SIGTERM : SIGKILL);
	expect_line_count(t, 2 * (n + 1));
}

/*
 * Task 4: "At most RESTARTS workers are replaced altogether. When one ends and
 * no restart is left, the supervisor gives up".
 * For: restarts that are not counted, so that a program that cannot be
 * executed is started for ever; workers left behind when it gives up, or forgotten since another
 * was replaced; a signal to a pid that was reaped.
 */
void
supervisor_gives_up(void **state)
{
	(void)state;
	gives_up_on_nothing(2, (unsigned)draw(2, 4));
	gives_up_with_workers((unsigned)draw(3, 4));
}

/*
 * A shell that calls exec has left it two children: one never ends, and one
 * ends as soon as it has become the supervisor; the worker ends after that one.
 * Without the eye, which knows only a program that starts alone.
 */
static void
has_children_already(void)
{
	static const char script[] =
	    "sleep infinity & sh -c 'until read -r name </proc/$PPID/comm &&"
	    " [ \"$name\" = supervisor ]; do :; done; exit 3' & OTHER=$! exec \"$@\"";
	static const char worker[] = "while read -r pid name state rest </proc/$OTHER/stat &&"
				     " [ \"$state\" != Z ]; do :; done; exit 5";
	static const char *const shell[] = {"/bin/sh", "-c", script, "sh", NULL};
	struct trial *t = trial("supervisor", "1", "0", "sh", "-c", worker);
	int end = 0;
	pid_t pid = 0, again = 1;

	trial_wrap(t, shell);
	trial_run(t);
	expect(sscanf(trial_output(t), "start %d\nend %d exit 5\n%n", &pid, &again, &end) == 2 &&
		   pid == again && trial_output(t)[end] == '\0',
	    "inherited-children", _("lines for the start and the end of one worker"),
	    _("the supervisor had children before, and wrote: %s"), trial_output(t));
	expect(trial_exit_status(t) == 1, "exit-status",
	    words(_("the supervisor ends with exit status %d"), 1), _("its exit status is %d"),
	    trial_exit_status(t));
}

/*
 * Task 4: "It does not matter which signals are blocked or ignored when the
 * supervisor is started. A worker starts with no signal blocked". For: the mask inherited by the
 * workers; an inherited SIG_IGN for SIGCHLD that stays; SIGTERM that stays blocked.
 */
void
supervisor_clean_start(void **state)
{
	struct trial *t = supervisor(2, 5);
	const struct event *happened;
	pid_t pid[WORKERS_MOST] = {0};
	size_t n;

	(void)state;
	trial_ignore(t, SIGCHLD);
	trial_block(t, SIGTERM);
	trial_block(t, SIGCHLD);
	start_supervisor(t, 2);
	happened = events(t, &n);
	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_EXEC) {
			expect((happened[i].blocked & STANDARD_SIGNALS) == 0, "mask-inherited",
			    _("no signal is blocked when a worker's program starts"),
			    _("blocked: %s"), signal_names(happened[i].blocked & STANDARD_SIGNALS));
			expect(!in_set(happened[i].ignored, SIGCHLD), "mask-inherited",
			    _("SIGCHLD is not ignored when a worker's program starts"),
			    _("ignored: %s"), signal_names(happened[i].ignored & STANDARD_SIGNALS));
		}
	workers_now(t, pid);
	trial_kill(t, pid[0], SIGKILL);
	await_exits(t, 1);
	(void)has_come_to_its_end(t);
	expect_workers(t, 2, 3, "inherited-signals");
	trial_kill(t, 0, SIGTERM);
	expect_end(t, "inherited-signals",
	    _("the supervisor ends after SIGTERM, though its parent had blocked it"),
	    _("SIGTERM stays pending for ever"));
	expect_clean_end(t, 0);
	has_children_already();
}

/* Memory of the supervisor itself, with starts, ends and the way out. For: reading past the table.
 */
void
supervisor_memory(void **state)
{
	(void)state;
	memory_check(trial("supervisor", "3", "2", "sh", "-c", "exit 3"), "memory", "memory");
}
