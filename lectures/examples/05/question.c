/* question.c - the answer to the last question is not the answer to this one. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { ID = 4 };

static void
send_with_id(int fd, uint32_t id, const char *text)
{
	char datagram[ID + 20];
	uint32_t wire = htonl(id);

	memcpy(datagram, &wire, ID);
	memcpy(datagram + ID, text, strlen(text));
	if (send(fd, datagram, ID + strlen(text), 0) < 0)
		exit(EXIT_FAILURE);
}

// tag::answer[]
static void
await_answer(int fd, uint32_t id)
{
	char datagram[ID + 20];
	uint32_t theirs;
	ssize_t n;

	do {
		n = recv(fd, datagram, sizeof datagram, 0); // <1>
		if (n < ID)
			exit(EXIT_FAILURE);
		memcpy(&theirs, datagram, ID);
		theirs = ntohl(theirs);
		printf("id %u: %s\n", theirs, theirs == id ? "the answer" : "thrown away"); // <2>
	} while (theirs != id);
	printf("%.*s\n", (int)(n - ID), datagram + ID);
}
// end::answer[]

/* Two sockets that know each other only. */
static void
join(int a, int b)
{
	struct sockaddr_in name = {.sin_family = AF_INET};
	socklen_t size = sizeof name;
	int from[] = {a, b};

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int i = 0; i < 2; i++)
		if (bind(from[i], (struct sockaddr *)&name, size) < 0)
			exit(EXIT_FAILURE);
	for (int i = 0; i < 2; i++)
		if (getsockname(from[i], (struct sockaddr *)&name, &size) < 0 ||
		    connect(from[1 - i], (struct sockaddr *)&name, size) < 0)
			exit(EXIT_FAILURE);
}

int
main(void)
{
	int client = socket(AF_INET, SOCK_DGRAM, 0), server = socket(AF_INET, SOCK_DGRAM, 0);

	join(client, server);
	send_with_id(server, 7, "late, and twice");
	send_with_id(server, 7, "late, and twice");
	send_with_id(server, 8, "this one");
	await_answer(client, 8);
	return EXIT_SUCCESS;
}
