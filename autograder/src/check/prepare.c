/* prepare.c - which checks are to be judged. */
#include "../base/messages.h"
#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * Marks a check and all that it requires. A circle, which lab_load() refuses,
 * would end here too: what is marked is not visited again.
 */
static int
want(const struct lab *lab, const char *id, bool *wanted)
{
	const struct check_spec *check = lab_check(lab, id);

	if (check == NULL) {
		errno = ENOENT;
		return -1;
	}
	if (wanted[check - lab->checks])
		return 0;
	wanted[check - lab->checks] = true;
	for (size_t i = 0; i < check->requires.n; i++)
		if (want(lab, check->requires.at[i], wanted) < 0)
			return -1;
	return 0;
}

static int
fill(struct check_result *result, const struct lab *lab, const struct check_spec *check)
{
	result->id = strdup(check->id);
	result->title = strdup(dgettext(lab->name, check->title));
	result->max_points = check->points;
	result->hidden = check->hidden;
	result->verdict = GRADER_FAULT;
	if (check->lecture != NULL && (result->lecture = strdup(check->lecture)) == NULL)
		return -1;
	return result->id == NULL || result->title == NULL ? -1 : 0;
}

int
checks_prepare(struct result *r, const struct lab *lab, const struct strings *only)
{
	bool *wanted = calloc(lab->n_checks + 1, sizeof *wanted);
	int result = wanted == NULL ? -1 : 0;

	r->checks = calloc(lab->n_checks + 1, sizeof *r->checks);
	if (r->checks == NULL)
		result = -1;
	for (size_t i = 0; result == 0 && i < lab->n_checks; i++)
		wanted[i] = only->n == 0;
	for (size_t i = 0; result == 0 && i < only->n; i++)
		result = want(lab, only->at[i], wanted);
	for (size_t i = 0; result == 0 && i < lab->n_checks; i++)
		if (wanted[i])
			result = fill(&r->checks[r->n_checks++], lab, &lab->checks[i]);
	free(wanted);
	return result;
}
