/* accepted.c - the order to end comes when the client has just been accepted. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum order { BY_SIGNAL, BY_END_OF_FILE };

// tag::serve[]
static _Noreturn void
serve(int listener, int channel, enum order order)
{
	struct pollfd fds[] = {
	    {.fd = channel, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
	int client;

	poll(fds, 2, -1);
	if (fds[0].revents != 0)
		_exit(0); // <1>
	client = accept(listener, NULL, NULL);
	if (order == BY_SIGNAL)
		raise(SIGTERM); // <2>
	else
		shutdown(channel, SHUT_RD); // <3>
	(void)!write(client, "hello", 5);
	_exit(0);
}
// end::serve[]

static void
try(const char *name, enum order order)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t size = sizeof address;
	char text[8];
	int ends[2];
	ssize_t n;

	if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		exit(EXIT_FAILURE);
	if (fork() == 0) {
		close(ends[0]);
		close(client);
		serve(listener, ends[1], order);
	}
	if (connect(client, (struct sockaddr *)&address, size) < 0)
		exit(EXIT_FAILURE);
	n = read(client, text, sizeof text);
	printf("%s: the client gets %zd bytes\n", name, n);
	wait(NULL);
	close(listener);
	close(client);
	close(ends[0]);
	close(ends[1]);
}

int
main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	try("by SIGTERM", BY_SIGNAL);
	try("by an end of file", BY_END_OF_FILE);
	return EXIT_SUCCESS;
}
