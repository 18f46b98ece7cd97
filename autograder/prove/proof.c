/* proof.c - see proof.h. */
#define _GNU_SOURCE
#include "proof.h"

#include "../src/base/files.h"
#include "../src/base/messages.h"
#include "kit_digest.h"
#include "proof_steps.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Which of so many mistakes in a row is kept, the seed says. */
static void
keep_every(struct cases *cases, unsigned every, uint64_t seed)
{
	uint64_t mistakes = 0;
	size_t kept = 0;

	for (size_t i = 0; i < cases->n; i++) {
		struct proof_case c = cases->at[i];

		if (c.kind == CASE_MISTAKE && mistakes++ % every != seed % every)
			continue;
		cases->at[i] = cases->at[kept];
		cases->at[kept++] = c;
	}
	cases->n = kept; /* as above */
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
	else if (result == 0 && p->way->every > 1)
		keep_every(&p->cases, p->way->every, p->way->seed);
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

/* Mistakes in it are told whether or not mutants are asked for. */
static int
equivalents_are_good(const struct lab *lab)
{
	struct equivalents e;
	int result = equivalents_load(lab->directory, &e, stderr);

	equivalents_free(&e);
	return result;
}

static int
open_lab(struct proof *p, const char *name)
{
	char *directory = join_path(p->way->root, "labs", name, NULL), kit[DIGEST_TEXT];

	p->lab = directory == NULL ? NULL : lab_load(directory, stderr);
	free(directory);
	if (p->lab == NULL || messages_add_domain(p->way->root, name) < 0 ||
	    equivalents_are_good(p->lab) < 0 || kit_digest(p->way->root, p->lab, kit) < 0)
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
		result = prove_answers(p, item);
	if (result != 0)
		return result;
	prove_parts(p, item);
	if (p->way->sanitized)
		result = prove_sanitized(p, item);
	if (result == 0 && p->way->mutants)
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
