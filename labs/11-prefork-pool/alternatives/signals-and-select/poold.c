/* poold.c - numbers by strtoul(), after a look at their letters. */
#include "poold.h"
#include "report.h"
#include "web.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
one_session(int fd, int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	web_session(fd);
}

int
poold(const char *name, const char *words, unsigned n_numbers, unsigned most, starter *start,
    int argc, char *argv[])
{
	unsigned numbers[4] = {1};
	char *arguments[2] = {(char *)name};
	int wrong = argc != (int)n_numbers + 2;

	for (unsigned i = 0; !wrong && i < n_numbers; i++) {
		const char *word = argv[i + 2];
		unsigned long value = 0;

		wrong =
		    *word == '\0' || strlen(word) > 5 || word[strspn(word, "0123456789")] != '\0';
		if (!wrong)
			value = strtoul(word, NULL, 10);
		wrong = wrong || value < 1 || value > most || (i > 0 && value < numbers[i - 1]);
		numbers[i] = (unsigned)value;
	}
	if (wrong) {
		fprintf(stderr, "usage: %s %s\n", name, words);
		return 2;
	}
	if (start(argv[1], one_session, numbers, 1, arguments) == 0)
		return report_cpu() == 0 ? 0 : 1;
	perror(argv[1]);
	return 1;
}
