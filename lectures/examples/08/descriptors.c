/* descriptors.c - a connection ends when the last process has closed it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the client hears without waiting. */
static const char *
heard(int client)
{
	char byte;

	if (recv(client, &byte, 1, MSG_DONTWAIT) == 0)
		return "end of file";
	return errno == EAGAIN ? "nothing yet" : "an error";
}

int
main(void)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return EXIT_FAILURE;
	// tag::show[]
	pid = fork();
	if (pid == 0)
		_exit(EXIT_SUCCESS); // <1>
	if (pid < 0 || waitpid(pid, NULL, 0) < 0)
		return EXIT_FAILURE;
	printf("the session is over, its client hears: %s\n", heard(ends[0]));
	close(ends[1]); // <2>
	printf("the parent has closed, its client hears: %s\n", heard(ends[0]));
	// end::show[]
	return EXIT_SUCCESS;
}
