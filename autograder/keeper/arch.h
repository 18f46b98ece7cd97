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

#endif
