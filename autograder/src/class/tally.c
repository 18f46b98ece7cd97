/* tally.c - see tally.h. */
#include "tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
tally_begin(struct tally *tally, struct roster *roster)
{
	*tally = (struct tally){
	    .roster = roster, .labs = calloc(roster->labs.n + 1, sizeof *tally->labs)};
	if (tally->labs == NULL)
		return -1;
	for (size_t i = 0; i < roster->labs.n; i++)
		tally->labs[i].name = roster->labs.at[i];
	return 0;
}

static struct lab_tally *
find_lab(const struct tally *tally, const char *name)
{
	for (size_t i = 0; i < tally->roster->labs.n; i++)
		if (strcmp(tally->labs[i].name, name) == 0)
			return &tally->labs[i];
	return NULL;
}

const struct lab_tally *
tally_lab(const struct tally *tally, const char *name)
{
	return find_lab(tally, name);
}

/* The lab's checks, from the first result that has them. */
static int
learn_checks(struct lab_tally *lab, const struct result *r)
{
	lab->columns = calloc(r->n_checks, sizeof *lab->columns);
	if (lab->columns == NULL)
		return -1;
	lab->n = r->n_checks;
	for (size_t i = 0; i < lab->n; i++) {
		const struct check_result *c = &r->checks[i];
		struct column *column = &lab->columns[i];

		*column = (struct column){.id = strdup(c->id),
		    .title = strdup(c->title),
		    .points = c->max_points,
		    .hidden = c->hidden};
		if (column->id == NULL || column->title == NULL)
			return -1;
	}
	return 0;
}

static int
learn(struct lab_tally *lab, const struct result *r)
{
	if (r->max_score > lab->max_score)
		lab->max_score = r->max_score;
	if (lab->title == NULL && r->title) {
		lab->title = strdup(r->title);
		if (lab->title == NULL)
			return -1;
	}
	return lab->n == 0 && r->n_checks > 0 ? learn_checks(lab, r) : 0;
}

static int
take_verdicts(struct outcome *outcome, const struct lab_tally *lab, const struct result *r)
{
	if (r->n_checks == 0)
		return 0;
	outcome->verdicts = malloc(lab->n);
	if (outcome->verdicts == NULL)
		return -1;
	outcome->n_checks = lab->n;
	for (size_t i = 0; i < lab->n; i++) {
		outcome->verdicts[i] = NOT_REACHED;
		for (size_t j = 0; j < r->n_checks; j++)
			if (strcmp(r->checks[j].id, lab->columns[i].id) == 0)
				outcome->verdicts[i] = (unsigned char)r->checks[j].verdict;
	}
	return 0;
}

static void
count(struct tally *tally, const struct result *r)
{
	if (r->status == RESULT_GRADER_FAULT) {
		tally->faults++;
		return;
	}
	tally->judged++;
	if (r->status == RESULT_CANNOT_BE_GRADED)
		tally->refused++;
}

int
tally_add(struct tally *tally, struct submission *s, const struct result *r)
{
	struct lab_tally *lab = find_lab(tally, s->lab);
	struct outcome *outcome = &s->outcome;

	if (r == NULL || lab == NULL) {
		tally->missing++;
		return 0;
	}
	if (learn(lab, r) < 0)
		return -1;
	outcome->known = true;
	outcome->status = r->status;
	outcome->score = r->score;
	outcome->max_score = r->max_score;
	outcome->points_gradable = r->points_gradable;
	if (r->reason && r->status != RESULT_DOES_NOT_BUILD &&
	    (outcome->reason = strdup(r->reason)) == NULL)
		return -1;
	count(tally, r);
	return take_verdicts(outcome, lab, r);
}

void
tally_free(struct tally *tally)
{
	for (size_t i = 0; tally->labs && i < tally->roster->labs.n; i++) {
		for (size_t j = 0; j < tally->labs[i].n; j++) {
			free(tally->labs[i].columns[j].id);
			free(tally->labs[i].columns[j].title);
		}
		free(tally->labs[i].columns);
		free(tally->labs[i].title);
	}
	free(tally->labs);
	*tally = (struct tally){0};
}
