/*
 * initializer.c - INITIALIZER: a variable, or a field in an initialiser,
 * begins as 0 instead of what the student gives it. Without any initialiser a
 * variable would hold a value of chance.
 *
 * Literals are constant.c's.
 */
#include "operators.h"
#include <stdlib.h>

/* Something that is computed, not written down. */
static bool
is_computed(const struct finder *f, const struct node *n)
{
	static const char *const zeros[] = {"NULL", "SIG_DFL", "false", "0"};
	const struct node *bare = stripped(n);

	if (is_prefixed(f->unit, bare, "-"))
		bare = bare->first;
	for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
		if (text_is(f->unit, bare, zeros[i]))
			return false;
	return clang_isExpression(bare->kind) && bare->end > bare->begin &&
	       bare->kind != CXCursor_InitListExpr && bare->kind != CXCursor_CompoundLiteralExpr &&
	       bare->kind != CXCursor_StringLiteral && bare->kind != CXCursor_CharacterLiteral &&
	       (bare->kind != CXCursor_IntegerLiteral || is_macro(f->unit, bare));
}

static void
begins_as_zero(const struct finder *f, const struct node *value, char *name)
{
	propose(f, INITIALIZER, value->begin, value->end, say(is_record(value) ? "{0}" : "0"),
	    say("%s begins as 0", name));
	free(name);
}

/* ".field = value" */
static bool
is_designated(const struct finder *f, const struct node *n)
{
	return n->kind == CXCursor_UnexposedExpr && n->parent->kind == CXCursor_InitListExpr &&
	       n->end > n->begin && f->unit->source.bytes[n->begin] == '.' && children(n) >= 2;
}

void
mutate_initializer(const struct finder *f, const struct node *n)
{
	const struct node *value = last_child(n);

	if (value == NULL)
		return;
	if (is_designated(f, n) && is_computed(f, value)) {
		begins_as_zero(f, value, text_of(f->unit, n->first));
	} else if (n->kind == CXCursor_VarDecl) {
		CXCursor given = clang_Cursor_getVarDeclInitializer(n->cursor);

		/* OMIT_CALL gives a better value. */
		if (!clang_Cursor_isNull(given) && is_computed(f, value) && !is_omitted(f, value))
			begins_as_zero(f, value, callee_of(n));
	}
}
