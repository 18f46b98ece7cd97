/* help.c - gabel help and gabel version. */
#include "../base/messages.h"
#include "command.h"
#include "version.h"

#include <stdio.h>

static void
explain_all(void)
{
	puts(_("Gabel grades labs in Unix systems programming."));
	putchar('\n');
	for (const struct command *c = commands; c->name != NULL; c++)
		printf("  gabel %-9s %s\n", c->name, _(c->summary));
	putchar('\n');
	puts(_("'gabel help COMMAND' explains one of them; gabel(1) has it all."));
	puts(_("Exit status: 0 full points, 1 points lost, 2 cannot be graded, 3 fault of the "
	       "grader."));
}

static void
explain(const struct command *c)
{
	printf("gabel %s %s\n    %s\n", c->name, c->synopsis, _(c->summary));
	print_options(c);
}

int
command_help(const char *root, struct options *o, size_t n, char **operands)
{
	const struct command *c;

	(void)root;
	(void)o;
	if (n == 0) {
		explain_all();
		return FULL_POINTS;
	}
	c = find_command(operands[0]);
	if (c == NULL)
		return CANNOT;
	explain(c);
	return FULL_POINTS;
}

int
command_version(const char *root, struct options *o, size_t n, char **operands)
{
	(void)root;
	(void)o;
	(void)n;
	(void)operands;
	puts("gabel " GABEL_VERSION);
	return FULL_POINTS;
}
