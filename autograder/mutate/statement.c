/*
 * statement.c - STATEMENT: a statement is left out.
 *
 * So that every mutant does the same in every run:
 * - A variable that has no value yet gets 0 instead of its first value, and so
 *   does what a parameter points to; what a call or a longer statement would
 *   have given its first value is filled with ones. (A variable that stays
 *   without a value on another way is for the compiler's -ftrivial-auto-var-init.)
 * - What returns a result stays when nothing comes after it: the result would
 *   be one of chance. So does the last statement of a _Noreturn function.
 * - Some calls give values to variables: see calls.c.
 *
 * So that a program is not listed twice:
 * - "if (c) S" without S is CONDITION's "always false", and without all of it
 *   too, unless evaluating c does something that OMIT_CALL does not leave out.
 * - The same holds for "while (c)" with a call that OMIT_CALL leaves out.
 * - A loop that only repeats one statement loses the statement, not itself.
 * - "(void)x;", an empty statement, "continue" and "break" where they change
 *   nothing are left alone.
 */
#include "../src/base/text.h"
#include "operators.h"
#include <stdlib.h>
#include <string.h>

/* ---- what stands where
 * ------------------------------------------------------------------------------------ */

static bool
is_single(const struct node *n)
{
	return n->kind != CXCursor_CompoundStmt || children(n) <= 1;
}

/* Is n all that an if without else does? */
static bool
is_all_of_if(const struct node *n)
{
	const struct node *up = n->parent;

	if (up->kind == CXCursor_CompoundStmt && is_single(up)) {
		n = up;
		up = n->parent;
	}
	return up != NULL && up->kind == CXCursor_IfStmt && body_of(up) == n && else_of(up) == NULL;
}

/* Does control go on when n does not leave the function? */
static bool
something_follows(const struct node *n)
{
	for (; n->parent != NULL; n = n->parent) {
		if (is_loop(n->parent))
			return true;
		if (n->parent->kind == CXCursor_CompoundStmt && n->next != NULL)
			return true;
	}
	return false;
}

static bool
is_last_of_noreturn(const struct finder *f, const struct node *n)
{
	const struct node *function = f->function;
	const struct token *t = function == NULL ? NULL : token_from(f->unit, function->begin);

	if (function == NULL || n->next != NULL || n->parent->parent != function)
		return false;
	for (; t != NULL && t->begin < n->parent->begin; t = token_from(f->unit, t->end))
		if (token_is(f->unit, t, "_Noreturn") || token_is(f->unit, t, "noreturn"))
			return true;
	return false;
}

/* break at the end of a switch, continue at the end of a loop */
static bool
changes_nothing(const struct node *n)
{
	const struct node *up = n->parent;
	bool last = true;

	if (n->kind != CXCursor_BreakStmt && n->kind != CXCursor_ContinueStmt)
		return false;
	for (const struct node *below = n; !is_loop(up) && up->kind != CXCursor_SwitchStmt;
	     below = up, up = up->parent) {
		if (up->kind == CXCursor_IfStmt || up->parent == NULL)
			return false;
		last = last && below->next == NULL;
	}
	return last && is_loop(up) == (n->kind == CXCursor_ContinueStmt);
}

static bool
returns_value(const struct node *n)
{
	if (n->kind == CXCursor_ReturnStmt && n->first != NULL)
		return true;
	for (const struct node *c = n->first; c != NULL; c = c->next)
		if (returns_value(c))
			return true;
	return false;
}

/* Might the function end without its result when n is left out? main() returns 0 then. */
static bool
is_needed_for_result(const struct finder *f, const struct node *n)
{
	return returns_value(n) && !something_follows(n) && strcmp(f->name, "main") != 0;
}

static bool
is_left_alone(const struct finder *f, const struct node *n)
{
	switch (n->kind) {
	case CXCursor_CompoundStmt:
	case CXCursor_DeclStmt:
	case CXCursor_NullStmt:
	case CXCursor_LabelStmt:
	case CXCursor_CaseStmt:
	case CXCursor_DefaultStmt:
		return true;
	case CXCursor_ReturnStmt:
		if (n->first == NULL && !something_follows(n))
			return true;
		break;
	case CXCursor_IfStmt:
		if (else_of(n) == NULL &&
		    (!has_effects(f->unit, n->first) || omission_makes_false(f, n->first)))
			return true;
		break;
	case CXCursor_WhileStmt:
		if (omission_makes_false(f, n->first))
			return true;
		break;
	case CXCursor_ForStmt:
	case CXCursor_DoStmt:
		if (is_single(body_of(n)))
			return true;
		break;
	case CXCursor_CStyleCastExpr:
		if (!has_effects(f->unit, n))
			return true;
		break;
	default:
		break;
	}
	return changes_nothing(n) || is_all_of_if(n) || is_last_of_noreturn(f, n) ||
	       is_needed_for_result(f, n);
}

