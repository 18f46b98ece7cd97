/* full.c - a partner who does not read: send() on a socket that does not block. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// tag::send[]
/* Sends all of it. Returns 0, or -1: then the partner is to be given up. */
static int
send_all(int fd, const char *text, size_t n)
{
	while (n > 0) {
		ssize_t done = send(fd, text, n, MSG_NOSIGNAL); // <1>

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1; // <2>
		text += done;      // <3>
		n -= (size_t)done;
	}
	return 0;
}
// end::send[]

int
main(void)
{
	static const char text[] = "is somebody there?\n";
	int pair[2], lines = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 ||
	    fcntl(pair[0], F_SETFL, O_NONBLOCK) < 0)
		return EXIT_FAILURE;
	while (send_all(pair[0], text, sizeof text - 1) == 0)
		lines++;
	printf("some lines fit: %s\n", lines > 0 ? "yes" : "no");
	printf("then: %s\n", strerror(errno));
	close(pair[1]);
	if (send_all(pair[0], text, sizeof text - 1) < 0)
		printf("he has gone: %s\n", strerror(errno));
	return EXIT_SUCCESS;
}
