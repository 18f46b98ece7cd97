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
	const char *own;        /* see build.h; NULL: other labs' solutions are used */
	const char *name;       /* what the result calls it; NULL: submission */
	uint64_t seed;
	enum isolation isolation;
	struct strings only;     /* ids of checks; none: all. Their requirements are judged too */
	bool first_failure_ends; /* see check.h */
	unsigned judges;         /* see check.h; 0: one */

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

/*
 * The same in two steps, for who judges one submission again and again: taken
 * in and built once, then judged with one seed after the other. What g points
 * to must stay as it is until the end. Who has prepared may fork: its children
 * judge, too, each for itself, and the stage lives as long as the one who
 * prepared it does not finish.
 */
struct prepared;

/* NULL only with errno ENOMEM; whatever else went wrong is in every result. */
struct prepared *grading_prepare(const struct grading *g);
/* checks: a lab with some of g->lab's checks, in any order, or NULL: g->lab itself. */
struct result *grading_judge(const struct prepared *p, const struct lab *checks, uint64_t seed);
void grading_finish(struct prepared *p);

/* "sandbox" or "container". */
const char *isolation_token(enum isolation isolation);

#endif
