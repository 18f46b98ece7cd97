/* lines.c - a server of lines: however the bytes are cut, the answers are the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE = 16 }; /* with its newline */

// tag::take[]
struct buffer {
	size_t n;
	char bytes[LINE];
};

/* Returns the length of the first line, without its newline; -1: there is none yet. */
static int
take_line(struct buffer *b, char line[LINE])
{
	const char *end = memchr(b->bytes, '\n', b->n); // <1>
	size_t length;

	if (end == NULL)
		return -1;
	length = (size_t)(end - b->bytes);
	memcpy(line, b->bytes, length);
	line[length] = '\0';
	b->n -= length + 1;
	memmove(b->bytes, end + 1, b->n); // <2>
	return (int)length;
}
// end::take[]

static void
answer(int fd, const char *line)
{
	static int sum;
	char text[32];

	if (strncmp(line, "add ", 4) == 0)
		sum += atoi(line + 4); /* a real server asks strtol() what it has read */
	else if (strcmp(line, "sum") != 0)
		dprintf(fd, "?\n");
	else if (snprintf(text, sizeof text, "%d\n", sum) > 0)
		dprintf(fd, "%s", text);
}

// tag::serve[]
static void
serve(int fd)
{
	struct buffer b = {.n = 0};
	char line[LINE];
	ssize_t got;

	while (b.n < sizeof b.bytes && // <1>
	       (got = read(fd, b.bytes + b.n, sizeof b.bytes - b.n)) > 0) {
		b.n += (size_t)got;
		while (take_line(&b, line) >= 0) // <2>
			answer(fd, line);
	}
}
// end::serve[]

static void
ask(size_t piece)
{
	static const char requests[] = "add 40\nadd 2\nsum\nhello\nsum";
	size_t all = sizeof requests - 1;
	char answers[64];
	size_t n = 0;
	ssize_t got;
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0 || (pid = fork()) < 0)
		exit(EXIT_FAILURE);
	if (pid == 0) {
		close(ends[0]);
		serve(ends[1]);
		_exit(EXIT_SUCCESS);
	}
	close(ends[1]);
	for (size_t i = 0; i < all; i += piece)
		if (write(ends[0], requests + i, all - i < piece ? all - i : piece) < 0)
			exit(EXIT_FAILURE);
	shutdown(ends[0], SHUT_WR);
	while ((got = read(ends[0], answers + n, sizeof answers - n)) > 0)
		n += (size_t)got;
	while (n > 0 && answers[n - 1] == '\n')
		n--;
	for (size_t i = 0; i < n; i++)
		if (answers[i] == '\n')
			answers[i] = ' ';
	printf("%2zu bytes at a time: %.*s\n", piece, (int)n, answers);
	close(ends[0]);
	waitpid(pid, NULL, 0);
}

int
main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	ask(1);
	ask(5);
	ask(27);
	return EXIT_SUCCESS;
}
