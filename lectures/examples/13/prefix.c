/* prefix.c - a keyword that is compared with too little of itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// tag::wrong[]
/* line has n bytes */
static int
is_stat(const char *line, size_t n)
{
	return memcmp(line, "stat", n < 4 ? n : 4) == 0;
}
// end::wrong[]

// tag::right[]
static int
is_stat_as_a_whole(const char *line, size_t n)
{
	return n >= 5 && memcmp(line, "stat ", 5) == 0;
}
// end::right[]

int
main(void)
{
	static const char *const line[] = {"stat disk", "", "st", "status", "stop"};

	for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
		size_t n = strlen(line[i]);

		printf("%-11.9s %-8s %s\n", line[i][0] == '\0' ? "(empty)" : line[i],
		    is_stat(line[i], n) ? "stat" : "unknown",
		    is_stat_as_a_whole(line[i], n) ? "stat" : "unknown");
	}
	return EXIT_SUCCESS;
}
