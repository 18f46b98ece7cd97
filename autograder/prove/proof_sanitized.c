/*
 * proof_sanitized.c - the right answers once more, built with the sanitizers of
 * addresses and of undefined behaviour: whatever the checks do to them, nothing
 * must be found. Leaks are the memory checks' affair: their search and the eye
 * exclude each other.
 */
#define _GNU_SOURCE
#include "proof_steps.h"

#include "../src/base/text.h"
#include "../src/cli/grade_one.h"
#include "narrow.h"
#include "runs.h"
#include "tap.h"
#include <inttypes.h>
#include <stdlib.h>

static bool
is_right(const struct proof_case *c)
{
	return c->directory != NULL && (c->kind == CASE_SOLUTION || c->kind == CASE_ALTERNATIVE);
}

static json_t *
grade_sanitized(const struct run *run, void *with)
{
	const struct proof *p = with;
	struct lab *lab = narrow_sanitized(p->lab);
	struct grading g = {.root = p->way->root,
	    .lab = lab,
	    .submission = p->cases.at[run->of].directory,
	    .seed = run->seed};
	struct result *r = lab == NULL ? NULL : grade_one(&g);
	json_t *document = r == NULL ? NULL : result_to_json(r);

	result_free(r);
	narrow_free(lab);
	return document;
}

static void
judge_sanitized(struct proof *p, const struct run *run, const json_t *record, unsigned *item)
{
	const struct proof_case *c = &p->cases.at[run->of];
	struct result *r = result_from_json(record);
	struct finding f = {.grader_fault = true};
	struct tap tap;

	tap_begin(&tap);
	if (r == NULL)
		fprintf(tap.words, "the grading left no result\n");
	else
		f = repeat_judge(c, r, tap.words);
	if (!f.fair)
		fprintf(tap.words,
		    "again: build/prove --sanitized --seed %" PRIu64 " --case %s %s\n", run->seed,
		    c->name, p->lab->name);
	result_free(r);
	p->sanitized++;
	p->sanitized_clean += f.fair;
	p->sanitized_faults += f.grader_fault;
	p->failed |= !f.fair;
	tap_end(&tap, item, f.fair, "%s: %s %s, with sanitizers", p->lab->name,
	    case_kind_name(c->kind), c->name);
}

static int
plan(const struct proof *p, struct batch *batch)
{
	for (size_t i = 0; i < p->cases.n; i++) {
		const struct proof_case *c = &p->cases.at[i];

		if (is_right(c) && batch_add(batch,
				       text_format("sanitized %s %s of %.16s",
					   case_kind_name(c->kind), c->name, c->digest),
				       journal_seed(p->journal), i, 0) < 0)
			return -1;
	}
	return 0;
}

int
prove_sanitized(struct proof *p, unsigned *item)
{
	char *title = text_format("%s: sanitizers", p->lab->name);
	struct batch batch = {.title = title,
	    .jobs = p->way->jobs,
	    .temporary = p->way->work,
	    .journal = p->journal,
	    .work = grade_sanitized,
	    .with = p};
	int result = plan(p, &batch);

	if (result == 0)
		result = batch_run(&batch);
	for (size_t i = 0; i < batch.n && result == 0; i++)
		judge_sanitized(p, &batch.at[i], batch_record(&batch, i), item);
	batch_free(&batch);
	free(title);
	return result;
}
