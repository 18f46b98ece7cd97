/*
 * timers.c - alarm(), setitimer(), timer_settime() and timerfd.
 *
 * The kernel shows nowhere which timers are armed, so the calls that arm them
 * are noted. In a trial with its own clock (clock.c) they are not even made:
 * the keeper keeps these timers itself, answers as the kernel would, and sends
 * the signal when the trial's clock says so. Descriptors of timerfd_create()
 * stay with the kernel; when the clock is moved, they are set anew through a
 * copy of the descriptor. Timers on CPU time are the kernel's in any case.
 */
#define _GNU_SOURCE
#include "eye.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { SECOND = 1000000, NANOSECONDS = 1000 };

/* struct itimerval and struct itimerspec, as the kernel has them. */
struct pair {
	int64_t seconds, parts;
};
struct setting {
	struct pair interval, value;
};

/* false: the kernel would refuse it. parts: how many of a pair's second half are a microsecond. */
static bool
pair_to_us(const struct pair *p, long parts, uint64_t *us)
{
	const int64_t most = INT64_C(100000000000); /* seconds; more are more than any clock's */

	if (p->seconds < 0 || p->parts < 0 || p->parts >= SECOND * parts)
		return false;
	*us = (uint64_t)(p->seconds < most ? p->seconds : most) * SECOND +
	      (uint64_t)((p->parts + parts - 1) / parts);
	return true;
}

static struct pair
pair_from_us(uint64_t us, long parts)
{
	return (struct pair){(int64_t)(us / SECOND), (int64_t)(us % SECOND) * parts};
}

static bool
read_setting(const struct task *task, long at, long parts, struct timer *new)
{
	struct setting s;

	if (task_memory(task->tid, (uint64_t)at, &s, sizeof s) != sizeof s)
		return false;
	return pair_to_us(&s.value, parts, &new->until) &&
	       pair_to_us(&s.interval, parts, &new->every);
}

static uint64_t
left_us(const struct eye *eye, const struct timer *t)
{
	uint64_t now = eye_now(eye);

	if (t->until == 0)
		return 0;
	return t->until > now ? t->until - now : 1;
}

static bool
write_setting(
    const struct eye *eye, const struct task *task, long at, long parts, const struct timer *t)
{
	struct setting s = {
	    .interval = pair_from_us(t->until == 0 ? 0 : t->every, parts),
	    .value = pair_from_us(left_us(eye, t), parts),
	};

	return at == 0 || task_memory_put(task->tid, (uint64_t)at, &s, sizeof s);
}

/* ---- noted only ---------------------------------------------------------------------- */

static void
note(const struct eye *eye, struct timer *t, const struct timer *new, bool unknown)
{
	t->every = new->every;
	t->until = new->until == 0              ? 0
		   : unknown || new->every != 0 ? UINT64_MAX
						: eye_now(eye) + new->until;
}

static void
note_armed(const struct eye *eye, struct task *task)
{
	const long *args = task->call.args;
	struct timer new = {0};

	switch (task->call.number) {
	case SYS_alarm:
		new.until = (uint64_t)(unsigned)args[0] * SECOND;
		note(eye, &task->proc->real, &new, false);
		break;
	case SYS_setitimer:
		if (args[0] == ITIMER_REAL && read_setting(task, args[1], 1, &new))
			note(eye, &task->proc->real, &new, false);
		break;
	case SYS_timer_settime:
		if (read_setting(task, args[2], NANOSECONDS, &new))
			note(eye, &task->proc->posix, &new, (args[1] & TIMER_ABSTIME) != 0);
		break;
	case SYS_timer_delete:
		task->proc->posix.until = 0;
		break;
	default:
		break;
	}
}

/* ---- kept here -------------------------------------------------------------------------- */

static void
arm(const struct eye *eye, struct timer *t, const struct timer *new)
{
	*t = *new;
	if (t->until != 0)
		t->until += eye_now(eye);
}

