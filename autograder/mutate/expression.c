/*
 * expression.c - COMPARISON, LOGIC, NEGATE, ARITHMETIC: one operator of an
 * expression is another one, or is left out.
 */
#include "operators.h"
#include <stdlib.h>
#include <string.h>

static const struct {
	enum operator_kind kind;
	const char *from, *to;
} swaps[] = {
    {COMPARISON, "<", "<="},
    {COMPARISON, "<=", "<"},
    {COMPARISON, ">", ">="},
    {COMPARISON, ">=", ">"},
    {COMPARISON, "==", "!="},
    {COMPARISON, "!=", "=="},
    {LOGIC, "&&", "||"},
    {LOGIC, "||", "&&"},
    {ARITHMETIC, "+", "-"},
    {ARITHMETIC, "-", "+"},
    {ARITHMETIC, "+=", "-="},
    {ARITHMETIC, "-=", "+="},
};

static void
binary(const struct finder *f, const struct node *n)
{
	const struct token *t = operator_token(f->unit, n);
	bool pointers = t != NULL && is_pointer(n->first) && is_pointer(n->first->next);

	for (size_t i = 0; i < sizeof swaps / sizeof *swaps && t != NULL; i++) {
		if (!token_is(f->unit, t, swaps[i].from))
			continue;
		/* Pointers cannot be added. */
		if (!pointers || swaps[i].kind != ARITHMETIC)
			propose(f, swaps[i].kind, t->begin, t->end, say("%s", swaps[i].to),
			    say("%s has become %s", swaps[i].from, swaps[i].to));
	}
}

/* Is n a for's step, or the start of one? Its value is not used, and without the step it hangs. */
static bool
is_in_head_of_for(const struct finder *f, const struct node *n)
{
	const struct node *loop = n->parent;

	return loop != NULL && loop->kind == CXCursor_ForStmt &&
	       (for_step(f->unit, loop) == n || for_init(f->unit, loop) == n);
}

static void
unary(const struct finder *f, const struct node *n)
{
	const struct token *t = unary_token(f->unit, n);
	bool step = token_is(f->unit, t, "++") || token_is(f->unit, t, "--");
	char *operand;

	if (is_prefixed(f->unit, n, "!"))
		propose(f, NEGATE, t->begin, n->first->begin, say("%s", ""), say("! is left out"));
	if (!step || is_in_statement_place(n) || is_in_head_of_for(f, n))
		return;
	operand = text_of(f->unit, n->first);
	propose(f, ARITHMETIC, n->begin, n->end, say("%s", operand),
	    say("%s is not counted %s", operand, token_is(f->unit, t, "++") ? "up" : "down"));
	free(operand);
}

void
mutate_expression(const struct finder *f, const struct node *n)
{
	binary(f, n);
	unary(f, n);
}
