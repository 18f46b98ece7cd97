/*
 * eye.h - the keeper's view of the processes of one trial.
 *
 * The keeper is one process with one thread and one trial; everything it
 * knows is in one struct eye. tasks.c keeps the tables, stops.c answers what
 * ptrace reports, faults.c decides what is done to a call, look.c reads
 * /proc, timeout.c what a call may wait for, quiet.c recognises that nothing
 * can happen any more, clock.c and timers.c are the trial's own clock,
 * keeper.c is the loop around it all.
 */
#ifndef GABEL_KEEPER_EYE_H
#define GABEL_KEEPER_EYE_H

#include "arch.h"
#include "proc_file.h"
#include "wire.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* The same numbers as enum event_kind and enum end of the judge's headers. */
enum {
	EV_START,
	EV_FORK,
	EV_THREAD,
	EV_EXEC,
	EV_CALL,
	EV_SIGNAL,
	EV_STOP,
	EV_CONTINUE,
	EV_FAULT,
	EV_HELD,
	EV_EXIT,
	EV_REAPED,
	EV_QUIET,
	EV_SETTLED
};
enum {
	ENDED_RUNNING,
	ENDED_EXITED,
	ENDED_SIGNALED,
	ENDED_BLOCKED,
	ENDED_CPU,
	ENDED_MEMORY,
	ENDED_PROCESSES,
	ENDED_OUTPUT,
	ENDED_WALL,
	ENDED_WAKES
};
enum { MOMENT_EXEC = 1, MOMENT_EXIT = 2, MOMENT_FORK = 4 };

enum { MAX_TASKS = 1024, MAX_FAULTS = 64, MAX_SIGNAL = 64, MAX_TIMERS = 16 };

/* When something is to end. Times are microseconds of the trial's clock, see eye_now(). */
struct timer {
	uint64_t until; /* 0: not armed; UINT64_MAX: nobody knows when */
	uint64_t every; /* it is armed again for this long; 0: once */
};

/* A timer of timer_create() in a trial with its own clock (timers.c). */
struct posix_timer {
	bool used;
	int id;
	clockid_t clock;
	bool of_the_day; /* armed for a moment of the clock of the day */
	int notify, signal;
	pid_t tid;      /* SIGEV_THREAD_ID */
	uint64_t value; /* what the handler is told */
	struct timer timer;
};

/* A process (thread group) of the trial; kept until its number may be used again. */
struct code {
	uint64_t from, to; /* addresses; the second is the first beyond */
};

struct proc {
	pid_t pid;
	unsigned alive;                        /* threads not yet ended */
	uint64_t restarts;                     /* bit s-1: handler of s has SA_RESTART */
	struct timer real, posix;              /* setitimer and alarm; the last timer_settime */
	struct posix_timer timers[MAX_TIMERS]; /* in a trial with its own clock */
	/* Calls from here do not count: of the dynamic loader, and of the sanitizers' library. */
	struct code loader, sanitizer;
	uint32_t seen[MAX_FAULTS]; /* per fault: matching calls, for nth in each process */
};

enum task_state {
	TASK_UNBORN,  /* reported by its parent, first stop not yet seen; or the other way round */
	TASK_RUNNING, /* running, or blocked in the kernel */
	TASK_HELD,    /* stopped by a hold */
	TASK_STOPPED, /* stopped by job control */
	TASK_ENDING,  /* stopped on its way out, kept there while the others settle */
};

/* A wait that a timeout ends; watched only in a trial with its own clock. */
struct wait {
	bool timed;
	bool due;         /* it was broken because its time is over */
	bool of_the_day;  /* until a moment of the clock of the day, which may be set */
	uint64_t until;   /* us of the trial's clock */
	uint64_t natural; /* us of the kernel's clock, when the kernel itself ends it */
	uint64_t length;  /* us */
	long result;      /* what the program then sees */
	uint64_t rest_at; /* where a sleep stores what is left when it is broken; 0: nowhere */
	char rest[16];    /* what lay there before */
};

