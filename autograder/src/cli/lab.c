/* lab.c - gabel lab: what the author of a lab needs. */
#include "../base/messages.h"
#include "../base/nearest.h"
#include "../base/text.h"
#include "../lab/new_lab.h"
#include "../lab/strings.h"
#include "../lab/validate.h"
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct verb {
	const char *name;
	int (*run)(const char *root, size_t n, char **operands);
};

/* The full name of the lab that name means; NULL after a complaint. */
static char *
find_lab(const char *root, const char *name)
{
	char *found = lab_find(root, name);

	if (found == NULL)
		complain_about_lab(root, name, errno);
	return found;
}

/* ---- validate ---------------------------------------------------------------- */

static int
validate_one(const char *root, const char *name)
{
	char *found = find_lab(root, name);
	int findings, status = CANNOT;

	if (found == NULL)
		return CANNOT;
	findings = lab_validate(root, found, stdout);
	if (findings < 0) {
		complain("%s: %s", found, strerror(errno));
		status = FAULT;
	} else if (findings == 0) {
		printf(_("%s: nothing to say against it\n"), found);
		status = FULL_POINTS;
	}
	free(found);
	return status;
}

static int
validate(const char *root, size_t n, char **operands)
{
	struct strings all = {0};
	int worst = FULL_POINTS;

	if (n == 0 && lab_list(root, &all) < 0) {
		complain(_("the labs cannot be listed: %s"), strerror(errno));
		return FAULT;
	}
	for (size_t i = 0; i < (n == 0 ? all.n : n); i++) {
		int status = validate_one(root, n == 0 ? all.at[i] : operands[i]);

		worst = status > worst ? status : worst;
	}
	strings_free(&all);
	return worst;
}

/* ---- strings, new ------------------------------------------------------------ */

static int
print_strings(const char *root, size_t n, char **operands)
{
	char *found;
	int result;

	if (!has_operands(find_command("lab"), n, 1, _("the lab")))
		return CANNOT;
	found = find_lab(root, operands[0]);
	if (found == NULL)
		return CANNOT;
	result = lab_strings(root, found, stdout, stderr);
	if (result < 0 && errno != EINVAL)
		complain("%s: %s", found, strerror(errno));
	free(found);
	return result < 0 ? CANNOT : FULL_POINTS;
}

static int
make_new(const char *root, size_t n, char **operands)
{
	if (!has_operands(find_command("lab"), n, 1, _("the name of the new lab")))
		return CANNOT;
	if (new_lab(root, operands[0], stdout) == 0)
		return FULL_POINTS;
	return errno == EINVAL || errno == EEXIST ? CANNOT : FAULT;
}

static const struct verb verbs[] = {
    {"validate", validate}, {"strings", print_strings}, {"new", make_new}};

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
		    _("'gabel lab' cannot '%s'; did you mean '%s'?"), text_string(&shown), nearest);
	else
		complain(_("'gabel lab' cannot '%s'; call it as: gabel lab %s"),
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
