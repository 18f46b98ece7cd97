/*
 * own.h - gabel check --own: a lab that builds on others, on the student's own files of those.
 *
 * Never how a grade is made: there the lab stands on the reference solutions, so that a mistake
 * in one lab costs nothing in another.
 */
#ifndef GABEL_OWN_H
#define GABEL_OWN_H

#include "../lab/lab.h"
#include <stdio.h>

/*
 * The folder in which the folders of the other labs lie: the one around the submission (malloc'd).
 * NULL after a complaint when the lab builds on no other, or a file is missing there.
 */
char *find_own(const struct lab *lab, const char *submission);

/* Says to out on whose files the lab stands now, and that it is no grade. Returns 0, or -1. */
int say_own(const struct lab *lab, FILE *out);

#endif
