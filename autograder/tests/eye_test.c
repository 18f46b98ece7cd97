/*
 * eye_test.c - the judge library, the sandbox and the eye together, on a
 * program whose every behaviour is known (programs/victim.c).
 *
 * Each row is a check as a lab's author writes it and what must become of it:
 * verdict and key. For what must be caught there is a right twin that must
 * pass. A process of its own runs the check, as gabel does.
 *
 * GABEL_REPEAT=N runs every row N times: the same verdict every time.
 */
#define _GNU_SOURCE
#include "rows.h"

#include "../judge/inside.h"

#include "../src/base/files.h"
#include "../src/base/text.h"
#include "../src/sandbox/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

const struct hint hints[] = {{NULL, NULL, NULL, NULL, NULL, NULL}};

/* ---- checks ---------------------------------------------------------------------------- */

static struct trial *
run(const char *behaviour)
{
	struct trial *t = trial("victim", behaviour);

	trial_run(t);
	return t;
}

#define PLAIN(name, behaviour)                                                                     \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		struct trial *t = run(behaviour);                                                  \
		expect_exit(t, 0, "exit");                                                         \
		refute_unwaited(t, "unwaited");                                                    \
		refute_left_processes(t, "left");                                                  \
		refute_open_fds(t, "descriptors");                                                 \
	}

PLAIN(hello, "hello")
PLAIN(pauses, "pause")
PLAIN(crashes, "crash")
PLAIN(spins, "spin")
PLAIN(forks_on, "fork-without-end")
PLAIN(eats, "eat-memory")
PLAIN(floods, "flood")
PLAIN(zombies_left, "zombies")
PLAIN(left_running, "leave-running")
PLAIN(left_daemon, "leave-daemon")
PLAIN(waits, "wait-for-children")
PLAIN(alarm_ends_it, "alarm-pause")
PLAIN(pipe_held, "pipe-held")
PLAIN(descriptors, "descriptors-left")
PLAIN(spawns, "spawn")
PLAIN(thread_blocked, "thread-blocked")

/* It sleeps and a timer is armed for ever: only the last resort ends it. */
static void
interval(void **state)
{
	struct trial *t = trial("victim", "interval-left");

	(void)state;
	trial_limit(t, LIMIT_WALL_MS, 500);
	trial_run(t);
}

/* Woken without end: counted, so its end does not come from time. */
static void
woken_in_vain(void **state)
{
	struct trial *t = trial("victim", "timer-storm");

	(void)state;
	trial_limit(t, LIMIT_WALL_MS, 600000);
	trial_run(t);
}

/* Woken often, but it ends; and woken more often than that where the check allows it. */
static void
woken_often(void **state)
{
	struct trial *t = trial("victim", "timer-storm", "900");
	struct trial *more = trial("victim", "timer-storm", "1500");

	(void)state;
	trial_run(t);
	expect_exit(t, 0, "exit");
	trial_limit(more, LIMIT_WAKES, 2000);
	trial_run(more);
	expect_exit(more, 0, "exit");
}

/* It is let run whenever it wants to: no reason to give it more time than the limit. */
static void
naps_on(void **state)
{
	struct trial *t = trial("victim", "naps");

	(void)state;
	trial_limit(t, LIMIT_WALL_MS, 500);
	trial_run(t);
}

/* It is over long after the limit, but only because it had to queue for the processors. */
static void
starved(void **state)
{
	struct trial *t = trial("victim", "crowd");

	(void)state;
	trial_limit(t, LIMIT_WALL_MS, 200);
	trial_run(t);
	expect_exit(t, 0, "exit");
}

static void
zombies_now(void **state)
{
	struct trial *t = trial("victim", "zombies", "pause");

	(void)state;
	trial_start(t);
	await_blocked(t, 0, CALL_PAUSE);
	refute_zombies(t, "zombies");
}

/* Every read of the pipe moves one byte: only who reads on gets all 13. */
static void
read_cut(const char *behaviour, size_t bytes)
{
	struct trial *t = trial("victim", behaviour);

	trial_input(t, "hello, world\n", 13);
	trial_fault(t,
	    (struct fault){.call = CALL_READ, .action = FAULT_CUT, .bytes = bytes, .fd = FD_PIPE});
	trial_run(t);
	expect_output(t, "13\n", "short-read");
}

static void
cut_once(void **state)
{
	(void)state;
	read_cut("read-once", 1);
}

static void
cut_all(void **state)
{
	(void)state;
	read_cut("read-all", 1);
}

