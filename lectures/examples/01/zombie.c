/* zombie.c - a child that has ended keeps its PID until somebody waits for it. */
#include <errno.h>
#include <signal.h>
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

static const char *
presence(pid_t pid)
{
	return kill(pid, 0) == 0 ? "is there" : errno == ESRCH ? "is gone" : "cannot be seen";
}

int
main(void)
{
	fflush(NULL);
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0)
		_exit(0);
	// tag::zombie[]
	siginfo_t info;

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0) // <1>
		die("waitid");
	printf("ended, not yet waited for: %s\n", presence(pid));
	if (waitpid(pid, NULL, 0) < 0) // <2>
		die("waitpid");
	printf("waited for: %s\n", presence(pid));
	// end::zombie[]
	return EXIT_SUCCESS;
}
