/*
 * loop.c - LOOP: a loop runs once less.
 *
 * What can be told from its head is done exactly:
 *	for (i = A; i < B; i++)		leaves out the first round (i = A + 1)
 *					and the last one (i + 1 < B)
 *	do ... while (c)		runs once
 * Every other loop runs at most once: it ends with a break. That is the wrong
 * program of a student who writes "if" for "while", and it always ends.
 */
#include "operators.h"
#include <stdlib.h>
#include <string.h>

/* The comparison that decides first whether a loop goes on. */
static const struct node *
first_test(const struct finder *f, const struct node *condition)
{
	while (condition != NULL && operator_is(f->unit, condition, "&&"))
		condition = condition->first;
	return condition;
}

/* "i < B" becomes "i + 1 < B": not "B - 1", which is large when B is 0 and unsigned. */
static bool
leave_out_last(const struct finder *f, const struct node *loop)
{
	const struct node *test = first_test(f, condition_of(f->unit, loop));
	const struct node *smaller;
	char *text;

	if (test == NULL || for_step(f->unit, loop) == NULL)
		return false;
	if (operator_is(f->unit, test, "<="))
		return true; /* COMPARISON leaves it out */
	if (operator_is(f->unit, test, "<"))
		smaller = test->first;
	else if (operator_is(f->unit, test, ">"))
		smaller = last_child(test);
	else
		return operator_is(f->unit, test, ">=");
	text = text_of(f->unit, smaller);
	propose(f, LOOP, smaller->begin, smaller->end, say("%s + 1", text),
	    say("the loop's last round is left out"));
	free(text);
	return true;
}

static const struct node *
first_value(const struct finder *f, const struct node *loop)
{
	const struct node *init = for_init(f->unit, loop);

	if (init == NULL)
		return NULL;
	if (init->kind == CXCursor_DeclStmt && init->first != NULL)
		init = init->first;
	else if (!operator_is(f->unit, init, "="))
		return NULL;
	init = last_child(init);
	return init != NULL && clang_isExpression(init->kind) ? init : NULL;
}

static void
leave_out_first(const struct finder *f, const struct node *loop)
{
	const struct node *step = for_step(f->unit, loop), *first = first_value(f, loop);
	char *text;

	if (first == NULL || step == NULL || !token_is(f->unit, unary_token(f->unit, step), "++"))
		return;
	text = text_of(f->unit, first);
	propose(f, LOOP, first->begin, first->end,
	    strcmp(text, "0") == 0 ? say("1") : say("%s + 1", text),
	    say("the loop's first round is left out"));
	free(text);
}

static bool
leaves_loop(const struct node *n)
{
	return n->kind == CXCursor_BreakStmt || n->kind == CXCursor_ContinueStmt ||
	       n->kind == CXCursor_ReturnStmt || n->kind == CXCursor_GotoStmt;
}

static void
run_at_most_once(const struct finder *f, const struct node *loop)
{
	const struct node *body = body_of(loop), *last;
	char *text;

	if (body == NULL || body->end == body->begin)
		return;
	last = body->kind == CXCursor_CompoundStmt ? last_child(body) : body;
	if (last != NULL && leaves_loop(last))
		return;
	if (body->kind == CXCursor_CompoundStmt) {
		propose(f, LOOP, body->end - 1, body->end, say("break; }"),
		    say("the loop runs at most once"));
		return;
	}
	text = source_text(&f->unit->source, body->begin, statement_end(f->unit, body));
	propose(f, LOOP, body->begin, statement_end(f->unit, body), say("{ %s break; }", text),
	    say("the loop runs at most once"));
	free(text);
}

void
mutate_loop(const struct finder *f, const struct node *n)
{
	const struct node *condition;

	if (n->kind == CXCursor_DoStmt) {
		condition = condition_of(f->unit, n);
		propose(f, LOOP, condition->begin, condition->end, forced(f, condition, false),
		    say("the loop runs only once"));
	} else if (n->kind == CXCursor_ForStmt && leave_out_last(f, n)) {
		leave_out_first(f, n);
	} else if (is_loop(n)) {
		run_at_most_once(f, n);
	}
}
