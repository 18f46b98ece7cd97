/* A signal that comes before anybody waits for it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(void)
{
	// tag::early[]
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL); // <1>
	if (fork() == 0) {
		kill(getppid(), SIGUSR1);
		_exit(EXIT_SUCCESS);
	}
	wait(NULL); // <2>
	puts("the sender has ended");
	if (sigwaitinfo(&set, NULL) == SIGUSR1) // <3>
		puts("its signal is still there");
	// end::early[]
	return EXIT_SUCCESS;
}
