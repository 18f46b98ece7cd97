/*
 * figures.h - what the runs say together, and the book's figures beside it.
 *
 * Of each design those runs count that others have not disturbed; when all were, all of them
 * count, and "disturbed" is true. A ratio is made in each round, with the iterative server of the
 * same round, and then the median of the rounds is taken: so a machine that becomes slower on the
 * way changes nothing. The same holds for process-control CPU time, the difference to the
 * iterative server.
 */
#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H

#include <jansson.h>

/*
 * Makes of the results that bench-run has written and of book.json one object:
 *
 *	rows     of Table 30.1, in the order of the list: id, row, en, de, ru; book (a text as
 *	         printed, or null), cpu, least, most, control, ratio (null without a round that
 *	         has both), lean (the same to the design "ID-lean"), per_second, p50, p99,
 *	         switches (per connection), runs, discarded, disturbed
 *	columns  of Table 30.2: id, row, en, de, ru; book (15 numbers, or null), today (of the last
 *	         run that counts), least, median, most (of all children in all runs that count)
 *	herd     for each number of children: children, ways: id, en, de, ru, cpu, least, most,
 *	         switches (per connection), per_second, p99, idle (true when no client came)
 *
 * Times are seconds, p50 and p99 milliseconds. Returns NULL after a line on standard error.
 */
json_t *figures_make(const json_t *results, const json_t *book);

/* Reads a file of JSON. Returns NULL after a line on standard error. */
json_t *figures_read(const char *path);

/* A member that is a number; 0 when there is none. */
double figures_number(const json_t *object, const char *key);

/* A member that is a text; "" when there is none. */
const char *figures_text(const json_t *object, const char *key);

#endif
