/* nearest.c - see nearest.h. */
#include "nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Longer words are compared up to here: keys and ids are short. */
enum { LENGTH_MAX = 63 };

static bool
same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t less = a < b ? a : b;

	return less < c ? less : c;
}

/*
 * The usual table: row i, column j holds the slips between the first i
 * characters of a and the first j of b. Only three rows are alive at a time;
 * the oldest is for two characters that were swapped.
 */
static size_t
count_slips(const char *a, const char *b)
{
	size_t rows[3][LENGTH_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];
	size_t n = strnlen(a, LENGTH_MAX), m = strnlen(b, LENGTH_MAX);

	for (size_t j = 0; j <= m; j++)
		last[j] = before[j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *free_row = before;

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t changed = last[j - 1] + !same(a[i - 1], b[j - 1]);

			row[j] = least(last[j] + 1, row[j - 1] + 1, changed);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1, row[j]);
		}
		before = last;
		last = row;
		row = free_row;
	}
	return last[m];
}

const char *
nearest_word(const char *word, const char *const *words, size_t n)
{
	const char *best = NULL;
	size_t best_slips = 0;

	for (size_t i = 0; i < n; i++) {
		size_t slips = count_slips(word, words[i]);

		if (best == NULL || slips < best_slips) {
			best = words[i];
			best_slips = slips;
		}
	}
	if (best &&
	    (best_slips >= strlen(best) || (best_slips > 1 && best_slips * 3 > strlen(best))))
		best = NULL;
	return best;
}