/* Seconds are rounded as the kernel does it; never to none while the timer is armed. */
static long
take_alarm(struct eye *eye, struct task *task)
{
	uint64_t left = left_us(eye, &task->proc->real);
	struct timer new = {.until = (uint64_t)(unsigned)task->call.args[0] * SECOND};
	long seconds = (long)(left / SECOND);

	arm(eye, &task->proc->real, &new);
	return left % SECOND >= SECOND / 2 || (seconds == 0 && left > 0) ? seconds + 1 : seconds;
}

static bool
take_setitimer(struct eye *eye, struct task *task, long *result)
{
	const long *args = task->call.args;
	struct timer old = task->proc->real, new = {0};

	if (args[0] != ITIMER_REAL || (args[1] != 0 && !read_setting(task, args[1], 1, &new)))
		return false;
	arm(eye, &task->proc->real, &new);
	*result = write_setting(eye, task, args[2], 1, &old) ? 0 : -EFAULT;
	return true;
}

static bool
take_getitimer(struct eye *eye, struct task *task)
{
	const long *args = task->call.args;

	return args[0] == ITIMER_REAL && args[1] != 0 &&
	       write_setting(eye, task, args[1], 1, &task->proc->real);
}

static struct posix_timer *
posix_timer(struct proc *p, int id)
{
	for (size_t i = 0; i < MAX_TIMERS; i++)
		if (p->timers[i].used && p->timers[i].id == id)
			return &p->timers[i];
	return NULL;
}

