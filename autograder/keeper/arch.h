/*
 * arch.h - the only file pair that knows a processor's registers and its
 * system call numbers (arch_x86_64.c). Everything else speaks of families.
 */
#ifndef GABEL_KEEPER_ARCH_H
#define GABEL_KEEPER_ARCH_H

#include "calls.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* The registers of a stopped thread at a system call. */
struct call_state {
	long number;
	long args[6];
	long result;   /* valid at the call's end */
	uint64_t from; /* where in the program the call is made */
};

/* Reads them; -1 when the thread is gone. */
int call_read(pid_t tid, struct call_state *s);

/* At the call's beginning: the kernel does not make the call, the program sees this result. */
int call_skip(pid_t tid, long result);
/* At the call's beginning: the call will be made again, from the start, after signals were taken.
 */
int call_rewind(pid_t tid);
/* Changes argument i (0..5), at the beginning or back at the end. */
int call_set_arg(pid_t tid, int i, long value);

/* The family that a call belongs to; some depend on the arguments. */
enum call call_family(long number, const long args[6]);
/* All numbers of a family, for the filter; returns how many. */
size_t call_numbers(enum call call, long numbers[], size_t room);

/* Which argument is a descriptor, a byte count, a path; -1 where none is. */
int call_fd_arg(long number);
int call_count_arg(long number);
int call_path_arg(long number);

/* Will this blocked call end by itself after some time? */
bool call_is_timed(long number, const long args[6]);

/* How a call is told for how long it may wait, or when a timer is to fire. */
enum timeout_form {
	TIMEOUT_NONE,
	TIMEOUT_MS,       /* at: milliseconds; negative: without end */
	TIMEOUT_SECONDS,  /* at: seconds */
	TIMEOUT_TIMEVAL,  /* at: address of seconds and microseconds; 0: without end */
	TIMEOUT_TIMESPEC, /* at: address of seconds and nanoseconds; 0: without end */
	TIMEOUT_DEADLINE, /* the same, a time of the clock */
	TIMEOUT_RECEIVE,  /* what SO_RCVTIMEO says of descriptor at */
	TIMEOUT_SEND      /* what SO_SNDTIMEO says of it */
};
struct timeout_spec {
	enum timeout_form form;
	long at;
	clockid_t clock; /* of TIMEOUT_TIMESPEC and TIMEOUT_DEADLINE */
	long result;     /* of the call when the time is over */
};
struct timeout_spec call_timeout(long number, const long args[6]);

/* Calls beside those of watched families that a trial with a clock of its own follows. */
size_t clock_call_numbers(long numbers[], size_t room);

/* A sleep that a signal broke without a handler goes on as this call. */
bool call_is_restart(long number);

/* At the call's end: the program sees this result. */
int call_set_result(pid_t tid, long result);

/* At the exec stop: the new program's stack, where argc lies. 0 when the thread is gone. */
uint64_t stack_at_exec(pid_t tid);

#endif
