/*
 * words.h - the words that the terminal and the pages share, in the reader's
 * language. Returned strings are malloc'd, NULL with errno ENOMEM; they may
 * hold foreign text and are not yet escaped.
 */
#ifndef GABEL_REPORT_WORDS_H
#define GABEL_REPORT_WORDS_H

#include "report.h"

/* "timed out", "Zeit abgelaufen": what a reader calls it, not the token. */
const char *words_verdict(enum verdict v);

/* What stands before the parts of an explanation. */
enum label { RAN, EXPECTED, SEEN, FAULTS, WHY, HINT, MORE, NEXT, READ, LABELS };
const char *words_label(enum label label);

/*
 * "make check LAB=01 SEED=7 ONLY=id": what shows this failure again, in the
 * same language when that was asked for.
 */
char *words_replay(
    const struct result *r, const struct check_result *c, const struct report_options *o);

/*
 * "the 2nd read() cut to 1 byte; ... (3 times)": the faults that were
 * delivered; NULL with errno 0 when there were none.
 */
char *words_faults(const struct check_result *c);

/*
 * "waitpid(2); chapter 01, "Zombies"": what to read about it; NULL with errno
 * 0 when the check names nothing. The title is looked up in root/lectures when
 * root is not NULL and the notes exist in the language.
 */
char *words_reading(const struct check_result *c, const char *root);

/* "points 84 of 100", and how many could not be judged. */
char *words_points(const struct result *r);

/* "Please tell your instructor: ...", with what he needs to find a grader fault. */
char *words_whom_to_tell(const struct result *r);

/* "a, b, c" of an array of strings. */
char *words_list(const json_t *names);

/* Does the check deserve a full explanation? Not when it is hidden or passed. */
bool words_explains(const struct check_result *c);

#endif
