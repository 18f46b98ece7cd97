/*
 * judge.h - everything a lab's judge needs; see README.adoc in this folder for
 * a first judge in ten minutes.
 *
 *	static void
 *	leaves_no_zombie(void **state)
 *	{
 *		(void)state;
 *		struct trial *t = trial("children");
 *
 *		trial_start(t);
 *		...
 *		refute_zombies(t, "zombies");
 *	}
 *
 *	int
 *	main(int argc, char *argv[])
 *	{
 *		static const struct check checks[] = {
 *			{"leaves-no-zombie", leaves_no_zombie},
 *		};
 *		return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
 *	}
 *
 * Each check is one cmocka test function. Its verdict goes over the channel
 * that gabel opened; cmocka's exit status is never the verdict.
 */
#ifndef GABEL_JUDGE_JUDGE_H
#define GABEL_JUDGE_JUDGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "expect.h"
#include "observe.h"
#include "trial.h"
#include "words.h"

struct check {
	const char *id; /* as in lab.yaml */
	void (*run)(void **state);
};

/* The lab's hints, in checks/hints.c; ends with a hint whose key is NULL. */
extern const struct hint hints[];

/*
 * Runs the checks that gabel asked for, in lab.yaml's order. Returns 0 when
 * every one was judged, 3 on a grader fault.
 */
int judge_main(int argc, char *argv[], const struct check *checks, size_t n);

#endif
