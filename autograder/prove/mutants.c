/* mutants.c - see mutants.h. */
#define _GNU_SOURCE
#include "mutants.h"

#include "../src/base/files.h"
#include "../src/base/text.h"
#include "../src/class/digest.h"
#include "../src/cli/grade_one.h"
#include "narrow.h"
#include "program.h"
#include "runs.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SOURCE_MAX = 1 << 20 };

const char *
fate_name(enum fate fate)
{
	static const char *const names[] = {
	    "killed", "survived", "equivalent", "same program", "does not build", "grader fault"};

	return names[fate];
}

const char *
mutant_word(const struct mutant *m, const char *name)
{
	const char *word = json_string_value(json_object_get(m->is, name));

	return word == NULL ? "" : word;
}

long
mutant_line(const struct mutant *m)
{
	return (long)json_integer_value(json_object_get(m->is, "line"));
}

/* ---- the list ------------------------------------------------------------------------------- */

/* What build/mutate prints about the lab's solution. */
static json_t *
list_mutants(const struct mutants_way *w)
{
	char *mutate = join_path(w->root, "build/mutate", NULL);
	char *solution = join_path(w->root, "solutions", w->lab->name, NULL);
	char **argv = calloc(w->lab->files.n + 4, sizeof *argv);
	size_t n = 0;
	json_t *list = NULL;

	if (mutate != NULL && solution != NULL && argv != NULL) {
		argv[n++] = mutate;
		argv[n++] = "-I";
		argv[n++] = w->lab->directory;
		for (size_t i = 0; i < w->lab->files.n; i++)
			argv[n++] = w->lab->files.at[i];
		list = program_json(solution, argv);
	}
	free(argv);
	free(solution);
	free(mutate);
	return list;
}

static int
load(const struct mutants_way *w, struct mutants *m)
{
	*m = (struct mutants){.list = list_mutants(w)};
	if (m->list == NULL)
		return -1;
	m->at = calloc(json_array_size(m->list) + 1, sizeof *m->at);
	if (m->at == NULL || equivalents_load(w->lab->directory, &m->equivalents, stderr) < 0)
		return -1;
	for (size_t i = 0; i < json_array_size(m->list); i++) {
		m->at[m->n].is = json_array_get(m->list, i);
		m->n += w->only == NULL || strcmp(w->only, mutant_word(&m->at[m->n], "id")) == 0;
	}
	return 0;
}

/* ---- one mutant, in a worker ------------------------------------------------------------------
 */

struct grading_of_mutants {
	const struct mutants_way *way;
	const struct mutants *mutants;
	const struct batch *batch; /* run i grades mutant i */
	const char *solution;
};

/* The changed file's text, malloc'd. */
static char *
mutated_text(const char *solution, const struct mutant *m)
{
	char *path = join_path(solution, mutant_word(m, "file"), NULL), *text, *mutated = NULL;
	size_t n, offset = (size_t)json_integer_value(json_object_get(m->is, "offset"));
	size_t length = (size_t)json_integer_value(json_object_get(m->is, "length"));

	text = path == NULL ? NULL : read_file(path, SOURCE_MAX, &n);
	if (text != NULL && offset <= n && length <= n - offset)
		mutated = text_format("%.*s%s%s", (int)offset, text, mutant_word(m, "replacement"),
		    text + offset + length);
	free(text);
	free(path);
	return mutated;
}

/*
 * Compiles a file as a student's is, but optimized and without debugging
 * information: then nothing in the object says where or in which line its
 * source was.
 */
static bool
compile(const struct lab *lab, const char *directory, const char *file, const char *object)
{
	char *const argv[] = {"gcc", "-std=c17", "-D_XOPEN_SOURCE=700", "-O2", "-w", "-pipe", "-I",
	    lab->directory, "-c", "-o", (char *)object, (char *)file, NULL};

	return program_succeeds(directory, argv);
}

/* What it is compiled to, by its digest; false when it does not build. */
static bool
digest_of_object(const struct lab *lab, const char *directory, const char *file,
    const char *temporary, char digest[DIGEST_TEXT])
{
	char *object = text_format("%s/mutants.o", temporary);
	bool good = object != NULL && compile(lab, directory, file, object) &&
		    digest_path(object, digest) == 0;

	if (object != NULL)
		unlink(object);
	free(object);
	return good;
}

/* Is the changed file compiled to what the solution's is? */
static bool
same_program(const struct grading_of_mutants *g, const char *mutant, const char *file)
{
	char before[DIGEST_TEXT], after[DIGEST_TEXT];

	return digest_of_object(g->way->lab, g->solution, file, mutant, before) &&
	       digest_of_object(g->way->lab, mutant, file, mutant, after) &&
	       strcmp(before, after) == 0;
}

