/* leaves.c - a session's file stands for its locks: which ways out of a session leave it behind? */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int
begin(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	return fd < 0 ? -1 : close(fd);
}

static void
end(const char *name)
{
	unlink(name);
}

// tag::first[]
static void
first(int fd)
{
	char request;

	if (begin("u.anna") < 0)
		return;
	while (read(fd, &request, 1) == 1) {
		if (request == 'q')
			return;
		send(fd, "S\n", 2, MSG_NOSIGNAL);
	}
	end("u.anna");
}
// end::first[]

// tag::second[]
static void
second(int fd)
{
	char request;

	if (begin("u.anna") < 0)
		return;
	while (read(fd, &request, 1) == 1 && request != 'q')
		if (write(fd, "S\n", 2) < 0)
			break;
	end("u.anna");
}
// end::second[]

// tag::third[]
static void
serve(int fd)
{
	char request;

	while (read(fd, &request, 1) == 1 && request != 'q')
		if (send(fd, "S\n", 2, MSG_NOSIGNAL) < 0)
			return; // <1>
}

static void
third(int fd)
{
	if (begin("u.anna") < 0)
		return;
	serve(fd);
	end("u.anna"); // <2>
}
// end::third[]

/* The client sends its requests and goes before it is answered. */
static void
try(const char *name, void (*session)(int fd), const char *requests, size_t n)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0 ||
	    write(ends[0], requests, n) != (ssize_t)n)
		exit(EXIT_FAILURE);
	close(ends[0]);
	pid = fork();
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		session(ends[1]);
		_exit(EXIT_SUCCESS);
	}
	close(ends[1]);
	if (pid < 0 || waitpid(pid, NULL, 0) < 0)
		exit(EXIT_FAILURE);
	printf("%s %s\n", name, unlink("u.anna") == 0 ? "u.anna is left" : "nothing is left");
}

int
main(void)
{
	char dir[] = "/tmp/leaves-XXXXXX";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return EXIT_FAILURE;
	try("first: ", first, "q", 1);
	try("second:", second, "ab", 2);
	try("third: ", third, "q", 1);
	try("third: ", third, "ab", 2);
	return rmdir(dir) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
