#include "unit.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- positions --------------------------------------------------------------------------- */

/* The byte of this file where it was written; SIZE_MAX elsewhere. */
static size_t
offset_of(const struct unit *unit, CXSourceLocation location)
{
	CXFile file, ours = clang_getFile(unit->clang, unit->source.path);
	unsigned offset;

	clang_getFileLocation(location, &file, NULL, NULL, &offset);
	return clang_File_isEqual(file, ours) ? offset : SIZE_MAX;
}

static bool
bytes_of(const struct unit *unit, CXSourceRange range, size_t *begin, size_t *end)
{
	*begin = offset_of(unit, clang_getRangeStart(range));
	*end = offset_of(unit, clang_getRangeEnd(range));
	if (*begin <= *end && *end <= unit->source.n)
		return true;
	*begin = *end = 0;
	return false;
}

/* ---- the tree ----------------------------------------------------------------------------- */

struct builder {
	struct unit *unit;
	struct node *parent;
	struct node **end; /* where the next child goes */
};

/* An implicit cast: one child on the same bytes. */
static bool
adds_nothing(const struct node *n)
{
	return n->kind == CXCursor_UnexposedExpr && n->first != NULL && n->first->next == NULL &&
	       n->first->begin == n->begin && n->first->end == n->end;
}

static enum CXChildVisitResult
copy_node(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct builder *at = data, below;
	struct node *node;

	(void)parent;
	node = must(calloc(1, sizeof *node));
	*node = (struct node){
	    .cursor = cursor, .kind = clang_getCursorKind(cursor), .parent = at->parent};
	bytes_of(at->unit, clang_getCursorExtent(cursor), &node->begin, &node->end);
	below = (struct builder){at->unit, node, &node->first};
	clang_visitChildren(cursor, copy_node, &below);
	if (adds_nothing(node)) {
		struct node *child = node->first;

		free(node);
		child->parent = at->parent;
		node = child;
	}
	*at->end = node;
	at->end = &node->next;
	return CXChildVisit_Continue;
}

static void
note_expansion(struct unit *unit, CXCursor cursor)
{
	struct expansion e;

	if (!bytes_of(unit, clang_getCursorExtent(cursor), &e.begin, &e.end))
		return;
	unit->expansion =
	    must(realloc(unit->expansion, (unit->expansions + 1) * sizeof *unit->expansion));
	unit->expansion[unit->expansions++] = e;
}

/* Only what stands in the file itself. */
static enum CXChildVisitResult
copy_top(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct builder *at = data;

	if (offset_of(at->unit, clang_getCursorLocation(cursor)) == SIZE_MAX)
		return CXChildVisit_Continue;
	if (clang_getCursorKind(cursor) == CXCursor_MacroExpansion)
		note_expansion(at->unit, cursor);
	else if (!clang_isPreprocessing(clang_getCursorKind(cursor)))
		return copy_node(cursor, parent, data);
	return CXChildVisit_Continue;
}

static void
free_children(struct node *node)
{
	for (struct node *next, *n = node->first; n != NULL; n = next) {
		next = n->next;
		free_children(n);
		free(n);
	}
}

/* ---- tokens -------------------------------------------------------------------------------- */

static void
copy_tokens(struct unit *unit)
{
	CXCursor whole = clang_getTranslationUnitCursor(unit->clang);
	CXToken *tokens;
	unsigned n;

	clang_tokenize(unit->clang, clang_getCursorExtent(whole), &tokens, &n);
	unit->token = must(calloc(n + 1, sizeof *unit->token));
	for (unsigned i = 0; i < n; i++) {
		struct token t = {.kind = clang_getTokenKind(tokens[i])};

		if (t.kind != CXToken_Comment &&
		    bytes_of(unit, clang_getTokenExtent(unit->clang, tokens[i]), &t.begin, &t.end))
			unit->token[unit->tokens++] = t;
	}
	clang_disposeTokens(unit->clang, tokens, n);
}

/* ---- parsing ------------------------------------------------------------------------------- */

static void
complain(CXDiagnostic diagnostic, FILE *complaints)
{
	CXString text = clang_getDiagnosticSpelling(diagnostic), name;
	CXFile file;
	unsigned line;

	clang_getFileLocation(clang_getDiagnosticLocation(diagnostic), &file, &line, NULL, NULL);
	name = clang_getFileName(file);
	fprintf(complaints, "%s:%u: %s\n",
	    clang_getCString(name) == NULL ? "?" : clang_getCString(name), line,
	    clang_getCString(text));
	clang_disposeString(name);
	clang_disposeString(text);
}

/* Says every error. Returns whether there was none. */
static bool
parsed_well(const struct unit *unit, FILE *complaints)
{
	unsigned n = clang_getNumDiagnostics(unit->clang);
	bool well = true;

	for (unsigned i = 0; i < n; i++) {
		CXDiagnostic diagnostic = clang_getDiagnostic(unit->clang, i);

		if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error) {
			complain(diagnostic, complaints);
			well = false;
		}
		clang_disposeDiagnostic(diagnostic);
	}
	return well;
}

static int
parse(struct unit *unit, const char *const flags[], int n, FILE *complaints)
{
	const char **all = must(calloc((size_t)n + 2, sizeof *all));
	enum CXErrorCode error;

	all[0] = "-std=c17";
	all[1] = "-D_XOPEN_SOURCE=700";
	memcpy(all + 2, flags, (size_t)n * sizeof *all);
	unit->index = must(clang_createIndex(0, 0));
	error = clang_parseTranslationUnit2(unit->index, unit->source.path, all, n + 2, NULL, 0,
	    CXTranslationUnit_DetailedPreprocessingRecord, &unit->clang);
	free(all);
	if (error == CXError_Success)
		return parsed_well(unit, complaints) ? 0 : -1;
	fprintf(complaints, "%s:1: libclang cannot parse this file\n", unit->source.path);
	return -1;
}

int
unit_open(struct unit *unit, const char *path, const char *const flags[], int n, FILE *complaints)
{
	struct builder top = {unit, &unit->root, &unit->root.first};

	memset(unit, 0, sizeof *unit);
	if (source_read(&unit->source, path) < 0) {
		fprintf(complaints, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	if (parse(unit, flags, n, complaints) < 0)
		return -1;
	copy_tokens(unit);
	unit->root.kind = CXCursor_TranslationUnit;
	clang_visitChildren(clang_getTranslationUnitCursor(unit->clang), copy_top, &top);
	return 0;
}

void
unit_close(struct unit *unit)
{
	free_children(&unit->root);
	free(unit->expansion);
	free(unit->token);
	if (unit->clang != NULL)
		clang_disposeTranslationUnit(unit->clang);
	if (unit->index != NULL)
		clang_disposeIndex(unit->index);
	source_free(&unit->source);
}
