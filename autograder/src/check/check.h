/*
 * check.h - has a lab's judges judge a built submission.
 *
 * A judge is a process of ours outside of the sandbox: the lab's cmocka
 * program, or bats with a file of the lab's. It is told by its environment
 * what to do (GABEL_CHANNEL, GABEL_CHECKS ...; environment.h lists all) and
 * answers over a pipe that only it holds. What it says is compared with what
 * was asked of it: a check that nobody answered for, an answer that nobody
 * asked for, or one that is no answer is a grader fault, never a lost point.
 */
#ifndef GABEL_CHECK_H
#define GABEL_CHECK_H

#include "../build/build.h"
#include "../lab/lab.h"
#include "../sandbox/sandbox.h"
#include "../verdict/result.h"

struct checking {
	const struct lab *lab;
	const char *root;  /* the kit's; judges are in root/build/labs */
	const char *stage; /* with the programs that build_submission() made */
	const struct build *build;
	enum isolation isolation;
	/* A judge that says nothing for so long is ended; 0: what the lab's limits make safe. */
	unsigned silence_ms;
	/*
	 * One check at a time, in r's order; after the first that does not pass
	 * the others are not reached. For who only asks whether all pass.
	 */
	bool first_failure_ends;
	/*
	 * So many processes of the lab's cmocka judge at a time, each with a
	 * part of the checks; 0: one. At most JUDGES_MAX (judge_process.h).
	 */
	unsigned judges;
	/*
	 * Called after each check, as soon as it and those that are judged
	 * with it and stand before it in the lab have their verdicts: the order
	 * is the same however many judges there are. Those under valgrind come
	 * last. May be NULL.
	 */
	void (*finished)(const struct result *r, size_t check, void *with);
	void *with;
};

/*
 * Fills r->checks with what is to be judged, in the lab's order: all checks,
 * or those in only together with all that they require. Titles are translated
 * through the lab's catalog. Each check is a grader fault until somebody
 * judges it. Returns 0, or -1 with errno (ENOENT: only names no check of the
 * lab; ENOMEM).
 */
int checks_prepare(struct result *r, const struct lab *lab, const struct strings *only);

/*
 * Judges every check of r (from checks_prepare()), with r->seed. A check whose
 * programs were not built does not build; one whose requirements did not pass
 * is not reached. Whatever goes wrong with a judge ends in the check as a
 * grader fault with a sentence. No process is left. Returns 0, or -1 with
 * errno when the grader itself could not go on (ENOMEM, EMFILE ...).
 */
int checks_run(const struct checking *c, struct result *r);

#endif