/* From now on, by the trial's clock: at least a microsecond, or it would be disarmed. */
static uint64_t
from_deadline(const struct eye *eye, clockid_t clock, uint64_t deadline)
{
	struct timespec t;
	uint64_t now;

	if (deadline == 0 || clock_gettime(clock, &t) < 0)
		return deadline;
	now = (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec / NANOSECONDS +
	      clock_ahead_us(eye, clock);
	return deadline > now ? deadline - now : 1;
}

static bool
take_timer_settime(struct eye *eye, struct task *task, long *result)
{
	const long *args = task->call.args;
	struct posix_timer *t = posix_timer(task->proc, (int)args[0]);
	struct timer old, new = {0};

	if (t == NULL || !read_setting(task, args[2], NANOSECONDS, &new))
		return false;
	if ((args[1] & TIMER_ABSTIME) != 0)
		new.until = from_deadline(eye, t->clock, new.until);
	t->of_the_day = (args[1] & TIMER_ABSTIME) != 0 && is_of_the_day(t->clock);
	old = t->timer;
	arm(eye, &t->timer, &new);
	*result = write_setting(eye, task, args[3], NANOSECONDS, &old) ? 0 : -EFAULT;
	return true;
}

static bool
take_timer_gettime(struct eye *eye, struct task *task)
{
	const long *args = task->call.args;
	struct posix_timer *t = posix_timer(task->proc, (int)args[0]);

	return t != NULL && args[1] != 0 &&
	       write_setting(eye, task, args[1], NANOSECONDS, &t->timer);
}

void
timers_take_over(struct eye *eye, struct task *task)
{
	long result = 0;
	bool taken;

	switch (task->call.number) {
	case SYS_alarm:
		result = take_alarm(eye, task);
		taken = true;
		break;
	case SYS_setitimer:
		taken = take_setitimer(eye, task, &result);
		break;
	case SYS_getitimer:
		taken = take_getitimer(eye, task);
		break;
	case SYS_timer_settime:
		taken = take_timer_settime(eye, task, &result);
		break;
	case SYS_timer_gettime:
		taken = take_timer_gettime(eye, task);
		break;
	default:
		return;
	}
	if (taken)
		call_skip(task->tid, result); /* -1: killed meanwhile; its end is reported next */
}

/* The kernel's own struct sigevent starts with these. */
struct wish {
	uint64_t value;
	int32_t signal, notify, tid;
};

static void
timer_is_made(struct task *task)
{
	const long *args = task->call.args;
	clockid_t clock = (clockid_t)args[0];
	struct posix_timer *t = task->proc->timers;
	struct wish wish = {.signal = SIGALRM, .notify = SIGEV_SIGNAL};
	int32_t id;

	while (t < task->proc->timers + MAX_TIMERS && t->used)
		t++;
	if (t == task->proc->timers + MAX_TIMERS || clock < 0 ||
	    clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID)
		return;
	if (task_memory(task->tid, (uint64_t)args[2], &id, sizeof id) != sizeof id)
		return;
	wish.value = (uint64_t)id;
	if (args[1] != 0 &&
	    task_memory(task->tid, (uint64_t)args[1], &wish, sizeof wish) != sizeof wish)
		return;
	*t = (struct posix_timer){.used = true,
	    .id = id,
	    .clock = clock,
	    .notify = wish.notify,
	    .signal = wish.signal,
	    .tid = wish.tid,
	    .value = wish.value};
}

static void
timer_is_gone(struct proc *p, int id)
{
	struct posix_timer *t = posix_timer(p, id);

	if (t != NULL)
		t->used = false;
}

/* ---- the end of a call ---------------------------------------------------------------------- */

static void timerfd_follow(const struct eye *eye, const struct proc *p, int fd);

void
timers_note(struct eye *eye, struct task *task)
{
	const long *args = task->call.args;

	if (!eye->plan.clock) {
		note_armed(eye, task);
		return;
	}
	switch (task->call.number) {
	case SYS_timer_create:
		timer_is_made(task);
		break;
	case SYS_timer_delete:
		timer_is_gone(task->proc, (int)args[0]);
		break;
	case SYS_timerfd_settime: /* a deadline of the trial's clock is a later one of the kernel's
				   */
		if ((args[1] & TFD_TIMER_ABSTIME) != 0)
			timerfd_follow(eye, task->proc, (int)args[0]);
		break;
	default:
		break;
	}
}

/* ---- due ------------------------------------------------------------------------------------ */

static void
earlier(const struct timer *t, uint64_t *next)
{
	if (t->until != 0 && t->until < *next)
		*next = t->until;
}

uint64_t
timers_next(const struct proc *p)
{
	uint64_t next = UINT64_MAX;

	earlier(&p->real, &next);
	for (size_t i = 0; i < MAX_TIMERS; i++)
		if (p->timers[i].used)
			earlier(&p->timers[i].timer, &next);
	return next;
}

uint64_t
timers_last(const struct proc *p)
{
	uint64_t last = p->real.until > p->posix.until ? p->real.until : p->posix.until;

	for (size_t i = 0; i < MAX_TIMERS; i++)
		if (p->timers[i].used && p->timers[i].timer.until > last)
			last = p->timers[i].timer.until;
	return last;
}

/* Is it due? Then it is armed for the next time, if there is one; missed: times between. */
static bool
falls_due(const struct eye *eye, struct timer *t, uint64_t *missed)
{
	uint64_t now = eye_now(eye);

	if (t->until == 0 || t->until > now)
		return false;
	*missed = t->every == 0 ? 0 : (now - t->until) / t->every;
	t->until = t->every == 0 ? 0 : t->until + (*missed + 1) * t->every;
	return true;
}

static void
tell(const struct proc *p, const struct posix_timer *t, uint64_t missed)
{
	siginfo_t info;

	memset(&info, 0, sizeof info);
	info.si_signo = t->signal;
	info.si_code = SI_TIMER;
	info.si_timerid = t->id;
	info.si_overrun = missed < INT32_MAX ? (int)missed : INT32_MAX;
	memcpy(&info.si_value, &t->value, sizeof info.si_value);
	if (t->notify == SIGEV_SIGNAL)
		syscall(SYS_rt_sigqueueinfo, p->pid, t->signal, &info);
	else if (t->notify == SIGEV_THREAD_ID)
		syscall(SYS_rt_tgsigqueueinfo, p->pid, t->tid, t->signal, &info);
}

void
timers_fire(struct eye *eye)
{
	for (size_t i = 0; i < eye->n_procs; i++) {
		struct proc *p = eye->procs[i];
		uint64_t missed;

		if (falls_due(eye, &p->real, &missed)) {
			kill(p->pid, SIGALRM);
			eye->activity++;
		}
		for (size_t k = 0; k < MAX_TIMERS; k++)
			if (p->timers[k].used && falls_due(eye, &p->timers[k].timer, &missed)) {
				tell(p, &p->timers[k], missed);
				eye->activity++;
			}
	}
}

void
timers_set(struct eye *eye, uint64_t us)
{
	for (size_t i = 0; i < eye->n_procs; i++)
		for (size_t k = 0; k < MAX_TIMERS; k++) {
			struct posix_timer *t = &eye->procs[i]->timers[k];

			if (t->used && t->of_the_day && t->timer.until != 0)
				t->timer.until = t->timer.until > us ? t->timer.until - us : 1;
		}
}

/* ---- timerfd -----------------------------------------------------------------------------------
 */

static int
copy_of(pid_t pid, int fd)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0);
	int copy = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, fd, 0);

	if (process >= 0)
		close(process);
	return copy;
}

