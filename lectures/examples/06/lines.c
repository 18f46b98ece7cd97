/* lines.c - lines out of pieces, however they were cut. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 8 };

// tag::lines[]
struct collected {
	size_t n;
	bool too_long;
	char line[LONGEST];
};

static void
take_byte(struct collected *c, char byte)
{
	if (byte == '\n') { // <1>
		if (!c->too_long)
			printf("line of %zu bytes: %.*s\n", c->n, (int)c->n, c->line);
		c->n = 0;
		c->too_long = false;
	} else if (c->n < LONGEST) { // <2>
		c->line[c->n++] = byte;
	} else if (!c->too_long) { // <3>
		c->too_long = true;
		puts("too long");
	}
}
// end::lines[]

int
main(void)
{
	static const char *const pieces[] = {"ab", "c\nde\nf", "\nthis is far too", " long\nend"};
	struct collected c = {0};

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
		for (size_t j = 0; j < strlen(pieces[i]); j++)
			take_byte(&c, pieces[i][j]);
	printf("%zu bytes wait for a newline\n", c.n);
	return 0;
}
