/* sigpipe.c - who answers a client that has gone: with write(), and with send(). */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// tag::answer[]
static int
with_write(int fd)
{
	return write(fd, "S\n", 2) < 0; // <1>
}

static int
with_send(int fd)
{
	return send(fd, "S\n", 2, MSG_NOSIGNAL) < 0; // <2>
}
// end::answer[]

static void
session(const char *what, int (*answer)(int fd))
{
	int ends[2], status;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		exit(EXIT_FAILURE);
	close(ends[0]); /* the client has gone */
	pid = fork();
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		if (answer(ends[1]) && errno == EPIPE)
			_exit(7); /* the way that clears away */
		_exit(EXIT_FAILURE);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		exit(EXIT_FAILURE);
	close(ends[1]);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
		printf("%s SIGPIPE, nothing is cleared away\n", what);
	else if (WIFEXITED(status) && WEXITSTATUS(status) == 7)
		printf("%s EPIPE, the session ends in order\n", what);
}

int
main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	session("write():", with_write);
	session("send(): ", with_send);
	return EXIT_SUCCESS;
}
