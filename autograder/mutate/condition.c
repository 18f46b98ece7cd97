/*
 * condition.c - CONDITION: the condition of if or ?: is taken as always true,
 * or as always false.
 *
 * Loops are left to loop.c: one that never ends costs time and shows little.
 * Where SUCCESS makes the same condition false, that one stays.
 */
#include "operators.h"

void
mutate_condition(const struct finder *f, const struct node *n)
{
	const struct node *condition;

	if (n->kind != CXCursor_IfStmt && n->kind != CXCursor_ConditionalOperator)
		return;
	condition = condition_of(f->unit, n);
	if (condition == NULL || condition->end == condition->begin)
		return;
	propose(f, CONDITION, condition->begin, condition->end, forced(f, condition, true),
	    say("the condition is taken as always true"));
	if (!success_makes_false(f, condition))
		propose(f, CONDITION, condition->begin, condition->end, forced(f, condition, false),
		    say("the condition is taken as always false"));
}
