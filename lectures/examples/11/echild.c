/* echild.c - who ignores SIGCHLD cannot wait for a child, and hands that on. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// tag::session[]
static void
session(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(3);
	if (waitpid(pid, &status, 0) < 0)
		printf("the session's child: %s\n", strerror(errno));
	else
		printf("the session's child: exit status %d\n", WEXITSTATUS(status));
}
// end::session[]

// tag::server[]
static void
serve(const char *name)
{
	printf("%s\n", name);
	if (fork() == 0) {
		session();
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
}

int
main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	serve("SIGCHLD by default");
	signal(SIGCHLD, SIG_IGN);
	serve("SIGCHLD ignored: no zombies!");
	return EXIT_SUCCESS;
}
// end::server[]
