/*
 * mutate - lists the omission mutants of what the student writes in a solution
 *
 *	mutate [-I DIRECTORY]... FILE...
 *
 * A mutant is an edit: so many bytes at an offset are replaced. They are
 * printed as one JSON array, in the order of the files and of their places; no
 * file is changed.
 *
 *	{"id": "3f0c61d2a9b4", "file": "children.c", "function": "kill_all", "line": 40,
 *	 "column": 3, "operator": "statement", "offset": 1187, "length": 22,
 *	 "original": "kill(pids[i], SIGKILL);", "replacement": ";",
 *	 "text": "kill(pids[i], SIGKILL);", "what": "kill() is not called"}
 *
 * line and column count from 1, column, offset and length count bytes; text is
 * the whole lines. mutants.h lists the operators and says what ids are.
 *
 * Files are parsed with the flags that submissions are compiled with.
 * Exit status: 0 fine, 1 a system error, 2 wrong usage, 3 a file that does not
 * parse without errors, each said as FILE:LINE: MESSAGE.
 */
#include "operators.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An operator is asked about the whole file before the next one: see enum operator_kind. */
static mutate *const all[] = {
    mutate_success,
    mutate_calls,
    mutate_loop,
    mutate_expression,
    mutate_constant,
    mutate_initializer,
    mutate_condition,
    mutate_statement,
};

static void
walk(const struct finder *f, mutate *one, const struct node *n)
{
	struct finder here = *f;

	if (n->kind == CXCursor_FunctionDecl) {
		CXString name = clang_getCursorSpelling(n->cursor);

		here.function = n;
		here.name = clang_getCString(name);
		for (const struct node *c = n->first; c != NULL; c = c->next)
			walk(&here, one, c);
		clang_disposeString(name);
		return;
	}
	one(f, n);
	for (const struct node *c = n->first; c != NULL; c = c->next)
		walk(f, one, c);
}

static int
usage(void)
{
	fputs("usage: mutate [-I DIRECTORY]... FILE...\n", stderr);
	return 2;
}

/* Takes every -I over into flags, which has room for all. Returns how many strings, or -1. */
static int
read_options(int argc, char *argv[], const char *flags[])
{
	int n = 0, c;

	while ((c = getopt(argc, argv, "I:")) != -1) {
		if (c != 'I')
			return -1;
		flags[n++] = "-I";
		flags[n++] = optarg;
	}
	return optind < argc ? n : -1;
}

/* Parses all files before anything is printed. Returns the exit status. */
static int
find_all(struct unit units[], char *const paths[], size_t n, const char *const flags[], int flags_n)
{
	struct mutants found = {0};
	int status = 0;

	for (size_t i = 0; i < n; i++)
		if (unit_open(&units[i], paths[i], flags, flags_n, stderr) < 0)
			status = 3;
	for (size_t i = 0; i < n && status == 0; i++) {
		struct finder f = {.unit = &units[i], .found = &found, .name = ""};

		for (size_t k = 0; k < sizeof all / sizeof *all; k++)
			walk(&f, all[k], &units[i].root);
	}
	if (status == 0 && mutants_print(&found, stdout) < 0) {
		perror("mutate");
		status = 1;
	}
	mutants_free(&found);
	return status;
}

int
main(int argc, char *argv[])
{
	const char **flags = must(calloc((size_t)argc + 1, 2 * sizeof *flags));
	int flags_n = read_options(argc, argv, flags), status;
	struct unit *units;
	size_t n;

	if (flags_n < 0) {
		free(flags);
		return usage();
	}
	n = (size_t)(argc - optind);
	units = must(calloc(n, sizeof *units));
	status = find_all(units, argv + optind, n, flags, flags_n);
	for (size_t i = 0; i < n; i++)
		unit_close(&units[i]);
	free(units);
	free(flags);
	return status;
}
