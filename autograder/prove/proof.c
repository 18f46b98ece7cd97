/* proof.c - see proof.h. */
#define _GNU_SOURCE
#include "proof.h"

#include "../src/base/files.h"
#include "../src/base/messages.h"
#include "../src/base/text.h"
#include "../src/cli/grade_one.h"
#include "kit_digest.h"
#include "runs.h"
#include "tap.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- 1: each case once ---------------------------------------------------------------------- */

static json_t *
grade_case(const struct run *run, void *with)
{
	const struct proof *p = with;
	struct grading g = {.root = p->way->root,
	    .lab = p->lab,
	    .submission = p->cases.at[run->of].directory,
	    .seed = run->seed};
	struct result *r = grade_one(&g);
	json_t *document = r == NULL ? NULL : result_to_json(r);

	result_free(r);
	return document;
}

static int
plan_cases(const struct proof *p, struct batch *batch)
{
	for (size_t i = 0; i < p->cases.n; i++) {
		const struct proof_case *c = &p->cases.at[i];

		if (c->directory != NULL && batch_add(batch,
						text_format("once %s %s of %.16s",
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

static bool
is_part(const struct proof_case *c)
{
	return c->kind == CASE_WITHOUT || c->kind == CASE_ONLY;
}

static void
judge_cases(struct proof *p, unsigned *item)
{
	for (size_t i = 0; i < p->cases.n; i++) {
		const struct proof_case *c = &p->cases.at[i];
		struct tap tap;

		if (is_part(c))
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

/* ---- 2: parts
 * ------------------------------------------------------------------------------------ */

/* Bit i: without part i this check does not pass. */
static uint64_t
needed_by(const struct proof *p, size_t check)
{
	uint64_t needed = 0, all = 0;

	for (size_t i = 0; i < p->cases.n; i++)
		if (p->cases.at[i].kind == CASE_ONLY)
			all |= p->cases.at[i].parts;
	for (size_t i = 0; i < p->cases.n; i++) {
		struct result *r;

		if (p->cases.at[i].kind != CASE_WITHOUT)
			continue;
		r = result_from_json(p->results[i]);
		if (r == NULL || check >= r->n_checks || r->checks[check].verdict != PASSED)
			needed |= all & ~p->cases.at[i].parts;
		result_free(r);
	}
	return needed;
}

/* Does this answer get the points of the checks that need no other part, and of no others? */
static void
judge_only(const struct proof *p, const struct proof_case *c, const struct result *r,
    struct finding *f, FILE *words)
{
	f->fair = r->n_checks == p->lab->n_checks || r->status == RESULT_DOES_NOT_BUILD;
	for (size_t i = 0; i < r->n_checks; i++) {
		const struct check_result *check = &r->checks[i];
		bool enough = (needed_by(p, i) & ~c->parts) == 0;

		f->grader_fault = f->grader_fault || check->verdict == GRADER_FAULT;
		if (enough == (check->verdict == PASSED))
			continue;
		f->fair = false;
		describe_check(check,
		    enough ? ", but no other function is needed for it"
			   : ", but without another function it must not pass",
		    words);
	}
}

static void
judge_without(const struct result *r, struct finding *f, FILE *words)
{
	for (size_t i = 0; i < r->n_checks; i++)
		f->grader_fault = f->grader_fault || r->checks[i].verdict == GRADER_FAULT;
	f->fair = r->score < r->max_score;
	if (!f->fair)
		fprintf(words, "no check misses it\n");
}

static void
judge_part(struct proof *p, size_t i, FILE *words)
{
	const struct proof_case *c = &p->cases.at[i];
	struct finding *f = &p->findings[i];
	struct result *r = result_from_json(p->results[i]);

	if (r == NULL) {
		f->grader_fault = true;
		fprintf(words, "the grading left no result\n");
		return;
	}
	p->points[i] = r->score;
	if (c->kind == CASE_ONLY)
		judge_only(p, c, r, f, words);
	else
		judge_without(r, f, words);
	f->fair = f->fair && !f->grader_fault;
	result_free(r);
}

static void
judge_parts(struct proof *p, unsigned *item)
{
	for (size_t i = 0; i < p->cases.n; i++) {
		const struct proof_case *c = &p->cases.at[i];
		struct tap tap;

		if (!is_part(c))
			continue;
		tap_begin(&tap);
		judge_part(p, i, tap.words);
		p->failed |= !p->findings[i].fair;
		tap_end(&tap, item, p->findings[i].fair, "%s: %s %s: %u points", p->lab->name,
		    c->kind == CASE_ONLY ? "only" : "all but", c->name, p->points[i]);
	}
}

/* ---- 3: mutants ---------------------------------------------------------------------------------
 */

static unsigned
other_programs(const struct mutants *m)
{
	return m->of[FATE_KILLED] + m->of[FATE_SURVIVED] + m->of[FATE_EQUIVALENT];
}

double
proof_killed(const struct mutants *m)
{
	unsigned killable = m->of[FATE_KILLED] + m->of[FATE_SURVIVED];

	return killable == 0 ? 100 : 100.0 * m->of[FATE_KILLED] / killable;
}

double
proof_equivalent(const struct mutants *m)
{
	unsigned n = other_programs(m);

	return n == 0 ? 0 : 100.0 * m->of[FATE_EQUIVALENT] / n;
}

/* Ready to be copied into equivalents.yaml, if it is one. */
static void
describe_mutant(const struct mutants_way *w, const struct mutant *m, FILE *words)
{
	char *diff = mutant_diff(w, m);

	fprintf(words, "%s: %s:%ld (%s), %s\n%s", fate_name(m->fate), mutant_word(m, "file"),
	    mutant_line(m), mutant_word(m, "function"), mutant_word(m, "what"),
	    diff == NULL ? "" : diff);
	if (m->fate == FATE_GRADER_FAULT)
		fprintf(words, "%s: %s\n", m->killer == NULL ? "grading" : m->killer,
		    m->message == NULL ? "no result" : m->message);
	fprintf(words, "alone: build/prove --mutant %s %s\n", mutant_word(m, "id"), w->lab->name);
	free(diff);
}

/* An entry that says something untrue. Returns how many. */
static unsigned
judge_equivalents(const struct mutants *m, FILE *words)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < m->equivalents.n; i++) {
		const struct equivalent *e = &m->equivalents.all[i];

		if (e->used)
			continue;
		wrong++;
		fprintf(words,
		    "equivalents.yaml:%d: stale: there is no mutant %s of a line \"%s\" in %s\n",
		    e->at, e->mutant, e->line, e->file);
	}
	for (size_t i = 0; i < m->n; i++) {
		if (m->at[i].equivalent == NULL || m->at[i].fate == FATE_EQUIVALENT)
			continue;
		wrong++;
		fprintf(words, "equivalents.yaml:%d: not equivalent: %s %s\n",
		    m->at[i].equivalent->at, fate_name(m->at[i].fate),
		    m->at[i].killer == NULL ? "" : m->at[i].killer);
	}
	return wrong;
}

/* One that was asked for by its id: what became of it. */
static void
judge_one_mutant(struct proof *p, unsigned *item)
{
	const struct mutant *m = p->mutants.at;
	struct tap tap;

	tap_begin(&tap);
	p->failed |= p->mutants.n != 1;
	tap_end(&tap, item, p->mutants.n == 1, "%s: mutant %s: %s %s (%s, %s)", p->lab->name,
	    p->way->mutant, p->mutants.n == 1 ? fate_name(m->fate) : "there is none",
	    p->mutants.n == 0 || m->killer == NULL ? "" : m->killer,
	    p->mutants.n == 0 || m->verdict == NULL ? "" : m->verdict,
	    p->mutants.n == 0 || m->key == NULL ? "" : m->key);
}

static void
judge_mutants(struct proof *p, const struct mutants_way *w, unsigned *item)
{
	const struct mutants *m = &p->mutants;
	struct tap tap;
	bool good;

	tap_begin(&tap);
	for (size_t i = 0; i < m->n; i++)
		if (m->at[i].fate == FATE_SURVIVED || m->at[i].fate == FATE_GRADER_FAULT)
			describe_mutant(w, &m->at[i], tap.words);
	good = judge_equivalents(m, tap.words) == 0 && m->of[FATE_GRADER_FAULT] == 0 &&
	       proof_killed(m) >= MUTANTS_KILLED_LEAST &&
	       proof_equivalent(m) <= MUTANTS_EQUIVALENT_MOST && other_programs(m) > 0;
	p->failed |= !good;
	tap.always = m->of[FATE_SURVIVED] > 0; /* a few may stay: they are listed */
	tap_end(&tap, item, good,
	    "%s: mutants: %u killed of %u that are not equivalent (%.1f %%), %u recorded as "
	    "equivalent (%.1f %%); %u others are the same program, %u do not build, %u met a "
	    "grader fault",
	    p->lab->name, m->of[FATE_KILLED], m->of[FATE_KILLED] + m->of[FATE_SURVIVED],
	    proof_killed(m), m->of[FATE_EQUIVALENT], proof_equivalent(m), m->of[FATE_SAME_PROGRAM],
	    m->of[FATE_DOES_NOT_BUILD], m->of[FATE_GRADER_FAULT]);
}

/* What each check cost with the solution. NULL when there is no memory. */
static double *
costs(const struct proof *p)
{
	double *cost = calloc(p->lab->n_checks + 1, sizeof *cost);
	const json_t *checks = NULL;

	for (size_t i = 0; i < p->cases.n; i++)
		if (p->cases.at[i].kind == CASE_SOLUTION)
			checks = json_object_get(p->results[i], "checks");
	for (size_t i = 0; cost != NULL && i < json_array_size(checks); i++)
		if (i < p->lab->n_checks)
			cost[i] = json_number_value(
			    json_object_get(json_array_get(checks, i), "seconds"));
	/* What bats does is not measured, and starting bats costs more than most checks. */
	for (size_t i = 0; cost != NULL && i < p->lab->n_checks; i++)
		if (p->lab->checks[i].judge != NULL)
			cost[i] += 0.5;
	return cost;
}

static int
prove_mutants(struct proof *p, unsigned *item)
{
	double *cost = costs(p);
	const struct mutants_way w = {.root = p->way->root,
	    .temporary = p->way->work,
	    .lab = p->lab,
	    .journal = p->journal,
	    .only = p->way->mutant,
	    .cost = cost,
	    .jobs = p->way->jobs};
	int result = cost == NULL ? -1 : mutants_run(&w, &p->mutants);

	if (result == 0 && w.only != NULL)
		judge_one_mutant(p, item);
	else if (result == 0)
		judge_mutants(p, &w, item);
	free(cost);
	return result;
}

/* ---- 4: repeats ---------------------------------------------------------------------------------
 */

static void
judge_repeated(struct proof *p, size_t i, unsigned *item)
{
	const struct proof_case *c = &p->cases.at[i];
	const struct repeated *r = &p->repeated[i];
	unsigned runs = 0, deviations = 0, faults = 0;
	struct tap tap;

	tap_begin(&tap);
	for (enum condition k = 0; k < CONDITIONS; k++) {
		runs += r->runs[k];
		deviations += r->deviations[k];
		faults += r->faults[k];
	}
	if (r->words != NULL)
		fputs(r->words, tap.words);
	p->failed |= deviations + faults > 0;
	tap_end(&tap, item, deviations + faults == 0,
	    "%s: %s %s, %u times: %u deviations, %u grader faults", p->lab->name,
	    case_kind_name(c->kind), c->name, runs, deviations, faults);
}

static int
prove_repeats(struct proof *p, unsigned *item)
{
	const struct repeats_way w = {.root = p->way->root,
	    .temporary = p->way->work,
	    .lab = p->lab,
	    .journal = p->journal,
	    .jobs = p->way->jobs,
	    .times = p->way->repeat};
	int result;

	p->repeated = calloc(p->cases.n + 1, sizeof *p->repeated);
	result = p->repeated == NULL ? -1 : repeats_run(&w, &p->cases, p->repeated);
	for (size_t i = 0; i < p->cases.n && result == 0; i++)
		if (case_repeats(&p->cases.at[i]))
			judge_repeated(p, i, item);
	return result;
}

/* ---- a lab
 * ---------------------------------------------------------------------------------------- */

static void
keep_only(struct cases *cases, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < cases->n; i++) {
		struct proof_case c = cases->at[i];

		if (strcmp(c.name, name) != 0)
			continue;
		cases->at[i] = cases->at[kept];
		cases->at[kept++] = c;
	}
	cases->n = kept; /* those left out are freed with the process */
}

static int
make_cases(struct proof *p)
{
	char *work = join_path(p->way->work, p->lab->name, NULL);
	char *solution = join_path(p->way->root, "solutions", p->lab->name, NULL);
	int result = -1;

	if (work != NULL && solution != NULL &&
	    cases_make(p->way->root, p->lab, work, &p->cases) == 0 &&
	    parts_find(solution, p->lab, &p->parts) == 0)
		result = p->way->parts && p->parts.n > 1
			     ? cases_add_parts(p->way->root, p->lab, &p->parts, work, &p->cases)
			     : 0;
	if (result == 0 && p->way->only != NULL)
		keep_only(&p->cases, p->way->only);
	if (result == 0) {
		p->results = calloc(p->cases.n + 1, sizeof *p->results);
		p->findings = calloc(p->cases.n + 1, sizeof *p->findings);
		p->points = calloc(p->cases.n + 1, sizeof *p->points);
		if (p->results == NULL || p->findings == NULL || p->points == NULL)
			result = -1;
	}
	free(solution);
	free(work);
	return result;
}

static int
open_lab(struct proof *p, const char *name)
{
	char *directory = join_path(p->way->root, "labs", name, NULL), kit[DIGEST_TEXT];

	p->lab = directory == NULL ? NULL : lab_load(directory, stderr);
	free(directory);
	if (p->lab == NULL || messages_add_domain(p->way->root, name) < 0 ||
	    kit_digest(p->way->root, p->lab, kit) < 0)
		return -1;
	p->journal = journal_open(p->way->out, name, kit, p->way->seed);
	if (p->journal == NULL && errno == EWOULDBLOCK)
		fprintf(stderr, "prove: another proof of this lab is at work\n");
	return p->journal == NULL ? -1 : 0;
}

static int
prove(struct proof *p, unsigned *item)
{
	int result = make_cases(p);

	if (result == 0)
		result = grade_cases(p);
	if (result != 0)
		return result;
	judge_cases(p, item);
	judge_parts(p, item);
	if (p->way->mutants)
		result = prove_mutants(p, item);
	if (result == 0 && p->way->repeat > 0)
		result = prove_repeats(p, item);
	return result;
}

struct proof *
proof_make(const struct proof_way *w, const char *lab, unsigned *item, int *stopped)
{
	struct proof *p = calloc(1, sizeof *p);
	int result = -1;

	*stopped = 0;
	if (p != NULL) {
		p->way = w;
		result = open_lab(p, lab);
	}
	if (result == 0)
		result = prove(p, item);
	if (result == 0)
		return p;
	if (result > 0)
		*stopped = result;
	else
		fprintf(stderr, "prove: %s: %s\n", lab, strerror(errno));
	proof_free(p);
	return NULL;
}

void
proof_free(struct proof *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; p->repeated != NULL && i < p->cases.n; i++)
		free(p->repeated[i].words);
	free(p->repeated);
	mutants_free(&p->mutants);
	parts_free(&p->parts);
	free(p->points);
	free(p->findings);
	free(p->results);
	cases_free(&p->cases);
	journal_close(p->journal);
	lab_free(p->lab);
	free(p);
}
