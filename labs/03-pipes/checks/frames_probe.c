/* frames_probe.c - calls send_frame() to standard output and receive_frame() from standard input.
 */
#include "frames.h"

#include "pattern.h"
#include "probe.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GUARD = 64, UNTOUCHED = 0xa5, NOT_SET = 123456 };

static void
send_to(int fd, size_t n, unsigned key)
{
	char *payload = malloc(n + 1);

	if (payload == NULL)
		return;
	fill_bytes(payload, n, key);
	errno = 0;
	answer_put_int("result", send_frame(fd, payload, n));
	answer_put_int("errno", errno);
	free(payload);
}

/* "send N KEY" */
static void
do_send(void)
{
	send_to(STDOUT_FILENO, (size_t)request_int(1), (unsigned)request_int(2));
}

/* "nobody N KEY": into a pipe that nobody reads any more. */
static void
do_nobody(void)
{
	int ends[2];

	if (pipe(ends) < 0)
		return;
	close(ends[0]);
	send_to(ends[1], (size_t)request_int(1), (unsigned)request_int(2));
	close(ends[1]);
}

static int
touched(const unsigned char *guard, size_t n)
{
	while (n > 0 && guard[n - 1] == UNTOUCHED)
		n--;
	return n > 0;
}

/*
 * "receive ROOM": the answer has result, errno, n, the sum of the payload, and
 * whether something was written behind the room. "receive ROOM bare": for
 * valgrind, which watches what is behind the room itself.
 */
static void
do_receive(void)
{
	size_t room = (size_t)request_int(1), n = NOT_SET;
	size_t guard = strcmp(request_word(2), "bare") == 0 ? 0 : GUARD;
	unsigned char *payload = malloc(room + guard);
	int result;

	if (payload == NULL && room + guard > 0)
		return;
	memset(payload + room, UNTOUCHED, guard);
	errno = 0;
	result = receive_frame(STDIN_FILENO, payload, room, &n);
	answer_put_int("errno", errno);
	answer_put_int("result", result);
	answer_put_int("n", (long long)n);
	if (result == 1 && n <= room)
		answer_put_int("sum", sum_of(payload, n, SUM_OF_NOTHING));
	answer_put_int("beyond", touched(payload + room, guard));
	free(payload);
}

/* One byte of what is still to be read, or -1. */
static void
do_rest(void)
{
	unsigned char byte;

	answer_put_int("byte", read(STDIN_FILENO, &byte, 1) == 1 ? byte : -1);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"send", do_send},
	    {"nobody", do_nobody},
	    {"receive", do_receive},
	    {"rest", do_rest},
	    {"handle", probe_handle},
	    {0},
	};

	signal(SIGPIPE, SIG_IGN);
	return probe_serve(verbs);
}
