/*
 * plain.h - what the terminal shows, as a string without colours: for formats that carry a text
 * for people beside their own fields. Returned strings are malloc'd, NULL with errno ENOMEM.
 */
#ifndef GABEL_REPORT_PLAIN_H
#define GABEL_REPORT_PLAIN_H

#include "report.h"

/* One check: its line, and below it the explanation, if there is one. */
char *plain_check(const struct result *r, size_t check, const struct report_options *o);

/* All of it. */
char *plain_whole(const struct result *r, const struct report_options *o);

/* What stands before and after the checks. */
char *plain_around(const struct result *r, const struct report_options *o);

#endif
