/* lab.c - gabel lab: what the author of a lab needs. */
#include "../base/messages.h"
#include "../base/nearest.h"
#include "../base/text.h"
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct verb {
	const char *name;
	int (*run)(const char *root, size_t n, char **operands);
};

/* Loads a lab for its mistakes alone. */
static int
validate_one(const char *root, const char *name)
{
	int status = CANNOT;
	struct lab *lab = load_lab(root, name, &status);

	if (lab == NULL)
		return CANNOT;
	printf(_("%s: %zu checks, %u points\n"), lab->name, lab->n_checks, lab->max_points);
	lab_free(lab);
	return FULL_POINTS;
}

static int
validate(const char *root, size_t n, char **operands)
{
	struct strings all = {0};
	int status = FULL_POINTS;

	if (n == 0 && lab_list(root, &all) < 0) {
		complain(_("the labs cannot be listed: %s"), strerror(errno));
		return FAULT;
	}
	for (size_t i = 0; i < n; i++)
		if (validate_one(root, operands[i]) != FULL_POINTS)
			status = CANNOT;
	for (size_t i = 0; i < all.n; i++)
		if (validate_one(root, all.at[i]) != FULL_POINTS)
			status = CANNOT;
	strings_free(&all);
	return status;
}

static const struct verb verbs[] = {{"validate", validate}};

enum { N_VERBS = sizeof verbs / sizeof *verbs };

static int
complain_about_verb(const char *word)
{
	const char *names[N_VERBS], *nearest;
	struct text shown = {0};

	for (size_t i = 0; i < N_VERBS; i++)
		names[i] = verbs[i].name;
	nearest = nearest_word(word, names, N_VERBS);
	text_put_name(&shown, word);
	if (nearest != NULL)
		complain(
		    _("“gabel lab” cannot “%s”; did you mean “%s”?"), text_string(&shown), nearest);
	else
		complain(_("“gabel lab” cannot “%s”; call it as: gabel lab %s"),
		    text_string(&shown), find_command("lab")->synopsis);
	text_free(&shown);
	return CANNOT;
}

int
command_lab(const char *root, struct options *o, size_t n, char **operands)
{
	(void)o;
	if (n == 0) {
		complain(_("%s is missing; call it as: gabel %s %s"), _("what to do"), "lab",
		    find_command("lab")->synopsis);
		return CANNOT;
	}
	for (size_t i = 0; i < N_VERBS; i++)
		if (strcmp(verbs[i].name, operands[0]) == 0)
			return verbs[i].run(root, n - 1, operands + 1);
	return complain_about_verb(operands[0]);
}
