/*
 * mutants.h - the list of mutants: what a solution looks like with one thing
 * that the student writes left out or shifted.
 *
 * A mutant is an edit: some bytes of one file are replaced by others. Its id
 * is made of the file's name, the function, the operator and the texts, not of
 * line numbers, so that it stays when other lines change; equal edits in the
 * same function are numbered.
 */
#ifndef GABEL_MUTATE_MUTANTS_H
#define GABEL_MUTATE_MUTANTS_H

#include "source.h"
#include <stdio.h>

/* How a mutant was made. When two ways lead to the same edit, the first one here has it. */
enum operator_kind {
	SUCCESS,     /* a call's failure is taken for success */
	OMIT_CALL,   /* a call whose value is used is not made */
	LOOP,        /* a loop runs once less, or once only */
	COMPARISON,  /* < has become <=, == has become != */
	LOGIC,       /* && and || are swapped */
	NEGATE,      /* ! is left out */
	ARITHMETIC,  /* + and - are swapped, ++ and -- are left out */
	FLAG,        /* one flag is left out */
	CONSTANT,    /* a constant is one more or one less */
	INITIALIZER, /* a variable or a field begins as 0 */
	CONDITION,   /* a condition is taken as always true or always false */
	STATEMENT,   /* a statement is left out */
	OPERATORS
};

struct mutant {
	const struct source *source;
	char *function; /* "" outside of functions */
	enum operator_kind kind;
	size_t begin, end; /* the bytes that are replaced */
	char *replacement;
	char *what; /* one sentence for a person */
};

struct mutants {
	size_t n;
	struct mutant *at;
};

/*
 * Adds one, unless it reaches outside of what the student writes, changes
 * nothing or is there already. Its three texts are the list's from now on.
 */
void mutants_add(struct mutants *mutants, struct mutant m);

/* Prints them all as one JSON array, ordered by their place. Returns 0, or -1 with errno. */
int mutants_print(struct mutants *mutants, FILE *out);
void mutants_free(struct mutants *mutants);

#endif