static void
cut_stdio(void **state)
{
	(void)state;
	read_cut("read-stdio", 3);
}

static void
cut_raw(void **state)
{
	(void)state;
	read_cut("read-raw", 5);
}

static void
cut_vector(void **state)
{
	(void)state;
	read_cut("read-vector", 5);
}

static void
count_survives(void **state)
{
	struct trial *t = trial("victim", "count-survives");

	(void)state;
	trial_input(t, "hello", 5);
	trial_fault(
	    t, (struct fault){.call = CALL_READ, .action = FAULT_CUT, .bytes = 1, .fd = FD_PIPE});
	trial_run(t);
	expect_output(t, "1 100\n", "register");
}

static bool
took_usr1(struct trial *t, void *with)
{
	const struct event *e;
	size_t n;

	(void)with;
	e = events(t, &n);
	for (size_t i = 0; i < n; i++)
		if (e[i].kind == EVENT_SIGNAL && e[i].signal == SIGUSR1)
			return true;
	return false;
}

/* The child is held, so the wait would block: the signal must break it. */
static void
interrupted(const char *behaviour)
{
	struct trial *t = trial("victim", behaviour);
	fault_id child = trial_fault(t, (struct fault){.call = CALL_FORK, .action = HOLD_CHILD});

	trial_fault(
	    t, (struct fault){
		   .call = CALL_WAIT, .nth = 1, .action = FAULT_INTERRUPT, .signal = SIGUSR1});
	trial_start(t);
	await_held(t, child);
	await(t, took_usr1, NULL, "SIGUSR1 is taken");
	release(t, child, false);
	trial_finish(t);
	expect_exit(t, 0, "eintr");
}

static void
wait_given_up(void **state)
{
	(void)state;
	interrupted("wait-given-up");
}

static void
wait_again(void **state)
{
	(void)state;
	interrupted("wait-again");
}

/* The first wait has WNOHANG, which no signal interrupts: the fault is for the second. */
static void
wait_polled(void **state)
{
	struct trial *t = trial("victim", "wait-polled");

	(void)state;
	trial_fault(t,
	    (struct fault){
		.call = CALL_WAIT, .who = FIRST, .nth = 1, .action = FAULT_FAIL, .error = EINTR});
	trial_run(t);
	expect_exit(t, 0, "exit");
}

/* With SA_RESTART the kernel makes the call again: one wait, not two, and no EINTR. */
static void
wait_restarted(void **state)
{
	struct trial *t = trial("victim", "wait-restarted");

	(void)state;
	trial_watch(t, CALL_WAIT);
	trial_fault(
	    t, (struct fault){
		   .call = CALL_WAIT, .nth = 1, .action = FAULT_INTERRUPT, .signal = SIGUSR1});
	trial_run(t);
	expect_exit(t, 0, "eintr");
	expect(calls(t, CALL_WAIT, ANYBODY) == 1, "counted-twice", "one wait", "%u",
	    calls(t, CALL_WAIT, ANYBODY));
}

/* What is told of a check that fails: not what earlier trials have met. */
static void
faults_of_the_last_trial(void **state)
{
	struct trial *t = trial("victim", "flag-and-pause");
	json_t *all, *last;

	(void)state;
	trial_fault(
	    t, (struct fault){
		   .call = CALL_PAUSE, .nth = 1, .action = FAULT_INTERRUPT, .signal = SIGUSR1});
	trial_run(t);
	trial_run(trial("victim", "hello"));
	all = faults_json(false);
	last = faults_json(true);
	expect(json_array_size(all) == 1, "all", "one fault in all", "%zu", json_array_size(all));
	expect(json_array_size(last) == 0, "last", "none in the last trial", "%zu",
	    json_array_size(last));
	json_decref(all);
	json_decref(last);
}

static void
signal_before(const char *behaviour)
{
	struct trial *t = trial("victim", behaviour);

	trial_fault(t, (struct fault){.call = CALL_PAUSE,
			   .nth = 1,
			   .action = FAULT_SIGNAL_BEFORE,
			   .signal = SIGUSR1,
			   .optional = true});
	trial_fault(t, (struct fault){.call = CALL_SIGSUSPEND,
			   .nth = 1,
			   .action = FAULT_SIGNAL_BEFORE,
			   .signal = SIGUSR1,
			   .optional = true});
	trial_run(t);
	expect_exit(t, 0, "exit");
}

static void
flag_and_pause(void **state)
{
	(void)state;
	signal_before("flag-and-pause");
}

static void
sigsuspend_waits(void **state)
{
	(void)state;
	signal_before("sigsuspend");
}

