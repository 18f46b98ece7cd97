#include "syntax.h"
#include <stdlib.h>
#include <string.h>

/* ---- tokens and texts ---------------------------------------------------------------------- */

const struct token *
token_from(const struct unit *u, size_t offset)
{
	size_t low = 0, high = u->tokens;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (u->token[middle].begin < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low < u->tokens ? &u->token[low] : NULL;
}

bool
token_is(const struct unit *u, const struct token *t, const char *text)
{
	size_t n = strlen(text);

	return t != NULL && t->end - t->begin == n &&
	       memcmp(u->source.bytes + t->begin, text, n) == 0;
}

const struct token *
only_token(const struct unit *u, const struct node *n)
{
	const struct token *t = token_from(u, n->begin);

	return t != NULL && t->begin == n->begin && t->end == n->end ? t : NULL;
}

bool
is_token(const struct unit *u, const struct node *n, const char *text)
{
	return token_is(u, only_token(u, n), text);
}

char *
text_of(const struct unit *u, const struct node *n)
{
	return source_text(&u->source, n->begin, n->end);
}

bool
text_is(const struct unit *u, const struct node *n, const char *text)
{
	size_t length = strlen(text);

	return n->end - n->begin == length && memcmp(u->source.bytes + n->begin, text, length) == 0;
}

bool
same_text(const struct unit *u, const struct node *a, const struct node *b)
{
	return a->end > a->begin && a->end - a->begin == b->end - b->begin &&
	       memcmp(u->source.bytes + a->begin, u->source.bytes + b->begin, a->end - a->begin) ==
		   0;
}

size_t
statement_end(const struct unit *u, const struct node *n)
{
	const struct token *next = token_from(u, n->end);

	return token_is(u, next, ";") ? next->end : n->end;
}

/* ---- the tree's shape ------------------------------------------------------------------------ */

size_t
children(const struct node *n)
{
	size_t count = 0;

	for (const struct node *c = n->first; c != NULL; c = c->next)
		count++;
	return count;
}

const struct node *
child(const struct node *n, size_t which)
{
	const struct node *c = n->first;

	while (c != NULL && which-- > 0)
		c = c->next;
	return c;
}

const struct node *
last_child(const struct node *n)
{
	const struct node *c = n->first;

	while (c != NULL && c->next != NULL)
		c = c->next;
	return c;
}

bool
is_within(const struct node *n, const struct node *outer)
{
	while (n != NULL && n != outer)
		n = n->parent;
	return n != NULL && outer != NULL;
}

const struct node *
stripped(const struct node *n)
{
	while ((n->kind == CXCursor_ParenExpr || n->kind == CXCursor_CStyleCastExpr) &&
	       n->first != NULL)
		n = last_child(n); /* a cast's first child may be its type */
	return n;
}

/* ---- expressions ------------------------------------------------------------------------------
 */

/* Nothing but this token may lie between the operands: else it is a macro's operator. */
const struct token *
operator_token(const struct unit *u, const struct node *n)
{
	const struct node *left = n->first;
	const struct token *t;

	if ((n->kind != CXCursor_BinaryOperator && n->kind != CXCursor_CompoundAssignOperator &&
		n->kind != CXCursor_ConditionalOperator) ||
	    left == NULL || left->next == NULL)
		return NULL;
	t = token_from(u, left->end);
	if (t == NULL || t->kind != CXToken_Punctuation || t->end > left->next->begin ||
	    token_is(u, t, ","))
		return NULL;
	return token_from(u, t->end)->begin == left->next->begin ||
		       n->kind == CXCursor_ConditionalOperator
		   ? t
		   : NULL;
}

bool
operator_is(const struct unit *u, const struct node *n, const char *text)
{
	return token_is(u, operator_token(u, n), text);
}

const struct token *
unary_token(const struct unit *u, const struct node *n)
{
	const struct token *t;

	if (n->kind != CXCursor_UnaryOperator || n->first == NULL)
		return NULL;
	t = token_from(u, n->first->begin > n->begin ? n->begin : n->first->end);
	return t != NULL && t->kind == CXToken_Punctuation && t->end <= n->end ? t : NULL;
}

bool
is_prefixed(const struct unit *u, const struct node *n, const char *text)
{
	return token_is(u, unary_token(u, n), text) && n->first->begin > n->begin;
}

bool
is_call(const struct unit *u, const struct node *n)
{
	if (n->kind != CXCursor_CallExpr || n->first == NULL || n->end == n->begin)
		return false;
	for (size_t i = 0; i < u->expansions; i++)
		if (u->expansion[i].begin == n->begin)
			return false;
	return u->source.bytes[n->end - 1] == ')';
}

char *
callee_of(const struct node *call)
{
	CXString name = clang_getCursorSpelling(call->cursor);
	const char *text = clang_getCString(name);
	char *copy = must(strdup(text == NULL ? "" : text));

	clang_disposeString(name);
	return copy;
}

const struct node *
argument(const struct node *call, size_t which)
{
	return child(call, which + 1);
}

bool
has_effects(const struct unit *u, const struct node *n)
{
	const struct token *unary = unary_token(u, n);

	if (is_call(u, n) || operator_is(u, n, "=") || n->kind == CXCursor_CompoundAssignOperator ||
	    token_is(u, unary, "++") || token_is(u, unary, "--"))
		return true;
	for (const struct node *c = n->first; c != NULL; c = c->next)
		if (has_effects(u, c))
			return true;
	return false;
}

bool
is_macro(const struct unit *u, const struct node *n)
{
	if (only_token(u, n) == NULL)
		return false;
	for (size_t i = 0; i < u->expansions; i++)
		if (u->expansion[i].begin == n->begin && u->expansion[i].end == n->end)
			return true;
	return false;
}

bool
is_named_constant(const struct unit *u, const struct node *n)
{
	CXCursor meant;

	if (is_macro(u, n) && is_integer(n))
		return n->first == NULL && n->kind == CXCursor_IntegerLiteral;
	if (n->kind != CXCursor_DeclRefExpr || only_token(u, n) == NULL)
		return false;
	meant = clang_getCursorReferenced(n->cursor);
	return clang_getCursorKind(meant) == CXCursor_EnumConstantDecl;
}

long long
value_of(const struct node *n)
{
	CXCursor meant = clang_getCursorReferenced(n->cursor);
	CXEvalResult result;
	long long value = 0;

	if (clang_getCursorKind(meant) == CXCursor_EnumConstantDecl)
		return clang_getEnumConstantDeclValue(meant);
	result = clang_Cursor_Evaluate(n->cursor);
	if (result != NULL && clang_EvalResult_getKind(result) == CXEval_Int)
		value = clang_EvalResult_getAsLongLong(result);
	clang_EvalResult_dispose(result);
	return value;
}

static enum CXTypeKind
type_of(const struct node *n)
{
	return clang_getCanonicalType(clang_getCursorType(n->cursor)).kind;
}

bool
is_record(const struct node *n)
{
	return type_of(n) == CXType_Record;
}

bool
is_pointer(const struct node *n)
{
	return type_of(n) == CXType_Pointer;
}

bool
is_integer(const struct node *n)
{
	enum CXTypeKind kind = type_of(n);

	return kind == CXType_Enum || (kind >= CXType_Char_U && kind <= CXType_Int128);
}

bool
is_array(const struct node *n)
{
	enum CXTypeKind kind = type_of(n);

	return kind == CXType_ConstantArray || kind == CXType_VariableArray;
}

/* ---- statements
 * ---------------------------------------------------------------------------------- */

bool
is_loop(const struct node *n)
{
	return n->kind == CXCursor_WhileStmt || n->kind == CXCursor_DoStmt ||
	       n->kind == CXCursor_ForStmt;
}

bool
is_statement(const struct node *n)
{
	return clang_isStatement(n->kind);
}

const struct node *
body_of(const struct node *n)
{
	switch (n->kind) {
	case CXCursor_IfStmt:
		return child(n, 1);
	case CXCursor_DoStmt:
		return n->first;
	case CXCursor_WhileStmt:
	case CXCursor_ForStmt:
	case CXCursor_SwitchStmt:
	case CXCursor_CaseStmt:
	case CXCursor_DefaultStmt:
	case CXCursor_LabelStmt:
		return last_child(n);
	default:
		return NULL;
	}
}

const struct node *
else_of(const struct node *n)
{
	return n->kind == CXCursor_IfStmt ? child(n, 2) : NULL;
}

/* Which of the three parts in a for's parentheses: the one after this many semicolons. */
static const struct node *
for_part(const struct unit *u, const struct node *n, unsigned which)
{
	const struct node *body = last_child(n);
	const struct token *t = token_from(u, n->begin);
	size_t begin = t->end, depth = 0;
	unsigned part = 0;

	for (; t != NULL && t->begin < body->begin; t = token_from(u, t->end)) {
		depth += token_is(u, t, "(") + token_is(u, t, "{");
		depth -= token_is(u, t, ")") + token_is(u, t, "}");
		if (depth != 1 || !token_is(u, t, ";"))
			continue;
		part++;
		if (part == which)
			begin = t->end;
		else if (part == which + 1)
			break;
	}
	for (const struct node *c = n->first; c != body; c = c->next)
		if (c->begin >= begin && (t == NULL || c->begin < t->begin))
			return c;
	return NULL;
}

const struct node *
for_init(const struct unit *u, const struct node *n)
{
	return for_part(u, n, 0);
}

const struct node *
for_step(const struct unit *u, const struct node *n)
{
	return for_part(u, n, 2);
}

const struct node *
condition_of(const struct unit *u, const struct node *n)
{
	switch (n->kind) {
	case CXCursor_ForStmt:
		return for_part(u, n, 1);
	case CXCursor_DoStmt:
		return child(n, 1);
	case CXCursor_IfStmt:
		return n->first;
	case CXCursor_WhileStmt:
		return n->first;
	case CXCursor_ConditionalOperator:
		return operator_is(u, n, "?") ? n->first : NULL;
	default:
		return NULL;
	}
}

bool
is_in_statement_place(const struct node *n)
{
	const struct node *parent = n->parent;

	if (parent == NULL || n->end == n->begin)
		return false;
	return parent->kind == CXCursor_CompoundStmt || body_of(parent) == n ||
	       else_of(parent) == n;
}

const struct node *
loop_tested_by(const struct unit *u, const struct node *n)
{
	const struct node *below = n;

	while (n != NULL && !is_statement(n)) {
		below = n;
		n = n->parent;
	}
	return n != NULL && is_loop(n) && condition_of(u, n) == below ? n : NULL;
}
