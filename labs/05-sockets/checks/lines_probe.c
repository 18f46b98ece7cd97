/* lines_probe.c - takes lines from standard input, writes texts to standard output. */
#include "lines.h"

#include "letters.h"
#include "probe.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GUARD = 64, UNTOUCHED = 0xa5, NOT_SET = 123456 };

static struct reader reader;

static int
touched(const char *guard, size_t n)
{
	while (n > 0 && (unsigned char)guard[n - 1] == UNTOUCHED)
		n--;
	return n > 0;
}

/* What cannot be seen becomes a dot. */
static void
put_visible(char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '.';
	text[n] = '\0';
	answer_put_text("text", text);
}

/*
 * "line ROOM": result, errno, n, the sum of the bytes, whether a NUL stands behind
 * them, whether something was written behind the room. "line ROOM bare": for
 * valgrind, which watches what is behind the room itself.
 */
static void
do_line(void)
{
	size_t room = (size_t)request_int(1), n = NOT_SET;
	size_t guard = strcmp(request_word(2), "bare") == 0 ? 0 : GUARD;
	char *line = malloc(room + guard);
	int result;

	if (line == NULL)
		return;
	memset(line, UNTOUCHED, guard > 0 ? room + guard : 0); /* so that no NUL is there by luck */
	errno = 0;
	result = read_line(&reader, line, room, &n);
	answer_put_int("errno", errno);
	answer_put_int("result", result);
	answer_put_int("n", (long long)n);
	answer_put_int("beyond", touched(line + room, guard));
	if (result == 1 && n < room) {
		answer_put_int("sum", sum_of(line, n));
		answer_put_int("last", line[n]);
		put_visible(line, n);
	}
	free(line);
}

static void
write_to(int fd, size_t n, unsigned key)
{
	char *text = malloc(n + 1);

	if (text == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		text[i] = letter_at(i, key);
	errno = 0;
	answer_put_int("result", write_all(fd, text, n));
	answer_put_int("errno", errno);
	free(text);
}

/* "write N KEY" */
static void
do_write(void)
{
	write_to(STDOUT_FILENO, (size_t)request_int(1), (unsigned)request_int(2));
}

/* The same into a pipe that nobody reads any more. */
static void
do_nobody(void)
{
	int ends[2];

	if (pipe(ends) < 0)
		return;
	close(ends[0]);
	write_to(ends[1], (size_t)request_int(1), (unsigned)request_int(2));
	close(ends[1]);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"line", do_line},
	    {"write", do_write},
	    {"nobody", do_nobody},
	    {"handle", probe_handle},
	    {0},
	};

	memset(&reader, 'r', sizeof reader);
	reader_init(&reader, STDIN_FILENO);
	signal(SIGPIPE, SIG_IGN);
	return probe_serve(verbs);
}
