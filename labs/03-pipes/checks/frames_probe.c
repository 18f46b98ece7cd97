/* frames_probe.c - calls send_frame() to standard output and receive_frame() from standard input.
 */
#include "frames.h"

#include "guard.h"
#include "pattern.h"
#include "probe.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NOT_SET = 123456 };

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
	int fd = probe_pipe_to_nobody();

	if (fd < 0)
		return;
	send_to(fd, (size_t)request_int(1), (unsigned)request_int(2));
	close(fd);
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
	struct guarded payload;
	int result;

	if (!guarded_get(&payload, room, strcmp(request_word(2), "bare") == 0))
		return;
	errno = 0;
	result = receive_frame(STDIN_FILENO, payload.at, room, &n);
	answer_put_int("errno", errno);
	answer_put_int("result", result);
	answer_put_int("n", (long long)n);
	if (result == 1 && n <= room)
		answer_put_int("sum", sum_of(payload.at, n, SUM_OF_NOTHING));
	answer_put_int("beyond", guarded_is_touched(&payload));
	guarded_free(&payload);
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
