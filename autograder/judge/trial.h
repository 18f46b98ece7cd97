/*
 * trial.h - one run of a student's program in the sandbox.
 *
 * A check makes a trial, says how it is to run (arguments, input, limits,
 * faults), starts it, waits for states and events, and looks. Nothing of the
 * student's ever runs in the judge's process. No function here sleeps: each
 * waits for an event, up to a deadline that scales with the machine.
 *
 * Every trial is freed at the end of its check, and every process in it is
 * dead by then; a check frees nothing. When the grader itself fails (no
 * memory, the sandbox cannot start) a function reports a grader fault and
 * does not return: a check handles only what the student's program does.
 *
 * Errors of the student's program end the check through check_fail()
 * (expect.h), so no function returns an error code.
 *
 * Not safe for threads or signal handlers; a judge has neither.
 */
#ifndef GABEL_JUDGE_TRIAL_H
#define GABEL_JUDGE_TRIAL_H

#include "../keeper/calls.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct trial;

/*
 * A new trial of a program that lab.yaml names, with its arguments:
 * trial("runner", "sort", "head"). Nothing runs yet.
 */
#define trial(...) trial_new(__VA_ARGS__, (char *)NULL)
struct trial *trial_new(const char *program, ...) __attribute__((sentinel));

/* ---- before trial_start ------------------------------------------------- */

/* One more argument; value is copied. */
void trial_argument(struct trial *t, const char *value);

/* One environment variable. The default is PATH=/usr/bin, LC_ALL=C, HOME=/tmp. */
void trial_env(struct trial *t, const char *name, const char *value);

/* What standard input holds (copied), then end of file. Default: end of file at once. */
void trial_input(struct trial *t, const void *bytes, size_t n);

/* Standard input is a pipe that stays open: feed it with trial_send(). */
void trial_open_input(struct trial *t);

/* A file in the program's working directory (/tmp of the sandbox, empty otherwise). */
void trial_file(struct trial *t, const char *name, const void *bytes, size_t n, mode_t mode);

/*
 * The program starts with this signal ignored, or blocked: what a shell or a
 * careless parent would have left to it. Default: nothing ignored or blocked.
 */
void trial_ignore(struct trial *t, int signal);
void trial_block(struct trial *t, int signal);

/*
 * The program runs under another one, for instance valgrind: these words come
 * before its path. Such a trial runs without the eye: no faults, no calls, no
 * events, and a hang ends only at its limits.
 */
void trial_wrap(struct trial *t, const char *const *words);

/*
 * Of the files below /usr/lib/debug the program finds only this one (an absolute
 * path, which must outlive the trial): a tool reads less when it starts. NULL, the default: all of
 * them. Without namespaces it finds all in any case.
 */
void trial_only_debug_file(struct trial *t, const char *path);

/*
 * The program that was built with the address and undefined behaviour
 * sanitizers runs instead, for a check of profile asan. The eye stays; leaks
 * are valgrind's business. A finding ends the program with SANITIZED_STATUS
 * and its report on standard error.
 */
enum { SANITIZED_STATUS = 86 };
void trial_sanitize(struct trial *t);
/*
 * Also when `prove --sanitized` runs every check so. The sanitizers map memory
 * themselves: a fault of mmap() would meet them, not the program.
 */
bool trial_is_sanitized(const struct trial *t);

/* Brings files of the working directory back at the end; "vg.*.xml" means every match. */
void trial_collect(struct trial *t, const char *name);
/* The i-th file brought back, after the end; NULL when there is none. */
const char *trial_collected(struct trial *t, size_t i, const char **name, size_t *n);

