/* full.c - what a descriptor with O_NONBLOCK does when it is full. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int
can_be_written(int fd)
{
	struct pollfd one = {.fd = fd, .events = POLLOUT};

	return poll(&one, 1, 0) == 1 && (one.revents & POLLOUT) != 0;
}

int
main(void)
{
	static char bytes[100000];
	int ends[2];
	ssize_t n;

	if (pipe(ends) < 0)
		return EXIT_FAILURE;
	// tag::full[]
	int flags = fcntl(ends[1], F_GETFL);

	if (flags < 0 || fcntl(ends[1], F_SETFL, flags | O_NONBLOCK) < 0) // <1>
		return EXIT_FAILURE;
	n = write(ends[1], bytes, sizeof bytes); // <2>
	printf("taken: %s\n", n > 0 && n < (ssize_t)sizeof bytes ? "a part" : "all");
	n = write(ends[1], bytes, 1); // <3>
	printf("then:  %s\n", n < 0 && errno == EAGAIN ? "EAGAIN" : "a byte");
	// end::full[]
	printf("POLLOUT: %d\n", can_be_written(ends[1]));
	if (read(ends[0], bytes, sizeof bytes) < 0)
		return EXIT_FAILURE;
	printf("after a read: %d\n", can_be_written(ends[1]));
	return EXIT_SUCCESS;
}
