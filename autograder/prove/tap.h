/*
 * tap.h - one item of TAP: words are collected first, because the line that
 * says how it went comes before them.
 */
#ifndef GABEL_PROVE_TAP_H
#define GABEL_PROVE_TAP_H

#include <stdbool.h>
#include <stdio.h>

struct tap {
	FILE *words; /* what is to be said about it, in lines */
	bool always; /* say it also when the item is as it must be */
	char *text;
	size_t n;
};

/* Ends the program when there is no memory. */
void tap_begin(struct tap *t);

/* Prints "ok 3 - what" or "not ok ...", and the words as comments when it is not ok. */
void tap_end(struct tap *t, unsigned *item, bool ok, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