enum limit {
	LIMIT_CPU_MS,      /* CPU time of one process, milliseconds (rounded up to seconds) */
	LIMIT_MEMORY_MIB,  /* resident memory of the whole trial */
	LIMIT_PROCESSES,   /* processes and threads alive at once */
	LIMIT_FORKS,       /* processes and threads made in all */
	LIMIT_DESCRIPTORS, /* open descriptors of one process (RLIMIT_NOFILE) */
	LIMIT_FILE_KIB,    /* size of one file */
	LIMIT_OUTPUT_KIB,  /* bytes kept of standard output and of standard error */
	LIMIT_WALL_MS,     /* last resort against a program that neither ends nor blocks: wall time,
			      less what it waited for a processor on a busy machine */
	LIMIT_WAKES,       /* sleeps that signals break, one after the other, while nothing else
			      happens: no process is made or ends or calls exec, and the check
			      does nothing but wait. For a program that is meant to be woken
			      more often, raise it */
	LIMIT_COUNT
};

/* Overrides the limit of lab.yaml for this trial. */
void trial_limit(struct trial *t, enum limit limit, uint64_t value);

/* Counts and records this family of calls, and shows it in events. */
void trial_watch(struct trial *t, enum call call);

/* Views (observe.h) of a process are kept at these moments; the first process's end always is. */
enum moment { AT_EXEC = 1, AT_EXIT = 2, AT_FORK = 4 };
void trial_views(struct trial *t, unsigned moments);

/*
 * The check's clock, for programs with timeouts. The program and its children
 * then see the kernel's time plus what trial_advance() has added, in every
 * clock but those of CPU time (also time() and gettimeofday(); not in the times
 * of files, times() and the processor's own counter). Real time goes on as
 * well: use timeouts of a minute and more, and advance by much, so that a busy
 * machine changes nothing.
 *
 * In such a trial every wait of the check takes "settled" (await_settled()) for
 * "everybody is blocked": time does not pass by itself, so whoever waits for a
 * timeout waits for the check. A nap of less than 250 ms is not yet rest: it is
 * let pass; but a program that does nothing but take naps, three and more, has
 * settled, too.
 *
 * Calls of the program cost more here (read, write, accept and connect are
 * followed, too). Not with trial_wrap().
 */
void trial_clock(struct trial *t);

/* ---- faults and holds ----------------------------------------------------
 *
 * They come from the eye: the keeper's tracer, outside the student's process.
 * Each is named in the failure message with how often it was delivered.
 */
enum who {
	ANYBODY,     /* every process of the trial */
	FIRST,       /* the program that the trial started */
	DESCENDANTS, /* everybody but the first */
};

enum fault_action {
	FAULT_FAIL,          /* the call is not made; it fails with .error. A wait with WNOHANG does
				not count for EINTR: it never is interrupted */
	FAULT_CUT,           /* the call moves at most .bytes bytes (a true short read or write) */
	FAULT_INTERRUPT,     /* .signal becomes pending as the call begins: if it would block, the
				kernel decides between EINTR and restart as SA_RESTART says */
	FAULT_SIGNAL_BEFORE, /* .signal is taken (its handler runs) exactly before the call */
	FAULT_SWALLOW,       /* .signal never arrives at the process (.call is ignored) */
	HOLD_BEFORE,         /* the caller stops at the call's door until release() */
	HOLD_AFTER,          /* the caller stops when the call is done, before it sees the result;
				for CALL_FORK and CALL_THREAD the child or thread exists and runs on */
	HOLD_CHILD,   /* (CALL_FORK, CALL_THREAD) the new one stops before its first instruction */
	HOLD_OUTSIDE, /* like HOLD_BEFORE, but one step earlier: signals that come while it is
			 held are taken (their handlers run) before the call begins */
};

struct fault {
	enum call call;
	enum fault_action action;
	enum who who;
	enum fd_kind fd; /* only calls whose first argument is such a descriptor */
	unsigned nth;    /* the k-th such call, from 1; 0 means every one. Counted over the trial */
	unsigned per_process; /* nonzero: nth is counted in each process by itself */
	int error;            /* FAULT_FAIL: errno */
	int signal;           /* signal number */
	size_t bytes;         /* FAULT_CUT */
	bool optional; /* the program need not come by: no failure when it is never delivered */
};

