/*
 * equivalents.h - labs/NN/equivalents.yaml: mutants that no check can tell
 * from the solution, each with a sentence why.
 *
 *	- mutant: 3f2a9c01b2d4
 *	  file: children.c
 *	  line: while (ended < 0 && errno == EINTR);
 *	  change: ended < 0 becomes ended <= 0
 *	  why: Without WNOHANG waitpid() never returns 0.
 *
 * The mutant's id does not depend on where its line stands, but on what it
 * holds; line is what a person sees. When either no longer fits, the entry is
 * stale, and the proof says so.
 */
#ifndef GABEL_EQUIVALENTS_H
#define GABEL_EQUIVALENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct findings; /* findings.h */

struct equivalent {
	char *mutant, *file, *line, *change, *why;
	int at;    /* its line in the file */
	bool used; /* the caller's: there is such a mutant */
};

struct equivalents {
	size_t n;
	struct equivalent *all;
};

/*
 * Reads a lab's file; a lab without one has none. Mistakes are written to
 * errors as FILE:LINE: sentence. Returns 0, or -1 with errno (EINVAL when there
 * was one).
 */
int equivalents_load(const char *lab_directory, struct equivalents *e, FILE *errors);
/* The same from the bytes of a file that path names in findings. Returns 0, or -1: no memory. */
int equivalents_read(const char *path, const char *bytes, size_t n, struct equivalents *e,
    struct findings *findings);
void equivalents_free(struct equivalents *e);

/* The entry with this id, or NULL. */
struct equivalent *equivalents_find(const struct equivalents *e, const char *mutant);

#endif
