/* ignored.c - who ignores SIGCHLD has no zombies, and knows nothing of its children. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A child that uses 10 ms of CPU time. */
static void
run_child(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		while (clock() < CLOCKS_PER_SEC / 100)
			;
		_exit(EXIT_SUCCESS);
	}
	if (waitpid(pid, &status, 0) < 0)
		printf("waitpid: %s\n", strerror(errno));
}

static void
tell(const char *what)
{
	struct rusage used;

	getrusage(RUSAGE_CHILDREN, &used);
	printf("%s: %s\n", what,
	    used.ru_utime.tv_sec + used.ru_utime.tv_usec + used.ru_stime.tv_usec > 0
		? "the child is counted"
		: "the child is not counted");
}

int
main(void)
{
	// tag::show[]
	struct sigaction action = {.sa_handler = SIG_IGN, .sa_flags = SA_NOCLDWAIT};

	sigemptyset(&action.sa_mask);
	if (sigaction(SIGCHLD, &action, NULL) < 0)
		return EXIT_FAILURE;
	run_child(); // <1>
	tell("ignored");
	action = (struct sigaction){.sa_handler = SIG_DFL};
	if (sigaction(SIGCHLD, &action, NULL) < 0)
		return EXIT_FAILURE;
	run_child(); // <2>
	tell("waited for");
	// end::show[]
	return EXIT_SUCCESS;
}
