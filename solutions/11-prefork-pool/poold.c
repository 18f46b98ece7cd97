/* poold.c - what preforkd and poolpreforkd have in common. See poold.h. */
#include "poold.h"
#include "report.h"
#include "web.h"
#include <stdio.h>
#include <stdlib.h>

/* STUDENT: what a session is, and what a number */
enum { NUMBERS_MAX = 3 };

/* How a session ends is its client's business. */
static void
serve_web(int fd, int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	(void)web_session(fd);
}

/* 0 when it is no number from 1 to most. */
static unsigned
number_of(const char *word, unsigned most)
{
	unsigned n = 0;

	for (; *word >= '0' && *word <= '9' && n <= most; word++)
		n = n * 10 + (unsigned)(*word - '0');
	return *word == '\0' && n <= most ? n : 0;
}

/* Takes n words. Returns 0, or -1 when one is wrong or less than the one before. */
static int
take_numbers(unsigned numbers[], unsigned n, unsigned most, char *words[])
{
	unsigned least = 1;

	for (unsigned i = 0; i < n; i++) {
		numbers[i] = number_of(words[i], most);
		if (numbers[i] < least)
			return -1;
		least = numbers[i];
	}
	return 0;
}
/* END */

int
poold(const char *name, const char *words, unsigned n_numbers, unsigned most, starter *start,
    int argc, char *argv[])
{
	/* STUDENT: the usage, the server, and the report */
	char *arguments[] = {(char *)name, NULL};
	unsigned numbers[NUMBERS_MAX];

	if (argc != 2 + (int)n_numbers || take_numbers(numbers, n_numbers, most, argv + 2) < 0) {
		fprintf(stderr, "usage: %s %s\n", name, words);
		return 2;
	}
	if (start(argv[1], serve_web, numbers, 1, arguments) < 0) {
		perror(name);
		return EXIT_FAILURE;
	}
	return report_cpu() < 0 || fflush(stdout) == EOF ? EXIT_FAILURE : EXIT_SUCCESS;
	/* INSTEAD
	(void)name;
	(void)words;
	(void)n_numbers;
	(void)most;
	(void)start;
	(void)argc;
	(void)argv;
	return 3;
	*/
	/* END */
}