/* Watched calls that this thread has made. */
static unsigned
events_of_thread(struct trial *t, pid_t tid)
{
	size_t n;
	const struct event *e = events(t, &n);
	unsigned made = 0;

	for (size_t i = 0; i < n; i++)
		made += e[i].kind == EVENT_CALL && e[i].tid == tid;
	return made;
}

/* The thread that meets the fault blocks the signal; it is another one's. */
static void
signal_for_another_thread(void **state)
{
	(void)state;
	signal_before("thread-takes-signals");
}

/* Its parent waits in vfork() until the held child goes on: nothing moves, so all rest. */
static void
vfork_rests(void **state)
{
	struct trial *t = trial("victim", "spawn");
	fault_id birth = trial_fault(t, (struct fault){.call = CALL_FORK, .action = HOLD_CHILD});

	(void)state;
	trial_limit(t, LIMIT_WALL_MS, 10000);
	trial_start(t);
	await_held(t, birth);
	await_quiet(t);
	expect(first_process(look(t))->state == 'D', "vfork", "the parent waits in vfork()",
	    "state %c", first_process(look(t))->state);
	release(t, birth, false);
	trial_finish(t);
	expect_exit(t, 0, "vfork");
}

/*
 * Each thread is seen, held and let go by itself: the newborn at its birth, its creator after it,
 * and the one of two readers whose turn it is.
 */
static void
threads_one_by_one(void **state)
{
	struct trial *t = trial("victim", "two-threads");
	fault_id birth =
	    trial_fault(t, (struct fault){.call = CALL_THREAD, .action = HOLD_CHILD, .nth = 1});
	fault_id made =
	    trial_fault(t, (struct fault){.call = CALL_THREAD, .action = HOLD_AFTER, .nth = 2});
	const struct process *p;
	pid_t pid, born;

	(void)state;
	trial_open_input(t);
	trial_watch(t, CALL_READ);
	trial_start(t);
	pid = await_held(t, birth);
	born = held_thread(t, birth);
	expect(born != pid, "held", "a thread is held", "%d", (int)born);
	await_held(t, made);
	expect(held_thread(t, made) == pid, "held", "its creator is held", "%d",
	    (int)held_thread(t, made));
	await_quiet(t);
	p = first_process(look(t));
	expect(p->n_threads == 3 && p->threads == 3 && p->state == 't', "look",
	    "three threads, the first is held", "%zu of %u, %c", p->n_threads, p->threads,
	    p->state);
	expect(p->thread[1].tid == born && p->thread[1].state == 't', "look", "the newborn is held",
	    "%d is %c", (int)p->thread[1].tid, p->thread[1].state);
	expect(threads_blocked_in(p, CALL_READ) == 1 && p->thread[2].blocked_fd == 0, "look",
	    "the other one reads", "%zu read", threads_blocked_in(p, CALL_READ));
	release_one(t, birth, born);
	await_quiet(t);
	expect(threads_blocked_in(first_process(look(t)), CALL_READ) == 2, "look", "both read",
	    "%zu do", threads_blocked_in(first_process(look(t)), CALL_READ));
	release(t, made, false);
	await_blocked(t, 0, CALL_FUTEX);
	trial_send(t, "cc", 2);
	trial_finish(t);
	expect(events_of_thread(t, born) == 1, "event", "the newborn's read is its own",
	    "%u events", events_of_thread(t, born));
}

/* A signal that comes while it is held: does the call begin before it is taken? */
static void
signal_while_held(enum fault_action hold_how)
{
	struct trial *t = trial("victim", "flag-and-pause");
	fault_id hold =
	    trial_fault(t, (struct fault){.call = CALL_PAUSE, .nth = 1, .action = hold_how});

	trial_start(t);
	await_held(t, hold);
	trial_kill(t, 0, SIGUSR1);
	release(t, hold, false);
	trial_finish(t);
	expect_exit(t, 0, "exit");
}

static void
held_outside(void **state)
{
	(void)state;
	signal_while_held(HOLD_OUTSIDE);
}

static void
held_before(void **state)
{
	(void)state;
	signal_while_held(HOLD_BEFORE);
}

/* The keeper has much to do when it is asked for the signal; the end of the input goes by. */
static void
signal_before_the_end(void **state)
{
	enum { MUCH = 300, NO_SIGNAL = 0 };
	struct trial *t = trial("victim", "read-all");

	(void)state;
	trial_open_input(t);
	trial_start(t);
	await_quiet(t);
	for (int i = 0; i < MUCH; i++)
		trial_kill(t, 0, NO_SIGNAL);
	trial_kill(t, 0, SIGTERM);
	trial_close_input(t);
	trial_finish(t);
	expect(trial_term_signal(t) == SIGTERM, "order", "it ends by SIGTERM", "it comes later");
}

