/* fork_fails.c - when the third fork() fails, two children wait to be dealt with. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Stands for fork() on a machine that has room for two processes only. */
static pid_t
scarce_fork(void)
{
	static int left = 2;

	if (left-- > 0)
		return fork();
	errno = EAGAIN;
	return -1;
}

// tag::fails[]
/* Starts n children that wait. Returns 0, or -1 with errno and no child left over. */
static int
start(int n, pid_t pids[])
{
	for (int i = 0; i < n; i++) {
		pids[i] = scarce_fork();
		if (pids[i] == 0)
			for (;;)
				pause();
		if (pids[i] > 0)
			continue;
		int error = errno; // <1>
		while (i-- > 0) {
			kill(pids[i], SIGKILL); // <2>
			waitpid(pids[i], NULL, 0);
		}
		errno = error;
		return -1;
	}
	return 0;
}
// end::fails[]

int
main(void)
{
	pid_t pids[3];

	if (start(3, pids) == 0)
		return EXIT_FAILURE;
	printf("start: %s\n", strerror(errno));
	printf("children left: %s\n", wait(NULL) < 0 && errno == ECHILD ? "none" : "some");
	return EXIT_SUCCESS;
}