struct task {
	pid_t tid;
	struct proc *proc;
	enum task_state state;
	unsigned held_by;  /* fault id */
	bool in_call;      /* between a watched call's beginning and end */
	bool interrupted;  /* its call ended with a restart code; what follows decides */
	bool rewound;      /* its call was sent back to the start: do not count it twice */
	pid_t vforked_by;  /* it waits in vfork() until this one calls exec or ends; 0: nobody */
	bool parent_known; /* TASK_UNBORN: the fork event came */
	bool first_stop;   /* TASK_UNBORN: the task's own first stop came */
	enum call family;
	struct call_state call; /* at its beginning */
	int cut_arg;            /* argument to put back at the end, or -1 */
	unsigned hold_after;    /* fault id that holds at the call's end, or 0 */
	uint32_t view;          /* token of the view kept at its end, or 0 */
	long restarting;        /* the call that restart_syscall() goes on with, or -1 */
	int64_t timeout_ms;     /* of the call: see observe.h */
	struct wait wait;
	unsigned naps; /* short waits that ended in nothing since something else happened */
	struct proc_file status, syscall; /* of /proc, see task_stat() and task_syscall() */
};

enum rest {
	RESTLESS,
	SETTLED, /* everybody is blocked, somebody only until a timeout or timer */
	QUIET    /* everybody is blocked for ever */
};

/* What the last look for quiet saw (quiet.c). */
struct quiet_state {
	uint64_t activity, switches;
	enum rest rest;
	bool net_settled; /* found so after this look, and asked for it */
};

struct active_fault {
	struct wire_fault f;
	uint32_t seen, delivered;
	bool spent; /* a hold that was released for good */
};

struct eye {
	int control;
	bool alone; /* PID 1 of its own namespace: /proc shows only this trial */
	struct plan plan;
	struct wire plan_bytes; /* the plan's strings live here */
	pid_t first;
	uint64_t start_us;
	bool started, ended;
	uint64_t forks;        /* processes made so far */
	uint64_t wakes;        /* sleeps that signals broke since something else happened */
	int wake_signal;       /* the one that broke the last */
	uint64_t delay_us;     /* how long threads that have ended had waited for a processor */
	uint64_t own_delay_us; /* the same of the keeper, before the trial began */
	int first_status;      /* as from waitpid, once it ended */
	size_t n_tasks, n_procs;
	struct task *tasks[MAX_TASKS];
	struct proc *procs[MAX_TASKS];
	size_t n_faults;
	struct active_fault faults[MAX_FAULTS];
	uint32_t views;    /* tokens of views given so far */
	uint64_t activity; /* counts everything that happened: quiet.c compares it */
	struct quiet_state last_look;
	enum rest rest_told;     /* the state of the last look that was already reported */
	bool tell_settled;       /* the holder wants to hear of SETTLED, too */
	uint64_t offset_us;      /* how far the trial's clock is ahead of the kernel's */
	uint64_t set_us;         /* and how much more its clock of the day */
	bool socket_timeouts;    /* somebody has set SO_RCVTIMEO or SO_SNDTIMEO */
	int forced_end;          /* ENDED_* when the keeper itself ended the trial, else 0 */
	uint64_t ending_since;   /* us; 0: the first process is not at its end */
	uint32_t left, unwaited; /* counted as the first process ended */
};

uint64_t now_us(void);
/* Microseconds of the trial's clock: the kernel's CLOCK_MONOTONIC, and what trial_advance() added.
 */
uint64_t eye_now(const struct eye *eye);
/* Reports what the keeper cannot mend and ends everything. */
_Noreturn void faulty(struct eye *eye, const char *what, ...) __attribute__((format(printf, 2, 3)));

/* tasks.c */
struct task *task_find(struct eye *eye, pid_t tid);
struct task *task_add(struct eye *eye, pid_t tid);
void task_remove(struct eye *eye, struct task *task);
struct proc *proc_find(struct eye *eye, pid_t pid);
struct proc *proc_add(struct eye *eye, pid_t pid, const struct proc *parent);
unsigned tasks_alive(const struct eye *eye);