static json_t *
outcome_of(const struct result *r)
{
	for (size_t i = 0; i < r->n_checks; i++) {
		const struct check_result *c = &r->checks[i];

		if (c->verdict == GRADER_FAULT)
			return json_pack("{s:s, s:s, s:s?}", "outcome", "grader fault", "check",
			    c->id, "message", c->message);
		if (c->verdict == DOES_NOT_BUILD)
			return json_pack("{s:s}", "outcome", "does not build");
		if (c->verdict != PASSED && c->verdict != NOT_REACHED)
			return json_pack("{s:s, s:s, s:s, s:s?, s:s?}", "outcome", "killed",
			    "check", c->id, "verdict", verdict_token(c->verdict), "key", c->key,
			    "message", c->message);
	}
	if (r->status == RESULT_GRADED)
		return json_pack("{s:s}", "outcome", "survived");
	return json_pack("{s:s, s:s?}", "outcome",
	    r->status == RESULT_DOES_NOT_BUILD ? "does not build" : "grader fault", "message",
	    r->reason);
}

static size_t
index_of_check(const struct lab *lab, const char *id)
{
	size_t i = 0;

	while (i < lab->n_checks && (id == NULL || strcmp(lab->checks[i].id, id) != 0))
		i++;
	return i;
}

/* How much a kill tells about this mutant: its neighbours mostly die of the same check. */
static unsigned
nearness(const struct mutant *a, const struct mutant *b)
{
	if (strcmp(mutant_word(a, "file"), mutant_word(b, "file")) != 0)
		return 0;
	return strcmp(mutant_word(a, "function"), mutant_word(b, "function")) == 0 ? 10 : 1;
}

/*
 * What each check costs for a kill that may be expected of it, from what has
 * become of other mutants so far. The worker is a child of the process that
 * keeps the records, and was made just now. Malloc'd; NULL with errno.
 */
static double *
cost_of_a_kill(const struct grading_of_mutants *g, const struct mutant *m)
{
	const struct lab *lab = g->way->lab;
	double *cost = calloc(lab->n_checks + 1, sizeof *cost);
	unsigned *kills = calloc(lab->n_checks + 1, sizeof *kills);

	for (size_t i = 0; kills != NULL && i < g->mutants->n; i++) {
		const json_t *record = batch_record(g->batch, i);
		const char *killer = json_string_value(json_object_get(record, "check"));

		kills[index_of_check(lab, killer)] += nearness(m, &g->mutants->at[i]);
	}
	for (size_t i = 0; cost != NULL && kills != NULL && i < lab->n_checks; i++)
		cost[i] = g->way->cost[i] / (1 + kills[i]);
	if (kills == NULL) {
		free(cost);
		cost = NULL;
	}
	free(kills);
	return cost;
}

static json_t *
grade(const struct grading_of_mutants *g, const struct mutant *m, const char *directory,
    uint64_t seed)
{
	double *cost = cost_of_a_kill(g, m);
	const struct strings file = {.n = 1, .at = (char *[]){(char *)mutant_word(m, "file")}};
	struct lab *lab = cost == NULL ? NULL : narrow_to_files(g->way->lab, &file, cost);
	struct grading grading = {.root = g->way->root,
	    .lab = lab,
	    .submission = directory,
	    .seed = seed,
	    .first_failure_ends = true};
	struct result *r = lab == NULL ? NULL : grade_one(&grading);
	json_t *outcome = r == NULL ? NULL : outcome_of(r);

	result_free(r);
	narrow_free(lab);
	free(cost);
	return outcome;
}

/* Writes the mutant to directory, which is the worker's own. */
static int
make(const struct grading_of_mutants *g, const struct mutant *m, const char *directory)
{
	char *text = mutated_text(g->solution, m);
	char *path = join_path(directory, mutant_word(m, "file"), NULL);
	int result = -1;

	if (text != NULL && path != NULL && copy_tree(g->solution, directory, SOURCE_MAX) == 0)
		result = write_file_atomic(path, text, strlen(text), 0600);
	free(path);
	free(text);
	return result;
}

static bool
survived(const json_t *record)
{
	const char *outcome = json_string_value(json_object_get(record, "outcome"));

	return outcome != NULL && strcmp(outcome, fate_name(FATE_SURVIVED)) == 0;
}

static json_t *
grade_mutant(const struct run *run, void *with)
{
	const struct grading_of_mutants *g = with;
	const struct mutant *m = &g->mutants->at[run->of];
	char *directory = join_path(getenv("TMPDIR"), "mutant", NULL);
	json_t *record = NULL;

	if (directory != NULL && make(g, m, directory) == 0) {
		record = grade(g, m, directory, run->seed);
		if (survived(record) && same_program(g, directory, mutant_word(m, "file"))) {
			json_decref(record);
			record = json_pack("{s:s}", "outcome", fate_name(FATE_SAME_PROGRAM));
		}
	}
	free(directory);
	return record;
}

