/*
 * tally.h - the class as a whole, made from the stored results: small enough
 * to hold thousands of submissions in memory.
 */
#ifndef GABEL_TALLY_H
#define GABEL_TALLY_H

#include "roster.h"
#include "store.h"

struct column { /* one check of a lab */
	char *id, *title;
	unsigned points;
	bool hidden;
};

struct lab_tally {
	const char *name; /* the roster's */
	char *title;      /* NULL when no result told it */
	unsigned max_score;
	size_t n;
	struct column *columns;
};

struct tally {
	struct roster *roster;
	struct lab_tally *labs; /* as roster->labs */
	size_t judged;          /* graded, not buildable or refused: the grader did its work */
	size_t refused;         /* of these: cannot be graded */
	size_t faults;          /* met a fault of the grader */
	size_t missing;         /* no result */
};

int tally_begin(struct tally *tally, struct roster *roster);

/* Takes over what the tables need of a result; NULL: there is none. 0, or -1 with errno. */
int tally_add(struct tally *tally, struct submission *s, const struct result *r);

const struct lab_tally *tally_lab(const struct tally *tally, const char *name);
void tally_free(struct tally *tally);

/* The class as one document, and written to out/class.json. */
json_t *tally_to_json(const struct tally *tally, const struct store *store);
int tally_write(const struct tally *tally, const struct store *store);

/* The table for the terminal. Returns 0, or -1 with errno. */
int tally_print(const struct tally *tally, const struct class_options *options, FILE *out);

/* out/index.html; and one student's page from results, n of them. */
int tally_page(const struct tally *tally, const struct class_options *options);
int student_page(const struct class_options *options, const struct submission *s,
    const struct result *const results[], size_t n);

#endif
