/* lifeline.c - a pipe into which nobody writes: its end of file reaches everybody. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SESSIONS = 3 };

// tag::session[]
static _Noreturn void
session(int client, const int lifeline[2])
{
	struct pollfd set[] = {
	    {.fd = client, .events = POLLIN}, {.fd = lifeline[0], .events = POLLIN}};

	close(lifeline[1]); // <1>
	while (poll(set, 2, -1) < 0)
		;
	_exit(set[1].revents != 0 ? 1 : 0); // <2>
}
// end::session[]

static int
hears_the_end(int fd)
{
	struct pollfd one = {.fd = fd, .events = POLLIN};

	return poll(&one, 1, 0) == 1;
}

int
main(void)
{
	int lifeline[2], kept, clients[SESSIONS][2], status, told = 0;

	if (pipe(lifeline) < 0)
		return EXIT_FAILURE;
	for (int i = 0; i < SESSIONS; i++) {
		pid_t pid;

		if (socketpair(AF_UNIX, SOCK_STREAM, 0, clients[i]) < 0 || (pid = fork()) < 0)
			return EXIT_FAILURE;
		if (pid == 0)
			session(clients[i][1], lifeline);
	}
	// tag::end[]
	kept = dup(lifeline[1]); // <1>
	close(lifeline[1]);
	printf("one still has the writing end: %s\n",
	    hears_the_end(lifeline[0]) ? "end of file" : "nobody hears anything");
	close(kept); // <2>
	while (wait(&status) > 0)
		told += WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	printf("nobody has it: %d of %d sessions were told\n", told, SESSIONS);
	// end::end[]
	return EXIT_SUCCESS;
}
