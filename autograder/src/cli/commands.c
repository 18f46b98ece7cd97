/* commands.c - the table of commands, and what several of them need. */
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/nearest.h"
#include "../base/text.h"
#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct command commands[] = {
    {"check", "--lab LAB [OPTION]... SUBMISSION", N_("grade one submission: a folder, tar or zip"),
	FOR_CHECK, command_check},
    {"grade", "[--lab LAB]... [OPTION]... --out DIR SUBMISSIONS",
	N_("grade a class: a folder with one entry for each student"), FOR_GRADE, command_grade},
    {"start", "--lab LAB DIR", N_("make a fresh working copy of a lab's skeleton"), FOR_START,
	command_start},
    {"lab", "validate [LAB]... | strings LAB | new NAME",
	N_("for authors: validate labs, list their texts, begin a new one"), FOR_LAB, command_lab},
    {"help", "[COMMAND]", N_("explain the commands, or one of them"), 0, command_help},
    {"version", "", N_("print the version of the kit"), 0, command_version},
    {NULL, NULL, NULL, 0, NULL},
};

const struct command *
find_command(const char *name)
{
	const char *names[sizeof commands / sizeof *commands];
	struct text shown = {0};
	const char *nearest;
	size_t n = 0;

	for (; commands[n].name != NULL; n++) {
		if (strcmp(commands[n].name, name) == 0)
			return &commands[n];
		names[n] = commands[n].name;
	}
	text_put_name(&shown, name);
	nearest = nearest_word(name, names, n);
	if (nearest != NULL)
		complain(_("'%s' is no command; did you mean '%s'?"), text_string(&shown), nearest);
	else
		complain(_("'%s' is no command; 'gabel help' lists all"), text_string(&shown));
	text_free(&shown);
	return NULL;
}

bool
has_operands(const struct command *command, size_t n, size_t wanted, const char *what)
{
	if (n == wanted)
		return true;
	if (n < wanted)
		complain(_("%s is missing; call it as: gabel %s %s"), what, command->name,
		    command->synopsis);
	else
		complain(
		    _("too many words; call it as: gabel %s %s"), command->name, command->synopsis);
	return false;
}

void
complain_about_lab(const char *root, const char *name, int error)
{
	struct strings labs = {0};
	struct text all = {0}, shown = {0};

	text_put_name(&shown, name);
	if (error == EEXIST) {
		complain(
		    _("several labs begin with '%s': give the whole name"), text_string(&shown));
	} else if (error != ENOENT || lab_list(root, &labs) < 0) {
		complain(
		    _("the lab '%s' cannot be read: %s"), text_string(&shown), strerror(error));
	} else {
		for (size_t i = 0; i < labs.n; i++)
			text_printf(&all, "%s%s", i == 0 ? "" : ", ", labs.at[i]);
		complain(_("there is no lab '%s'; there are: %s"), text_string(&shown),
		    text_string(&all));
	}
	strings_free(&labs);
	text_free(&all);
	text_free(&shown);
}

struct lab *
load_lab(const char *root, const char *name, int *status)
{
	char *found = lab_find(root, name), *directory;
	struct lab *lab = NULL;

	if (found == NULL) {
		complain_about_lab(root, name, errno);
		*status = CANNOT;
		return NULL;
	}
	directory = join_path(root, "labs", found, NULL);
	if (directory != NULL)
		lab = lab_load(directory, stderr);
	if (lab == NULL)
		*status = FAULT;
	free(directory);
	free(found);
	return lab;
}

bool
sandbox_works(const char *root)
{
	char why[1024] = "";
	char *keeper = join_path(root, "build/keeper", NULL);
	bool works = keeper != NULL && sandbox_probe(keeper, why, sizeof why) == 0;

	if (keeper == NULL)
		complain("%s", strerror(errno));
	else if (!works)
		complain("%s", why);
	free(keeper);
	return works;
}
