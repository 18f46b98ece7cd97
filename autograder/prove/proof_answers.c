/* proof_answers.c - every answer once: is it judged as it must be? */
#define _GNU_SOURCE
#include "proof_steps.h"

#include "../src/base/text.h"
#include "../src/cli/grade_one.h"
#include "narrow.h"
#include "runs.h"
#include "tap.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool
needs_valgrind(const struct lab *lab, const char *id)
{
	for (size_t i = 0; i < lab->n_checks; i++)
		if (strcmp(lab->checks[i].id, id) == 0)
			return lab->checks[i].profile == PROFILE_VALGRIND;
	return false;
}

/* By every check that runs a file in which the mistake is; the others have been asked about the
 * solution. */
static struct lab *
lab_of_changed(const struct lab *lab, const struct proof_case *c)
{
	return c->changed.n == 0 ? NULL : narrow_to_files(lab, &c->changed, NULL);
}

/* What a case is judged by; NULL: by the whole lab. */
static struct lab *
narrowed_lab(const struct proof *p, const struct proof_case *c)
{
	const struct mistake *m = &c->mistake;
	struct lab *quick, *narrowed;

	if (c->kind != CASE_MISTAKE || m->caught_by == NULL)
		return NULL;
	if (p->way->named || (p->way->without_memory && needs_valgrind(p->lab, m->caught_by)))
		return narrow_to_check(p->lab, m->caught_by, &m->also_fails);
	if (!p->way->without_memory)
		return lab_of_changed(p->lab, c);
	quick = narrow_without_memory(p->lab);
	narrowed = quick == NULL ? NULL : lab_of_changed(quick, c);
	if (narrowed == NULL)
		return quick;
	narrow_free(quick);
	return narrowed;
}

/* Results of another kind of judging are others: the journal must not mix them. */
static const char *
way_name(const struct proof_way *w)
{
	return w->named ? "named" : w->without_memory ? "without memory" : "once";
}

static json_t *
grade_case(const struct run *run, void *with)
{
	const struct proof *p = with;
	const struct proof_case *c = &p->cases.at[run->of];
	struct lab *narrowed = narrowed_lab(p, c);
	struct grading g = {.root = p->way->root,
	    .lab = narrowed != NULL ? narrowed : p->lab,
	    .submission = c->directory,
	    .seed = run->seed};
	struct result *r = grade_one(&g);
	json_t *document = r == NULL ? NULL : result_to_json(r);

	result_free(r);
	narrow_free(narrowed);
	return document;
}

static int
plan_cases(const struct proof *p, struct batch *batch)
{
	for (size_t i = 0; i < p->cases.n; i++) {
		const struct proof_case *c = &p->cases.at[i];

		if (c->directory != NULL && batch_add(batch,
						text_format("%s %s %s of %.16s", way_name(p->way),
						    case_kind_name(c->kind), c->name, c->digest),
						journal_seed(p->journal), i, 0) < 0)
			return -1;
	}
	return 0;
}

static int
grade_cases(struct proof *p)
{
	char *title = text_format("%s: answers", p->lab->name);
	struct batch batch = {.title = title,
	    .jobs = p->way->jobs,
	    .temporary = p->way->work,
	    .journal = p->journal,
	    .work = grade_case,
	    .with = p};
	pid_t load = load_begin(p->way->under, p->way->work);
	int result = load < 0 ? -1 : plan_cases(p, &batch);

	if (load < 0)
		fprintf(stderr, "prove: stress-ng cannot be started: %s\n", strerror(errno));
	batch.load = load;
	if (result == 0)
		result = batch_run(&batch);
	if (load >= 0)
		load_end(load);
	for (size_t i = 0; i < batch.n && result == 0; i++)
		p->results[batch.at[i].of] = batch_record(&batch, i);
	batch_free(&batch);
	free(title);
	return result;
}

/* What the journal knows about a case, judged; a fault when that is no result. */
static struct finding
judge_case(struct proof *p, size_t i, FILE *words)
{
	const struct proof_case *c = &p->cases.at[i];
	const char *fault = json_string_value(json_object_get(p->results[i], "fault"));
	struct finding f = {.grader_fault = true};
	struct result *r;

	if (c->directory == NULL) {
		fprintf(words, "%s\n", c->trouble == NULL ? "out of memory" : c->trouble);
		return (struct finding){0};
	}
	r = fault != NULL ? NULL : result_from_json(p->results[i]);
	if (r == NULL) {
		fprintf(words, "%s\n", fault != NULL ? fault : "the grading left no result");
		return f;
	}
	f = case_judge(c, r, words);
	p->points[i] = r->score;
	if (!f.fair)
		fprintf(words, "again: build/prove --seed %" PRIu64 " --case %s %s\n", r->seed,
		    c->name, p->lab->name);
	result_free(r);
	return f;
}

static void
judge_cases(struct proof *p, unsigned *item)
{
	for (size_t i = 0; i < p->cases.n; i++) {
		const struct proof_case *c = &p->cases.at[i];
		struct tap tap;

		if (case_is_part(c))
			continue;
		tap_begin(&tap);
		p->findings[i] = judge_case(p, i, tap.words);
		p->failed |= !p->findings[i].fair;
		tap_end(&tap, item, p->findings[i].fair, "%s: %s %s%s%s", p->lab->name,
		    case_kind_name(c->kind), c->name, c->kind == CASE_MISTAKE ? ", caught by " : "",
		    c->kind != CASE_MISTAKE        ? ""
		    : c->mistake.caught_by == NULL ? "?"
						   : c->mistake.caught_by);
	}
}

int
prove_answers(struct proof *p, unsigned *item)
{
	int result = grade_cases(p);

	if (result == 0)
		judge_cases(p, item);
	return result;
}
