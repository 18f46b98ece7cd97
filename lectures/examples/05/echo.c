/* echo.c - a listener, a connection, both of its ends, and the end of one direction. */
#include <ctype.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

// tag::addresses[]
/* The first address that works; -1 when none does. */
static int
listen_first(const char *host, const char *port)
{
	struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *all, *a;
	int fd = -1, yes = 1;

	if (getaddrinfo(host, port, &wanted, &all) != 0) // <1>
		return -1;
	for (a = all; a != NULL; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol); // <2>
		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
		if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
			break;
		close(fd); // <3>
		fd = -1;
	}
	freeaddrinfo(all);
	return fd;
}
// end::addresses[]

/* Answers all that comes in capitals, when its end has come. */
static void
serve(int fd)
{
	char text[100];
	size_t n = 0;
	ssize_t got;

	while (n < sizeof text && (got = read(fd, text + n, sizeof text - n)) > 0)
		n += (size_t)got;
	printf("server: %zu bytes, then the end\n", n);
	for (size_t i = 0; i < n; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
	if (write(fd, text, n) != (ssize_t)n)
		exit(EXIT_FAILURE);
	close(fd);
}

int
main(void)
{
	int listener = listen_first("127.0.0.1", "0");
	int client = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_storage where;
	socklen_t size = sizeof where;
	char answer[100];
	ssize_t n;

	if (listener < 0 || getsockname(listener, (struct sockaddr *)&where, &size) < 0)
		return EXIT_FAILURE;
	// tag::half-close[]
	if (connect(client, (struct sockaddr *)&where, size) < 0) // <1>
		return EXIT_FAILURE;
	if (write(client, "hello", 5) != 5)
		return EXIT_FAILURE;
	shutdown(client, SHUT_WR);               // <2>
	serve(accept(listener, NULL, NULL));     // <3>
	n = read(client, answer, sizeof answer); // <4>
	// end::half-close[]
	if (n < 0)
		return EXIT_FAILURE;
	printf("client: %.*s\n", (int)n, answer);
	return EXIT_SUCCESS;
}
