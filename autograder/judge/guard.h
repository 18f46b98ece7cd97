/*
 * guard.h - room for a probe to lend to the student's function, with a guard
 * behind it: has the function written where it had no room?
 *
 * In valgrind's company there must be no guard: it watches what is behind the
 * room itself, reads and writes.
 */
#ifndef GABEL_JUDGE_GUARD_H
#define GABEL_JUDGE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { GUARD_BYTES = 64, GUARD_BYTE = 0xa5 };

struct guarded {
	char *at; /* size bytes, then the guard */
	size_t size, guard;
};

/*
 * bare: without a guard, and with nothing written into the room. Otherwise no
 * byte of it is 0, so that no NUL is there by luck. Returns false when there
 * is no memory.
 */
static inline bool
guarded_get(struct guarded *g, size_t size, bool bare)
{
	g->size = size;
	g->guard = bare ? 0 : GUARD_BYTES;
	g->at = malloc(size + g->guard);
	if (g->at == NULL)
		return size + g->guard == 0;
	if (!bare)
		memset(g->at, GUARD_BYTE, size + g->guard);
	return true;
}

/* Has a byte of the guard changed? */
static inline bool
guarded_is_touched(const struct guarded *g)
{
	const unsigned char *guard = (const unsigned char *)g->at + g->size;
	size_t n = g->guard;

	while (n > 0 && guard[n - 1] == GUARD_BYTE)
		n--;
	return n > 0;
}

static inline void
guarded_free(struct guarded *g)
{
	free(g->at);
	g->at = NULL;
}

#endif