/* Identifies a fault of one trial; from 1. */
typedef unsigned fault_id;

/*
 * Adds a fault; before the start or while the trial runs, and then it holds from
 * this call's return on. A check in which a
 * fault that is not optional was never delivered cannot pass: at its end it
 * fails with the key "not-exercised" and names the call that never came.
 */
fault_id trial_fault(struct trial *t, struct fault fault);

/*
 * A handler runs in the first process's next wait for a child, if there is one: that fails with
 * EINTR, and changes errno. Needs trial_watch(t, CALL_WAIT).
 */
void next_wait_is_interrupted(struct trial *t);

/* How often it was delivered so far (a hold: how often somebody was held). */
unsigned fault_delivered(struct trial *t, fault_id id);

/* Waits until somebody is held by it, and returns that process. Fails the check if it never comes.
 */
pid_t await_held(struct trial *t, fault_id id);
/* The thread that was held last by it; of a process with one thread, its number. */
pid_t held_thread(struct trial *t, fault_id id);
/*
 * The same, but it need not come: true when somebody is held; false when the program has ended, or
 * rests, or ran into a limit, which a later wait or trial_finish() says.
 */
bool await_held_or_end(struct trial *t, fault_id id);

/*
 * Lets everybody whom this hold has stopped go on; it will not hold again when again is false.
 * What peers have sent, and that they have gone, has arrived by then.
 */
void release(struct trial *t, fault_id id, bool again);

/* Lets only this process, or this thread, go on; the hold stops others, and it too, as before. */
void release_one(struct trial *t, fault_id id, pid_t pid);

/* ---- running -------------------------------------------------------------- */

void trial_start(struct trial *t);

/* Writes all of it to the program's standard input, as the program reads (it may have ended). */
void trial_send(struct trial *t, const void *bytes, size_t n);
void trial_close_input(struct trial *t);

/*
 * Sends a signal to a process of the trial (a pid as the student's program sees it; 0: the first).
 * When it returns, the signal is there: input and peers' bytes that follow come after it.
 */
void trial_kill(struct trial *t, pid_t pid, int signal);

/*
 * Waits until everybody has settled (await_settled()) or the program has ended,
 * then moves the clock of a trial with trial_clock() on, milliseconds. Whoever is
 * blocked with a timeout that is then over goes on as if the time had passed:
 * select, poll and epoll_wait return 0, a sleep is over, pthread_cond_timedwait
 * and sem_timedwait time out, sigtimedwait and a socket with SO_RCVTIMEO or
 * SO_SNDTIMEO fail with EAGAIN (connect: EINPROGRESS); alarm, setitimer,
 * timer_settime and timerfd fire, once, and are armed again if they are to be
 * repeated. Everybody else waits on for what is left, and sees nothing of it.
 * Where a signal with a handler and a timeout come together, the handler runs
 * first. Returns when that is under way: wait for what it brings. Timeouts of
 * later calls begin then: for three in a row advance three times.
 */
void trial_advance(struct trial *t, uint64_t ms);

/*
 * Sets the clock of the day forward, milliseconds, as somebody may do by hand, and no other clock:
 * CLOCK_REALTIME, CLOCK_TAI, time() and gettimeofday() jump, no time passes. For programs that must
 * not measure time with it. Waits until everybody has settled, as trial_advance() does. Whoever
 * waits until a moment of that clock (pthread_cond_timedwait and sem_timedwait, clock_nanosleep and
 * timer_settime with TIMER_ABSTIME) has so much less to wait; but descriptors of timerfd_create()
 * that are armed already notice nothing. Needs trial_clock().
 */
void trial_set_clock(struct trial *t, uint64_t ms);

/*
 * Waits for the end of the first process; a probe is told that no request
 * follows, and returns from its main. The check fails by itself, with the
 * verdict and the words for it, when it blocks for ever, is killed by a fault
 * of its own (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS), runs out of
 * CPU time, memory, processes or output. Processes that live on after it:
 * see trial_left_processes() (observe.h) and refute_left_processes().
 */
