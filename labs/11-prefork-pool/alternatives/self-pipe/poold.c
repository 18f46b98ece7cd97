/* poold.c - a number is taken apart from its last digit on. */
#include "poold.h"
#include "report.h"
#include "web.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
session_of_the_web(int fd, int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	(void)web_session(fd);
}

static unsigned
value(const char *word)
{
	unsigned sum = 0, weight = 1;
	size_t n = strlen(word);

	if (n == 0 || n > 4)
		return 0;
	while (n-- > 0) {
		if (strchr("0123456789", word[n]) == NULL)
			return 0;
		sum += weight * (unsigned)(word[n] - '0');
		weight *= 10;
	}
	return sum;
}

static int
usage(const char *name, const char *words)
{
	fputs("usage: ", stderr);
	fputs(name, stderr);
	fputs(" ", stderr);
	fputs(words, stderr);
	fputs("\n", stderr);
	return 2;
}

int
poold(const char *name, const char *words, unsigned n_numbers, unsigned most, starter *start,
    int argc, char *argv[])
{
	char *words_of_server[] = {(char *)name, NULL};
	unsigned numbers[8], last = 1;

	if (argc < 2 || (unsigned)argc != 2 + n_numbers)
		return usage(name, words);
	for (int i = 2; i < argc; i++) {
		numbers[i - 2] = value(argv[i]);
		if (numbers[i - 2] < last || numbers[i - 2] > most)
			return usage(name, words);
		last = numbers[i - 2];
	}
	if (start(argv[1], session_of_the_web, numbers, 1, words_of_server) != 0) {
		fprintf(stderr, "%s: %s: %s\n", name, argv[1], strerror(errno));
		return 1;
	}
	return report_cpu();
}
