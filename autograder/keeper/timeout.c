/*
 * timeout.c - for how long a call waits at most, read from its caller's memory.
 */
#define _GNU_SOURCE
#include "eye.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

enum { SECOND = 1000000, NANOSECONDS = 1000 };

static const uint64_t for_ever = UINT64_MAX;

/* A pair of seconds and parts of one; for_ever when the kernel would refuse it. */
static uint64_t
pair_us(pid_t tid, long at, long parts_in_us)
{
	const int64_t most = INT64_C(100000000000); /* seconds; more are more than any clock's */
	int64_t pair[2];

	if (at == 0 || task_memory(tid, (uint64_t)at, pair, sizeof pair) != sizeof pair ||
	    pair[0] < 0 || pair[1] < 0 || pair[1] >= SECOND * parts_in_us)
		return for_ever;
	if (pair[0] > most)
		pair[0] = most;
	return (uint64_t)pair[0] * SECOND + (uint64_t)((pair[1] + parts_in_us - 1) / parts_in_us);
}

/* What a socket's own timeout says; for_ever where there is none. */
static uint64_t
socket_us(const struct task *task, int fd, int option)
{
	struct timeval value = {0};
	socklen_t size = sizeof value;
	int process, copy;

	process = (int)syscall(SYS_pidfd_open, task->proc->pid, 0);
	if (process < 0)
		return for_ever;
	copy = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
	close(process);
	if (copy < 0)
		return for_ever;
	if (getsockopt(copy, SOL_SOCKET, option, &value, &size) < 0)
		value = (struct timeval){0};
	close(copy);
	if (value.tv_sec == 0 && value.tv_usec == 0)
		return for_ever;
	return (uint64_t)value.tv_sec * SECOND + (uint64_t)value.tv_usec;
}

static bool
is_of_the_cpu(clockid_t clock)
{
	return clock < 0 || clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
}

/* From now until then; the kernel's clock is behind the trial's by offset. */
static void
until_deadline(uint64_t deadline, clockid_t clock, uint64_t offset, uint64_t *us, uint64_t *kernel)
{
	struct timespec t;
	uint64_t now;

	*us = *kernel = for_ever;
	if (deadline == for_ever || clock_gettime(clock, &t) < 0)
		return;
	now = (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec / NANOSECONDS;
	*kernel = deadline > now ? deadline - now : 0;
	*us = deadline > now + offset ? deadline - now - offset : 0;
}

/* How long from now the call waits by the trial's clock, and how long the kernel would wait. */
static void
read_timeout(const struct eye *eye, const struct task *task, const struct timeout_spec *spec,
    uint64_t *us, uint64_t *kernel)
{
	*us = *kernel = for_ever;
	switch (spec->form) {
	case TIMEOUT_NONE:
		break;
	case TIMEOUT_MS:
		*us = spec->at < 0 ? for_ever : (uint64_t)spec->at * 1000;
		break;
	case TIMEOUT_SECONDS:
		*us = (uint64_t)spec->at * SECOND;
		break;
	case TIMEOUT_TIMEVAL:
		*us = pair_us(task->tid, spec->at, 1);
		break;
	case TIMEOUT_TIMESPEC:
		*us = pair_us(task->tid, spec->at, NANOSECONDS);
		break;
	case TIMEOUT_DEADLINE:
		until_deadline(pair_us(task->tid, spec->at, NANOSECONDS), spec->clock,
		    clock_ahead_us(eye, spec->clock), us, kernel);
		return;
	case TIMEOUT_RECEIVE:
	case TIMEOUT_SEND:
		if (eye->socket_timeouts)
			*us = socket_us(task, (int)spec->at,
			    spec->form == TIMEOUT_SEND ? SO_SNDTIMEO : SO_RCVTIMEO);
		break;
	}
	*kernel = *us;
}

/* A sleep that a signal breaks stores what is left, one that ends does not. */
static uint64_t
place_for_rest(const struct task *task)
{
	const long *args = task->call.args;

	if (task->call.number == SYS_nanosleep)
		return (uint64_t)args[1];
	if (task->call.number == SYS_clock_nanosleep && (args[1] & TIMER_ABSTIME) == 0)
		return (uint64_t)args[3];
	return 0;
}

void
timeout_note(struct eye *eye, struct task *task)
{
	struct timeout_spec spec = call_timeout(task->call.number, task->call.args);
	uint64_t us, kernel, now;

	task->timeout_ms = -1;
	task->wait = (struct wait){0};
	if (task->call.number == SYS_setsockopt) /* the filter lets only those of timeouts stop */
		eye->socket_timeouts = true;
	if (spec.form == TIMEOUT_NONE || is_of_the_cpu(spec.clock))
		return;
	read_timeout(eye, task, &spec, &us, &kernel);
	if (us == for_ever)
		return;
	task->timeout_ms = (int64_t)((us + 999) / 1000);
	if (!eye->plan.clock || task->family == CALL_ALARM)
		return;
	now = now_us();
	task->wait = (struct wait){
	    .timed = true,
	    .of_the_day = spec.form == TIMEOUT_DEADLINE && is_of_the_day(spec.clock),
	    .until = now + eye->offset_us + us,
	    .natural = now + kernel,
	    .length = us,
	    .result = spec.result,
	    .rest_at = place_for_rest(task),
	};
}

void
call_resolve(const struct task *task, long *number)
{
	if (task != NULL && call_is_restart(*number) && task->restarting >= 0)
		*number = task->restarting;
}

bool
wait_is_timed(const struct task *task, long number, const long args[6])
{
	if (task != NULL && task->in_call && task->wait.timed)
		return true;
	return number >= 0 && call_is_timed(number, args);
}
