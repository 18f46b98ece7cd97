#define _GNU_SOURCE /* memmem */
#include "words.h"

#include <stdio.h>
#include <string.h>

/* A line that is being looked at; not NUL-terminated. */
struct line {
	const char *at;
	size_t n;
};

static bool
begins(struct line l, const char *with)
{
	size_t n = strlen(with);

	return l.n >= n && memcmp(l.at, with, n) == 0;
}

static struct line
after(struct line l, size_t n)
{
	return (struct line){l.at + n, l.n - n};
}

/* The line from the first occurrence of what; n is 0 when there is none. */
static struct line
from(struct line l, const char *what)
{
	const char *found = memmem(l.at, l.n, what, strlen(what));

	return found != NULL ? after(l, (size_t)(found - l.at)) : (struct line){l.at + l.n, 0};
}

static bool
from_linker(struct line l)
{
	return begins(l, "/usr/bin/ld: ") || begins(l, "ld: ") || begins(l, "/src/") ||
	       begins(l, "(.text") || from(l, ": undefined reference to `").n > 0;
}

/* Lines that say nothing to a student. "In function" is repeated by the file and line below it. */
static bool
is_noise(struct line l)
{
	return begins(l, "make: ***") || begins(l, "make: Target ") ||
	       begins(l, "collect2: error: ld returned") ||
	       begins(l, "Please submit a full bug report") ||
	       begins(l, "See <file:///usr/share/doc/gcc") ||
	       (from_linker(l) && from(l, ": in function `").n > 0);
}

static void
put_line(struct text *words, struct line l)
{
	text_put_foreign(words, l.at, l.n);
	text_put_char(words, '\n');
}

/* Has this line been said? Several programs may be linked of the same files. */
static bool
was_said(const struct text *words, const struct text *line)
{
	const char *all = text_string(words);
	const char *found = strstr(all, text_string(line));

	return found != NULL && (found == all || found[-1] == '\n');
}

/* A word that names a place: without the object and the directory. */
static void
put_word(struct text *line, struct line word)
{
	struct line place = from(word, ":/src/");

	if (place.n > 0)
		word = after(place, strlen(":/src/"));
	else if (begins(word, "/src/"))
		word = after(word, strlen("/src/"));
	text_put_foreign(line, word.at, word.n);
}

/*
 * "/usr/bin/ld: /tmp/obj-bin-a.c.o:/src/a.c:9: multiple definition of `x';
 * /tmp/obj-bin-b.c.o:/src/b.c:3: first defined here". A place in a probe is
 * no business of the student's.
 */
static void
put_linker_line(struct text *words, struct line l)
{
	struct line undefined = from(l, "undefined reference to `");
	struct text line = {0};

	if (begins(l, "/usr/bin/"))
		l = after(l, strlen("/usr/bin/"));
	if (undefined.n > 0)
		l = from(l, "/src/").n > 0 ? from(l, "/src/") : undefined;
	while (l.n > 0) {
		const char *blank = memchr(l.at, ' ', l.n);
		struct line word = {l.at, blank != NULL ? (size_t)(blank - l.at) : l.n};

		put_word(&line, word);
		l = after(l, word.n);
		if (l.n > 0) {
			text_put_char(&line, ' ');
			l = after(l, 1);
		}
	}
	text_put_char(&line, '\n');
	if (!was_said(words, &line))
		text_put(words, text_string(&line));
	text_free(&line);
}

/* Takes the next line off the rest. */
static struct line
next_line(struct line *rest)
{
	const char *end = memchr(rest->at, '\n', rest->n);
	struct line l = {rest->at, end != NULL ? (size_t)(end - rest->at) : rest->n};

	*rest = after(*rest, end != NULL ? l.n + 1 : l.n);
	return l;
}

void
compiler_words(struct text *words, const char *said, size_t n)
{
	struct line rest = {said, n};

	while (rest.n > 0) {
		struct line l = next_line(&rest);

		if (is_noise(l))
			continue;
		if (from_linker(l))
			put_linker_line(words, l);
		else
			put_line(words, l);
	}
}

bool
words_of_memory(const char *said)
{
	return strstr(said, "out of memory allocating ") != NULL ||
	       strstr(said, "virtual memory exhausted") != NULL ||
	       strstr(said, "memory exhausted") != NULL ||
	       strstr(said, "Cannot allocate memory") != NULL;
}

bool
words_of_time(const char *said)
{
	return strstr(said, "CPU time limit exceeded signal terminated program") != NULL;
}

bool
words_of_machine(const char *said, char *line, size_t size)
{
	struct line rest = {said, strlen(said)};

	while (rest.n > 0) {
		struct line l = next_line(&rest);

		if (from(l, ": Resource temporarily unavailable").n > 0 &&
		    (begins(l, "make: ") || begins(l, "gcc: "))) {
			snprintf(line, size, "%.*s", (int)l.n, l.at);
			return true;
		}
	}
	return false;
}
