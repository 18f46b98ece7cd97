/* letters.h - texts that a judge and a probe make alike, and a sum to compare them by. */
#ifndef SOCKETS_LETTERS_H
#define SOCKETS_LETTERS_H

#include <stddef.h>

/* The key is drawn from the seed: nobody can know the text beforehand. */
static inline char
letter_at(size_t i, unsigned key)
{
	return (char)('a' + (i * 7 + i / 26 * 5 + i / 700 + key) % 26);
}

/* Another order, another sum. */
static inline long long
sum_of(const char *text, size_t n)
{
	unsigned long sum = 1;

	for (size_t i = 0; i < n; i++)
		sum = (sum * 31 + (unsigned char)text[i]) % 1000000007;
	return (long long)sum;
}

#endif
