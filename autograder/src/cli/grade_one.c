/* grade_one.c - see grade_one.h. */
#include "grade_one.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "../build/build.h"
#include "../check/check.h"
#include "../intake/intake.h"
#include "../verdict/verdict.h"
#include "version.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { WHY = 1024 };

/* One grading under way. */
struct way {
	const struct grading *g;
	struct result *r;
	char *stage;  /* what the sandbox may read */
	char *source; /* the clean copy of what was handed in */
	struct build build;
};

const char *
isolation_token(enum isolation isolation)
{
	return isolation == ISOLATION_SANDBOX ? "sandbox" : "container";
}

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The way ends here, with this status and sentence. Returns -1, or -2 when there is no memory. */
static int
stop(struct way *w, enum result_status status, const char *sentence)
{
	w->r->status = status;
	if (status == RESULT_GRADER_FAULT)
		w->r->points_gradable = 0;
	free(w->r->reason);
	w->r->reason = strdup(sentence);
	return w->r->reason == NULL ? -2 : -1;
}

static int
our_fault(struct way *w, const char *what)
{
	struct text t = {0};
	int error = errno, result;

	text_printf(&t, "%s: %s", what, strerror(error));
	result = stop(w, RESULT_GRADER_FAULT, text_string(&t));
	text_free(&t);
	return result;
}

/* A JSON list of n strings; NULL when there is no memory. */
static json_t *
list_of(const char *const *strings, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < n; i++)
		if (json_array_append_new(list, json_from_text(strings[i])) < 0) {
			json_decref(list);
			list = NULL;
		}
	return list;
}

static int
fill_head(struct way *w)
{
	const struct grading *g = w->g;
	struct result *r = w->r;
	const char *const *lost = isolation_lost(g->isolation);
	size_t n = 0;

	while (lost[n] != NULL)
		n++;
	r->lab = strdup(g->lab->name);
	r->title = strdup(dgettext(g->lab->name, g->lab->title));
	r->kit_version = strdup(GABEL_VERSION);
	r->isolation = strdup(isolation_token(g->isolation));
	r->isolation_lost = list_of(lost, n);
	r->language = strdup(messages_language());
	r->submission = strdup(g->name != NULL ? g->name : g->submission);
	r->seed = g->seed;
	r->max_score = r->points_gradable = g->lab->max_points;
	if (r->lab == NULL || r->title == NULL || r->kit_version == NULL || r->isolation == NULL ||
	    r->isolation_lost == NULL || r->language == NULL || r->submission == NULL)
		return -2;
	return 0;
}

/* ---- the stations ---------------------------------------------------------------- */

static int
make_stage(struct way *w)
{
	w->stage = stage_create();
	if (w->stage == NULL)
		return our_fault(w, _("The grader cannot make a temporary directory"));
	w->source = join_path(w->stage, "taken", NULL);
	if (w->source == NULL)
		return -2;
	if (mkdir(w->source, 0700) < 0)
		return our_fault(w, _("The grader cannot make a temporary directory"));
	return 0;
}

static int
take_in(struct way *w)
{
	struct result *r = w->r;
	struct intake taken = {0};
	char why[WHY] = "";
	int result = 0;

	if (intake(w->g->submission, &w->g->lab->files, w->source, &taken, why, sizeof why) < 0) {
		result =
		    stop(w, errno == EINVAL ? RESULT_CANNOT_BE_GRADED : RESULT_GRADER_FAULT, why);
	} else {
		r->files_missing = list_of((const char *const *)taken.missing.at, taken.missing.n);
		r->files_ignored = list_of((const char *const *)taken.ignored.at, taken.ignored.n);
		r->n_files_ignored = taken.n_ignored;
		if (r->files_missing == NULL || r->files_ignored == NULL)
			result = -2;
	}
	intake_free(&taken);
	return result;
}

/* The lab's programs, none of which came about. */
static bool
nothing_was_built(const struct build *build)
{
	for (size_t i = 0; i < build->n; i++)
		if (build->programs[i].built)
			return false;
	return build->n > 0;
}

static int
build(struct way *w)
{
	const struct grading *g = w->g;
	struct result *r = w->r;
	char why[WHY] = "";

	if (build_submission(
		g->lab, g->root, w->source, w->stage, g->isolation, &w->build, why, sizeof why) < 0)
		return stop(w, RESULT_GRADER_FAULT, why);
	if (w->build.compiler != NULL && w->build.compiler[0] != '\0' &&
	    (r->compiler = strdup(w->build.compiler)) == NULL)
		return -2;
	if (!nothing_was_built(&w->build))
		return 0;
	r->status = RESULT_DOES_NOT_BUILD;
	r->reason =
	    strdup(w->build.timed_out       ? _("The compiler took too long and was ended.")
		   : w->build.out_of_memory ? _("The compiler used up the memory that it may have.")
					    : _("None of the lab's programs could be built."));
	return r->reason == NULL ? -2 : 0;
}

static int
judge(struct way *w)
{
	const struct grading *g = w->g;
	const struct checking c = {
	    .lab = g->lab,
	    .root = g->root,
	    .stage = w->stage,
	    .build = &w->build,
	    .isolation = g->isolation,
	    .finished = g->finished,
	    .with = g->with,
	};

	if (checks_prepare(w->r, g->lab, &g->only) < 0)
		return -2;
	if (g->built != NULL)
		g->built(w->r, g->with);
	if (checks_run(&c, w->r) < 0)
		return our_fault(w, _("The checks could not be run"));
	result_settle(w->r);
	return 0;
}

struct result *
grade_one(const struct grading *g)
{
	static int (*const stations[])(struct way *) = {
	    fill_head, make_stage, take_in, build, judge};
	struct way w = {.g = g, .r = result_new()};
	double start = now();
	int end = w.r == NULL ? -2 : 0;

	/* Without its catalog a lab speaks English. */
	(void)messages_add_domain(g->root, g->lab->name);
	for (size_t i = 0; end == 0 && i < sizeof stations / sizeof *stations; i++)
		end = stations[i](&w);
	if (w.stage != NULL)
		stage_remove(w.stage);
	free(w.stage);
	free(w.source);
	build_free(&w.build);
	if (end == -2) {
		result_free(w.r);
		errno = ENOMEM;
		return NULL;
	}
	w.r->seconds = now() - start;
	return w.r;
}
