/*
 * result.h - what became of a submission: the one document from which every
 * report is made. verdict.c forms it; report/ shows it; class/ collects it.
 */
#ifndef GABEL_RESULT_H
#define GABEL_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

enum verdict {
	PASSED,
	FAILED,
	CRASHED,
	TIMED_OUT,
	OUT_OF_MEMORY,
	LEFT_PROCESSES,
	DOES_NOT_BUILD,
	NOT_REACHED,
	GRADER_FAULT
};

/* The fixed tokens of the JSON result: "passed" ... "grader fault". */
const char *verdict_token(enum verdict v);
/* Returns 0, or -1 when token is none. */
int verdict_from_token(const char *token, enum verdict *v);

enum result_status {
	RESULT_GRADED,
	RESULT_DOES_NOT_BUILD,   /* no program of the lab could be built */
	RESULT_CANNOT_BE_GRADED, /* intake refused it */
	RESULT_GRADER_FAULT
};
const char *result_status_token(enum result_status s);
int result_status_from_token(const char *token, enum result_status *s);

/* One check. Strings are owned by the result; any may be NULL except id and title. */
struct check_result {
	char *id, *title;
	unsigned points, max_points;
	enum verdict verdict;
	bool hidden;
	char *key;     /* fixed token of what went wrong */
	char *message; /* one sentence: the fact */
	char *expected, *seen, *why, *hint, *more, *man, *lecture, *ran;
	json_t *arguments, *faults; /* arrays, or NULL */
	double seconds;
};

struct result {
	char *lab, *title, *kit_version, *isolation, *language;
	char *submission; /* as given on the command line, or the student's folder name */
	uint64_t seed;
	enum result_status status;
	char *reason;   /* why it cannot be graded, or the compiler's words */
	char *compiler; /* everything the compiler said (warnings too), or NULL */
	json_t *files_missing, *files_ignored; /* arrays of strings, or NULL: none */
	size_t n_files_ignored; /* how many there were; the list has only the first */
	json_t *isolation_lost; /* guarantees this isolation lacks, fixed tokens, or NULL */
	unsigned score, max_score,
	    points_gradable; /* gradable: without checks that met a grader fault */
	size_t n_checks;
	struct check_result *checks;
	double seconds;
};

struct result *result_new(void); /* NULL with errno ENOMEM */
void result_free(struct result *r);

/* The document of gabel-lab(5), schema 1; a new reference, NULL with errno ENOMEM. */
json_t *result_to_json(const struct result *r);
/* The same way back, for class reports; NULL with errno EINVAL when it is no such document. */
struct result *result_from_json(const json_t *document);

/* A JSON string of any bytes: what is not UTF-8 becomes U+FFFD. NULL for NULL, or with ENOMEM. */
json_t *json_from_text(const char *text);

/* 0 full points, 1 points lost, 2 cannot be graded, 3 grader fault. */
int result_exit_status(const struct result *r);

#endif
