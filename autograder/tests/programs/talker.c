/*
 * talker.c - a program that talks over sockets in known ways; peer_test.c runs
 * it. talker BEHAVIOUR [WORD...]. Each behaviour is a right one or a wrong twin.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char **words;

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(80);
}

static int
checked(int result, const char *what)
{
	if (result < 0)
		die(what);
	return result;
}

static struct sockaddr_in
loopback(unsigned port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int
listening(int type)
{
	struct sockaddr_in a = loopback(0);
	int fd = checked(socket(AF_INET, type, 0), "socket");

	checked(bind(fd, (struct sockaddr *)&a, sizeof a), "bind");
	if (type == SOCK_STREAM)
		checked(listen(fd, 8), "listen");
	return fd;
}

static int
session(void)
{
	int listener = listening(SOCK_STREAM);
	int fd = checked(accept(listener, NULL, NULL), "accept");

	close(listener);
	return fd;
}

static int
echo(void)
{
	char bytes[4096];
	int fd = session();
	ssize_t n;

	while ((n = read(fd, bytes, sizeof bytes)) > 0)
		if (write(fd, bytes, (size_t)n) != n)
			die("write");
	return n < 0;
}

/* Reads, and never answers. */
static int
silent(void)
{
	char bytes[4096];
	int fd = session();

	while (read(fd, bytes, sizeof bytes) > 0)
		continue;
	pause();
	return 0;
}

/* Two writes for each answer: the second waits for an acknowledgement (Nagle). */
static int
in_pieces(void)
{
	char byte;
	int fd = session();

	while (read(fd, &byte, 1) == 1)
		if (byte == '\n' && (write(fd, "ans", 3) != 3 || write(fd, "wer", 3) != 3 ||
					write(fd, "\n", 1) != 1))
			die("write");
	return 0;
}

static int
last_words(void)
{
	int fd = session();

	return write(fd, "fare", 4) != 4 || write(fd, "well\n", 5) != 5;
}

static int
says_errno(void)
{
	char byte;
	int fd = session();
	ssize_t n;

	while ((n = read(fd, &byte, 1)) > 0)
		continue;
	printf("%s\n", n == 0 ? "end" : errno == ECONNRESET ? "reset" : "other");
	return 0;
}

/* Looks without waiting at what has come and whether the other end is gone. */
static int
looks_once(void)
{
	char bytes[64];
	int fd = session();
	ssize_t n, again;

	n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
	again = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
	printf("%zd %s\n", n, again == 0 ? "end" : again < 0 ? "open" : "more");
	return 0;
}

static int
answers_at_end(void)
{
	char byte;
	int fd = session();
	int n = 0;

	while (read(fd, &byte, 1) == 1)
		n++;
	dprintf(fd, "%d\n", n);
	return 0;
}

static int
reads_nothing(void)
{
	int fd = session();

	pause();
	return fd;
}

static int
writes_much(void)
{
	static char bytes[1 << 20];
	int fd = session();

	for (int i = 0; i < 8; i++)
		for (size_t at = 0; at < sizeof bytes;) {
			ssize_t n = write(fd, bytes + at, sizeof bytes - at);

			if (n < 0)
				die("write");
			at += (size_t)n;
		}
	return 0;
}

static int
connected_to(const char *port)
{
	struct sockaddr_in a = loopback((unsigned)atoi(port));
	int fd = checked(socket(AF_INET, SOCK_STREAM, 0), "socket");

	checked(connect(fd, (struct sockaddr *)&a, sizeof a), "connect");
	return fd;
}

static const char *
line_from_input(void)
{
	static char line[128];

	if (fgets(line, sizeof line, stdin) == NULL)
		die("fgets");
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static int
client(void)
{
	int fd = connected_to(line_from_input());
	char byte;

	dprintf(fd, "who?\n");
	while (read(fd, &byte, 1) == 1)
		putchar(byte);
	return 0;
}

static int
both_ends(void)
{
	struct sockaddr_in a;
	socklen_t size = sizeof a;
	int listener = listening(SOCK_STREAM), fd, other;
	char bytes[8];

	checked(getsockname(listener, (struct sockaddr *)&a, &size), "getsockname");
	fd = checked(socket(AF_INET, SOCK_STREAM, 0), "socket");
	checked(connect(fd, (struct sockaddr *)&a, sizeof a), "connect");
	other = checked(accept(listener, NULL, NULL), "accept");
	for (int i = 0; i < 40; i++) {
		/* the second write waits for the acknowledgement of the first, which is put off */
		if (write(fd, "a", 1) != 1 || write(fd, "b", 1) != 1 ||
		    recv(other, bytes, 2, MSG_WAITALL) != 2)
			die("write or recv");
	}
	return 0;
}

static int
datagrams(void)
{
	int fd = listening(SOCK_DGRAM);
	char bytes[512];

	for (;;) {
		struct sockaddr_in from;
		socklen_t size = sizeof from;
		ssize_t n = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &size);

		if (n == 0)
			return 0;
		if (n < 0 || sendto(fd, bytes, (size_t)n, 0, (struct sockaddr *)&from, size) != n)
			die("recvfrom or sendto");
	}
}

static int
looks_up(void)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_family = AF_UNSPEC}, *all, *a;
	char host[64];
	int error = getaddrinfo(words[0], "80", &hints, &all);

	if (error != 0) {
		printf("none\n");
		return 0;
	}
	for (a = all; a != NULL; a = a->ai_next)
		if (getnameinfo(
			a->ai_addr, a->ai_addrlen, host, sizeof host, NULL, 0, NI_NUMERICHOST) == 0)
			printf("%s\n", host);
	freeaddrinfo(all);
	return 0;
}

static int
shows_sockets(void)
{
	int listener = listening(SOCK_STREAM), fd, local[2];

	checked(fcntl(listener, F_SETFL, O_NONBLOCK), "fcntl");
	checked(socket(AF_INET, SOCK_STREAM, 0), "socket");
	checked(socketpair(AF_UNIX, SOCK_STREAM, 0, local), "socketpair");
	listening(SOCK_DGRAM);
	while ((fd = accept(listener, NULL, NULL)) < 0)
		poll(&(struct pollfd){listener, POLLIN, 0}, 1, -1);
	pause();
	return 0;
}

static int
listens_on_v6(void)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT};
	int fd = checked(socket(AF_INET6, SOCK_STREAM, 0), "socket");

	checked(bind(fd, (struct sockaddr *)&a, sizeof a), "bind");
	checked(listen(fd, 8), "listen");
	dprintf(checked(accept(fd, NULL, NULL), "accept"), "six\n");
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} behaviours[] = {{"echo", echo}, {"silent", silent}, {"in-pieces", in_pieces},
    {"last-words", last_words}, {"says-errno", says_errno}, {"looks-once", looks_once},
    {"answers-at-end", answers_at_end}, {"reads-nothing", reads_nothing},
    {"writes-much", writes_much}, {"client", client}, {"both-ends", both_ends},
    {"datagrams", datagrams}, {"looks-up", looks_up}, {"shows-sockets", shows_sockets},
    {"listens-on-v6", listens_on_v6}};

int
main(int argc, char *argv[])
{
	if (argc < 2)
		return 90;
	words = argv + 2;
	for (size_t i = 0; i < sizeof behaviours / sizeof *behaviours; i++)
		if (strcmp(behaviours[i].name, argv[1]) == 0)
			return behaviours[i].run();
	return 91;
}
