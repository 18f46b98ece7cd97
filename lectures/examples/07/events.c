/* events.c - what poll() says although it was asked for nothing but POLLIN, or for nothing at all.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void
show(const char *when, int fd, short events)
{
	// tag::show[]
	struct pollfd one = {.fd = fd, .events = events};

	if (poll(&one, 1, 0) < 0)
		exit(EXIT_FAILURE);
	printf("%-26s%s%s%s%s%s\n", when, one.revents & POLLIN ? " POLLIN" : "",
	    one.revents & POLLHUP ? " POLLHUP" : "", one.revents & POLLERR ? " POLLERR" : "",
	    one.revents & POLLNVAL ? " POLLNVAL" : "", one.revents == 0 ? " -" : "");
	// end::show[]
}

int
main(void)
{
	int pair[2], ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || pipe(ends) < 0)
		return EXIT_FAILURE;
	show("nothing has come:", pair[0], POLLIN);
	shutdown(pair[1], SHUT_WR);
	show("the other sends no more:", pair[0], POLLIN);
	close(pair[1]);
	show("the other has gone:", pair[0], POLLIN);
	show("not asked for anything:", pair[0], 0);
	close(ends[0]);
	show("a pipe without reader:", ends[1], 0);
	close(ends[1]);
	show("closed here:", ends[1], 0);
	return EXIT_SUCCESS;
}