/* ---- all ----------------------------------------------------------------------------------------
 */

/* A run of the journal: it depends on the whole solution and on the change. */
static char *
name_run(const char *solution_digest, const struct mutant *m)
{
	return text_format("mutant %s of %.16s", mutant_word(m, "id"), solution_digest);
}

static enum fate
fate_of(const char *outcome)
{
	for (enum fate f = 0; outcome != NULL && f < FATES; f++)
		if (strcmp(outcome, fate_name(f)) == 0)
			return f;
	return FATE_GRADER_FAULT;
}

/* An entry speaks of this mutant only while its line is the same. */
static void
settle(struct mutants *m, struct mutant *mutant, const json_t *record)
{
	struct equivalent *e = equivalents_find(&m->equivalents, mutant_word(mutant, "id"));

	mutant->fate = fate_of(json_string_value(json_object_get(record, "outcome")));
	mutant->killer = json_string_value(json_object_get(record, "check"));
	mutant->verdict = json_string_value(json_object_get(record, "verdict"));
	mutant->message = json_string_value(json_object_get(record, "message"));
	if (mutant->message == NULL)
		mutant->message = json_string_value(json_object_get(record, "fault"));
	mutant->key = json_string_value(json_object_get(record, "key"));
	if (e != NULL && strcmp(e->line, mutant_word(mutant, "text")) == 0 &&
	    strcmp(e->file, mutant_word(mutant, "file")) == 0) {
		e->used = true;
		mutant->equivalent = e;
		if (mutant->fate == FATE_SURVIVED)
			mutant->fate = FATE_EQUIVALENT;
	}
	m->of[mutant->fate]++;
}

static int
run_all(const struct mutants_way *w, struct mutants *m, const char *solution)
{
	char digest[DIGEST_TEXT];
	char *title = text_format("%s: mutants", w->lab->name);
	struct batch batch = {.title = title,
	    .jobs = w->jobs,
	    .temporary = w->temporary,
	    .journal = w->journal,
	    .work = grade_mutant};
	struct grading_of_mutants g = {w, m, &batch, solution};
	int result = digest_path(solution, digest) < 0 ? -1 : 0;

	batch.with = &g;

	for (size_t i = 0; i < m->n && result == 0; i++)
		result = batch_add(
		    &batch, name_run(digest, &m->at[i]), journal_seed(w->journal) + i, i, 0);
	if (result == 0)
		result = batch_run(&batch);
	for (size_t i = 0; i < m->n && result == 0; i++)
		settle(m, &m->at[i], batch_record(&batch, i));
	batch_free(&batch);
	free(title);
	return result;
}

int
mutants_run(const struct mutants_way *w, struct mutants *m)
{
	char *solution = join_path(w->root, "solutions", w->lab->name, NULL);
	int result = -1;

	if (solution != NULL && load(w, m) == 0)
		result = run_all(w, m, solution);
	free(solution);
	return result;
}

void
mutants_free(struct mutants *m)
{
	json_decref(m->list);
	equivalents_free(&m->equivalents);
	free(m->at);
	*m = (struct mutants){0};
}

/* ---- a diff's lines
 * ------------------------------------------------------------------------------- */

/* Every line of text that touches [from, to), each after sign. */
static void
put_lines(struct text *out, char sign, const char *text, size_t from, size_t to)
{
	while (from > 0 && text[from - 1] != '\n')
		from--;
	to += strcspn(text + to, "\n");
	while (from <= to && text[from] != '\0') {
		size_t n = strcspn(text + from, "\n");

		text_printf(out, "%c%.*s\n", sign, (int)n, text + from);
		from += n + 1;
	}
}

char *
mutant_diff(const struct mutants_way *w, const struct mutant *m)
{
	char *solution = join_path(w->root, "solutions", w->lab->name, NULL);
	char *path = join_path(solution, mutant_word(m, "file"), NULL);
	char *before = path == NULL ? NULL : read_file(path, SOURCE_MAX, NULL);
	char *after = solution == NULL ? NULL : mutated_text(solution, m);
	size_t offset = (size_t)json_integer_value(json_object_get(m->is, "offset"));
	size_t length = (size_t)json_integer_value(json_object_get(m->is, "length"));
	struct text out = {0};

	if (before != NULL && after != NULL) {
		put_lines(&out, '-', before, offset, offset + length);
		put_lines(&out, '+', after, offset, offset + strlen(mutant_word(m, "replacement")));
	}
	free(after);
	free(before);
	free(path);
	free(solution);
	return text_take(&out);
}
