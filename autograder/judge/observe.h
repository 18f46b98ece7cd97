/*
 * observe.h - what the kernel says about the processes of a trial.
 *
 * A look is taken by the keeper inside the sandbox's PID namespace, so every
 * pid is the one the student's program sees. Pointers stay valid until the
 * check ends.
 */
#ifndef GABEL_JUDGE_OBSERVE_H
#define GABEL_JUDGE_OBSERVE_H

#include "trial.h"

enum fd_access { FD_READ = 1, FD_WRITE = 2 };

enum socket_state {
	SOCKET_NONE,    /* no socket */
	SOCKET_UNBOUND, /* it has no address yet, or none any more */
	SOCKET_LISTENING,
	SOCKET_CONNECTING, /* no answer yet */
	SOCKET_CONNECTED,  /* one direction or both may be shut down */
	SOCKET_DATAGRAM,   /* with an address */
	SOCKET_CLOSED,     /* the connection is over; the descriptor is not closed */
	SOCKET_LOCAL,      /* of the Unix domain */
};

struct descriptor {
	int number;
	enum fd_kind kind;
	unsigned access; /* FD_READ | FD_WRITE */
	uint64_t inode;  /* the same pipe or socket has the same number in every process */
	bool close_on_exec;
	const char *path; /* as /proc/PID/fd shows it */
	bool nonblocking; /* O_NONBLOCK, which belongs to the open file and not to the process */
	enum socket_state socket;
	const char *local, *remote; /* its addresses, "127.0.0.1:4711", "[::1]:4711" or "" */
	uint64_t unread;            /* bytes that have arrived and were not read */
};

/* One thread. What stands in struct process is that of the first. */
struct thread {
	pid_t tid;  /* its own number; that of the first thread is the process's */
	char state; /* as in struct process */
	enum call blocked_in;
	long system_call, blocked_fd;
	bool timed;
};

struct process {
	pid_t pid, ppid;
	char state;           /* R S D T Z as in proc(5); t: held by a fault of the trial's */
	enum call blocked_in; /* meaningful when state is S: the family */
	long system_call;     /* its number, or -1 */
	long blocked_fd;      /* its first argument where that is a descriptor, or -1 */
	bool timed;           /* it will wake by itself: a timeout ends the call */
	uint64_t blocked, ignored, caught, pending; /* signal sets: bit s-1 for signal s */
	uint64_t timer_armed_ms; /* by the trial's clock, until the last one that is armed fires;
				    0: no alarm, interval timer or POSIX timer armed */
	unsigned threads;        /* alive, as the kernel counts them */
	size_t n_threads;        /* those that follow: the first, then the others by number */
	const struct thread *thread;
	size_t n_fds;
	const struct descriptor *fds; /* by number; without the probe's own */
	const char *name;
};

struct look {
	size_t n;
	const struct process *processes; /* by pid; the keeper itself is not among them */
};

/* A fresh look at everybody, now. After the end: the last look at the first process's end. */
const struct look *look(struct trial *t);

/* The view kept at the first process's end, before the kernel closed anything. */
const struct look *look_at_end(struct trial *t);

/* How many of this process's mappings are shared and writable, now; 0 after its end. */
unsigned shared_maps(struct trial *t, pid_t pid);

const struct process *process_of(const struct look *l, pid_t pid); /* or NULL */
const struct process *first_process(const struct look *l);
size_t zombies_in(const struct look *l);
size_t children_in(const struct look *l, pid_t parent); /* zombies included */
/* How many threads of this process sleep in this family of calls. */
size_t threads_blocked_in(const struct process *p, enum call call);
const struct descriptor *fd_of(const struct process *p, int number);
bool in_set(uint64_t set, int signal);

/*
 * Compare the standard signals only, 1 to 31: set & STANDARD_SIGNALS. The C
 * library keeps 32 and 33 for itself, and leaves them ignored or blocked where
 * no student asked for it, after posix_spawn() for instance.
 */
#define SIGNAL_BIT(signal) (UINT64_C(1) << ((signal)-1))
#define STANDARD_SIGNALS (SIGNAL_BIT(32) - 1)

/* ---- what happened, in order -------------------------------------------------- */

enum event_kind {
	EVENT_START,  /* the first process is about to run */
	EVENT_FORK,   /* pid made other */
	EVENT_THREAD, /* pid made the thread other */
	EVENT_EXEC,   /* pid runs text (a path); blocked and ignored are its signal sets */
	EVENT_CALL,   /* pid made a watched call: result is set */
	EVENT_SIGNAL, /* pid took signal */
	EVENT_STOP,   /* pid was stopped by signal (job control) */
	EVENT_CONTINUE,
	EVENT_FAULT,   /* fault was delivered to pid */
	EVENT_HELD,    /* pid is held by fault */
	EVENT_EXIT,    /* pid ended: status as from waitpid */
	EVENT_REAPED,  /* pid's wait took other, status */
	EVENT_QUIET,   /* everybody is blocked */
	EVENT_SETTLED, /* the same, but somebody only until a timeout or a timer; only where a wait
			  asks for it: see await_settled() */
};

struct event {
	enum event_kind kind;
	uint64_t
	    at_us; /* since the start, by the trial's clock; for pictures, never for verdicts */
	pid_t pid, other;
	pid_t tid; /* the thread, where it is one thread's affair: FORK, THREAD, CALL, SIGNAL,
		      STOP, FAULT, HELD; else 0 */
	enum call call;
	long number; /* the system call's number */
	long args[6];
	long result;          /* -errno on failure */
	long long timeout_ms; /* EVENT_CALL of a family that waits or sleeps, and CALL_ALARM: what
				 its caller asked for, rounded up; 0: it does not wait (disarms);
				 -1: without end. Of a deadline: what was left of it */
	int status, signal;
	fault_id fault;
	uint64_t blocked, ignored; /* EVENT_EXEC */
	const char *text;          /* EVENT_EXEC: the path; CALL_OPEN, LINK, UNLINK, STAT: the path;
				      CALL_WRITE: up to 64 bytes of what was written */
	const struct look *view;   /* when trial_views() asked for it, or NULL */
};

const struct event *events(struct trial *t, size_t *n);

/* How often this has happened to a process; pid 0: to anybody. */
unsigned count_events(struct trial *t, enum event_kind kind, pid_t pid);

/* Waits until it has happened n times, as the waits of trial.h do. */
void await_event(struct trial *t, enum event_kind kind, pid_t pid, unsigned n);

/* How many such calls were made (restarts after a signal do not count twice). The family must be
 * watched. */
unsigned calls(struct trial *t, enum call call, enum who who);

unsigned forks(struct trial *t); /* processes made, threads not counted */
unsigned exits(struct trial *t);
size_t trial_left_processes(struct trial *t); /* alive when the first process ended */
size_t trial_unwaited(struct trial *t);       /* zombies of the first process when it ended */

/* What was written, NUL-terminated; bytes outside of the limit are gone. */
const char *trial_output(struct trial *t);
const char *trial_errors(struct trial *t);
size_t trial_output_size(struct trial *t);

/* Files of the sandbox's /tmp as they are now, or at the end; NULL when there is none. */
const char *trial_read_file(struct trial *t, const char *name, size_t *n);

#endif
