/* room.c - what poll() tells of a client while nobody asks for its bytes: no end, but a reset. */
#define _GNU_SOURCE /* POLLRDHUP */
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void
show(const char *what, int fd, short events, int ms)
{
	struct pollfd one = {.fd = fd, .events = events};

	if (poll(&one, 1, ms) < 0)
		exit(EXIT_FAILURE);
	printf("%-28s%s%s%s%s\n", what, one.revents & POLLIN ? " POLLIN" : "",
	    one.revents & POLLRDHUP ? " POLLRDHUP" : "", one.revents & POLLERR ? " POLLERR" : "",
	    one.revents == 0 ? " -" : "");
}

/* A TCP connection to oneself: ends[0] is the client. */
static void
connect_both(int ends[2])
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof a;
	int listening = socket(AF_INET, SOCK_STREAM, 0);

	ends[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listening, (struct sockaddr *)&a, size) < 0 || listen(listening, 1) < 0 ||
	    getsockname(listening, (struct sockaddr *)&a, &size) < 0 ||
	    connect(ends[0], (struct sockaddr *)&a, size) < 0 ||
	    (ends[1] = accept(listening, NULL, NULL)) < 0)
		exit(EXIT_FAILURE);
	close(listening);
}

int
main(void)
{
	struct linger at_once = {.l_onoff = 1, .l_linger = 0};
	int first[2], second[2];

	connect_both(first);
	connect_both(second);
	// tag::room[]
	if (write(first[0], "stat disk\n", 10) != 10) // <1>
		return EXIT_FAILURE;
	shutdown(first[0], SHUT_WR);
	show("asked for POLLRDHUP:", first[1], POLLRDHUP, -1); // <2>
	show("asked for POLLIN:", first[1], POLLIN, -1);       // <3>
	show("asked for nothing:", first[1], 0, 0);            // <4>
	setsockopt(second[0], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	close(second[0]);                                    // <5>
	show("reset, asked for nothing:", second[1], 0, -1); // <6>
	// end::room[]
	return EXIT_SUCCESS;
}