void trial_finish(struct trial *t);

/* Starts, then finishes. */
void trial_run(struct trial *t);

/* How the first process came to its end, without judging. */
enum end {
	END_RUNNING,
	END_EXITED,
	END_SIGNALED,
	END_BLOCKED,
	END_CPU,
	END_MEMORY,
	END_PROCESSES,
	END_OUTPUT,
	END_WALL,
	END_WAKES
};
enum end trial_end(struct trial *t); /* waits for it */

int trial_exit_status(struct trial *t); /* 0..255, or -1 when it did not exit */
int trial_term_signal(struct trial *t); /* the signal that ended it, or 0 */

/* ---- waiting for states ----------------------------------------------------
 *
 * Each fails the check ("timed out", with where every process stands) when it
 * can no more come true: the program has ended, or everybody is blocked.
 */

/* Until everybody alive and not held is blocked without a timeout, nothing pending. Under a
 * trial_clock() the same as await_settled(). */
void await_quiet(struct trial *t);

/*
 * The same, but to have ended is no failure: true when everybody is blocked,
 * false when the program has ended, be it by a signal. For a check to which both
 * are answers; trial_finish() then tells an end from a crash.
 */
bool await_rest(struct trial *t);

/*
 * Until everybody is blocked as for await_quiet(), but a wait with a timeout and
 * an armed timer are rest, too. In a trial without trial_clock() even the
 * shortest: use it there for programs that wait long.
 */
void await_settled(struct trial *t);
/* The same as await_rest(): true when everybody has settled, false when the program has ended. */
bool await_settled_or_end(struct trial *t);

/*
 * Until this process (0: the first) sleeps, in whatever it may be, or has ended; or has been looked
 * at so often that it will not: no failure, whoever waits for that finds out by other means.
 */
void await_asleep(struct trial *t, pid_t pid);

/* Until a process (0: the first) is blocked in this family; returns the pid. */
pid_t await_blocked(struct trial *t, pid_t pid, enum call call);

/* Until this many processes have been created / have ended / have called exec, since the start. */
void await_forks(struct trial *t, unsigned n);
void await_exits(struct trial *t, unsigned n);
void await_execs(struct trial *t, unsigned n);

/* Until standard output holds this text. */
void await_output(struct trial *t, const char *text);

/* Until the predicate says yes; asked again after every event. */
void await(struct trial *t, bool (*yes)(struct trial *t, void *with), void *with, const char *what);

/* ---- asking a probe ---------------------------------------------------------
 *
 * A probe (probe.h) answers one framed request at a time. Its answer is a
 * claim: the student's function runs in the same process and may have written
 * it. Compare it; never let it be the verdict by itself where the kernel can say.
 */
struct answer;

/* Sends a request and waits for its answer; words end with NULL (the macro adds it). */
#define ask(t, ...) ask_words(t, __VA_ARGS__, (char *)NULL)
const struct answer *ask_words(struct trial *t, const char *verb, ...) __attribute__((sentinel));

/* Sends a request; the answer is taken later, so that the judge can act meanwhile. */
#define ask_begin(t, ...) ask_begin_words(t, __VA_ARGS__, (char *)NULL)
void ask_begin_words(struct trial *t, const char *verb, ...) __attribute__((sentinel));
const struct answer *ask_end(struct trial *t);

/* A field of the answer; a missing one is a failure of the student's ("answered nothing"). */
long long answer_int(const struct answer *a, const char *name);
const char *answer_text(const struct answer *a, const char *name);
bool answer_has(const struct answer *a, const char *name);

/* A word for ask() from a number: ask(t, "run", word(5)). Lives until the check ends. */
const char *word(long long value);

/* ---- numbers ----------------------------------------------------------------- */

/* A number in [low, high] drawn from the check's seed: the same seed, the same numbers. */
long long draw(long long low, long long high);
uint64_t check_seed(void);

#endif
