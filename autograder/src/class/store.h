/*
 * store.h - where the results of a class lie, and what each was made of.
 */
#ifndef GABEL_STORE_H
#define GABEL_STORE_H

#include "class.h"
#include "roster.h"

struct store {
	const struct class_options *options;
	unsigned char seed[DIGEST_SIZE];  /* the class's: from it every submission's is derived */
	char (*lab_digests)[DIGEST_TEXT]; /* of the kit's part for each lab of the roster */
	const struct roster *roster;
};

/*
 * Makes the folder out, which nobody else must be writing to, and takes the
 * class's seed from out/class.json or draws one and stores it there (mode
 * 0600). Returns a descriptor that holds the folder for us, or -1 with a
 * sentence in why.
 */
int store_open(struct store *store, char *why, size_t size);

/* Digests the kit's part for each lab. 0, or -1 with errno. */
int store_take_roster(struct store *store, const struct roster *roster);
void store_free(struct store *store);

/* The seed of one submission: nobody can tell the class's, or another one, from it. */
uint64_t store_seed(const struct store *store, const char *student, const char *lab);

/* Writes a result, whole or not at all. 0, or -1 with errno. */
int store_write(const struct store *store, const struct submission *s, const struct result *r);

/*
 * Reads back the result of the same bytes, seed and kit; NULL with errno,
 * ENOENT when there is none, or only one of something else.
 */
struct result *store_read(const struct store *store, const struct submission *s);

/* Is there such a result, and without a grader fault? */
bool store_is_current(const struct store *store, const struct submission *s);

/* out/kind/name; malloc'd, NULL with errno ENOMEM. */
char *store_path(const struct store *store, const char *kind, const char *name);

#endif
