/* storm.c - a process that cannot accept ends, and looks as if it had become busy. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 3 }; /* a storm would not stop here */

static void
leave_no_descriptors(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &limit);
}

// tag::grandchild[]
static _Noreturn void
grandchild(int listener, int busy)
{
	int client = accept(listener, NULL, NULL);

	if (client < 0)
		_exit(errno);
	close(busy);
	(void)!write(client, "hello", 5);
	_exit(0);
}
// end::grandchild[]

// tag::child[]
static void
keep_one_ready(int listener)
{
	int ends[2], status;
	char byte;

	if (pipe(ends) < 0)
		exit(EXIT_FAILURE);
	if (fork() == 0) {
		close(ends[0]);
		leave_no_descriptors();
		grandchild(listener, ends[1]);
	}
	close(ends[1]);
	if (read(ends[0], &byte, 1) == 0)
		printf("end of file: somebody is busy, the next one\n");
	close(ends[0]);
	wait(&status);
	printf("\tin truth: %s\n", strerror(WEXITSTATUS(status)));
}
// end::child[]

int
main(void)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	struct pollfd fd = {.fd = listener, .events = POLLIN};
	socklen_t size = sizeof address;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) < 0 ||
	    connect(client, (struct sockaddr *)&address, size) < 0)
		return EXIT_FAILURE;
	for (int i = 0; i < MANY; i++)
		keep_one_ready(listener);
	printf("clients in the queue: %d\n", poll(&fd, 1, 0));
	return EXIT_SUCCESS;
}
