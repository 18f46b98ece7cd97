/* busy.c - an end of file tells when somebody is busy, if nobody else holds the end. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int
has_ended(int fd)
{
	struct pollfd pipe_end = {.fd = fd, .events = POLLIN};

	return poll(&pipe_end, 1, 0) == 1;
}

// tag::try[]
/* A process closes its end of a pipe; does its parent see it? careful: the parent has no such end.
 */
static void
becomes_busy(int careful)
{
	int busy[2], session[2];
	char byte;

	if (pipe(busy) < 0 || pipe(session) < 0)
		exit(EXIT_FAILURE);
	if (fork() == 0) {
		close(busy[0]);
		close(session[1]);
		close(busy[1]);                    // <1>
		(void)!read(session[0], &byte, 1); // <2>
		_exit(0);
	}
	if (careful) {
		close(busy[1]); // <3>
		(void)!read(busy[0], &byte, 1);
	}
	printf("%s: %s\n", careful ? "closed by the parent, too" : "left open by the parent",
	    has_ended(busy[0]) ? "end of file" : "nothing to be seen");
	close(session[1]);
	close(session[0]);
	wait(NULL);
	if (!careful)
		printf("... and not even when the process has ended: %s\n",
		    has_ended(busy[0]) ? "end of file" : "nothing to be seen");
}
// end::try[]

int
main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	becomes_busy(1);
	becomes_busy(0);
	return EXIT_SUCCESS;
}