/* Of five who stand at the same door one may go; the others stay. */
static void
one_is_released(void **state)
{
	enum { CHILDREN = 5, CHOSEN = 2 };
	struct trial *t = trial("victim", "wait-for-children");
	fault_id hold = trial_fault(
	    t, (struct fault){.call = CALL_EXIT, .action = HOLD_BEFORE, .who = DESCENDANTS});
	pid_t pids[CHILDREN];

	(void)state;
	trial_start(t);
	await_forks(t, CHILDREN);
	await_quiet(t);
	for (size_t i = 0; i < CHILDREN; i++)
		pids[i] = look(t)->processes[i + 1].pid;
	release_one(t, hold, pids[CHOSEN]);
	await_exits(t, 1);
	await_quiet(t);
	expect(exits(t) == 1, "others", "one ends", "%u have ended", exits(t));
	expect(count_events(t, EVENT_EXIT, pids[CHOSEN]) == 1, "wrong-one", "the chosen one",
	    "another");
	release(t, hold, false);
	trial_finish(t);
	expect_exit(t, 0, "exit");
}

static void
signal_swallowed(void **state)
{
	struct trial *t = trial("victim", "alarm-pause");

	(void)state;
	trial_fault(t, (struct fault){.action = FAULT_SWALLOW, .signal = SIGALRM});
	trial_run(t);
}

static void
fork_fails(void **state)
{
	struct trial *t = trial("victim", "wait-for-children");

	(void)state;
	trial_fault(
	    t, (struct fault){.call = CALL_FORK, .nth = 3, .action = FAULT_FAIL, .error = EAGAIN});
	trial_run(t);
	expect(forks(t) == 4, "forks", "4 forks", "%u", forks(t));
	expect_exit(t, 1, "exit");
}

static void
never_delivered(void **state)
{
	struct trial *t = trial("victim", "wait-for-children");

	(void)state;
	trial_fault(
	    t, (struct fault){.call = CALL_FORK, .nth = 6, .action = FAULT_FAIL, .error = EAGAIN});
	trial_run(t);
	expect_exit(t, 0, "exit");
}

static void
alarm_is_armed(void **state)
{
	struct trial *t = trial("victim", "alarm-left");
	const struct look *l;

	(void)state;
	trial_start(t);
	await_forks(t, 1);
	l = look(t);
	expect(first_process(l)->timer_armed_ms > 900000, "timer", "armed", "%llu",
	    (unsigned long long)first_process(l)->timer_armed_ms);
	expect(
	    l->processes[1].timer_armed_ms == 0, "inherited", "a child inherits no timer", "%d", 1);
}

static void
stops(void **state)
{
	struct trial *t = trial("victim", "stop-and-go");

	(void)state;
	trial_run(t);
	expect_output(t, "stopped 1\nexit 4\n", "output");
}

static void
signal_sets(void **state)
{
	struct trial *t = trial("victim", "masks");
	const struct process *p;

	(void)state;
	trial_block(t, SIGHUP);
	trial_ignore(t, SIGINT);
	trial_start(t);
	await_blocked(t, 0, CALL_PAUSE);
	p = first_process(look(t));
	expect(in_set(p->blocked, SIGUSR2) && in_set(p->blocked, SIGHUP), "blocked", "both", "%llx",
	    (unsigned long long)p->blocked);
	expect(in_set(p->ignored, SIGPIPE) && in_set(p->ignored, SIGINT), "ignored", "both", "%llx",
	    (unsigned long long)p->ignored);
	expect(in_set(p->caught, SIGUSR1) && in_set(p->pending, SIGUSR2), "caught", "both", "%llx",
	    (unsigned long long)p->caught);
	expect(shared_maps(t, p->pid) == 1, "shared", "one", "%u", shared_maps(t, p->pid));
}

static void
mask_at_exec(void **state)
{
	struct trial *t = run("exec-with-mask");
	const struct event *e;
	size_t n;

	(void)state;
	e = events(t, &n);
	for (size_t i = 0; i < n; i++)
		if (e[i].kind == EVENT_EXEC)
			expect(in_set(e[i].blocked, SIGTERM) &&
				   strcmp(e[i].text, "/usr/bin/true") == 0,
			    "mask", "SIGTERM blocked at exec of /usr/bin/true", "%s", e[i].text);
	expect_exit(t, 0, "exit");
}

