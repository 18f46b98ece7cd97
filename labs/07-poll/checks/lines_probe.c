/* lines_probe.c - makes lines of what comes on standard input. */
#include "lines.h"

#include "probe.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LISTS = 2, TRANSCRIPT_MAX = 20000 };

static struct lines *all[LISTS];

static struct lines **
asked_for(void)
{
	return &all[request_int(1) % LISTS];
}

/* "new I LONGEST" */
static void
do_new(void)
{
	struct lines **l = asked_for();

	errno = 0;
	*l = lines_new((size_t)request_int(2));
	answer_put_int("errno", errno);
	answer_put_int("result", *l != NULL);
}

/* "read I" */
static void
do_read(void)
{
	errno = 0;
	if (*asked_for() != NULL) {
		answer_put_int("result", lines_read(*asked_for(), STDIN_FILENO));
		answer_put_int("errno", errno);
	}
}

struct transcript {
	size_t n;
	char text[TRANSCRIPT_MAX + 1];
};

static void
put(struct transcript *to, char c)
{
	if (to->n < TRANSCRIPT_MAX)
		to->text[to->n++] = c;
}

/* A line as <text>, with @ for NUL and # for what is not ended by a NUL. */
static void
put_line(struct transcript *to, char *line, size_t n)
{
	put(to, '<');
	for (size_t i = 0; i < n && i < TRANSCRIPT_MAX; i++) {
		put(to, line[i] == '\0' ? '@' : line[i]);
		line[i] = '?'; /* "may be changed" */
	}
	put(to, '>');
	if (line[n] != '\0')
		put(to, '#');
}

/* All lines that are there, with ! for one that is too long. */
static void
take_all(struct lines *l, struct transcript *to)
{
	enum lines_what what;
	char *line;
	size_t n;

	while ((what = lines_next(l, &line, &n)) != LINES_NONE && to->n < TRANSCRIPT_MAX) {
		if (what == LINES_LINE)
			put_line(to, line, n);
		else
			put(to, '!');
	}
}

/* Reads n bytes as they come; takes all lines after each read. */
static void
drink(int fd, size_t n, struct transcript *to)
{
	for (size_t got = 0; got < n;) {
		ssize_t more = lines_read(*asked_for(), fd);

		if (more <= 0)
			break;
		got += (size_t)more;
		take_all(*asked_for(), to);
	}
	to->text[to->n] = '\0';
}

/* "drink I N" */
static void
do_drink(void)
{
	static struct transcript transcript;

	transcript.n = 0;
	if (*asked_for() != NULL) {
		drink(STDIN_FILENO, (size_t)request_int(2), &transcript);
		answer_put_text("lines", transcript.text);
	}
}

/* "endless I N": of a line that never ends. */
static void
do_endless(void)
{
	static struct transcript transcript;
	int fd = open("/dev/zero", O_RDONLY);

	transcript.n = 0;
	if (fd >= 0 && *asked_for() != NULL) {
		drink(fd, (size_t)request_int(2), &transcript);
		answer_put_text("lines", transcript.text);
	}
	close(fd);
}

/* "take I": all lines that are there. */
static void
do_take(void)
{
	static struct transcript transcript;

	transcript.n = 0;
	if (*asked_for() != NULL) {
		take_all(*asked_for(), &transcript);
		answer_put_int("bytes", (long long)transcript.n);
	}
}

/* "free I", or "free NULL" */
static void
do_free(void)
{
	struct lines *none = NULL, **l = strcmp(request_word(1), "NULL") == 0 ? &none : asked_for();

	lines_free(*l);
	*l = NULL;
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"new", do_new},
	    {"read", do_read},
	    {"drink", do_drink},
	    {"endless", do_endless},
	    {"take", do_take},
	    {"free", do_free},
	    {0},
	};

	/* as the contract says */
	if (fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK) < 0)
		return 1;
	return probe_serve(verbs);
}