/* ---- variables without a value
 * ------------------------------------------------------------------------------- */

/* The variable that an expression like x, x[i] or x.y is about. */
static CXCursor
variable_of(const struct node *n)
{
	while ((n->kind == CXCursor_ArraySubscriptExpr || n->kind == CXCursor_MemberRefExpr ||
		   n->kind == CXCursor_ParenExpr) &&
	       n->first != NULL)
		n = n->first;
	return clang_getCursorReferenced(n->cursor);
}

/* Gives n itself, or the call that it is an argument of, a value to the variable? */
static bool
sets(const struct finder *f, const struct node *n, CXCursor variable)
{
	if (operator_is(f->unit, n, "=") || is_prefixed(f->unit, n, "&"))
		return clang_equalCursors(variable_of(n->first), variable);
	return is_array(n) && n->kind == CXCursor_DeclRefExpr && is_call(f->unit, n->parent) &&
	       clang_equalCursors(variable_of(n), variable);
}

/* Does something below n that is done for certain set the variable before this byte? */
static bool
gets_value(const struct finder *f, const struct node *n, CXCursor variable, size_t end)
{
	for (const struct node *c = n->first; c != NULL && c->begin < end; c = c->next) {
		bool optional = c->kind == CXCursor_SwitchStmt ||
				(c->parent->kind == CXCursor_IfStmt && c != c->parent->first) ||
				(is_loop(c->parent) && c->parent->kind != CXCursor_DoStmt &&
				    body_of(c->parent) == c);

		/* What stands in a branch counts only when we are in the same one. */
		if (optional && c->end <= end)
			continue;
		if ((c->end <= end && sets(f, c, variable)) || gets_value(f, c, variable, end))
			return true;
	}
	return false;
}

static bool
sets_somewhere(const struct finder *f, const struct node *n, CXCursor variable)
{
	if (sets(f, n, variable))
		return true;
	for (const struct node *c = n->first; c != NULL; c = c->next)
		if (sets_somewhere(f, c, variable))
			return true;
	return false;
}

static bool
is_used_outside(const struct node *n, const struct node *inside, CXCursor variable)
{
	if (n == inside)
		return false;
	if (n->kind == CXCursor_DeclRefExpr &&
	    clang_equalCursors(clang_getCursorReferenced(n->cursor), variable))
		return true;
	for (const struct node *c = n->first; c != NULL; c = c->next)
		if (is_used_outside(c, inside, variable))
			return true;
	return false;
}

static bool
begins_without_value(CXCursor variable)
{
	return clang_getCursorKind(variable) == CXCursor_VarDecl &&
	       clang_Cursor_getStorageClass(variable) != CX_SC_Static &&
	       clang_getCursorKind(clang_getCursorSemanticParent(variable)) ==
		   CXCursor_FunctionDecl &&
	       clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(variable));
}

/* Appends a statement for each variable below top that n would have set, and nothing else. */
static void
spoil(const struct finder *f, const struct node *top, const struct node *n, struct text *into)
{
	for (const struct node *c = top->first; c != NULL && c->begin < n->begin; c = c->next) {
		char *name;

		spoil(f, c, n, into);
		if (c->kind != CXCursor_VarDecl || !begins_without_value(c->cursor) ||
		    !sets_somewhere(f, n, c->cursor) ||
		    gets_value(f, f->function, c->cursor, n->begin) ||
		    !is_used_outside(f->function, n, c->cursor))
			continue;
		name = callee_of(c);
		text_printf(into, "%s__builtin_memset(&%s, -1, sizeof %s);", into->n > 0 ? " " : "",
		    name, name);
		free(name);
	}
}

/*
 * What stands in the place of a statement: ";", or what fills the variables
 * with nonsense that would have got their first value there.
 */
static char *
nothing_but_nonsense(const struct finder *f, const struct node *n)
{
	struct text t = {0};
	char *all;

	spoil(f, f->function, n, &t);
	if (t.n == 0)
		return say(";");
	all = must(text_take(&t));
	if (strchr(all, ';') != strrchr(all, ';')) {
		char *several = say("{ %s }", all);

		free(all);
		return several;
	}
	return all;
}

