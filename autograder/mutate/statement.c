/*
 * statement.c - STATEMENT: a statement is left out.
 *
 * So that every mutant does the same in every run:
 * - A variable that has no value yet gets 0 instead of its first value.
 * - A return stays when nothing comes after it: the function's result would
 *   be one of chance. So does the last statement of a _Noreturn function.
 * - Some calls give values to variables: see calls.c.
 *
 * So that a program is not listed twice:
 * - "if (c) S" without S is CONDITION's "always false", and without all of it
 *   too, unless evaluating c does something.
 * - A loop that only repeats one statement loses the statement, not itself.
 * - "(void)x;", an empty statement, "continue" and "break" where they change
 *   nothing are left alone.
 */
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

	if (n->next == NULL && up->kind == CXCursor_CompoundStmt)
		up = up->parent;
	else if (up->kind == CXCursor_CompoundStmt)
		return false;
	if (n->kind == CXCursor_ContinueStmt)
		return up != NULL && is_loop(up);
	return n->kind == CXCursor_BreakStmt && up != NULL && up->kind == CXCursor_SwitchStmt;
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
		if (!something_follows(n) && strcmp(f->name, "main") != 0)
			return true;
		break;
	case CXCursor_IfStmt:
		if (else_of(n) == NULL && !has_effects(f->unit, n->first))
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
	return changes_nothing(n) || is_all_of_if(n) || is_last_of_noreturn(f, n);
}

/* ---- assignments
 * -------------------------------------------------------------------------------------------- */

/* Is a value for this variable, or its address, certain to come before byte end, below n? */
static bool
gets_value(const struct finder *f, const struct node *n, CXCursor variable, size_t end)
{
	for (const struct node *c = n->first; c != NULL && c->begin < end; c = c->next) {
		bool assigned = operator_is(f->unit, c, "=") || is_prefixed(f->unit, c, "&");
		bool optional =
		    c->kind == CXCursor_IfStmt || is_loop(c) || c->kind == CXCursor_SwitchStmt;

		if (assigned && c->end <= end &&
		    clang_equalCursors(clang_getCursorReferenced(c->first->cursor), variable))
			return true;
		/* What stands in a branch counts only when we are in the same one. */
		if ((!optional || c->end >= end) && gets_value(f, c, variable, end))
			return true;
	}
	return false;
}

/* Has the variable on the left no value before n gives it one? */
static bool
is_first_value(const struct finder *f, const struct node *n)
{
	CXCursor variable;

	if (f->function == NULL || n->first->kind != CXCursor_DeclRefExpr)
		return false;
	variable = clang_getCursorReferenced(n->first->cursor);
	return clang_getCursorKind(variable) == CXCursor_VarDecl &&
	       clang_Cursor_getStorageClass(variable) != CX_SC_Static &&
	       clang_getCursorKind(clang_getCursorSemanticParent(variable)) ==
		   CXCursor_FunctionDecl &&
	       clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(variable)) &&
	       !gets_value(f, f->function, variable, n->begin);
}

static void
leave_out_assignment(const struct finder *f, const struct node *n)
{
	const struct node *value = last_child(n);
	char *name = text_of(f->unit, n->first);

	if (!is_first_value(f, n)) {
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

static void
leave_out(const struct finder *f, const struct node *n)
{
	const struct node *call = stripped(n);
	char *name = NULL, *what;

	if (is_call(f->unit, call)) {
		if (leave_out_specially(f, call, STATEMENT))
			return;
		name = callee_of(call);
	}
	what =
	    name == NULL || *name == '\0' ? say("%s", name_of(n)) : say("%s() is not called", name);
	propose(f, STATEMENT, n->begin, statement_end(f->unit, n), say(";"), what);
	free(name);
}

/* An else that does more than one thing; a single one is left out by itself. */
static void
leave_out_else(const struct finder *f, const struct node *n)
{
	const struct node *other = else_of(n);
	const struct token *t;

	if (other == NULL || is_single(other))
		return;
	t = token_from(f->unit, statement_end(f->unit, body_of(n)));
	if (token_is(f->unit, t, "else"))
		propose(f, STATEMENT, t->begin, statement_end(f->unit, other), say("%s", ""),
		    say("the else is left out"));
}

void
mutate_statement(const struct finder *f, const struct node *n)
{
	if (!is_in_statement_place(f->unit, n))
		return;
	if (!is_left_alone(f, n)) {
		if (operator_is(f->unit, n, "="))
			leave_out_assignment(f, n);
		else
			leave_out(f, n);
	}
	leave_out_else(f, n);
}
