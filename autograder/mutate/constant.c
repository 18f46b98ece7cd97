/*
 * constant.c - CONSTANT: a number that the student writes is one more or one
 * less, a named one is 0, true is false; FLAG: one of several flags is left out.
 *
 * Left alone are the sizes of arrays (a buffer that is one byte smaller is as
 * good, and one that is too small fails by luck), "{0}", and what comparison
 * operators do already: "x < 1" for "x < 0" is "x <= 0".
 */
#include "operators.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool
is_left_alone(const struct node *n)
{
	const struct node *outer = n;

	if (n->parent->kind == CXCursor_InitListExpr && n->parent->first == n && n->next == NULL)
		return true;
	while (clang_isExpression(outer->parent->kind))
		outer = outer->parent;
	if (outer->parent->kind == CXCursor_VarDecl)
		return outer->next != NULL ||
		       clang_Cursor_isNull(
			   clang_Cursor_getVarDeclInitializer(outer->parent->cursor));
	return outer->parent->kind == CXCursor_FieldDecl;
}

/* Would one more (or less) be what the neighbour of the comparison around n does? */
static bool
comparison_does_it(const struct finder *f, const struct node *n, bool more)
{
	static const char *const more_right[] = {"<", ">="}, *const less_right[] = {">", "<="};
	const struct node *test = n->parent;
	bool right = test != NULL && last_child(test) == n;

	if (test == NULL)
		return false;
	for (size_t i = 0; i < 2; i++)
		if (operator_is(f->unit, test, right == more ? more_right[i] : less_right[i]))
			return true;
	return false;
}

/* All of what is assigned or returned: 1 then mostly says "yes", and 2 says the same. */
static bool
is_whole_value(const struct finder *f, const struct node *n)
{
	const struct node *parent = n->parent;

	return is_statement(parent) || parent->kind == CXCursor_VarDecl ||
	       (operator_is(f->unit, parent, "=") && last_child(parent) == n);
}

/* Would n, one of two choices, become the other one? Then CONDITION does it. */
static bool
would_be_other_choice(const struct finder *f, const struct node *n, const char *text)
{
	const struct node *choice = n->parent, *other;

	if (choice->kind != CXCursor_ConditionalOperator || choice->first == n)
		return false;
	other = child(choice, n->next == NULL ? 1 : 2);
	return other != NULL && text_is(f->unit, other, text);
}

/* ---- numbers
 * --------------------------------------------------------------------------------------- */

static void
shift(const struct finder *f, const struct node *n, int by)
{
	char *text = text_of(f->unit, n), *suffix;
	unsigned long long value = strtoull(text, &suffix, 0) + (unsigned long long)by;
	const char *form = "%llu%s";
	char shifted[64];

	if (strncmp(text, "0x", 2) == 0 || strncmp(text, "0X", 2) == 0)
		form = "0x%llx%s";
	else if (text[0] == '0' && suffix > text + 1)
		form = "0%llo%s";
	snprintf(shifted, sizeof shifted, form, value, suffix); /* of the three above */
	if (!would_be_other_choice(f, n, shifted))
		propose(f, CONSTANT, n->begin, n->end, say("%s", shifted),
		    say("%s has become %s", text, shifted));
	free(text);
}

static void
number(const struct finder *f, const struct node *n)
{
	long long value = value_of(n);

	if (!(value == 1 && is_whole_value(f, n)) && !comparison_does_it(f, n, true))
		shift(f, n, 1);
	if (value > 0 && !comparison_does_it(f, n, false))
		shift(f, n, -1);
}

/*
 * -1 becomes 0, and -2; but a function that fails with -2 has failed as well,
 * so a returned -1 only becomes 0.
 */
static void
negative(const struct finder *f, const struct node *n)
{
	const struct node *minus = n->parent;
	char *text = text_of(f->unit, minus);
	long long value = value_of(n);

	propose(f, CONSTANT, minus->begin, minus->end, say(value > 1 ? "-%lld" : "0", value - 1),
	    say("%s has become %s%lld", text, value > 1 ? "-" : "", value - 1));
	if (minus->parent->kind != CXCursor_ReturnStmt)
		propose(f, CONSTANT, minus->begin, minus->end, say("-%lld", value + 1),
		    say("%s has become -%lld", text, value + 1));
	free(text);
}

static void
character(const struct finder *f, const struct node *n)
{
	char *text = text_of(f->unit, n);

	if (!comparison_does_it(f, n, true))
		propose(f, CONSTANT, n->begin, n->end, say("(%s + 1)", text),
		    say("%s has become the next character", text));
	if (value_of(n) > 0 && !comparison_does_it(f, n, false))
		propose(f, CONSTANT, n->begin, n->end, say("(%s - 1)", text),
		    say("%s has become the character before", text));
	free(text);
}

/* ---- names
 * -------------------------------------------------------------------------------------------- */

/* A named constant where it is a value by itself: an argument, a result, one of two choices. */
static void
named(const struct finder *f, const struct node *n)
{
	const struct node *parent = n->parent;
	bool argued = is_call(f->unit, parent) && parent->first != n;
	bool chosen = parent->kind == CXCursor_ConditionalOperator && parent->first != n;
	char *text;

	if (!argued && !chosen && parent->kind != CXCursor_ReturnStmt)
		return;
	if (value_of(n) == 0 || would_be_other_choice(f, n, "0"))
		return;
	text = text_of(f->unit, n);
	propose(f, argued && is_macro(f->unit, n) ? FLAG : CONSTANT, n->begin, n->end, say("0"),
	    say("%s has become 0", text));
	free(text);
}

/* "a | b" becomes "a" and "b"; of three flags the tree is (a | b) | c. */
static void
flags(const struct finder *f, const struct node *n)
{
	char *left, *right;

	if (!operator_is(f->unit, n, "|"))
		return;
	left = text_of(f->unit, n->first);
	right = text_of(f->unit, last_child(n));
	propose(f, FLAG, n->begin, n->end, say("%s", left), say("%s is left out", right));
	if (!operator_is(f->unit, n->first, "|"))
		propose(f, FLAG, n->begin, n->end, say("%s", right), say("%s is left out", left));
	free(left);
	free(right);
}

static void
literal(const struct finder *f, const struct node *n)
{
	const struct token *t = only_token(f->unit, n);

	if (token_is(f->unit, t, "true") || token_is(f->unit, t, "false")) {
		bool was = token_is(f->unit, t, "true");

		propose(f, CONSTANT, n->begin, n->end, say(was ? "false" : "true"),
		    say(was ? "true has become false" : "false has become true"));
		return;
	}
	if (t == NULL || t->kind != CXToken_Literal)
		return;
	if (n->kind == CXCursor_CharacterLiteral)
		character(f, n);
	else if (is_prefixed(f->unit, n->parent, "-"))
		negative(f, n);
	else
		number(f, n);
}

void
mutate_constant(const struct finder *f, const struct node *n)
{
	flags(f, n);
	if (n->end == n->begin || n->parent == NULL || is_left_alone(n))
		return;
	if (is_named_constant(f->unit, n))
		named(f, n);
	if (n->kind == CXCursor_IntegerLiteral || n->kind == CXCursor_CharacterLiteral)
		literal(f, n);
}
