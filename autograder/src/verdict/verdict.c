#include "verdict.h"

#include <string.h>

static const char *const verdict_tokens[] = {
    [PASSED] = "passed",
    [FAILED] = "failed",
    [CRASHED] = "crashed",
    [TIMED_OUT] = "timed out",
    [OUT_OF_MEMORY] = "out of memory",
    [LEFT_PROCESSES] = "left processes",
    [DOES_NOT_BUILD] = "does not build",
    [NOT_REACHED] = "not reached",
    [GRADER_FAULT] = "grader fault",
};

static const char *const status_tokens[] = {
    [RESULT_GRADED] = "graded",
    [RESULT_DOES_NOT_BUILD] = "does not build",
    [RESULT_CANNOT_BE_GRADED] = "cannot be graded",
    [RESULT_GRADER_FAULT] = "grader fault",
};

enum {
	N_VERDICTS = sizeof verdict_tokens / sizeof *verdict_tokens,
	N_STATUSES = sizeof status_tokens / sizeof *status_tokens
};

const char *
verdict_token(enum verdict v)
{
	return verdict_tokens[v];
}

int
verdict_from_token(const char *token, enum verdict *v)
{
	for (unsigned i = 0; i < N_VERDICTS; i++)
		if (strcmp(token, verdict_tokens[i]) == 0) {
			*v = (enum verdict)i;
			return 0;
		}
	return -1;
}

const char *
result_status_token(enum result_status s)
{
	return status_tokens[s];
}

int
result_status_from_token(const char *token, enum result_status *s)
{
	for (unsigned i = 0; i < N_STATUSES; i++)
		if (strcmp(token, status_tokens[i]) == 0) {
			*s = (enum result_status)i;
			return 0;
		}
	return -1;
}

static const struct check_result *
find(const struct check_result *done, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(done[i].id, id) == 0)
			return &done[i];
	return NULL;
}

enum verdict
verdict_of_requirements(
    const struct check_spec *check, const struct check_result *done, size_t n, const char **because)
{
	enum verdict worst = PASSED;

	*because = NULL;
	for (size_t i = 0; i < check->requires.n && worst != GRADER_FAULT; i++) {
		const struct check_result *required = find(done, n, check->requires.at[i]);

		if (required == NULL || required->verdict == GRADER_FAULT)
			worst = GRADER_FAULT;
		else if (required->verdict != PASSED && worst == PASSED)
			worst = NOT_REACHED;
		else
			continue;
		*because = check->requires.at[i];
	}
	return worst;
}

void
result_settle(struct result *r)
{
	r->score = r->max_score = r->points_gradable = 0;
	for (size_t i = 0; i < r->n_checks; i++) {
		struct check_result *c = &r->checks[i];

		c->points = c->verdict == PASSED ? c->max_points : 0;
		r->score += c->points;
		r->max_score += c->max_points;
		if (c->verdict == GRADER_FAULT)
			r->status = RESULT_GRADER_FAULT;
		else
			r->points_gradable += c->max_points;
	}
}

int
result_exit_status(const struct result *r)
{
	switch (r->status) {
	case RESULT_GRADER_FAULT:
		return 3;
	case RESULT_CANNOT_BE_GRADED:
		return 2;
	case RESULT_DOES_NOT_BUILD:
		return 1;
	case RESULT_GRADED:
		break;
	}
	return r->score == r->max_score ? 0 : 1;
}
