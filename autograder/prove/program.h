/*
 * program.h - runs a program of the kit's own, or the compiler, outside of any
 * sandbox: nothing of a student's is given to it.
 */
#ifndef GABEL_PROVE_PROGRAM_H
#define GABEL_PROVE_PROGRAM_H

#include <jansson.h>
#include <stdbool.h>

/* Runs it silently in directory. True when it could be started and ended with status 0. */
bool program_succeeds(const char *directory, char *const argv[]);

/* The same, what it says going to a file at log. */
bool program_logged(const char *directory, char *const argv[], const char *log);

/*
 * Runs it in directory; its standard output is one JSON document. Returns a
 * new reference, or NULL after a sentence on standard error.
 */
json_t *program_json(const char *directory, char *const argv[]);

#endif