/* Both look before either takes: the interleaving that is rare is forced. */
static void
both_look_first(bool careful)
{
	struct trial *t = careful ? trial("victim", "check-then-take", "careful")
				  : trial("victim", "check-then-take");
	fault_id hold = trial_fault(
	    t, (struct fault){.call = CALL_OPEN, .action = HOLD_BEFORE, .who = DESCENDANTS});

	trial_start(t);
	await_held(t, hold);
	await_held(t, hold);
	release(t, hold, false);
	trial_finish(t);
	expect_exit(t, 0, "two-holders");
}

static void
takes_carelessly(void **state)
{
	(void)state;
	both_look_first(false);
}

static void
takes_carefully(void **state)
{
	(void)state;
	both_look_first(true);
}

/* Its parent is held after fork until the child is a zombie. */
static void
child_ends_first(void **state)
{
	struct trial *t = trial("victim", "wait-again");
	fault_id hold = trial_fault(t, (struct fault){.call = CALL_FORK, .action = HOLD_AFTER});

	(void)state;
	trial_start(t);
	await_held(t, hold);
	await_exits(t, 1);
	expect(zombies_in(look(t)) == 1, "zombie", "one zombie", "%zu", zombies_in(look(t)));
	release(t, hold, false);
	trial_finish(t);
	expect_exit(t, 0, "exit");
}

/* The eye stops everybody for a moment at what it follows; only who is held by a fault is held. */
static void
a_stop_is_no_hold(void **state)
{
	struct trial *t = trial("victim", "wait-for-children");
	fault_id hold = trial_fault(
	    t, (struct fault){.call = CALL_FORK, .action = HOLD_AFTER, .nth = 5, .who = FIRST});
	const struct event *e;
	size_t n, views = 0;

	(void)state;
	trial_views(t, AT_FORK);
	trial_start(t);
	await_held(t, hold);
	expect(
	    first_process(look(t))->state == 't', "held", "t", "%c", first_process(look(t))->state);
	e = events(t, &n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; e[i].view != NULL && k < e[i].view->n; k++, views++)
			expect(e[i].view->processes[k].state != 't', "stopped", "not held", "%d",
			    e[i].view->processes[k].pid);
	expect(views >= 10, "views", "two or more at each fork", "%zu", views);
	release(t, hold, false);
	trial_finish(t);
}

static void
who_holds_the_pipe(void **state)
{
	struct trial *t = trial("victim", "pipe-held");
	const struct look *l;
	unsigned writers = 0;

	(void)state;
	trial_start(t);
	await_quiet(t);
	l = look(t);
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->processes[i].n_fds; k++) {
			const struct descriptor *d = &l->processes[i].fds[k];

			writers +=
			    d->number > 2 && d->kind == FD_PIPE && (d->access & FD_WRITE) != 0;
		}
	expect(writers == 1, "writers", "the child holds the write end", "%u", writers);
}

/* While nothing happens the same look will do; a signal, a byte of input and an end are something.
 */
static void
looks_at_rest(void **state)
{
	struct trial *t = trial("victim", "says-input");
	const struct look *before;

	(void)state;
	trial_open_input(t);
	trial_start(t);
	await_quiet(t);
	before = look(t);
	expect(look(t) == before, "same", "the same look", "another one");
	trial_kill(t, 0, SIGSTOP);
	await_event(t, EVENT_STOP, first_process(before)->pid, 1);
	expect(first_process(look(t))->state == 'T', "stopped", "T", "%c",
	    first_process(look(t))->state);
	trial_kill(t, 0, SIGCONT);
	await_quiet(t);
	expect(first_process(look(t))->blocked_in == CALL_READ, "reads", "read()", "%s()",
	    call_name(first_process(look(t))->blocked_in));
	trial_send(t, "yes\n", 4);
	trial_finish(t);
	expect(look(t)->n == 0, "gone", "nobody", "%zu processes", look(t)->n);
}

static void
talks(void **state)
{
	struct trial *t = trial("victim", "says-input");

	(void)state;
	trial_open_input(t);
	trial_start(t);
	await_output(t, "ready\n");
	await_blocked(t, 0, CALL_READ);
	trial_send(t, "yes\n", 4);
	trial_finish(t);
	expect_output(t, "ready\ngot yes\n", "output");
}

static void
foreign_words(void **state)
{
	(void)state;
	expect_output(run("says-foreign"), "a\n", "output");
}

