/* net_probe.c - opens sockets with the student's functions. */
#include "net.h"
#include "probe.h"
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static void
open_with(int (*opens)(const struct hostport *))
{
	struct hostport hp = {.port = (uint16_t)request_int(2)};

	snprintf(hp.host, sizeof hp.host, "%s", request_word(1));
	errno = 0;
	answer_put_int("result", opens(&hp));
	answer_put_int("errno", errno);
}

/* "listen HOST PORT" and so on */
static void
do_listen(void)
{
	open_with(listen_on);
}

static void
do_connect(void)
{
	open_with(connect_to);
}

static void
do_udp(void)
{
	open_with(udp_to);
}

/* "address FD" */
static void
do_address(void)
{
	char text[ADDRESS_SIZE] = "";

	errno = 0;
	answer_put_int("result", local_address((int)request_int(1), text));
	answer_put_int("errno", errno);
	text[ADDRESS_SIZE - 1] = '\0';
	answer_put_text("text", text);
}

static void
do_accept(void)
{
	answer_put_int("result", accept((int)request_int(1), NULL, NULL));
}

/* "close FD": true when it was open. */
static void
do_close(void)
{
	answer_put_int("result", close((int)request_int(1)));
}

/* A socket that is of neither IP. */
static void
do_unix(void)
{
	answer_put_int("result", socket(AF_UNIX, SOCK_STREAM, 0));
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"listen", do_listen},
	    {"connect", do_connect},
	    {"udp", do_udp},
	    {"address", do_address},
	    {"accept", do_accept},
	    {"close", do_close},
	    {"unix", do_unix},
	    {"handle", probe_handle},
	    {0},
	};

	return probe_serve(verbs);
}
