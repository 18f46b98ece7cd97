/* lines_probe.c - takes lines from standard input, writes texts to standard output. */
#include "lines.h"

#include "guard.h"
#include "pattern.h"
#include "probe.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NOT_SET = 123456 };

static struct reader reader;

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
	struct guarded line;
	int result;

	if (!guarded_get(&line, room, strcmp(request_word(2), "bare") == 0))
		return;
	errno = 0;
	result = read_line(&reader, line.at, room, &n);
	answer_put_int("errno", errno);
	answer_put_int("result", result);
	answer_put_int("n", (long long)n);
	answer_put_int("beyond", guarded_is_touched(&line));
	if (result == 1 && n < room) {
		answer_put_int("sum", sum_of(line.at, n, SUM_OF_NOTHING));
		answer_put_int("last", line.at[n]);
		put_visible(line.at, n);
	}
	guarded_free(&line);
}

static void
write_to(int fd, size_t n, unsigned key)
{
	char *text = malloc(n + 1);

	if (text == NULL)
		return;
	fill_letters(text, n, key);
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
	int fd = probe_pipe_to_nobody();

	if (fd < 0)
		return;
	write_to(fd, (size_t)request_int(1), (unsigned)request_int(2));
	close(fd);
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
