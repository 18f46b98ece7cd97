/*
 * command.h - the commands of gabel and their options.
 *
 * A command is a row of a table: its name, how it is called, what it does. The
 * options are one table too, from which parsing, the errors and the help are
 * made; a row says which commands know it.
 */
#ifndef GABEL_COMMAND_H
#define GABEL_COMMAND_H

#include "../lab/lab.h"
#include "../sandbox/sandbox.h"
#include <stdbool.h>
#include <stdint.h>

/* Exit statuses, the same for every command. */
enum { FULL_POINTS = 0, LOST_POINTS = 1, CANNOT = 2, FAULT = 3 };

enum format {
	FORMAT_TERMINAL,
	FORMAT_JSON,
	FORMAT_HTML,
	FORMAT_JUNIT,
	FORMAT_TAP,
	FORMAT_GRADESCOPE,
	FORMAT_AUTOLAB
};

struct options {
	struct strings labs; /* as typed */
	struct strings only;
	enum format format;
	const char *language; /* NULL: the environment's */
	uint64_t seed;
	bool seeded;
	enum isolation isolation;
	int hints;
	unsigned jobs;
	const char *out;
	bool resume;
	bool verbose;
	bool own;
};

enum command_set { FOR_CHECK = 1, FOR_GRADE = 2, FOR_START = 4, FOR_LAB = 8 };

struct command {
	const char *name;
	const char *synopsis; /* behind the name; [OPTION]... included */
	const char *summary;  /* N_(): one line */
	unsigned set;         /* its bit in the table of options, or 0: it has none */
	/* operands: n words behind the options, then NULL. Returns the exit status. */
	int (*run)(const char *root, struct options *o, size_t n, char **operands);
};

extern const struct command commands[]; /* ends with a row whose name is NULL */

/* The row of this name, or NULL after a complaint that names the nearest. */
const struct command *find_command(const char *name);

/*
 * Parses arguments[1..] for a command and moves the operands behind the options.
 * Returns the index of the first operand, or -1 after a complaint.
 */
int parse_options(const struct command *command, int argc, char **argv, struct options *o);
void options_free(struct options *o);

/* The lines of the help about the options of one command, to standard output. */
void print_options(const struct command *command);

/*
 * Loads the lab that name means. Returns NULL after a complaint; status gets
 * the exit status: CANNOT for a name that is none, FAULT for a lab with mistakes.
 */
struct lab *load_lab(const char *root, const char *name, int *status);

/* "There is no lab 7; there are ...": error is lab_find()'s errno. */
void complain_about_lab(const char *root, const char *name, int error);

/* Exactly this many operands? Complains with what is wanted and how the command is called. */
bool has_operands(const struct command *command, size_t n, size_t wanted, const char *what);

/* Can this machine run a sandbox? Says what refuses and what to do when it cannot. */
bool sandbox_works(const char *root);

int command_check(const char *root, struct options *o, size_t n, char **operands);
int command_grade(const char *root, struct options *o, size_t n, char **operands);
int command_lab(const char *root, struct options *o, size_t n, char **operands);
int command_start(const char *root, struct options *o, size_t n, char **operands);
int command_help(const char *root, struct options *o, size_t n, char **operands);
int command_version(const char *root, struct options *o, size_t n, char **operands);

#endif
