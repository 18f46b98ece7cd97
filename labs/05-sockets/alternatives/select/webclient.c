/* webclient.c - one loop around select(); the socket does not block while it streams. */
#include "lines.h"
#include "net.h"
#include "web.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static void
give_up(int error)
{
	fprintf(stderr, WEBCLIENT_FAILED, strerror(error));
	exit(1);
}

static void
put(const char *bytes, ssize_t n)
{
	if (write_all(STDOUT_FILENO, bytes, (size_t)n) < 0)
		give_up(errno);
}

static void
turns(int server)
{
	static char answer[WEB_MAX];
	struct reader input;
	char line[WEB_LINE];
	size_t n;
	int got;

	reader_init(&input, STDIN_FILENO);
	while ((got = read_line(&input, line, sizeof line, &n)) > 0) {
		int count = parse_count(line, n);

		if (count < 0)
			give_up(EPROTO);
		line[n] = '\n';
		if (write_all(server, line, n + 1) < 0)
			give_up(errno);
		while (count > 0) {
			ssize_t part = read(server, answer, (size_t)count);

			if (part == 0)
				give_up(EPROTO);
			if (part < 0 && errno != EINTR)
				give_up(errno);
			if (part < 0)
				continue;
			put(answer, part);
			count -= (int)part;
		}
	}
	if (got < 0)
		give_up(errno);
}

static void
stream(int server)
{
	static char up[20000], down[20000];
	size_t begin = 0, end = 0;
	int input_open = 1, server_takes = 1;

	fcntl(server, F_SETFL, fcntl(server, F_GETFL) | O_NONBLOCK);
	for (;;) {
		fd_set r, w;
		ssize_t n;

		FD_ZERO(&r);
		FD_ZERO(&w);
		FD_SET(server, &r);
		if (begin < end && server_takes)
			FD_SET(server, &w);
		if (begin == end && input_open && server_takes)
			FD_SET(STDIN_FILENO, &r);
		if (select(server + 1, &r, &w, NULL, NULL) < 0) {
			if (errno != EINTR)
				give_up(errno);
			continue;
		}
		if (FD_ISSET(server, &r)) {
			n = read(server, down, sizeof down);
			if (n == 0)
				break;
			if (n > 0)
				put(down, n);
			else if (errno != EINTR && errno != EAGAIN)
				give_up(errno);
		}
		if (FD_ISSET(server, &w)) {
			n = write(server, up + begin, end - begin);
			if (n > 0)
				begin += (size_t)n;
			else if (errno != EINTR && errno != EAGAIN)
				server_takes = 0;
		}
		if (FD_ISSET(STDIN_FILENO, &r)) {
			n = read(STDIN_FILENO, up, sizeof up);
			if (n < 0 && errno != EINTR)
				give_up(errno);
			begin = 0;
			end = n > 0 ? (size_t)n : 0;
			if (n == 0) {
				input_open = 0;
				shutdown(server, SHUT_WR);
			}
		}
	}
	if (input_open)
		give_up(EPROTO);
}

int
main(int argc, char *argv[])
{
	struct hostport hp;
	int server;
	int long_form = argc > 1 && !strcmp(argv[1], WEBCLIENT_STREAM);

	signal(SIGPIPE, SIG_IGN);
	argv += long_form;
	argc -= long_form;
	if (argc != 2 || parse_hostport(argv[1], &hp, WEB_PORT)) {
		fputs(WEBCLIENT_USAGE, stderr);
		return 2;
	}
	if ((server = connect_to(&hp)) < 0)
		give_up(errno);
	if (long_form)
		stream(server);
	else
		turns(server);
	return 0;
}
