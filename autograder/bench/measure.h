/*
 * measure.h - one run: a server is started, gets its load, is stopped, and has left nothing.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "designs.h"
#include "serving.h"
#include "stage.h"

#include <stdbool.h>
#include <stddef.h>

enum { CHILDREN_MAX = 2000 };

/* What all runs have in common. */
struct settings {
	long clients, processes; /* hosts of the book, and client processes on each of them */
	long connections;        /* of each client process */
	long bytes;              /* that each of them asks for */
	long children;           /* or threads, of those designs that make them beforehand */
	long patience;           /* seconds after which something that has to come comes no more */
	const char *servers;     /* the folder with the servers */
	const char *load;        /* the client program */
};

struct run {
	const struct design *design;
	long children;
	size_t processes,
	    connections;             /* client processes, and connections of all of them together */
	double user, system;         /* seconds of CPU time: the server and all its processes */
	long voluntary, involuntary; /* context switches of the same */
	double seconds, p50, p99;    /* of the load; p50 and p99 in milliseconds */
	double others;    /* processors that others have used meanwhile: 1 is a whole one */
	bool disturbed;   /* they have used too much */
	size_t n_clients; /* how many children or threads have told what they served */
	long clients[CHILDREN_MAX];
};

/*
 * Makes one run. Afterwards no process is left, however it went. Returns 0, or -1: then problem
 * says in one sentence what the server did wrong, or is "" when the run was broken off.
 */
int measure(struct stage *stage, const struct settings *settings, const struct design *design,
    long children, struct run *run, char problem[PROBLEM_SIZE]);

/*
 * Waits until others use at most a quarter of a processor, for at most this time. Returns 0, or -1
 * with errno EINTR.
 */
int measure_await_quiet(struct stage *stage, double seconds);

#endif
