/* check.c - gabel check: one submission, judged before the eyes of who handed it in. */
#include "../base/messages.h"
#include "../base/nearest.h"
#include "../base/text.h"
#include "../report/report.h"
#include "command.h"
#include "grade_one.h"
#include "own.h"
#include "supervise.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

struct checking_one {
	struct grading grading;
	struct report_options report;
	enum format format;
	bool broken; /* the terminal did not take what we wrote */
};

/* ---- shown on the way ---------------------------------------------------------------- */

static void
show_head(const struct result *r, void *with)
{
	struct checking_one *one = with;

	if ((one->grading.own != NULL && say_own(one->grading.lab, stdout) < 0) ||
	    report_terminal_head(r, stdout, &one->report) < 0)
		one->broken = true;
}

static void
show_check(const struct result *r, size_t check, void *with)
{
	struct checking_one *one = with;

	if (report_terminal_check(r, check, stdout, &one->report) < 0)
		one->broken = true;
}

/* What was not shown on the way: the rest for a terminal, all for the other formats. */
static int
show_rest(const struct result *r, struct checking_one *one)
{
	static int (*const reports[])(
	    const struct result *, FILE *, const struct report_options *) = {
	    [FORMAT_JSON] = report_json,
	    [FORMAT_HTML] = report_html,
	    [FORMAT_JUNIT] = report_junit,
	    [FORMAT_TAP] = report_tap,
	    [FORMAT_GRADESCOPE] = report_gradescope,
	    [FORMAT_AUTOLAB] = report_autolab,
	};

	if (one->format != FORMAT_TERMINAL)
		return reports[one->format](r, stdout, &one->report);
	if (r->n_checks == 0 && report_terminal_head(r, stdout, &one->report) < 0)
		return -1;
	return report_terminal_foot(r, stdout, &one->report);
}

static int
work(void *with)
{
	struct checking_one *one = with;
	struct result *r = grade_one(&one->grading);
	int status = FAULT;

	if (r == NULL) {
		complain("%s", strerror(errno));
	} else if (show_rest(r, one) < 0 || one->broken) {
		complain(_("the result cannot be written: %s"), strerror(errno));
	} else {
		status = result_exit_status(r);
	}
	result_free(r);
	return status;
}

/* ---- what was asked for -------------------------------------------------------------- */

/* Is every id of --only one of the lab's? */
static bool
knows_checks(const struct lab *lab, const struct strings *only)
{
	const char **ids = calloc(lab->n_checks + 1, sizeof *ids);
	bool all = ids != NULL;

	for (size_t i = 0; all && i < lab->n_checks; i++)
		ids[i] = lab->checks[i].id;
	for (size_t i = 0; all && i < only->n; i++) {
		struct text shown = {0};
		const char *nearest;

		if (lab_check(lab, only->at[i]) != NULL)
			continue;
		all = false;
		text_put_name(&shown, only->at[i]);
		nearest = nearest_word(only->at[i], ids, lab->n_checks);
		if (nearest != NULL)
			complain(_("%s has no check '%s'; did you mean '%s'?"), lab->name,
			    text_string(&shown), nearest);
		else
			complain(_("%s has no check '%s'; %s/lab.yaml lists all"), lab->name,
			    text_string(&shown), lab->directory);
		text_free(&shown);
	}
	free(ids);
	return all;
}

/* A fresh seed, so that fixed answers do not pass; short enough to be typed again. */
static int
draw_seed(uint64_t *seed)
{
	uint32_t drawn;
	ssize_t n;

	do
		n = getrandom(&drawn, sizeof drawn, 0);
	while (n < 0 && errno == EINTR);
	*seed = drawn;
	return n == sizeof drawn ? 0 : -1;
}

/*
 * A judge sleeps most of the time, until the student's program has come to rest. In a container
 * all checks share one process space, where hostile code of one could reach another.
 */
static unsigned
judges_at_a_time(enum isolation isolation)
{
	enum { EACH_CORE = 2 };
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (isolation != ISOLATION_SANDBOX || cores < 1)
		return 1;
	return EACH_CORE * (unsigned)cores;
}

static int
check_with_lab(const char *root, const struct lab *lab, struct options *o, const char *submission,
    const char *own)
{
	struct checking_one one = {
	    .grading = {.root = root,
		.lab = lab,
		.submission = submission,
		.own = own,
		.isolation = o->isolation,
		.judges = judges_at_a_time(o->isolation),
		.only = o->only},
	    .format = o->format,
	    .report = report_options_for(stdout),
	};

	if (!knows_checks(lab, &o->only))
		return CANNOT;
	if (!o->seeded && draw_seed(&o->seed) < 0) {
		complain(_("the system gives no random numbers: %s"), strerror(errno));
		return FAULT;
	}
	one.grading.seed = o->seed;
	one.grading.with = &one;
	if (o->format == FORMAT_TERMINAL) {
		one.grading.built = show_head;
		one.grading.finished = show_check;
	}
	one.report.root = root;
	one.report.directory = submission;
	one.report.language = o->language;
	one.report.hints = o->hints;
	one.report.verbose = o->verbose;
	if (o->isolation == ISOLATION_SANDBOX && !sandbox_works(root))
		return FAULT;
	return supervise(work, &one, INTERRUPT_KILLS);
}

/* On the student's own files of other labs. What it shows is for her eyes, not for a table. */
static int
check_own(const char *root, const struct lab *lab, struct options *o, const char *submission)
{
	char *own;
	int status;

	if (o->format != FORMAT_TERMINAL) {
		complain(_("--own gives no grade: it goes with --format terminal only"));
		return CANNOT;
	}
	own = find_own(lab, submission);
	if (own == NULL)
		return CANNOT;
	status = check_with_lab(root, lab, o, submission, own);
	free(own);
	return status;
}

int
command_check(const char *root, struct options *o, size_t n, char **operands)
{
	const struct command *self = find_command("check");
	struct lab *lab;
	int status = CANNOT;

	if (o->labs.n != 1) {
		complain(_("say with --lab which lab it is, once; call it as: gabel %s %s"),
		    self->name, self->synopsis);
		return CANNOT;
	}
	if (!has_operands(self, n, 1, _("the submission")))
		return CANNOT;
	lab = load_lab(root, o->labs.at[0], &status);
	if (lab == NULL)
		return status;
	status = o->own ? check_own(root, lab, o, operands[0])
			: check_with_lab(root, lab, o, operands[0], NULL);
	lab_free(lab);
	return status;
}
