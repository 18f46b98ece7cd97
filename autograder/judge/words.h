/*
 * words.h - facts as sentences, in the student's language.
 *
 * What is returned lives until the check ends.
 */
#ifndef GABEL_JUDGE_WORDS_H
#define GABEL_JUDGE_WORDS_H

#include <stddef.h>
#include <stdint.h>

/* printf into a text: words(_("%d children"), 3). */
const char *words(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * How a process ended, by a status as waitpid() stores it: "exit status 3",
 * "killed by SIGTERM". A student's program may have stored anything: what is no
 * end at all is said as well.
 */
const char *ending_of(int status);

/* n small letters drawn from the seed: nobody can know them beforehand. */
const char *letters(size_t n);

/* As much of a line as fits into a report, without what a terminal might take amiss. */
const char *shown(const char *line);

/*
 * A newline that ends a quotation, or the text, as C writes it: on a screen it
 * would only tear the quotation's end away, and whether it is there can matter.
 * Between lines it stays what it is.
 */
const char *newlines_shown(const char *text);

/* "EAGAIN" for its number; the number itself when it is nobody's, "0" among them. */
const char *error_name(long long error);

/*
 * What strerror(3) says to a program that does not call setlocale(3), as no program
 * of a student's does: in English, whatever language the student reads.
 */
const char *error_text(int error);

/* "SIGHUP, SIGTERM", or "no signal". */
const char *signal_names(uint64_t set);

#endif
