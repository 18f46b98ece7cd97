/*
 * words.h - the words that the terminal and the pages share, in the reader's
 * language. Returned strings are malloc'd, NULL with errno ENOMEM; they may
 * hold foreign text and are not yet escaped.
 */
#ifndef GABEL_REPORT_WORDS_H
#define GABEL_REPORT_WORDS_H

#include "../verdict/result.h"

/* "timed out", "Zeit abgelaufen": what a reader calls it, not the token. */
const char *words_verdict(enum verdict v);

/* "make check LAB=01 SEED=7 ONLY=id": what shows this failure again. */
char *words_replay(const struct result *r, const struct check_result *c, const char *directory);

/* "the 2nd read() cut to 1 byte (twice); ..."; NULL with errno 0 when there were none. */
char *words_faults(const struct check_result *c);

/*
 * "chapter 01, "Zombies"": where the notes explain it; NULL with errno 0 when
 * the check names no place. The title is looked up in root/lectures when root
 * is not NULL and the notes exist in the language.
 */
char *words_lecture(const struct check_result *c, const char *root);

/* Does the check deserve a full explanation? Not when it is hidden or passed. */
bool words_explains(const struct check_result *c);

/* The points that no one could judge because of a grader fault. */
unsigned words_points_lost_to_us(const struct result *r);

#endif
