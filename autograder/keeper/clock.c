/*
 * clock.c - a trial's own clock, for programs with timeouts.
 *
 * In a trial with trial_clock() a program's time is the kernel's plus an
 * offset that only the check moves. For that:
 *
 * - The vDSO is hidden from a new program (its entry in the auxiliary vector
 *   becomes one to be ignored), so that whoever asks for the time makes a
 *   system call. It is answered here; the kernel is not asked.
 * - Every call that can wait with a timeout is followed from its beginning
 *   (timeout.c), where the trial's clock says when its time is over.
 * - Moving the clock touches only those whose time is then over: PTRACE_INTERRUPT
 *   breaks the call as a signal would, and where it reports that it was broken,
 *   at its end, that result is replaced by the one of a timeout. Nothing is
 *   then restarted, since only a "broken" result makes the kernel do that.
 * - Everybody else sleeps on untouched. The kernel would let them sleep until
 *   the old end of their time; so when the clock has come to the new one, which
 *   is earlier, the keeper breaks their call in the same way (clock_watch(), in
 *   each round of its loop). Absolute deadlines, which a program computes from
 *   the moved clock, and timers, which the keeper keeps itself
 *   (timers.c), need nothing else.
 * - Setting the clock of the day adds to what that clock alone says. Whoever waits until a moment
 *   of it, be it in a call or with a timer, has so much less to wait; spans stay as they are.
 *
 * A call that job control or a signal without a handler has broken begins again
 * as the same call, or as restart_syscall(): its time is still that of its
 * first beginning. A signal with a handler goes before a timeout.
 */
#define _GNU_SOURCE
#include "eye.h"

#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>

enum {
	SECOND = 1000000,
	NANOSECONDS = 1000,
	NAP_US = 250000,  /* whoever waits no longer than this only takes a breath ... */
	NAPS_IN_VAIN = 3, /* ... unless he has done so already, so often, for nothing */
};

uint64_t
eye_now(const struct eye *eye)
{
	return now_us() + eye->offset_us;
}

bool
is_of_the_day(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ||
	       clock == CLOCK_REALTIME_ALARM || clock == CLOCK_TAI;
}

uint64_t
clock_ahead_us(const struct eye *eye, clockid_t clock)
{
	return eye->offset_us + (is_of_the_day(clock) ? eye->set_us : 0);
}

/* ---- who asks for the time ---------------------------------------------------- */

static bool
is_shifted(clockid_t clock)
{
	return clock >= 0 && clock != CLOCK_PROCESS_CPUTIME_ID && clock != CLOCK_THREAD_CPUTIME_ID;
}

static struct timespec
shifted(const struct eye *eye, clockid_t clock, struct timespec t)
{
	uint64_t us = (uint64_t)t.tv_nsec / NANOSECONDS + clock_ahead_us(eye, clock);

	return (struct timespec){.tv_sec = t.tv_sec + (time_t)(us / SECOND),
	    .tv_nsec = (long)(us % SECOND) * NANOSECONDS + t.tv_nsec % NANOSECONDS};
}

static bool
tell_clock(const struct eye *eye, const struct task *task)
{
	clockid_t clock = (clockid_t)task->call.args[0];
	struct timespec t;

	if (!is_shifted(clock) || clock_gettime(clock, &t) < 0)
		return false;
	t = shifted(eye, clock, t);
	return task_memory_put(task->tid, (uint64_t)task->call.args[1], &t, sizeof t);
}

/* Who wants a time zone, too, gets it from the kernel: here there is none. */
static bool
tell_day(const struct eye *eye, const struct task *task)
{
	static const struct timezone none;
	struct timespec t;
	struct timeval v;

	if (clock_gettime(CLOCK_REALTIME, &t) < 0)
		return false;
	t = shifted(eye, CLOCK_REALTIME, t);
	v = (struct timeval){.tv_sec = t.tv_sec, .tv_usec = t.tv_nsec / NANOSECONDS};
	if (task->call.args[1] != 0 &&
	    !task_memory_put(task->tid, (uint64_t)task->call.args[1], &none, sizeof none))
		return false;
	return task->call.args[0] == 0 ||
	       task_memory_put(task->tid, (uint64_t)task->call.args[0], &v, sizeof v);
}