/* Which clock it runs on. */
static clockid_t
clock_of(int timerfd)
{
	char path[64];
	int clock = CLOCK_MONOTONIC;
	char line[128];
	FILE *f;

	snprintf(path, sizeof path, "/proc/self/fdinfo/%d", timerfd);
	f = fopen(path, "re");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		sscanf(line, "clockid: %d", &clock);
	if (f != NULL)
		fclose(f);
	return clock;
}

/* A time that is over already makes it ready at once, with as many times as there were. */
static void
shift(int timerfd, uint64_t us)
{
	struct itimerspec s;
	struct timespec now;
	int64_t due;

	if (timerfd_gettime(timerfd, &s) < 0 ||
	    (s.it_value.tv_sec == 0 && s.it_value.tv_nsec == 0) ||
	    clock_gettime(clock_of(timerfd), &now) < 0)
		return;
	due = ((int64_t)now.tv_sec + s.it_value.tv_sec) * SECOND +
	      (now.tv_nsec + s.it_value.tv_nsec) / NANOSECONDS - (int64_t)us;
	if (due < 1)
		due = 1;
	s.it_value = (struct timespec){due / SECOND, due % SECOND * NANOSECONDS};
	(void)timerfd_settime(timerfd, TFD_TIMER_ABSTIME, &s, NULL);
}

static void
timerfd_follow(const struct eye *eye, const struct proc *p, int fd)
{
	int copy = copy_of(p->pid, fd);
	uint64_t us;

	if (copy < 0)
		return;
	us = clock_ahead_us(eye, clock_of(copy));
	if (us > 0)
		shift(copy, us);
	close(copy);
}

enum { MAX_TIMERFDS = 64 };

struct timerfds {
	int fds[MAX_TIMERFDS];
	size_t n;
};

/* The same timer may be open in many processes, and must be shifted once. */
static void
add_timerfd(struct timerfds *all, int copy)
{
	if (copy < 0)
		return;
	for (size_t i = 0; i < all->n; i++)
		if (syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, all->fds[i], copy) == 0) {
			close(copy);
			return;
		}
	if (all->n == MAX_TIMERFDS)
		close(copy);
	else
		all->fds[all->n++] = copy;
}

static void
timerfds_of(pid_t pid, struct timerfds *all)
{
	char path[64], link[320], target[64];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		ssize_t n;

		snprintf(link, sizeof link, "%s/%s", path, entry->d_name);
		n = readlink(link, target, sizeof target - 1);
		target[n < 0 ? 0 : n] = '\0';
		if (strcmp(target, "anon_inode:[timerfd]") == 0)
			add_timerfd(all, copy_of(pid, atoi(entry->d_name)));
	}
	if (dir != NULL)
		closedir(dir);
}

void
timerfds_shift(struct eye *eye, uint64_t us)
{
	struct timerfds all = {.n = 0};

	for (size_t i = 0; i < eye->n_procs; i++)
		timerfds_of(eye->procs[i]->pid, &all);
	for (size_t i = 0; i < all.n; i++) {
		shift(all.fds[i], us);
		close(all.fds[i]);
	}
}
