/* repeats.c - see repeats.h. */
#define _GNU_SOURCE
#include "repeats.h"

#include "../src/base/text.h"
#include "../src/cli/grade_one.h"
#include "finding.h"
#include "narrow.h"
#include "runs.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What one case is judged with, time and again. */
struct again {
	struct lab *lab; /* with the checks that judge it */
	struct grading grading;
	struct prepared *prepared;
};

struct repeating {
	const struct repeats_way *way;
	const struct cases *cases;
	struct again *again; /* of each case */
};

bool
case_repeats(const struct proof_case *c)
{
	return c->directory != NULL &&
	       (c->kind == CASE_SOLUTION || c->kind == CASE_ALTERNATIVE || c->kind == CASE_MISTAKE);
}

/* ---- built once -------------------------------------------------------------------------- */

static int
prepare(const struct repeats_way *w, const struct proof_case *c, struct again *a)
{
	a->lab = c->kind == CASE_MISTAKE ? narrow_to_check(w->lab, c->mistake.caught_by, NULL)
					 : narrow_without_memory(w->lab);
	if (a->lab == NULL)
		return -1;
	a->grading = (struct grading){.root = w->root, .lab = a->lab, .submission = c->directory};
	a->prepared = grading_prepare(&a->grading);
	return a->prepared == NULL ? -1 : 0;
}

static void
finish(struct repeating *r)
{
	for (size_t i = 0; i < r->cases->n; i++) {
		grading_finish(r->again[i].prepared);
		narrow_free(r->again[i].lab);
	}
	free(r->again);
}

/* ---- the runs ------------------------------------------------------------------------------ */

/* Only what tells why: a run in which all passed is remembered by its score. */
static json_t *
shortened(const struct result *r)
{
	json_t *document = result_to_json(r), *checks = json_object_get(document, "checks");

	for (size_t i = json_array_size(checks); i-- > 0;) {
		const char *verdict =
		    json_string_value(json_object_get(json_array_get(checks, i), "verdict"));

		if (verdict != NULL && strcmp(verdict, verdict_token(PASSED)) == 0)
			json_array_remove(checks, i);
	}
	json_object_del(document, "compiler");
	return document;
}

static json_t *
judge_again(const struct run *run, void *with)
{
	const struct repeating *r = with;
	const struct again *a = &r->again[run->of];
	struct result *result = grading_judge(a->prepared, NULL, run->seed);
	json_t *record = result == NULL ? NULL : shortened(result);

	result_free(result);
	return record;
}

/*
 * How often a case is judged under this condition. Right answers show whether
 * the checks are fair; of mistakes there are ten times as many, and each is
 * judged by one check only, so a share of the runs tells as much about it.
 */
static unsigned
share(const struct repeats_way *w, const struct proof_case *c, enum condition condition)
{
	unsigned times = w->times;

	if (c->kind == CASE_MISTAKE)
		times = (times + MISTAKES_SHARE - 1) / MISTAKES_SHARE;
	return times / CONDITIONS + (times % CONDITIONS > condition);
}

/* Every case in turn, so that a short busy spell does not meet one of them only. */
static int
plan(struct repeating *r, struct batch *batch, enum condition condition)
{
	uint64_t seed = journal_seed(r->way->journal) + 1000000 * (uint64_t)condition;

	for (unsigned k = 0; k < r->way->times; k++)
		for (size_t i = 0; i < r->cases->n; i++) {
			const struct proof_case *c = &r->cases->at[i];

			if (case_repeats(c) && k < share(r->way, c, condition) &&
			    batch_add(batch,
				text_format("again %s %s of %.16s, %s %u", case_kind_name(c->kind),
				    c->name, c->digest, condition_name(condition), k),
				seed + k, i, condition) < 0)
				return -1;
		}
	return 0;
}

static bool
all_known(const struct batch *batch)
{
	for (size_t i = 0; i < batch->n; i++)
		if (batch_record(batch, i) == NULL)
			return false;
	return true;
}

/* Builds what one of these runs needs and was not built for another condition. */
static int
prepare_all(struct repeating *r, const struct batch *batch)
{
	for (size_t i = 0; i < batch->n; i++) {
		size_t of = batch->at[i].of;

		if (batch_record(batch, i) == NULL && r->again[of].prepared == NULL &&
		    prepare(r->way, &r->cases->at[of], &r->again[of]) < 0)
			return -1;
	}
	return 0;
}

