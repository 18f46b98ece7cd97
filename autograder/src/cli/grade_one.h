/*
 * grade_one.h - the way of one submission: intake, build, checks, result.
 *
 * The same function behind every command that grades: check, grade, the proof
 * of the kit. It prints nothing, and leaves no process and no file when it
 * returns. When it is killed on the way, its files are swept by the next and
 * its processes die with it: supervise.h cares for the rest.
 */
#ifndef GABEL_GRADE_ONE_H
#define GABEL_GRADE_ONE_H

#include "../lab/lab.h"
#include "../sandbox/sandbox.h"
#include "../verdict/result.h"

struct grading {
	const char *root; /* the kit's */
	const struct lab *lab;
	const char *submission; /* a folder or an archive */
	const char *name;       /* what the result calls it; NULL: submission */
	uint64_t seed;
	enum isolation isolation;
	struct strings only; /* ids of checks; none: all. Their requirements are judged too */

	/*
	 * What comes about on the way; either may be NULL. built: the head of
	 * the result is complete, no check has been judged. finished: this
	 * check has its verdict (points are given at the end).
	 */
	void (*built)(const struct result *r, void *with);
	void (*finished)(const struct result *r, size_t check, void *with);
	void *with;
};

/*
 * Grades. Texts are in the language of messages_init(). Whatever goes wrong is
 * in the result, a fault of our own too; NULL only with errno ENOMEM.
 */
struct result *grade_one(const struct grading *g);

/* "sandbox" or "container". */
const char *isolation_token(enum isolation isolation);

#endif
