/*
 * findings.h - mistakes in a lab's files, collected so that an author sees all
 * of them in one run, in the order of the files and their lines.
 */
#ifndef GABEL_FINDINGS_H
#define GABEL_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct finding {
	char *file; /* harmless on a terminal */
	int line;   /* from 1; 0: the file as a whole */
	char *sentence;
};

struct findings {
	size_t n;
	struct finding *at;
	bool failed; /* memory ran out: there are more */
};

/* Adds one; file is copied. */
void findings_add(struct findings *f, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Sorts them by file and line and writes each as "FILE:LINE: sentence" (or "FILE: sentence"). */
void findings_print(struct findings *f, FILE *out);

void findings_free(struct findings *f);

#endif