static bool
tell_seconds(const struct eye *eye, const struct task *task, long *result)
{
	struct timespec t;

	if (clock_gettime(CLOCK_REALTIME, &t) < 0)
		return false;
	t = shifted(eye, CLOCK_REALTIME, t);
	*result = t.tv_sec;
	return task->call.args[0] == 0 ||
	       task_memory_put(task->tid, (uint64_t)task->call.args[0], &t.tv_sec, sizeof t.tv_sec);
}

bool
clock_answers(struct eye *eye, struct task *task)
{
	long result = 0;
	bool told;

	if (!eye->plan.clock)
		return false;
	switch (task->call.number) {
	case SYS_clock_gettime:
		told = tell_clock(eye, task);
		break;
	case SYS_gettimeofday:
		told = tell_day(eye, task);
		break;
	case SYS_time:
		told = tell_seconds(eye, task, &result);
		break;
	default:
		return false;
	}
	/* what cannot be told is the kernel's to refuse */
	if (told && call_skip(task->tid, result) < 0)
		return true; /* killed meanwhile */
	task_resume(eye, task, 0);
	return true;
}

/* ---- no other way to know it ----------------------------------------------------- */

static bool
next_word(pid_t tid, uint64_t *at, uint64_t *word)
{
	bool there = task_memory(tid, *at, word, sizeof *word) == sizeof *word;

	*at += sizeof *word;
	return there;
}

/* On the stack lie argc, the arguments, 0, the environment, 0, pairs of a kind and a value. */
void
clock_hides_vdso(struct eye *eye, struct task *task)
{
	uint64_t at = stack_at_exec(task->tid), word, kind, value;

	if (!eye->plan.clock || at == 0 || !next_word(task->tid, &at, &word))
		return;
	at += (word + 1) * sizeof word;
	do
		if (!next_word(task->tid, &at, &word))
			return;
	while (word != 0);
	while (next_word(task->tid, &at, &kind) && next_word(task->tid, &at, &value) &&
	       kind != AT_NULL)
		if (kind == AT_SYSINFO_EHDR) {
			kind = AT_IGNORE;
			task_memory_put(
			    task->tid, at - sizeof kind - sizeof value, &kind, sizeof kind);
			return;
		}
}

/* ---- who waits ---------------------------------------------------------------------- */

/* Will the keeper have to end this wait, because the kernel would do it later? */
static bool
is_ours_to_end(const struct eye *eye, const struct task *task)
{
	return task->state == TASK_RUNNING && task->in_call && task->wait.timed &&
	       !task->wait.due && task->wait.until < task->wait.natural + eye->offset_us;
}

static void
break_wait(struct task *task)
{
	struct wait *w = &task->wait;

	w->due = true;
	if (w->rest_at != 0 &&
	    task_memory(task->tid, w->rest_at, w->rest, sizeof w->rest) != sizeof w->rest)
		w->rest_at = 0;
	/* ESRCH: it is on its way out */
	ptrace(PTRACE_INTERRUPT, task->tid, NULL, NULL);
}

void
clock_watch(struct eye *eye)
{
	uint64_t now = eye_now(eye);

	if (!eye->plan.clock || eye->forced_end != 0)
		return;
	timers_fire(eye);
	for (size_t i = 0; i < eye->n_tasks; i++) {
		struct task *task = eye->tasks[i];

		if (is_ours_to_end(eye, task) && task->wait.until <= now) {
			break_wait(task);
			eye->activity++;
		}
	}
}

void
clock_advance(struct eye *eye, uint64_t ms)
{
	eye->offset_us += ms * 1000;
	eye->activity++;
	wakes_forget(eye);
	naps_forget(eye);
	timerfds_shift(eye, ms * 1000);
	clock_watch(eye);
}

void
clock_set(struct eye *eye, uint64_t ms)
{
	uint64_t us = ms * 1000;

	eye->set_us += us;
	eye->activity++;
	wakes_forget(eye);
	naps_forget(eye);
	for (size_t i = 0; i < eye->n_tasks; i++) {
		struct wait *w = &eye->tasks[i]->wait;

		if (w->timed && w->of_the_day)
			w->until = w->until > us ? w->until - us : 0;
	}
	timers_set(eye, us);
	clock_watch(eye);
}

