/* progress.c - a connect() that does not wait: where it got to is asked later. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int
main(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	socklen_t size = sizeof to;
	int nobody = socket(AF_INET, SOCK_STREAM, 0), fd = socket(AF_INET, SOCK_STREAM, 0);

	/* A port that is taken, but nobody listens there. */
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(nobody, (struct sockaddr *)&to, size) < 0 ||
	    getsockname(nobody, (struct sockaddr *)&to, &size) < 0)
		return EXIT_FAILURE;
	// tag::progress[]
	struct pollfd waiting = {.fd = fd, .events = POLLOUT};
	int error = 0, flags = fcntl(fd, F_GETFL);
	socklen_t length = sizeof error;

	fcntl(fd, F_SETFL, flags | O_NONBLOCK); // <1>
	if (connect(fd, (struct sockaddr *)&to, size) < 0)
		printf("connect: %s\n", strerror(errno)); // <2>
	if (poll(&waiting, 1, 60 * 1000) == 0)            // <3>
		return EXIT_FAILURE;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length); // <4>
	fcntl(fd, F_SETFL, flags);                             // <5>
	printf("writable, SO_ERROR: %s\n", strerror(error));
	// end::progress[]
	return EXIT_SUCCESS;
}
