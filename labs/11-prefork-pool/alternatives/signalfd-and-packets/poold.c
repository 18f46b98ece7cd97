/* poold.c - numbers by sscanf(), which says where they end. */
#include "poold.h"
#include "report.h"
#include "web.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static void
web(int fd, int argc, char *argv[])
{
	web_session(fd);
	(void)argc;
	(void)argv;
}

static int
read_number(const char *word, unsigned least, unsigned most, unsigned *number)
{
	int end = 0;

	return isdigit((unsigned char)*word) && sscanf(word, "%5u%n", number, &end) == 1 &&
	       word[end] == '\0' && *number >= least && *number <= most;
}

int
poold(const char *name, const char *words, unsigned n_numbers, unsigned most, starter *start,
    int argc, char *argv[])
{
	char *own[] = {(char *)name, NULL};
	unsigned numbers[3], n = 0;

	while (argc - 2 == (int)n_numbers && n < n_numbers &&
	       read_number(argv[2 + n], n == 0 ? 1 : numbers[n - 1], most, &numbers[n]))
		n++;
	if (n != n_numbers)
		return fprintf(stderr, "usage: %s %s\n", name, words) < 0 ? 2 : 2;
	if (start(argv[1], web, numbers, 1, own) < 0) {
		perror("cannot begin");
		return EXIT_FAILURE;
	}
	report_cpu();
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