int
clock_next_ms(const struct eye *eye, int most)
{
	uint64_t next = UINT64_MAX, now = eye_now(eye);

	if (!eye->plan.clock)
		return most;
	for (size_t i = 0; i < eye->n_tasks; i++)
		if (is_ours_to_end(eye, eye->tasks[i]) && eye->tasks[i]->wait.until < next)
			next = eye->tasks[i]->wait.until;
	for (size_t i = 0; i < eye->n_procs; i++)
		if (timers_next(eye->procs[i]) < next)
			next = timers_next(eye->procs[i]);
	if (next <= now)
		return 0;
	return (next - now) / 1000 >= (uint64_t)most ? most : (int)((next - now) / 1000) + 1;
}

/* ---- the end of a wait ---------------------------------------------------------------- */

/* A timeout leaves all three sets empty; a call that was broken did not touch them. */
static void
empty_sets(const struct task *task)
{
	enum { WORD_BITS = 64, MOST = 1024 };
	static const char zeros[MOST / 8];
	struct proc_stat s;
	long n = (int)task->call.args[0];

	if (proc_stat_read(task->tid, &s) < 0)
		return;
	/* as the kernel does it: no more than there can be descriptors */
	if (n > (long)s.fd_room)
		n = (long)s.fd_room;
	if (n > MOST)
		n = MOST;
	for (int i = 1; i <= 3 && n > 0; i++)
		if (task->call.args[i] != 0)
			task_memory_put(task->tid, (uint64_t)task->call.args[i], zeros,
			    (size_t)(n + WORD_BITS - 1) / WORD_BITS * (WORD_BITS / 8));
}

/* What the kernel stores of the time that is left. */
static void
no_time_is_left(const struct task *task)
{
	static const long zeros[2];
	struct timeout_spec spec = call_timeout(task->call.number, task->call.args);

	if (task->family == CALL_SELECT ||
	    (task->family == CALL_POLL && task->call.number == SYS_ppoll))
		task_memory_put(task->tid, (uint64_t)spec.at, zeros, sizeof zeros);
	if (task->wait.rest_at != 0)
		task_memory_put(
		    task->tid, task->wait.rest_at, task->wait.rest, sizeof task->wait.rest);
}

static bool
handler_will_run(const struct task *task)
{
	struct proc_stat s;

	return proc_stat_read(task->tid, &s) == 0 && (s.pending & ~s.blocked & s.caught) != 0;
}

/* Did the call move something between processes? */
static bool
is_news(const struct task *task, long result)
{
	switch (task->family) {
	case CALL_READ:
	case CALL_WRITE:
	case CALL_WAIT:
	case CALL_SELECT:
	case CALL_POLL:
		return result > 0;
	case CALL_ACCEPT:
	case CALL_CONNECT:
		return result >= 0;
	default:
		return false;
	}
}

static void
count_nap(struct eye *eye, struct task *task, long result)
{
	if (task->wait.timed && task->wait.length < NAP_US && result == task->wait.result)
		task->naps++;
	else if (is_news(task, result))
		naps_forget(eye);
}

void
clock_ends_wait(struct eye *eye, struct task *task, long *result)
{
	bool due = task->wait.due;

	if (!eye->plan.clock)
		return;
	task->wait.due = false;
	if (due && (broken_by_signal(*result) || *result == -EINTR) && !handler_will_run(task)) {
		*result = task->wait.result;
		if (task->family == CALL_SELECT)
			empty_sets(task);
		no_time_is_left(task);
		call_set_result(task->tid, *result);
	}
	if (broken_by_signal(*result))
		return; /* it goes on, and its time with it */
	count_nap(eye, task, *result);
	task->wait.timed = false;
}

/* ---- at rest ------------------------------------------------------------------------------ */

void
naps_forget(struct eye *eye)
{
	for (size_t i = 0; i < eye->n_tasks; i++)
		eye->tasks[i]->naps = 0;
}

static bool
timer_rests(const struct eye *eye, const struct proc *p)
{
	uint64_t next = timers_next(p);

	return next == UINT64_MAX || next > eye_now(eye) + NAP_US;
}

bool
clock_rests(const struct eye *eye, const struct task *task)
{
	const struct wait *w = &task->wait;

	if (!eye->plan.clock)
		return true;
	if (!timer_rests(eye, task->proc))
		return false;
	if (!task->in_call || !w->timed)
		return true;
	if (w->due || w->until <= eye_now(eye))
		return false;
	return w->length >= NAP_US || task->naps >= NAPS_IN_VAIN;
}