static int
run_under_load(struct repeating *r, struct batch *batch, enum condition condition)
{
	pid_t load = load_begin(condition, r->way->temporary);
	int result;

	if (load < 0) {
		fprintf(stderr, "prove: stress-ng cannot be started: %s\n", strerror(errno));
		return -1;
	}
	batch->load = load;
	result = batch_run(batch);
	if (load_end(load) || result != 0)
		return result;
	fprintf(stderr, "prove: stress-ng ended by itself, so \"%s\" was no load\n",
	    condition_name(condition));
	errno = ECHILD;
	return -1;
}

/* ---- what they showed ------------------------------------------------------------------------ */

static struct finding
judge_record(const struct proof_case *c, const json_t *record, FILE *words)
{
	struct finding f = {.grader_fault = true};
	struct result *r = result_from_json(record);

	if (r == NULL)
		fprintf(words, "%s\n",
		    json_string_value(json_object_get(record, "fault")) == NULL
			? "the grading left no result"
			: json_string_value(json_object_get(record, "fault")));
	else
		f = repeat_judge(c, r, words);
	result_free(r);
	return f;
}

static void
note_run(const struct repeating *r, const struct run *run, const json_t *record,
    struct repeated *repeated, FILE *words)
{
	const struct proof_case *c = &r->cases->at[run->of];
	struct finding f = judge_record(c, record, words);

	repeated->runs[run->how]++;
	repeated->faults[run->how] += f.grader_fault;
	repeated->deviations[run->how] += !f.fair && !f.grader_fault;
	if (!f.fair)
		fprintf(words, "again: build/prove --seed %" PRIu64 " --under %s --case %s %s\n",
		    run->seed, condition_name(run->how), c->name, r->way->lab->name);
}

static int
note_all(const struct repeating *r, const struct batch *batch, struct repeated *repeated)
{
	for (size_t i = 0; i < batch->n; i++) {
		struct repeated *of = &repeated[batch->at[i].of];
		char *words = NULL, *both;
		size_t n;
		FILE *stream = open_memstream(&words, &n);

		if (stream == NULL)
			return -1;
		note_run(r, &batch->at[i], batch_record(batch, i), of, stream);
		fclose(stream);
		if (n > 0) {
			both = text_format("%s%s", of->words == NULL ? "" : of->words, words);
			free(of->words);
			of->words = both;
		}
		free(words);
	}
	return 0;
}

/*
 * Beside four stressors for each core one grading gets a fifth of a core at
 * best. Many at a time make the machine even busier, and the proof end: with two jobs for each
 * core, beside eight stressors, 48 gradings get six sevenths of what two cores have.
 */
static unsigned
jobs_under(const struct repeats_way *w, enum condition condition)
{
	enum { TIMES = 12 };

	return condition == IDLE ? w->jobs : TIMES * w->jobs;
}

static int
repeat_under(struct repeating *r, enum condition condition, struct repeated *repeated)
{
	char *title =
	    text_format("%s: repeated runs, %s", r->way->lab->name, condition_name(condition));
	struct batch batch = {.title = title,
	    .jobs = jobs_under(r->way, condition),
	    .temporary = r->way->temporary,
	    .journal = r->way->journal,
	    .work = judge_again,
	    .with = r};
	int result = plan(r, &batch, condition);

	if (result == 0 && !all_known(&batch)) {
		result = prepare_all(r, &batch);
		if (result == 0)
			result = run_under_load(r, &batch, condition);
	}
	if (result == 0)
		result = note_all(r, &batch, repeated);
	batch_free(&batch);
	free(title);
	return result;
}

int
repeats_run(const struct repeats_way *w, const struct cases *cases, struct repeated *repeated)
{
	struct repeating r = {w, cases, calloc(cases->n + 1, sizeof *r.again)};
	int result = r.again == NULL ? -1 : 0;

	for (enum condition c = 0; c < CONDITIONS && result == 0; c++)
		result = repeat_under(&r, c, repeated);
	if (r.again != NULL)
		finish(&r);
	return result;
}
