/* webclient.c - asks a web server for bytes, in one of two designs. See web.h. */
#include "lines.h"
#include "net.h"
#include "web.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* STUDENT: a function for each design, and their helpers */
/* This program has no handlers, so that none of its calls fails with EINTR. */

/* Hands on the next count bytes from the server to the output. */
static int
take_answer(int server, size_t count)
{
	char part[4096];

	while (count > 0) {
		ssize_t got = read(server, part, count < sizeof part ? count : sizeof part);

		if (got == 0)
			errno = EPROTO;
		if (got <= 0 || write_all(STDOUT_FILENO, part, (size_t)got) < 0)
			return -1;
		count -= (size_t)got;
	}
	return 0;
}

/* Stop and wait. */
static int
take_turns(int server)
{
	struct reader input;
	char request[WEB_LINE];
	size_t n;
	int got, count;

	reader_init(&input, STDIN_FILENO);
	while ((got = read_line(&input, request, sizeof request, &n)) > 0) {
		count = parse_count(request, n);
		if (count < 0) {
			errno = EPROTO;
			return -1;
		}
		request[n] = '\n'; /* in the place of the NUL */
		if (write_all(server, request, n + 1) < 0 || take_answer(server, (size_t)count) < 0)
			return -1;
	}
	return got;
}

/* What is on its way from the input to the server. */
struct requests {
	size_t next, end; /* bytes[next] to bytes[end - 1] still have to be sent */
	bool ended;       /* nothing follows them */
	char bytes[READER_SIZE];
};

/* Called only when all that was read before has been sent. */
static int
read_requests(struct requests *r, int server)
{
	ssize_t got = read(STDIN_FILENO, r->bytes, sizeof r->bytes);

	if (got < 0)
		return -1;
	r->next = 0;
	r->end = (size_t)got;
	r->ended = got == 0;
	if (r->ended)
		shutdown(server, SHUT_WR); /* a server that is gone is noticed by read() */
	return 0;
}

/* poll() has promised room for something, not for everything: so this must not wait. */
static void
send_requests(struct requests *r, int server)
{
	ssize_t done = send(server, r->bytes + r->next, r->end - r->next, MSG_DONTWAIT);

	if (done > 0)
		r->next += (size_t)done; /* that a server takes no more, read() says, too */
}

/* Returns 1, 0 at the end of the file, or -1 with errno. */
static int
hand_on_answers(int server)
{
	char part[WEB_MAX];
	ssize_t got = read(server, part, sizeof part);

	if (got <= 0)
		return (int)got;
	return write_all(STDOUT_FILENO, part, (size_t)got) < 0 ? -1 : 1;
}

/* Both directions at the same time. */
static int
stream(int server)
{
	struct requests r = {0};
	int got;

	do {
		bool sending = r.next < r.end;
		bool reading = !sending && !r.ended;
		struct pollfd ready[2] = {
		    {.fd = server, .events = (short)(sending ? POLLIN | POLLOUT : POLLIN)},
		    {.fd = reading ? STDIN_FILENO : -1, .events = POLLIN},
		};

		if (poll(ready, 2, -1) < 0)
			return -1;
		got = 1;
		if (ready[0].revents & ~POLLOUT) /* an answer, the end, or a failure */
			got = hand_on_answers(server);
		if (ready[0].revents & POLLOUT)
			send_requests(&r, server);
		if (ready[1].revents != 0 && read_requests(&r, server) < 0)
			return -1;
	} while (got > 0);
	if (got == 0 && !r.ended) {
		errno = EPROTO;
		return -1;
	}
	return got;
}

static int
fail(void)
{
	fprintf(stderr, WEBCLIENT_FAILED, strerror(errno));
	return 1;
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: take the arguments apart, connect, and do as one of the designs does */
	bool streams = argc > 1 && strcmp(argv[1], WEBCLIENT_STREAM) == 0;
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct hostport hp;
	int server;

	if (argc != 2 + streams || parse_hostport(argv[1 + streams], &hp, WEB_PORT) < 0) {
		fputs(WEBCLIENT_USAGE, stderr);
		return 2;
	}
	if (sigaction(SIGPIPE, &ignore, NULL) < 0)
		return fail();
	server = connect_to(&hp);
	if (server < 0)
		return fail();
	return (streams ? stream(server) : take_turns(server)) < 0 ? fail() : 0;
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 1;
	*/
	/* END */
}