/* faults.c: what is to be done to a call that begins. */
struct decision {
	struct active_fault *fault; /* NULL: nothing */
	struct active_fault *hold_after;
};
struct decision faults_decide(struct eye *eye, struct task *task);
struct active_fault *fault_by_id(struct eye *eye, unsigned id);
/* HOLD_CHILD or HOLD_AFTER for a fork of this process, or for a thread that it made; or NULL. */
struct active_fault *faults_for_birth(
    struct eye *eye, struct proc *parent, bool thread, enum wire_action action);
bool faults_swallow(struct eye *eye, struct task *task, int signal);
void fault_delivered_to(struct eye *eye, struct active_fault *fault, const struct task *task);
enum fd_kind fd_kind_of(pid_t pid, int fd);
/* The same from what stat() and readlink() of /proc/PID/fd/N say. */
enum fd_kind fd_kind_from(const struct stat *st, const char *target);

/* reach.c: may this call signal somebody who is not of the trial? Asked where it is not alone. */
bool reaches_outside(struct eye *eye, const struct task *task);

/* calls_at.c: a watched call begins, ends, or turns out to have been interrupted. */
void call_begins(struct eye *eye, struct task *task);
void call_ends(struct eye *eye, struct task *task);
void call_interrupted(struct eye *eye, struct task *task, int signal);
/* A thread that stands before a signal: did it break a call that the thread slept in? */
bool call_was_broken(pid_t tid);
/* Copies from a stopped task's memory; returns how many bytes could be had. */
size_t task_memory(pid_t tid, uint64_t address, void *into, size_t n);
bool task_memory_put(pid_t tid, uint64_t address, const void *from, size_t n);
/* A call's result that says that a signal broke it; the kernel's own, or EINTR. */
bool broken_by_signal(long result);
/* At a stop: keeps which call restart_syscall() will go on with. */
void note_restart(struct task *task);

/* stops.c: one report of waitpid. */
/* Something else than a signal moved the trial: the count of vain wakes begins again. */
void wakes_forget(struct eye *eye);
void stop_handle(struct eye *eye, pid_t tid, int status);
void task_resume(struct eye *eye, struct task *task, int signal);
void task_hold(struct eye *eye, struct task *task, struct active_fault *fault);
/* Lets go on whom this hold has stopped: one process, or (0) everybody. */
void release_holds(struct eye *eye, unsigned id, bool again, pid_t pid);
/* Everybody who could settle has: the first process may end. */
void let_first_end(struct eye *eye);

/* events */
void event_send(struct eye *eye, struct wire_event *event, const char *text);

/* look.c */
void look_send(struct eye *eye, uint32_t token);
struct proc_stat {
	char state;
	pid_t ppid;
	unsigned threads;
	uint64_t blocked, ignored, caught, pending, switches;
	unsigned fd_room; /* descriptors that its table has room for */
	char name[32];
};
int proc_stat_read(pid_t pid, struct proc_stat *s);
/* The system call that a sleeping thread is in; -1 when it is in none. */
int proc_syscall_read(pid_t tid, long *number, long args[6]);
/* The same of a task, which is looked at again and again. */
int task_stat(struct task *task, struct proc_stat *s);
int task_syscall(struct task *task, long *number, long args[6]);
/* Is it a process of the trial, or a thread of one? Strangers are seen only where we are not alone.
 */
bool descends_from_us(pid_t pid);
/* Whom this pidfd of a thread's stands for; 0 when it is none, or its process is gone. */
pid_t pidfd_target(pid_t tid, int fd);
/* Every process of the trial, the keeper left out; at most room. */
size_t processes_list(struct eye *eye, pid_t pids[], size_t room);
/* Has a process of the trial a descriptor for the socket with this inode? */
bool holds_socket(struct eye *eye, uint64_t inode);
uint64_t timer_left_ms(const struct eye *eye, const struct proc *p);
/* Processes alive beside the first, and dead ones that it has not waited for. */
void leftovers_count(struct eye *eye, uint32_t *left, uint32_t *unwaited);
/* Mappings that are shared and writable. */
unsigned shared_maps(pid_t pid);
/* Where the code of a library lies in this process, whose path has this in it; zeros: nowhere. */
struct code code_find(pid_t pid, const char *path);

