/* herd.c - how many children one client wakes in select(). */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 4 };

// tag::child[]
static void
child(int listener, int woken, int go)
{
	fd_set set;
	char byte;

	FD_ZERO(&set);
	FD_SET(listener, &set);
	if (select(listener + 1, &set, NULL, NULL, NULL) != 1 || write(woken, "", 1) != 1) // <1>
		_exit(2);
	if (read(go, &byte, 1) < 0) // <2>
		_exit(2);
	_exit(accept(listener, NULL, NULL) < 0 && errno == EAGAIN); // <3>
}
// end::child[]

static int
listen_somewhere(struct sockaddr_in *address)
{
	socklen_t size = sizeof *address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*address =
	    (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (fd < 0 || bind(fd, (struct sockaddr *)address, size) < 0 || listen(fd, 1) < 0 ||
	    getsockname(fd, (struct sockaddr *)address, &size) < 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		exit(EXIT_FAILURE);
	return fd;
}

static void
connect_to(const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address) < 0)
		exit(EXIT_FAILURE);
}

int
main(void)
{
	struct sockaddr_in address;
	int listener = listen_somewhere(&address), woken[2], go[2], n = 0, late = 0, status;
	char byte;

	if (pipe(woken) < 0 || pipe(go) < 0)
		return EXIT_FAILURE;
	for (int i = 0; i < CHILDREN; i++)
		if (fork() == 0) {
			close(go[1]);
			child(listener, woken[1], go[0]);
		}
	connect_to(&address);
	while (n < CHILDREN && read(woken[0], &byte, 1) == 1)
		n++;
	close(go[1]);
	while (wait(&status) > 0)
		late += WEXITSTATUS(status) == 1;
	printf("one client woke %d of %d children\n", n, CHILDREN);
	printf("accept() said EAGAIN to %d\n", late);
	return EXIT_SUCCESS;
}
