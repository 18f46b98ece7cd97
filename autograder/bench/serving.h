/*
 * serving.h - a server on the stage: it comes, it is ready, it is stopped, and has left nothing.
 */
#ifndef BENCH_SERVING_H
#define BENCH_SERVING_H

#include "stage.h"

enum { PROBLEM_SIZE = 512, ADDRESS_SIZE = 300 };

struct serving {
	struct stage *stage;
	const char *name;           /* as problems call it */
	long patience;              /* seconds after which what has to come comes no more */
	char *problem;              /* PROBLEM_SIZE bytes of the caller's */
	char address[ADDRESS_SIZE]; /* where it serves, when it is ready */
};

/*
 * All that fail return -1, and then problem says in one sentence what the server did wrong, or is
 * "" when the run is to be broken off.
 */

/* Writes such a sentence, with the name before it. Returns -1. */
int serving_fail(struct serving *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* After a wait of the stage's that has failed: what is missing, "within 30 s". Returns -1. */
int serving_fail_waiting(struct serving *s, const char *missing);

/* When patience is over that begins now. */
double serving_deadline(const struct serving *s);

/* A short sleep, for what does not tell when it happens. Returns 0, or -1. */
int serving_pause(struct serving *s);

/* Starts argv[0], found in folder, and waits until it has said where it serves, and sleeps. */
int serving_start(struct serving *s, const char *folder, char *const argv[]);

/* Sends the signal that ends it. Then it has ended with status 0, and all its processes have. */
int serving_stop(struct serving *s, int signal);

#endif