/* ---- assignments
 * -------------------------------------------------------------------------------------------- */

/* Has the variable on the left no value before n gives it one? */
static bool
is_first_value(const struct finder *f, const struct node *n)
{
	CXCursor variable;

	if (n->first->kind != CXCursor_DeclRefExpr)
		return false;
	variable = clang_getCursorReferenced(n->first->cursor);
	return begins_without_value(variable) && !gets_value(f, f->function, variable, n->begin);
}

/* "*result = ...": the caller may have nothing in it. */
static bool
is_for_caller(const struct finder *f, const struct node *n)
{
	const struct node *value = stripped(last_child(n));

	return is_prefixed(f->unit, n->first, "*") &&
	       clang_getCursorKind(clang_getCursorReferenced(n->first->first->cursor)) ==
		   CXCursor_ParmDecl &&
	       !is_token(f->unit, value, "NULL") && !is_token(f->unit, value, "0");
}

static void
leave_out_assignment(const struct finder *f, const struct node *n)
{
	const struct node *value = last_child(n);
	char *name;

	if (is_omitted(f, value)) /* OMIT_CALL gives a better value */
		return;
	name = text_of(f->unit, n->first);
	if (!is_first_value(f, n) && !is_for_caller(f, n)) {
		propose(f, STATEMENT, n->begin, statement_end(f->unit, n), say(";"),
		    say("%s is not set", name));
	} else if (is_record(n->first)) {
		CXString type = clang_getTypeSpelling(clang_getCursorType(n->first->cursor));

		propose(f, STATEMENT, value->begin, value->end,
		    say("(%s){0}", clang_getCString(type)), say("%s is not set", name));
		clang_disposeString(type);
	} else if (!text_is(f->unit, value, "NULL")) {
		propose(
		    f, STATEMENT, value->begin, value->end, say("0"), say("%s is not set", name));
	}
	free(name);
}

/* ---- all others
 * ------------------------------------------------------------------------------------------------
 */

static const char *
name_of(const struct node *n)
{
	switch (n->kind) {
	case CXCursor_IfStmt:
		return "the whole if is left out";
	case CXCursor_WhileStmt:
	case CXCursor_ForStmt:
	case CXCursor_DoStmt:
		return "the whole loop is left out";
	case CXCursor_SwitchStmt:
		return "the whole switch is left out";
	case CXCursor_ReturnStmt:
		return "the return is left out, and what follows is done";
	case CXCursor_BreakStmt:
		return "the break is left out";
	case CXCursor_ContinueStmt:
		return "the continue is left out";
	default:
		return "the statement is left out";
	}
}

/* A sentence about leaving out n; malloc'd. */
static char *
sentence(const struct finder *f, const struct node *n)
{
	const struct node *call = stripped(n);
	char *name, *what;

	if (is_call(f->unit, call)) {
		name = callee_of(call);
		what = say("%s() is not called", name);
	} else if (has_effects(f->unit, n) && n->first != NULL && !is_statement(n)) {
		name = text_of(f->unit, n->first);
		what = say("%s is not changed", name);
	} else {
		return say("%s", name_of(n));
	}
	free(name);
	return what;
}

static void
leave_out(const struct finder *f, const struct node *n)
{
	const struct node *call = stripped(n);

	if (is_call(f->unit, call) && leave_out_specially(f, call, STATEMENT))
		return;
	propose(f, STATEMENT, n->begin, statement_end(f->unit, n), nothing_but_nonsense(f, n),
	    sentence(f, n));
}

/* An else that does more than one thing; a single one is left out by itself. */
static void
leave_out_else(const struct finder *f, const struct node *n)
{
	const struct node *other = else_of(n);
	const struct token *t;

	if (other == NULL || is_single(other) || is_needed_for_result(f, n))
		return;
	t = token_from(f->unit, statement_end(f->unit, body_of(n)));
	if (token_is(f->unit, t, "else"))
		propose(f, STATEMENT, t->begin, statement_end(f->unit, other), say("%s", ""),
		    say("the else is left out"));
}

void
mutate_statement(const struct finder *f, const struct node *n)
{
	if (f->function == NULL || !is_in_statement_place(n))
		return;
	if (!is_left_alone(f, n)) {
		if (operator_is(f->unit, n, "="))
			leave_out_assignment(f, n);
		else
			leave_out(f, n);
	}
	leave_out_else(f, n);
}
