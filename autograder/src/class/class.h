/*
 * class.h - grades everybody's submissions: once each, in parallel, with
 * nothing lost.
 *
 * What a class looks like: without labs, SUBMISSIONS/STUDENT/LAB (a folder or
 * an archive; LAB may be shortened to its number). With one lab, also one
 * folder or archive for each student. Names are foreign bytes: they are shown
 * escaped, and files get safe names of their own.
 *
 * What it leaves in out:
 *	class.json                   seed, students, verdicts of every check (mode 0600)
 *	results/STUDENT/LAB.json     a result and its origin, written whole or not at all
 *	index.html                   students x labs x checks
 *	students/STUDENT.html        one student's results
 *
 * A submission is graded in a process of its own, at most jobs at a time. A
 * worker that dies is a grader fault of that one submission. SIGINT, SIGTERM
 * and SIGHUP end the workers and keep what is finished.
 */
#ifndef GABEL_CLASS_H
#define GABEL_CLASS_H

#include "../verdict/result.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What one worker grades. */
struct class_work {
	const char *lab;     /* "01-processes" */
	const char *path;    /* the folder or archive */
	const char *student; /* as shown: escaped, one line */
	uint64_t seed;
};

/*
 * Grades one submission, in a worker process whose TMPDIR is its own and is
 * removed afterwards. Returns a result, also for a submission that cannot be
 * graded; NULL with errno is a grader fault.
 */
typedef struct result *class_grader(const struct class_work *work, void *context);

struct class_options {
	const char *root;        /* the kit's */
	const char *submissions; /* a folder */
	const char *out;         /* made when it is not there */
	const char *const *labs; /* as typed; none: every lab that is handed in */
	size_t n_labs;
	unsigned jobs; /* workers at a time; 0 counts as 1 */
	bool resume;   /* keep results made of the same bytes, seed and kit */
	const char *kit_version;
	const char *isolation; /* its token */
	class_grader *grade;
	void *context; /* for grade */
};

/*
 * Grades the class, writes out, and prints the table to table (progress goes
 * to standard error when that is a terminal). Returns the exit status: 0 when
 * everything was judged, 2 when there is nothing to grade or the arguments are
 * no use (said with complain()), 3 when there was a grader fault or a result could not
 * be written, 128 + the signal's number when it was interrupted.
 */
int class_grade(const struct class_options *options, FILE *table);

#endif
