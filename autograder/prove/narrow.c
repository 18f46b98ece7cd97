/* narrow.c - see narrow.h. */
#include "narrow.h"

#include <stdlib.h>
#include <string.h>

/* Marks what the marked checks require, and what that requires. */
static void
close_over(const struct lab *lab, bool *kept)
{
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < lab->n_checks; i++) {
			if (!kept[i])
				continue;
			for (size_t j = 0; j < lab->n_checks; j++)
				if (!kept[j] &&
				    strings_have(&lab->checks[i].requires, lab->checks[j].id))
					kept[j] = more = true;
		}
	}
}

/* The smallest cost among those kept and not yet taken, or n. */
static size_t
cheapest(const struct lab *lab, const bool *kept, const double *cost)
{
	size_t best = lab->n_checks;

	for (size_t i = 0; i < lab->n_checks; i++)
		if (kept[i] && (best == lab->n_checks || (cost != NULL && cost[i] < cost[best])))
			best = i;
	return best;
}

/* Takes kept, which is used up. Without cost in the lab's order. */
static struct lab *
narrow(const struct lab *lab, bool *kept, const double *cost)
{
	struct lab *narrowed = malloc(sizeof *narrowed);
	struct check_spec *checks = calloc(lab->n_checks + 1, sizeof *checks);

	if (narrowed == NULL || checks == NULL) {
		free(narrowed);
		free(checks);
		return NULL;
	}
	*narrowed = *lab;
	narrowed->checks = checks;
	narrowed->n_checks = 0;
	narrowed->max_points = 0;
	for (size_t i; (i = cheapest(lab, kept, cost)) < lab->n_checks; kept[i] = false) {
		checks[narrowed->n_checks++] = lab->checks[i];
		narrowed->max_points += lab->checks[i].points;
	}
	return narrowed;
}

struct lab *
narrow_to_check(const struct lab *lab, const char *id, const struct strings *more)
{
	bool *kept = calloc(lab->n_checks + 1, sizeof *kept);
	struct lab *narrowed = NULL;

	for (size_t i = 0; kept != NULL && i < lab->n_checks; i++)
		kept[i] = strcmp(lab->checks[i].id, id) == 0 ||
			  (more != NULL && strings_have(more, lab->checks[i].id));
	if (kept != NULL) {
		close_over(lab, kept);
		narrowed = narrow(lab, kept, NULL);
	}
	free(kept);
	return narrowed;
}

/* Without the checks of some profiles, nor those that require one. */
static struct lab *
without(const struct lab *lab, bool (*unwanted)(enum profile profile))
{
	bool *dropped = calloc(lab->n_checks + 1, sizeof *dropped);
	struct lab *narrowed;

	if (dropped == NULL)
		return NULL;
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < lab->n_checks; i++) {
			const struct check_spec *check = &lab->checks[i];
			bool drop = unwanted(check->profile);

			for (size_t j = 0; j < lab->n_checks; j++)
				drop = drop || (dropped[j] && strings_have(&check->requires,
								  lab->checks[j].id));
			more = more || (drop && !dropped[i]);
			dropped[i] = dropped[i] || drop;
		}
	}
	for (size_t i = 0; i < lab->n_checks; i++)
		dropped[i] = !dropped[i];
	narrowed = narrow(lab, dropped, NULL);
	free(dropped);
	return narrowed;
}

static bool
is_memory(enum profile profile)
{
	return profile == PROFILE_VALGRIND;
}

struct lab *
narrow_without_memory(const struct lab *lab)
{
	return without(lab, is_memory);
}

static bool
is_no_sanitizer(enum profile profile)
{
	return profile != PROFILE_GRADED && profile != PROFILE_ASAN;
}

struct lab *
narrow_sanitized(const struct lab *lab)
{
	struct lab *narrowed = without(lab, is_no_sanitizer);

	for (size_t i = 0; narrowed != NULL && i < narrowed->n_checks; i++)
		narrowed->checks[i].profile = PROFILE_ASAN;
	if (narrowed != NULL)
		narrowed->sanitized = true;
	return narrowed;
}

static bool
runs_one_of(const struct lab *lab, const struct check_spec *check, const struct strings *files)
{
	for (size_t i = 0; i < check->programs.n; i++) {
		const struct program *p = lab_program(lab, check->programs.at[i]);

		for (size_t j = 0; p != NULL && j < files->n; j++)
			if (strings_have(&p->student, files->at[j]))
				return true;
	}
	return false;
}

struct lab *
narrow_to_files(const struct lab *lab, const struct strings *files, const double *cost)
{
	bool *kept = calloc(lab->n_checks + 1, sizeof *kept);
	struct lab *narrowed = NULL;

	for (size_t i = 0; kept != NULL && i < lab->n_checks; i++)
		kept[i] = runs_one_of(lab, &lab->checks[i], files);
	if (kept != NULL) {
		close_over(lab, kept);
		narrowed = narrow(lab, kept, cost);
	}
	free(kept);
	return narrowed;
}

void
narrow_free(struct lab *lab)
{
	if (lab != NULL)
		free(lab->checks);
	free(lab);
}