static void
file_comes_out(void **state)
{
	struct trial *t = run("writes-file");
	const char *made = trial_read_file(t, "made", NULL);

	(void)state;
	expect(made != NULL && strcmp(made, "content") == 0, "file", "content", "%s",
	    made == NULL ? "nothing" : made);
	expect(trial_read_file(t, "../etc/passwd", NULL) == NULL, "escape", "nothing", "%d", 1);
}

static void
no_escape(void **state)
{
	struct trial *t = run("escapes");

	(void)state;
	expect_output(t, "done\n", "escape");
}

/* With the sanitizers: the same program, with and without the byte too far. */
static void
sanitized(const char *how)
{
	struct trial *t = trial("victim", "overflow");

	if (how != NULL)
		trial_argument(t, how);
	trial_sanitize(t);
	trial_run(t);
	if (trial_exit_status(t) == SANITIZED_STATUS)
		expect(strstr(trial_errors(t), "victim.c:") == NULL, "overflow", "no byte too far",
		    "%s", "one byte too far");
	expect_exit(t, 0, "exit");
}

static void
sanitized_overflow(void **state)
{
	(void)state;
	sanitized(NULL);
}

static void
sanitized_leak(void **state)
{
	(void)state;
	sanitized("leaks-only");
}

static void
overflow_unseen(void **state)
{
	(void)state;
	expect_exit(run("overflow"), 0, "exit");
}

/* The eye stays: it still counts and still makes calls fail. */
static void
sanitized_clean(void **state)
{
	struct trial *t = trial("victim", "wait-for-children");

	(void)state;
	trial_sanitize(t);
	trial_fault(
	    t, (struct fault){.call = CALL_FORK, .nth = 3, .action = FAULT_FAIL, .error = EAGAIN});
	trial_run(t);
	expect(forks(t) == 4, "forks", "4 forks", "%u", forks(t));
	expect_exit(t, 1, "exit");
}

/*
 * The check is over while the first process stands at its exit, where SIGKILL
 * does not wake it. The keeper must end all the same, or this row never does.
 */
static void
killed_at_its_exit(void **state)
{
	struct trial *t = trial("victim", "end-and-spin");
	const struct process *first;

	(void)state;
	trial_start(t);
	await_forks(t, 1);
	do
		first = first_process(look(t));
	while (first != NULL && first->system_call != SYS_exit_group);
	expect(first != NULL, "gone", "at its exit", "%s", "gone");
	expect(first->state == 'R', "state", "R", "%c", first->state);
}

/* Both are answers to await_rest(), and neither is a failure; no end in sight still is one. */
static void
rests_or_has_ended(void **state)
{
	struct trial *rests = trial("victim", "zombies", "pause");
	struct trial *ends = trial("victim", "wait-for-children");

	(void)state;
	trial_start(rests);
	expect(await_rest(rests), "rests", "at rest", "%s", "ended");
	await_event(rests, EVENT_EXIT, 0, 5);
	expect(count_events(rests, EVENT_FORK, 0) == 5, "forks", "5", "%u",
	    count_events(rests, EVENT_FORK, 0));
	expect(
	    count_events(rests, EVENT_FORK, 99) == 0, "forks", "another process's", "%s", "found");
	trial_start(ends);
	expect(!await_rest(ends), "ends", "ended", "%s", "at rest");
	expect(trial_exit_status(ends) == 0, "exit", "0", "%d", trial_exit_status(ends));
}

static void
never_rests(void **state)
{
	struct trial *t = trial("victim", "timer-storm");

	(void)state;
	trial_start(t);
	(void)await_rest(t);
}

static void
event_never_comes(void **state)
{
	struct trial *t = trial("victim", "wait-for-children");

	(void)state;
	trial_start(t);
	await_event(t, EVENT_EXIT, 0, 7);
}

static void
says(const char *is, const char *shall)
{
	expect(strcmp(is, shall) == 0, "words", shall, "%s", is);
}

