/*
 * page.h - the values that the HTML templates of autograder/templates show.
 *
 * Functions return a new reference, NULL with errno ENOMEM.
 */
#ifndef GABEL_REPORT_PAGE_H
#define GABEL_REPORT_PAGE_H

#include "report.h"

/* What every page needs: its language, its title and the fixed words. */
json_t *page_frame(const char *title);

/* One result: what lab.html shows. */
json_t *page_result(const struct result *r, const struct report_options *o);

/* A verdict in a table: its class in the style sheet and its sign. */
const char *page_class(enum verdict v);
const char *page_sign(enum verdict v);

/* Sets object[key]; foreign bytes become harmless. NULL sets nothing. 0, or -1 with errno. */
int page_put(json_t *object, const char *key, const char *text);
int page_put_count(json_t *object, const char *key, unsigned long n);

/* Fills template with values (whose reference it takes, NULL is a failure) and writes it. */
int page_write(const char *root, const char *template, json_t *values, FILE *out);

#endif
