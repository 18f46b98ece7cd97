/*
 * pattern.h - texts that a judge and a probe make alike, and a sum to compare them by.
 *
 * The key is drawn from the seed, so that nobody can know the text beforehand.
 */
#ifndef GABEL_JUDGE_PATTERN_H
#define GABEL_JUDGE_PATTERN_H

#include <stddef.h>
#include <stdint.h>

/* Any bytes. */
static inline void
fill_bytes(void *text, size_t n, unsigned key)
{
	unsigned char *to = text;

	for (size_t i = 0; i < n; i++) {
		key = key * 1103515245u + 12345u;
		to[i] = (unsigned char)(key >> 16);
	}
}

/* Small letters. */
static inline void
fill_letters(void *text, size_t n, unsigned key)
{
	unsigned char *to = text;

	fill_bytes(text, n, key);
	for (size_t i = 0; i < n; i++)
		to[i] = (unsigned char)('a' + to[i] % 26);
}

/* FNV-1a, 32 bits. Begin with SUM_OF_NOTHING. */
#define SUM_OF_NOTHING 2166136261u

static inline uint32_t
sum_of(const void *text, size_t n, uint32_t sum)
{
	const unsigned char *from = text;

	for (size_t i = 0; i < n; i++)
		sum = (sum ^ from[i]) * 16777619u;
	return sum;
}

#endif
