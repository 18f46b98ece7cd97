/* patience_probe.c - connections and questions with a time limit. */
#include "patience.h"

#include "pattern.h"
#include "probe.h"
#include "where.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- requests ----------------------------------------------------------------------------- */

static void
connect_with(int fd, const union where *to, socklen_t size)
{
	errno = 0;
	answer_put_int("result", connect_within(fd, &to->any, size, (int)request_int(2)));
	answer_put_int("errno", errno);
	answer_put_int("fd", fd);
}

/* "connect ADDRESS TIMEOUT": the socket stays open; it has one more flag than others. */
static void
do_connect(void)
{
	union where to;
	socklen_t size = where_is(&to, request_word(1));
	int fd = socket(to.any.sa_family, SOCK_STREAM, 0);

	if (fd < 0 || fcntl(fd, F_SETFL, O_APPEND) < 0)
		return;
	connect_with(fd, &to, size);
	answer_put_int("append", (fcntl(fd, F_GETFL) & O_APPEND) != 0);
}

/* "closed ADDRESS TIMEOUT": with a descriptor that is none any more. */
static void
do_closed(void)
{
	union where to;
	socklen_t size = where_is(&to, request_word(1));
	int fd = socket(to.any.sa_family, SOCK_STREAM, 0);

	if (fd < 0 || close(fd) < 0)
		return;
	connect_with(fd, &to, size);
}

/* "open ADDRESS": a datagram socket that is connected to it. */
static void
do_open(void)
{
	union where to;
	socklen_t size = where_is(&to, request_word(1));
	int fd = socket(to.any.sa_family, SOCK_DGRAM, 0);

	if (fd < 0 || connect(fd, &to.any, size) < 0)
		return;
	answer_put_int("fd", fd);
}

/* "call FD ID TEXT ROOM TIMEOUT TRIES" */
static void
do_call(void)
{
	static char answer[UDP_MAX + 64];
	const char *text = request_word(3);
	struct udp_call c = {
	    .id = (uint32_t)request_int(2),
	    .question = text,
	    .n = strlen(text),
	    .answer = answer,
	    .room = (size_t)request_int(4),
	    .got = 123456,
	    .timeout_ms = (int)request_int(5),
	    .tries = (int)request_int(6),
	};

	memset(answer, 'u', sizeof answer);
	errno = 0;
	answer_put_int("result", udp_call((int)request_int(1), &c));
	answer_put_int("errno", errno);
	answer_put_int("got", (long long)c.got);
	answer_put_int("beyond", answer[c.room] != 'u');
	answer[c.got < UDP_MAX ? c.got : UDP_MAX] = '\0';
	answer_put_text("text", answer);
}

/* The same for valgrind, which watches what is behind the question and behind the room. */
static void
do_bare(void)
{
	struct udp_call c = {
	    .id = (uint32_t)request_int(2),
	    .n = strlen(request_word(3)),
	    .room = (size_t)request_int(4),
	    .timeout_ms = (int)request_int(5),
	    .tries = (int)request_int(6),
	};
	char *question = malloc(c.n);
	char *answer = malloc(c.room);

	if (question != NULL && answer != NULL) {
		memcpy(question, request_word(3), c.n);
		c.question = question;
		c.answer = answer;
		if (udp_call((int)request_int(1), &c) == 0)
			answer_put_int(
			    "sum", sum_of(answer, c.got < c.room ? c.got : c.room, SUM_OF_NOTHING));
	}
	free(question);
	free(answer);
}

/* A handler that makes a call of which nobody else has need: the judge can hold it there. */
static void
linger(int signal)
{
	int kept = errno;

	(void)signal;
	if (chdir("/") < 0)
		_exit(1);
	errno = kept;
}

static void
take_sigusr2(void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	answer_put_int("result", sigaction(SIGUSR2, &action, NULL));
}

/* "linger": from now on a handler takes SIGUSR2. */
static void
do_linger(void)
{
	take_sigusr2(linger);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"connect", do_connect},
	    {"closed", do_closed},
	    {"open", do_open},
	    {"call", do_call},
	    {"bare", do_bare},
	    {"handle", probe_handle},
	    {"linger", do_linger},
	    {0},
	};

	return probe_serve(verbs);
}
