/*
 * syntax.h - questions about a node of the tree.
 *
 * Texts are malloc'd and never NULL: a lack of memory ends the program.
 */
#ifndef GABEL_MUTATE_SYNTAX_H
#define GABEL_MUTATE_SYNTAX_H

#include "unit.h"

/* ---- tokens and texts ---- */

/* The first token that begins at this byte or after it; NULL after the last one. */
const struct token *token_from(const struct unit *u, size_t offset);
/* NULL is no token and equals nothing. */
bool token_is(const struct unit *u, const struct token *t, const char *text);
/* Is n this one token, written by the student, and nothing else? */
bool is_token(const struct unit *u, const struct node *n, const char *text);
const struct token *only_token(const struct unit *u, const struct node *n);

/* As in the file, and with every run of blanks as one. */
char *text_of(const struct unit *u, const struct node *n);
bool text_is(const struct unit *u, const struct node *n, const char *text);
bool same_text(const struct unit *u, const struct node *a, const struct node *b);

/* The end of a statement with its semicolon. */
size_t statement_end(const struct unit *u, const struct node *n);

/* ---- expressions ---- */

size_t children(const struct node *n);
const struct node *child(const struct node *n, size_t which);
const struct node *last_child(const struct node *n);
bool is_within(const struct node *n, const struct node *outer);

/* Without parentheses and casts around it. */
const struct node *stripped(const struct node *n);

/* The token of a binary, compound or conditional operator between its first two operands; NULL. */
const struct token *operator_token(const struct unit *u, const struct node *n);
bool operator_is(const struct unit *u, const struct node *n, const char *text);
/* The operator before ("!", "-", "++") or after ("++") the operand of a unary one; NULL. */
const struct token *unary_token(const struct unit *u, const struct node *n);
bool is_prefixed(const struct unit *u, const struct node *n, const char *text);

/* A call that the student writes, not one inside of a macro. */
bool is_call(const struct unit *u, const struct node *n);
/* The name of what is called; "" when it has none. */
char *callee_of(const struct node *call);
/* Its arguments, counting from 0; NULL after the last one. */
const struct node *argument(const struct node *call, size_t which);

/* Does evaluating n call something, or change a variable? */
bool has_effects(const struct unit *u, const struct node *n);

/* An enumeration constant, or a macro without arguments that stands for a number. */
bool is_named_constant(const struct unit *u, const struct node *n);
bool is_macro(const struct unit *u, const struct node *n);
long long value_of(const struct node *n);

bool is_record(const struct node *n);
bool is_pointer(const struct node *n);
bool is_integer(const struct node *n);
bool is_array(const struct node *n);

/* ---- statements ---- */

bool is_statement(const struct node *n);
bool is_loop(const struct node *n);
/* Stands n where a statement stands: in a block, as a branch, as a loop's body? */
bool is_in_statement_place(const struct node *n);

/* The parts of if, while, do, for, ?: (only the condition of that); NULL: it has none. */
const struct node *condition_of(const struct unit *u, const struct node *n);
const struct node *body_of(const struct node *n); /* of an if: the first branch */
const struct node *else_of(const struct node *n);
const struct node *for_init(const struct unit *u, const struct node *n);
const struct node *for_step(const struct unit *u, const struct node *n);

/* The loop in whose condition n stands; NULL. */
const struct node *loop_tested_by(const struct unit *u, const struct node *n);

#endif
