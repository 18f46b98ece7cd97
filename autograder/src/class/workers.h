/*
 * workers.h - does n pieces of work, each in a process of its own.
 *
 * A worker leads its own process group, reads /dev/null, has a TMPDIR of its
 * own and adopts what its children leave behind. When it has ended, however,
 * whoever descends from it is killed and its TMPDIR removed. Workers die with
 * their parent.
 */
#ifndef GABEL_WORKERS_H
#define GABEL_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct workers {
	size_t n;
	unsigned jobs;         /* at a time; at least 1 */
	const char *temporary; /* below it each worker gets its TMPDIR */
	/* In the worker: does piece i, returns the exit status. */
	int (*work)(size_t i, void *with);
	/* In the parent: piece i ended with this wait status. False: begin no further one. */
	bool (*done)(size_t i, int status, void *with);
	void *with;
	pid_t spared; /* a child of the caller's that is no worker's orphan, or 0 */
};

/*
 * Returns 0 when every piece was tried or done() ended it; the number of the
 * signal (SIGINT, SIGTERM, SIGHUP, SIGQUIT) that interrupted us, when one did:
 * the workers were ended with SIGTERM, and done() heard of those that had
 * finished before; -1 with errno when no process could be started.
 */
int workers_run(const struct workers *w);

/*
 * In a worker: from here on the signals that end workers wait, so that what is
 * being written is written.
 */
void workers_hold_signals(void);

#endif
