/*
 * template.h - fills a page's template with values.
 *
 *	{{name}} {{a.b}} {{.}}   a value, made harmless: control characters shown,
 *	                         the signs that HTML and XML give a meaning escaped
 *	{{#name}}...{{/name}}    once for each element of a list, once for anything
 *	                         else that is there and not false, 0 or empty
 *	{{^name}}...{{/name}}    once when it is missing, false, 0 or empty
 *	{{>file}}                another template of the same folder
 *	{{! words }}             nothing
 *
 * A name is looked up in the innermost section's value first, then outwards.
 * There is no way to insert a value unescaped. A value that is missing is a
 * mistake, so that a misspelt name is noticed.
 */
#ifndef GABEL_REPORT_TEMPLATE_H
#define GABEL_REPORT_TEMPLATE_H

#include "../base/text.h"
#include <jansson.h>

/*
 * Appends the filled template directory/name to out. Returns 0, or -1 with
 * errno: EINVAL for a mistake in the template, told with complain().
 */
int template_fill(const char *directory, const char *name, const json_t *values, struct text *out);

/* Appends s with & < > " and ' as entities and everything treacherous as escapes. */
void html_escape(struct text *out, const char *s);

/* Appends s, a file's name, as a part of a link: %20 and the like. */
void html_link(struct text *out, const char *s);

#endif