/* quiet.c */
/*
 * Looks once. QUIET when everybody who is not held is blocked without a
 * timeout, nothing is pending, and nothing moved since the look before.
 * SETTLED when that is so but for sleeps and armed timers.
 */
enum rest quiet_look(struct eye *eye);

/* timeout.c: for how long a call waits at most. */
/* At a call's beginning: what its caller asked for; sets timeout_ms, and wait in a trial with its
 * own clock. */
void timeout_note(struct eye *eye, struct task *task);
/* For whoever is asleep in this call, as /proc says it: the call behind a restart, and whether a
 * timeout ends it. task may be NULL. */
void call_resolve(const struct task *task, long *number);
bool wait_is_timed(const struct task *task, long number, const long args[6]);

/* clock.c: the trial's own clock. */
/* At a call's beginning: answers who asks for the time; true when that was all. */
bool clock_answers(struct eye *eye, struct task *task);
/* At a call's end: a wait that was broken because its time is over becomes one that timed out. */
void clock_ends_wait(struct eye *eye, struct task *task, long *result);
/* After exec: no clock without a system call. */
void clock_hides_vdso(struct eye *eye, struct task *task);
/* Wakes and signals everybody whose time is over. */
void clock_watch(struct eye *eye);
/* The same, after moving the clock on. */
void clock_advance(struct eye *eye, uint64_t ms);
/* The same, after setting the clock of the day forward, and no other. */
void clock_set(struct eye *eye, uint64_t ms);
/* CLOCK_REALTIME and its sisters, which can be set. */
bool is_of_the_day(clockid_t clock);
/* How far this clock of the trial is ahead of the kernel's, us. */
uint64_t clock_ahead_us(const struct eye *eye, clockid_t clock);
/* Who sleeps with a timeout: does he rest? Not in a short nap, unless he does nothing but nap. */
bool clock_rests(const struct eye *eye, const struct task *task);
/* Something happened: naps begin to count afresh. */
void naps_forget(struct eye *eye);
/* How many ms the keeper may sleep at most until somebody's time is over; at most most. */
int clock_next_ms(const struct eye *eye, int most);

/* timers.c: alarm(), setitimer() and timers, kept by the keeper where the clock is the trial's own.
 */
/* At a call's beginning: does the call in the kernel's place; its result is set. */
void timers_take_over(struct eye *eye, struct task *task);
/* At the end of a call that went well. */
void timers_note(struct eye *eye, struct task *task);
/* Signals who is due; returns when the next is, UINT64_MAX: none. */
void timers_fire(struct eye *eye);
uint64_t timers_next(const struct proc *p);
/* When the last one that is armed is due: 0: none; UINT64_MAX: nobody knows. */
uint64_t timers_last(const struct proc *p);
/* The clock of the day was set forward: who waits for a moment of it waits less. */
void timers_set(struct eye *eye, uint64_t us);
/* The clock was moved: descriptors of timerfd_create() follow. */
void timerfds_shift(struct eye *eye, uint64_t us);

/* usage.c */
struct usage {
	uint64_t resident;    /* bytes of the whole trial */
	uint64_t cpu_ms;      /* of the whole trial, so far as it can be seen */
	uint64_t most_cpu_ms; /* of the process that has used the most */
};
void usage_read(struct eye *eye, struct usage *usage);
/*
 * How long the trial stood still because the machine was busy, microseconds:
 * what the threads that have ended waited for a processor, what one living
 * thread waited at most, and what the keeper waited. UINT64_MAX when this
 * kernel does not count it.
 */
uint64_t starved_us(struct eye *eye);

/* child.c: forks the program; it waits for go before exec. Returns its pid. */
struct child {
	pid_t pid;
	int go;   /* write one byte */
	int fate; /* end of file: exec worked; else int errno */
};
int child_start(struct eye *eye, int probe_fd, struct child *child);

/* store.c: files of the working directory. */
int store_append(const char *name, uint32_t mode, const void *bytes, size_t n);
void store_fetch(struct eye *eye, const char *name);
void store_collect(struct eye *eye);

#endif
