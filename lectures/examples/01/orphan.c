/* orphan.c - a process whose parent has ended gets another one. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

/* Returns when every write end of the pipe is closed. */
static void
await_end_of_file(int fd)
{
	char byte;

	while (read(fd, &byte, 1) > 0)
		;
}

// tag::orphan[]
static _Noreturn void
grandchild(pid_t parent, int go)
{
	await_end_of_file(go); // <1>
	dprintf(STDOUT_FILENO, "%s\n", getppid() == parent ? "same parent" : "adopted");
	_exit(0);
}
// end::orphan[]

int
main(void)
{
	int go[2], done[2];

	if (pipe(go) < 0 || pipe(done) < 0)
		die("pipe");
	pid_t child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		close(go[1]);
		pid_t parent = getpid(); // asked before fork(): afterwards it may be too late
		pid_t pid = fork();
		if (pid == 0)
			grandchild(parent, go[0]);
		_exit(pid < 0);
	}
	close(done[1]);
	if (waitpid(child, NULL, 0) < 0) // the grandchild is an orphan now
		die("waitpid");
	close(go[1]);
	await_end_of_file(done[0]); // the grandchild held the last write end
	return EXIT_SUCCESS;
}
