/*
 * wire.h - what the keeper (inside) and its holder (outside) say to each other.
 *
 * The control socket is SOCK_SEQPACKET: one message is one packet, at most
 * WIRE_MAX bytes. Numbers are in the machine's own representation, both ends
 * being one build on one machine. The holder does not trust the keeper: every
 * reader checks bounds and refuses what does not fit.
 *
 * holder -> keeper   WIRE_PLAN first, then any of ADD_FAULT .. STOP
 * keeper -> holder   WIRE_STARTED, then EVENT, LOOK ... and WIRE_END last
 */
#ifndef GABEL_KEEPER_WIRE_H
#define GABEL_KEEPER_WIRE_H

#include "calls.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WIRE_MAX = 60 * 1024, WIRE_FILE_CHUNK = 48 * 1024 };

enum wire_type {
	/* holder -> keeper */
	WIRE_PLAN = 1,  /* struct plan, see plan_put() */
	WIRE_FILE,      /* before PLAN: str name, u32 mode, bytes: append to a file in the working
			   directory */
	WIRE_ADD_FAULT, /* struct wire_fault */
	WIRE_RELEASE,   /* u32 fault id, u32 again, i32 pid (0: everybody) */
	WIRE_LOOK,      /* ask for a look: u32 token */
	WIRE_KILL,      /* i32 pid (0: the first), i32 signal */
	WIRE_FETCH,     /* str name: send this file's bytes */
	WIRE_STOP,      /* end everything */
	WIRE_SYNC,      /* u32 token: a WIRE_SYNCED with it follows, and quiet is looked for afresh;
			   u32 settled: EV_SETTLED is wanted, too */
	WIRE_ADVANCE,   /* u64 ms: moves the trial's own clock; a WIRE_ADVANCED follows */
	WIRE_SET_CLOCK, /* u64 ms: sets its clock of the day forward; a WIRE_ADVANCED follows */
	WIRE_FENCE,     /* a WIRE_FENCED follows: all that was asked before is done, and what was
			   sent over the loopback has arrived */
	WIRE_SOCKET,    /* u32 domain, u32 type: a socket in the trial's network */
	WIRE_DELAY,     /* a WIRE_DELAYED follows */
	WIRE_MAPS,      /* i32 pid: a WIRE_MAPPED follows */
	/* keeper -> holder */
	WIRE_STARTED = 64,
	WIRE_EVENT,     /* struct wire_event, then str text */
	WIRE_PROCESS,   /* one process of a look: see observe.h; u32 token first */
	WIRE_LOOK_DONE, /* u32 token */
	WIRE_SYNCED,    /* u32 token */
	WIRE_FETCHED,   /* u32 last, i32 error, bytes */
	WIRE_COLLECTED, /* one file that the plan asked to bring back: str name, u32 mode, u32 last,
			   bytes */
	WIRE_ENDED,  /* the first process ended: i32 end (enum end), i32 wait status, u32 left, u32
			unwaited, u32 signal (which woke it again and again) */
	WIRE_FAULTY, /* the keeper itself failed: str what */
	WIRE_SOCKETED,     /* i32 errno; 0: the socket comes with it, see wire_receive() */
	WIRE_SOCKET_YOURS, /* the keeper has closed its own copy: the holder's close is the last */
	WIRE_FENCED,       /* u32 0 */
	WIRE_ADVANCED,     /* u32 0: whoever's time is over is on his way */
	WIRE_DELAYED,      /* u64: see starved_us() */
	WIRE_MAPPED,       /* u32: how many of its mappings are shared and writable */
};

/* One message being written or read. A reader that runs over the end sets bad and yields zeros. */
struct wire {
	size_t n, at;
	bool bad;
	int fd; /* received: a descriptor that came with it, its taker's to close; or -1 */
	char bytes[WIRE_MAX];
};

void wire_begin(struct wire *w, enum wire_type type);
void put_u32(struct wire *w, uint32_t value);
void put_i32(struct wire *w, int32_t value);
void put_u64(struct wire *w, uint64_t value);
void put_bytes(struct wire *w, const void *bytes, size_t n);
void put_str(struct wire *w, const char *text); /* NULL travels as "" */
/* Sends it; -1 with errno (EMSGSIZE when it became bad). Blocks; retries EINTR. */
int wire_send(int fd, const struct wire *w);
/* The same with a descriptor, which stays the caller's. */
int wire_send_fd(int fd, const struct wire *w, int passed);

/* Receives one. Returns its type, 0 at the other side's end, -1 with errno. A descriptor comes only
 * with WIRE_SOCKETED; any other is closed. */
int wire_receive(int fd, struct wire *w);
uint32_t get_u32(struct wire *w);
int32_t get_i32(struct wire *w);
uint64_t get_u64(struct wire *w);
const char *get_str(struct wire *w);              /* points into w */
const void *get_bytes(struct wire *w, size_t *n); /* points into w */

/* A fault as it travels; the same meaning as struct fault of the judge's trial.h. */
struct wire_fault {
	uint32_t id, call, action, who, fd, nth, per_process;
	int32_t error, signal;
	uint64_t bytes;
};

enum wire_action {
	ACT_FAIL,
	ACT_CUT,
	ACT_INTERRUPT,
	ACT_SIGNAL_BEFORE,
	ACT_SWALLOW,
	ACT_HOLD_BEFORE,
	ACT_HOLD_AFTER,
	ACT_HOLD_CHILD,
	ACT_HOLD_OUTSIDE
};

struct wire_event {
	uint32_t kind; /* enum event_kind */
	uint32_t call;
	uint64_t at_us;
	int32_t pid, tid, other;
	int64_t number, args[6], result;
	int32_t status, signal;
	uint32_t fault;
	uint32_t view; /* token of the look that follows, or 0 */
	uint64_t blocked, ignored;
	int64_t timeout_ms; /* EV_CALL; -1: none */
};

enum { PLAN_WORDS = 256, PLAN_COLLECT = 32 };

/* How the first process is to run. Strings point to the owner's memory. */
struct plan {
	bool traced;               /* with the eye; else only watched */
	uint64_t watch;            /* bit c: family c is recorded */
	uint32_t moments;          /* enum moment of observe.h: views kept */
	uint64_t ignored, blocked; /* signal sets the program starts with */
	uint64_t cpu_ms, memory_mib, processes, forks, descriptors, file_kib;
	uint64_t wakes;                   /* see LIMIT_WAKES of the judge's trial.h; 0: no limit */
	bool bound_address_space;         /* RLIMIT_AS as a second wall (not for sanitizers) */
	bool sanitized;                   /* it is built with sanitizers */
	bool clock;                       /* the trial has a clock of its own */
	const char *argv[PLAN_WORDS + 1]; /* argv[0] is the path inside the sandbox */
	const char *env[PLAN_WORDS + 1];
	const char *collect[PLAN_COLLECT +
			    1]; /* names below the working directory; "x*" takes every match */
};

void plan_put(struct wire *w, const struct plan *plan);
/* The plan's strings point into w. Returns 0, or -1 when it is malformed. */
int plan_get(struct wire *w, struct plan *plan);
void fault_put(struct wire *w, const struct wire_fault *fault);
void fault_get(struct wire *w, struct wire_fault *fault);
void event_put(struct wire *w, const struct wire_event *event, const char *text);
const char *event_get(struct wire *w, struct wire_event *event);

#endif
