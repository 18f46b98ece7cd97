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
struct prepared {
	const struct grading *g;
	struct result *r;
	char *stage;  /* what the sandbox may read */
	char *source; /* the clean copy of what was handed in */
	struct build build;
	json_t *head; /* the result as it was before anything was judged */
	bool ready;   /* to be judged, also when nothing was built */
	double seconds;
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
stop(struct result *r, enum result_status status, const char *sentence)
{
	r->status = status;
	if (status == RESULT_GRADER_FAULT)
		r->points_gradable = 0;
	free(r->reason);
	r->reason = strdup(sentence);
	return r->reason == NULL ? -2 : -1;
}

static int
our_fault(struct result *r, const char *what)
{
	struct text t = {0};
	int error = errno, result;

	text_printf(&t, "%s: %s", what, strerror(error));
	result = stop(r, RESULT_GRADER_FAULT, text_string(&t));
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
fill_head(struct prepared *w)
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
make_stage(struct prepared *w)
{
	w->stage = stage_create();
	if (w->stage == NULL)
		return our_fault(w->r, _("The grader cannot make a temporary directory"));
	w->source = join_path(w->stage, "taken", NULL);
	if (w->source == NULL)
		return -2;
	if (mkdir(w->source, 0700) < 0)
		return our_fault(w->r, _("The grader cannot make a temporary directory"));
	return 0;
}

static int
take_in(struct prepared *w)
{
	struct result *r = w->r;
	const struct lab *lab = w->g->lab;
	const struct intake_kit kit = {lab->directory, &lab->contract};
	struct intake taken = {0};
	char why[WHY] = "";
	int result = 0;

	if (intake(w->g->submission, &lab->files, &kit, w->source, &taken, why, sizeof why) < 0) {
		result = stop(
		    w->r, errno == EINVAL ? RESULT_CANNOT_BE_GRADED : RESULT_GRADER_FAULT, why);
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
build(struct prepared *w)
{
	const struct grading *g = w->g;
	struct result *r = w->r;
	char why[WHY] = "";

	if (build_submission(g->lab, g->root, w->source, g->own, w->stage, g->isolation, &w->build,
		why, sizeof why) < 0)
		return stop(w->r, RESULT_GRADER_FAULT, why);
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

/* ---- the two steps ------------------------------------------------------------------ */

/* Not all tell when they have no memory: then a station ends with -2. */
static void
go(struct prepared *w)
{
	static int (*const stations[])(struct prepared *) = {fill_head, make_stage, take_in, build};
	int end = w->r == NULL ? -2 : 0;

	for (size_t i = 0; end == 0 && i < sizeof stations / sizeof *stations; i++)
		end = stations[i](w);
	w->ready = end == 0;
	if (end != -2)
		w->head = result_to_json(w->r);
}

struct prepared *
grading_prepare(const struct grading *g)
{
	struct prepared *w = calloc(1, sizeof *w);
	double start = now();

	if (w == NULL)
		return NULL;
	w->g = g;
	w->r = result_new();
	/* Without its catalog a lab speaks English. */
	(void)messages_add_domain(g->root, g->lab->name);
	go(w);
	if (w->head == NULL) {
		grading_finish(w);
		errno = ENOMEM;
		return NULL;
	}
	w->seconds = now() - start;
	return w;
}

/* Judges r. Returns 0, or -1 with errno ENOMEM. */
static int
judge(const struct prepared *w, const struct lab *lab, struct result *r)
{
	const struct grading *g = w->g;
	const struct checking c = {
	    .lab = lab,
	    .root = g->root,
	    .stage = w->stage,
	    .build = &w->build,
	    .isolation = g->isolation,
	    .first_failure_ends = g->first_failure_ends,
	    .judges = g->judges,
	    .finished = g->finished,
	    .with = g->with,
	};

	free(r->checks); /* the head has an empty list */
	r->checks = NULL;
	if (checks_prepare(r, lab, &g->only) < 0)
		return -1;
	if (g->built != NULL)
		g->built(r, g->with);
	if (checks_run(&c, r) < 0)
		return our_fault(r, _("The checks could not be run")) == -2 ? -1 : 0;
	result_settle(r);
	return 0;
}

struct result *
grading_judge(const struct prepared *w, const struct lab *checks, uint64_t seed)
{
	struct result *r = result_from_json(w->head);
	double start = now();

	if (r == NULL)
		return NULL;
	r->seed = seed;
	if (w->ready && judge(w, checks != NULL ? checks : w->g->lab, r) < 0) {
		result_free(r);
		errno = ENOMEM;
		return NULL;
	}
	r->seconds = w->seconds + now() - start;
	return r;
}

void
grading_finish(struct prepared *w)
{
	int keep = errno;

	if (w == NULL)
		return;
	if (w->stage != NULL)
		stage_remove(w->stage);
	free(w->stage);
	free(w->source);
	build_free(&w->build);
	json_decref(w->head);
	result_free(w->r);
	free(w);
	errno = keep;
}

struct result *
grade_one(const struct grading *g)
{
	struct prepared *w = grading_prepare(g);
	struct result *r = w == NULL ? NULL : grading_judge(w, NULL, g->seed);

	grading_finish(w);
	return r;
}
