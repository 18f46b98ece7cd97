/*
 * success.c - SUCCESS: a call's failure is taken for success.
 *
 * A test for failure compares what a call has returned with what it returns
 * when it fails. The mutant decides the test as after a success; the call is
 * made all the same. Left alone:
 * - tests in the condition of do-while, mostly a retry: running the loop once
 *   (loop.c) is the same;
 * - tests that would let a loop go on for ever: that is another mistake, and a
 *   costly one to grade.
 */
#include "operators.h"
#include <stdlib.h>
#include <string.h>

enum failure { BY_SIGN, BY_VALUE, BY_NONZERO };

/* ---- what is compared ---------------------------------------------------------------------------
 */

/* Does a call return this when it fails? */
static bool
is_failure_value(const struct finder *f, const struct node *n, enum failure *how)
{
	static const char *const values[] = {"-1", "NULL", "EOF", "MAP_FAILED", "SIG_ERR",
	    "SEM_FAILED", "PTHREAD_CANCELED", "(pid_t)-1", "(size_t)-1", "(void *)-1"};

	while (n->kind == CXCursor_ParenExpr && n->first != NULL && !is_macro(f->unit, n))
		n = n->first;
	*how = BY_SIGN;
	if (text_is(f->unit, n, "0"))
		return true;
	*how = BY_VALUE;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (text_is(f->unit, n, values[i]))
			return true;
	return false;
}

static const struct node *
call_in(const struct finder *f, const struct node *n)
{
	n = stripped(n);
	if (operator_is(f->unit, n, "="))
		n = stripped(last_child(n));
	return is_call(f->unit, n) ? n : NULL;
}

/* What n, a variable, got last before these bytes, looked for below top; NULL. */
static const struct node *
last_value(const struct finder *f, const struct node *top, const struct node *n)
{
	const struct node *found = NULL, *deeper;

	for (const struct node *c = top->first; c != NULL && c->begin < n->begin; c = c->next) {
		if (c->end <= n->begin && operator_is(f->unit, c, "=") &&
		    same_text(f->unit, c->first, n))
			found = last_child(c);
		if (c->kind == CXCursor_VarDecl && n->kind == CXCursor_DeclRefExpr &&
		    clang_equalCursors(c->cursor, clang_getCursorReferenced(n->cursor)) &&
		    c->first != NULL && clang_isExpression(last_child(c)->kind))
			found = last_child(c);
		deeper = last_value(f, c, n);
		if (deeper != NULL)
			found = deeper;
	}
	return found;
}

/* The call whose value n is, or got last; NULL. */
static const struct node *
call_behind(const struct finder *f, const struct node *n)
{
	const struct node *call = call_in(f, n), *value;

	if (call != NULL || f->function == NULL)
		return call;
	value = last_value(f, f->function, stripped(n));
	return value == NULL ? NULL : call_in(f, value);
}

/* Functions for whose values 0 is not success, or not the only one. */
static bool
zero_means_success(const struct node *call)
{
	static const char *const others[] = {"fork", "wait", "read", "write", "recv", "send", "str",
	    "mem", "is", "to", "feof", "ferror", "get", "ato", "printf", "fprintf", "snprintf",
	    "fread", "fwrite", "sysconf", "socket", "accept", "open", "dup", "wcs", "alarm",
	    "sleep", "poll", "select", "epoll", "umask", "sigismember", "WIF"};
	char *name = callee_of(call);
	bool means = is_integer(call) && *name != '\0' &&
		     clang_getCanonicalType(clang_getCursorType(call->cursor)).kind != CXType_Bool;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		means = means && strncmp(name, others[i], strlen(others[i])) != 0;
	free(name);
	return means;
}

/* ---- tests
 * --------------------------------------------------------------------------------------- */

/* 1, -1, 0 as failure_test(), for a comparison with a value of this kind on the right. */
static int
sense_of(const char *operator, enum failure how, const struct node *call)
{
	if (how == BY_SIGN && strcmp(operator, "<") == 0)
		return 1;
	if (how == BY_SIGN && strcmp(operator, ">=") == 0)
		return -1;
	if (strcmp(operator, "==") != 0 && strcmp(operator, "!=") != 0)
		return 0;
	if (how == BY_VALUE)
		return *operator== '=' ? 1 : - 1;
	if (!zero_means_success(call))
		return 0;
	return *operator== '=' ? -1 : 1;
}

static int
comparison_sense(const struct finder *f, const struct node *n, const struct node **call)
{
	const struct token *t = operator_token(f->unit, n);
	const struct node *left = n->first, *right;
	enum failure how;
	char *operator;
	int sense = 0;

	if (t == NULL || n->kind != CXCursor_BinaryOperator)
		return 0;
	right = left->next;
	if (!is_failure_value(f, right, &how))
		return 0;
	*call = call_behind(f, left);
	operator= source_text(&f->unit->source, t->begin, t->end);
	if (*call != NULL)
		sense = sense_of(operator, how, *call);
	free(operator);
	return sense;
}

int
failure_test(const struct finder *f, const struct node *n, char **callee)
{
	const struct node *call = NULL, *loop = loop_tested_by(f->unit, n);
	int sense = comparison_sense(f, n, &call);

	if (is_prefixed(f->unit, n, "!")) {
		call = call_behind(f, n->first);
		sense = call != NULL && is_pointer(n->first);
	}
	if (loop != NULL && (loop->kind == CXCursor_DoStmt || sense < 0))
		return 0;
	if (sense != 0 && callee != NULL)
		*callee = callee_of(call);
	return sense;
}

bool
success_makes_false(const struct finder *f, const struct node *condition)
{
	condition = stripped(condition);
	if (operator_is(f->unit, condition, "&&"))
		return success_makes_false(f, condition->first) ||
		       success_makes_false(f, last_child(condition));
	return failure_test(f, condition, NULL) > 0;
}

/* "return sigaction(...);": the caller hears of success, whatever came. */
static void
returned(const struct finder *f, const struct node *n)
{
	CXCursor meant;
	char *name, *text;

	if (n->kind != CXCursor_ReturnStmt || n->first == NULL || !is_call(f->unit, n->first) ||
	    !zero_means_success(n->first))
		return;
	meant = clang_getCursorReferenced(n->first->cursor);
	if (!clang_Location_isInSystemHeader(clang_getCursorLocation(meant)))
		return;
	name = callee_of(n->first);
	text = text_of(f->unit, n->first);
	propose(f, SUCCESS, n->first->begin, n->first->end, say("(%s, 0)", text),
	    say("%s()'s failure is taken for success", name));
	free(name);
	free(text);
}

void
mutate_success(const struct finder *f, const struct node *n)
{
	char *callee = NULL;
	int sense = failure_test(f, n, &callee);

	if (sense != 0)
		propose(f, SUCCESS, n->begin, n->end, forced(f, n, sense < 0),
		    say("%s()'s failure is taken for success", callee));
	free(callee);
	returned(f, n);
}
