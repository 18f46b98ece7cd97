/*
 * stage.h - the processes of one run: a server, its clients, and whatever they leave behind.
 *
 * The process that uses this is the subreaper of all of them (prctl(2)): a process whose parent
 * ends becomes its child, so that nothing can get away. It has no other children. Each of the two
 * is a process group of its own, so that Ctrl-C at a terminal reaches us alone, and both are ended
 * by the kernel when we are.
 *
 * SIGINT and SIGTERM come in only while something here waits; then that fails with EINTR.
 */
#ifndef BENCH_STAGE_H
#define BENCH_STAGE_H

#include "proc.h"

#include <sched.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

struct actor {
	pid_t pid; /* 0: none */
	int out;   /* what it writes to standard output is read here; -1: none */
	bool ended;
	int status;         /* as waitpid(2) tells it */
	struct rusage used; /* by it and all that it has waited for */
};

struct stage {
	struct actor server, load;
	struct rusage adopted; /* used by those whose parent had ended before them */
	bool pinned;
	cpu_set_t server_cpus, load_cpus;
};

/* Once, before the first run. Pinned: the server runs on one half of the processors, the clients
 * on the other. Returns 0, or -1 with errno. */
int stage_init(struct stage *stage, bool pinned);

/* An empty stage for the next run. */
void stage_reset(struct stage *stage);

/* Starts argv[0], found at path. Returns 0, or -1 with errno. */
int stage_start(struct stage *stage, struct actor *actor, const char *path, char *const argv[]);

/* Seconds of a clock that only goes forward. */
double stage_now(void);

/*
 * These wait until something is so, and at most until deadline. They return 0, or -1 with errno:
 * ETIMEDOUT, or EINTR when the run is to be broken off.
 */
int stage_await_end(struct stage *stage, const struct actor *actor, double deadline);
int stage_await_nobody(struct stage *stage, double deadline); /* no child of ours is left */
int stage_pause(struct stage *stage, double seconds);

/*
 * Reads what an actor writes, up to a newline that it leaves out, or up to the end of the file.
 * What does not fit into text is thrown away. Fails also with EPIPE, when the end of the
 * file comes before a newline that was wanted.
 */
int stage_read(
    struct stage *stage, struct actor *actor, bool line, char *text, size_t size, double deadline);

/* Ends whoever is left, and waits for them. When it returns, we have no children. */
void stage_clear(struct stage *stage);

#endif
