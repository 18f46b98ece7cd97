/*
 * operators.h - the ways in which a mutant is made, one function for each
 * subject. Each is called for every node of what the student writes and adds
 * the mutants that it makes there; mutants_add() drops what lies outside.
 *
 * A mutant must do the same in every run: else its verdict is a matter of
 * luck. Where leaving something out would leave a variable without a value,
 * the variable gets a value that is wrong but certain; each place says so.
 * Two edits that make the same program count once; each place says which of
 * them stays.
 */
#ifndef GABEL_MUTATE_OPERATORS_H
#define GABEL_MUTATE_OPERATORS_H

#include "mutants.h"
#include "syntax.h"

struct finder {
	const struct unit *unit;
	struct mutants *found;
	const struct node *function; /* NULL outside */
	const char *name;            /* of the function; "" outside */
};

typedef void mutate(const struct finder *f, const struct node *n);

mutate mutate_success;     /* success.c */
mutate mutate_calls;       /* calls.c: OMIT_CALL */
mutate mutate_loop;        /* loop.c */
mutate mutate_expression;  /* expression.c: COMPARISON, LOGIC, NEGATE, ARITHMETIC */
mutate mutate_constant;    /* constant.c: FLAG, CONSTANT */
mutate mutate_initializer; /* initializer.c */
mutate mutate_condition;   /* condition.c */
mutate mutate_statement;   /* statement.c */

/* ---- what they share ---- */

/* Adds a mutant; both texts are malloc'd and become the list's. */
void propose(const struct finder *f, enum operator_kind kind, size_t begin, size_t end,
    char *replacement, char *what);

/* A malloc'd text in printf's manner; a lack of memory ends the program. */
char *say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * What a condition becomes when its outcome is decided: "1" or "0", or
 * "((condition), 1)" when evaluating it does something.
 */
char *forced(const struct finder *f, const struct node *condition, bool outcome);

/*
 * Is n a test whether a call failed? Returns 1 when it is true after a
 * failure, -1 when it is false after one, 0 when it is no such test or success.c
 * leaves it alone. callee gets the malloc'd name of what was called, unless NULL.
 */
int failure_test(const struct finder *f, const struct node *n, char **callee);

/* Is "a call's failure is taken for success" the same as this condition never being true? */
bool success_makes_false(const struct finder *f, const struct node *condition);

/* Does OMIT_CALL leave out n? */
bool is_omitted(const struct finder *f, const struct node *n);

/* Is leaving out a call in this condition the same as the condition never being true? */
bool omission_makes_false(const struct finder *f, const struct node *condition);

/*
 * Some calls give a value to variables that have none: leaving them out has to
 * give them one. Adds a mutant of this kind for such a call and returns true.
 */
bool leave_out_specially(const struct finder *f, const struct node *call, enum operator_kind kind);

#endif