static void
facts_in_words(void **state)
{
	(void)state;
	says(ending_of(3 << 8), "exit status 3");
	says(ending_of(SIGTERM), "killed by SIGTERM");
	says(ending_of(0x80 | SIGSEGV), "killed by SIGSEGV");
	says(ending_of(SIGSTOP << 8 | 0x7f), "stopped by SIGSTOP, so not ended at all");
	says(ending_of(0xffff), "continued, so not ended at all");
	says(ending_of(-2), "-2, which is no wait status");
	says(error_name(EAGAIN), "EAGAIN");
	says(error_name(0), "0");
	says(error_name(4096), "4096");
	says(error_name(((long long)1 << 32) + EAGAIN), "4294967307");
	says(newlines_shown(""), "");
	says(newlines_shown("it is \"a\n\", \"\n\" or \"b\""), "it is \"a\\n\", \"\\n\" or \"b\"");
	says(newlines_shown("»a\n« «b\n\n»"), "»a\\n« «b\\n\\n»");
	says(newlines_shown("a\nb\n\nc\n"), "a\nb\n\nc\\n");
	says(signal_names(0), "no signal");
	says(signal_names(SIGNAL_BIT(SIGHUP) | SIGNAL_BIT(SIGTERM)), "SIGHUP, SIGTERM");
	expect(in_set(STANDARD_SIGNALS, 31) && !in_set(STANDARD_SIGNALS, 32), "standard", "1 to 31",
	    "%llx", (unsigned long long)STANDARD_SIGNALS);
	says(words("%d %s", 2, "words"), "2 words");
}

/* The answer is here before the judge has heard of the fault behind it, and the check is over. */
static void
answer_comes_first(void **state)
{
	struct trial *t = trial("victim", "answers");
	struct pollfd probe = {.events = POLLIN};

	(void)state;
	trial_fault(
	    t, (struct fault){.call = CALL_CHDIR, .action = FAULT_FAIL, .nth = 1, .error = EACCES});
	trial_start(t);
	ask_begin(t, "anything");
	probe.fd = t->probe;
	assert_int_equal(poll(&probe, 1, -1), 1);
	answer_int(ask_end(t), "a");
}

/* A fault that the answer's own process met has been heard of when the answer is here. */
static void
delivered_before_the_answer(void **state)
{
	struct trial *t = trial("victim", "answers");
	fault_id fault = trial_fault(
	    t, (struct fault){.call = CALL_CHDIR, .action = FAULT_FAIL, .nth = 1, .error = EACCES});

	struct pollfd probe = {.events = POLLIN};

	(void)state;
	trial_start(t);
	ask_begin(t, "anything");
	probe.fd = t->probe;
	assert_int_equal(poll(&probe, 1, -1), 1);
	ask_end(t);
	expect(
	    fault_delivered(t, fault) == 1, "delivered", "once", "%u", fault_delivered(t, fault));
}

/* Who only looks who has ended has not waited for him. */
static void
looked_at_is_not_reaped(void **state)
{
	struct trial *t = trial("victim", "looks-first");

	(void)state;
	trial_run(t);
	expect_exit(t, 0, "exit");
	expect(count_events(t, EVENT_REAPED, 0) == 1, "reaped", "once", "%u",
	    count_events(t, EVENT_REAPED, 0));
}

static void
judge_is_wrong(void **state)
{
	(void)state;
	assert_true(false);
}

static void
judge_crashes(void **state)
{
	(void)state;
	raise(SIGSEGV);
}

static void
judge_waits_for_nothing(void **state)
{
	(void)state;
	await_quiet(trial("victim", "hello"));
}

static void
no_such_program(void **state)
{
	(void)state;
	trial_run(trial("nobody"));
}

/* ---- what must become of them ----------------------------------------------------------- */

