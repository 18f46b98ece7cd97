/*
 * designs.h - the list of what the benchmark measures: designs.list, which says what its columns
 * mean.
 */
#ifndef BENCH_DESIGNS_H
#define BENCH_DESIGNS_H

#include <stdbool.h>
#include <stddef.h>

enum { DESIGNS_MAX = 64, WORDS_MAX = 8, LANGUAGES = 3 };

enum load_kind {
	LOAD_ALL,
	LOAD_ONE,
	LOAD_NONE,
};

struct design {
	char *line; /* what the other members point into */
	const char *id;
	const char *row, *column; /* "-" for none */
	enum load_kind load;
	bool herd; /* with as many children as HERD= says */
	bool lean; /* what another one is compared with, if that is wanted */
	int stop;
	const char *words[WORDS_MAX]; /* the program and its arguments; NULL after the last */
	const char *lab;
	const char *names[LANGUAGES]; /* en, de, ru */
};

/*
 * Reads the list. Returns how many designs it has, or -1 after a line on standard error that
 * names the file, its line and the mistake. Whoever called frees them.
 */
long designs_read(const char *path, struct design designs[DESIGNS_MAX]);

void designs_free(struct design *designs, size_t n);

#endif
