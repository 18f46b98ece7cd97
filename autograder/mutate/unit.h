/*
 * unit.h - a parsed file: the compiler's tree, its tokens, and where it uses macros.
 *
 * The tree is libclang's, copied so that a node knows its parent and its
 * bytes. Implicit casts are left out. What the body of a macro makes lies,
 * for us, where the macro is used, all of it on the same bytes; an argument
 * lies where the student wrote it. So an operator is the student's when its
 * token lies between its operands, and a name or constant when its token is
 * all there is at the node: macros need no other care.
 */
#ifndef GABEL_MUTATE_UNIT_H
#define GABEL_MUTATE_UNIT_H

#include "source.h"
#include <clang-c/Index.h>
#include <stdio.h>

struct node {
	CXCursor cursor;
	enum CXCursorKind kind;
	size_t begin, end; /* bytes, without the semicolon; both 0 outside of the file */
	struct node *parent, *first, *next;
};

struct token {
	enum CXTokenKind kind;
	size_t begin, end;
};

struct expansion {
	size_t begin, end; /* NAME or NAME(...) */
};

struct unit {
	struct source source;
	CXIndex index;
	CXTranslationUnit clang;
	struct token *token; /* without comments, in order */
	size_t tokens;
	struct expansion *expansion;
	size_t expansions;
	struct node root;
};

/*
 * Reads and parses a file with the flags that submissions are compiled with,
 * and these of the caller's. Returns 0, or -1 after saying FILE:LINE: why not.
 */
int unit_open(
    struct unit *unit, const char *path, const char *const flags[], int n, FILE *complaints);
void unit_close(struct unit *unit);

#endif