static const struct row rows[] = {
    {{"hello", hello}, "failed", "exit"},
    {{"pause", pauses}, "timed out", "blocked-for-ever"},
    {{"crash", crashes}, "crashed", "crashed"},
    {{"spin", spins}, "timed out", "cpu-time"},
    {{"fork-without-end", forks_on}, "left processes", "too-many-processes"},
    {{"eat-memory", eats}, "out of memory", "out-of-memory"},
    {{"flood", floods}, "failed", "too-much-output"},
    {{"zombies-left", zombies_left}, "failed", "unwaited"},
    {{"zombies-now", zombies_now}, "failed", "zombies"},
    {{"left-running", left_running}, "left processes", "left"},
    {{"left-daemon", left_daemon}, "left processes", "left"},
    {{"waits", waits}, "passed", NULL},
    {{"alarm", alarm_ends_it}, "failed", "exit"},
    {{"interval", interval}, "timed out", "no-end"},
    {{"woken-in-vain", woken_in_vain}, "timed out", "woken-in-vain"},
    {{"woken-often", woken_often}, "passed", NULL},
    {{"naps", naps_on}, "timed out", "no-end"},
    {{"starved", starved}, "passed", NULL},
    {{"pipe-held", pipe_held}, "timed out", "blocked-for-ever"},
    {{"held-outside", held_outside}, "timed out", "blocked-for-ever"},
    {{"held-before", held_before}, "passed", NULL},
    {{"signal-before-the-end", signal_before_the_end}, "passed", NULL},
    {{"looks-at-rest", looks_at_rest}, "passed", NULL},
    {{"one-is-released", one_is_released}, "passed", NULL},
    {{"descriptors", descriptors}, "failed", "descriptors"},
    {{"spawn", spawns}, "passed", NULL},
    {{"thread-blocked", thread_blocked}, "timed out", "blocked-for-ever"},
    {{"cut-once", cut_once}, "failed", "short-read"},
    {{"cut-all", cut_all}, "passed", NULL},
    {{"cut-stdio", cut_stdio}, "passed", NULL},
    {{"cut-raw", cut_raw}, "failed", "short-read"},
    {{"cut-vector", cut_vector}, "failed", "short-read"},
    {{"count-survives", count_survives}, "passed", NULL},
    {{"wait-given-up", wait_given_up}, "failed", "eintr"},
    {{"wait-again", wait_again}, "passed", NULL},
    {{"wait-restarted", wait_restarted}, "passed", NULL},
    {{"wait-polled", wait_polled}, "passed", NULL},
    {{"flag-and-pause", flag_and_pause}, "timed out", "blocked-for-ever"},
    {{"sigsuspend", sigsuspend_waits}, "passed", NULL},
    {{"signal-for-another-thread", signal_for_another_thread}, "passed", NULL},
    {{"vfork-rests", vfork_rests}, "passed", NULL},
    {{"threads-one-by-one", threads_one_by_one}, "passed", NULL},
    {{"faults-of-the-last-trial", faults_of_the_last_trial}, "passed", NULL},
    {{"signal-swallowed", signal_swallowed}, "timed out", "blocked-for-ever"},
    {{"fork-fails", fork_fails}, "passed", NULL},
    {{"never-delivered", never_delivered}, "failed", "not-exercised"},
    {{"alarm-is-armed", alarm_is_armed}, "passed", NULL},
    {{"stops", stops}, "passed", NULL},
    {{"signal-sets", signal_sets}, "passed", NULL},
    {{"mask-at-exec", mask_at_exec}, "passed", NULL},
    {{"takes-carelessly", takes_carelessly}, "failed", "two-holders"},
    {{"takes-carefully", takes_carefully}, "passed", NULL},
    {{"child-ends-first", child_ends_first}, "passed", NULL},
    {{"a-stop-is-no-hold", a_stop_is_no_hold}, "passed", NULL},
    {{"who-holds-the-pipe", who_holds_the_pipe}, "passed", NULL},
    {{"talks", talks}, "passed", NULL},
    {{"foreign-words", foreign_words}, "failed", "output"},
    {{"file-comes-out", file_comes_out}, "passed", NULL},
    {{"no-escape", no_escape}, "passed", NULL},
    {{"overflow-unseen", overflow_unseen}, "passed", NULL},
    {{"sanitized-overflow", sanitized_overflow}, "failed", "overflow"},
    {{"sanitized-leak", sanitized_leak}, "passed", NULL},
    {{"sanitized-clean", sanitized_clean}, "passed", NULL},
    {{"killed-at-its-exit", killed_at_its_exit}, "passed", NULL},
    {{"rests-or-has-ended", rests_or_has_ended}, "passed", NULL},
    {{"never-rests", never_rests}, "timed out", "woken-in-vain"},
    {{"event-never-comes", event_never_comes}, "failed", "ended-too-early"},
    {{"facts-in-words", facts_in_words}, "passed", NULL},
    {{"answer-comes-first", answer_comes_first}, "passed", NULL},
    {{"delivered-before-the-answer", delivered_before_the_answer}, "passed", NULL},
    {{"looked-at-is-not-reaped", looked_at_is_not_reaped}, "passed", NULL},
    {{"judge-is-wrong", judge_is_wrong}, "grader fault", NULL},
    {{"judge-crashes", judge_crashes}, "grader fault", NULL},
    {{"judge-waits-for-nothing", judge_waits_for_nothing}, "grader fault", NULL},
    {{"no-such-program", no_such_program}, "grader fault", NULL},
};
enum { ROWS = sizeof rows / sizeof *rows };

/* With --isolation=container. */
static const struct row contained[] = {
    {{"waits-in-a-container", waits}, "passed", NULL},
    {{"killed-at-its-exit-in-a-container", killed_at_its_exit}, "passed", NULL},
};
enum { CONTAINED = sizeof contained / sizeof *contained };

int
main(void)
{
	return run_rows("victim", rows, ROWS, contained, CONTAINED);
}
