/* alive.c - who tells a process that its parent was killed? */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

// tag::grandchild[]
static _Noreturn void
grandchild(int life, int tell)
{
	char byte;
	ssize_t n = read(life, &byte, 1); // <1>

	dprintf(tell, "the grandchild reads %zd bytes: its parent is gone\n", n);
	_exit(0);
}
// end::grandchild[]

// tag::child[]
static _Noreturn void
child(int tell)
{
	int life[2];

	if (pipe(life) < 0)
		_exit(1);
	if (fork() == 0) {
		close(life[1]); // <1>
		grandchild(life[0], tell);
	}
	close(life[0]);
	raise(SIGKILL); // <2>
	_exit(1);
}
// end::child[]

int
main(void)
{
	char text[100];
	int tell[2], status;
	ssize_t n;
	pid_t pid;

	if (pipe(tell) < 0)
		return EXIT_FAILURE;
	pid = fork();
	if (pid == 0) {
		close(tell[0]);
		child(tell[1]);
	}
	close(tell[1]);
	if (waitpid(pid, &status, 0) < 0)
		return EXIT_FAILURE;
	printf("the child was killed by signal %d\n", WTERMSIG(status));
	while ((n = read(tell[0], text, sizeof text)) > 0)
		printf("%.*s", (int)n, text);
	return EXIT_SUCCESS;
}
