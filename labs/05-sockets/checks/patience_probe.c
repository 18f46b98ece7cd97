/* patience_probe.c - connections and questions with a time limit. */
#include "patience.h"

#include "probe.h"
#include "where.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* "connect ADDRESS TIMEOUT": the socket stays open. */
static void
do_connect(void)
{
	union where to;
	socklen_t size = where_is(&to, request_word(1));
	int fd = socket(to.any.sa_family, SOCK_STREAM, 0);

	if (fd < 0)
		return;
	errno = 0;
	answer_put_int("result", connect_within(fd, &to.any, size, (int)request_int(2)));
	answer_put_int("errno", errno);
	answer_put_int("fd", fd);
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

int
main(void)
{
	static const struct verb verbs[] = {
	    {"connect", do_connect},
	    {"open", do_open},
	    {"call", do_call},
	    {"handle", probe_handle},
	    {0},
	};

	return probe_serve(verbs);
}
