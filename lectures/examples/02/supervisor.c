/* supervisor.c - one place to wait, two reasons to wake up. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t stop;

/* SIGCHLD needs no flag: it only has to wake us. */
static void
note(int signal)
{
	if (signal == SIGTERM)
		stop = 1;
}

static int
install(int signal)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = SA_NOCLDSTOP};

	sigfillset(&action.sa_mask);
	return sigaction(signal, &action, NULL);
}

static pid_t
start_worker(const sigset_t *mask)
{
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGTERM, SIG_DFL);
		sigprocmask(SIG_SETMASK, mask, NULL);
		_exit(0); // a worker that ends at once: there is always something to do
	}
	if (pid < 0)
		exit(EXIT_FAILURE);
	return pid;
}

int
main(void)
{
	sigset_t both, old;
	int starts = 1;

	sigemptyset(&both);
	sigaddset(&both, SIGTERM);
	sigaddset(&both, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &both, &old) < 0 || install(SIGTERM) < 0 || install(SIGCHLD) < 0)
		return EXIT_FAILURE;
	pid_t worker = start_worker(&old);
	// tag::loop[]
	while (!stop) {
		sigsuspend(&old);                                // <1>
		if (stop || waitpid(worker, NULL, WNOHANG) <= 0) // <2>
			continue;
		worker = start_worker(&old); // <3>
		if (++starts == 3)
			raise(SIGTERM); // <4>
	}
	kill(worker, SIGTERM); // <5>
	while (wait(NULL) > 0)
		;
	// end::loop[]
	printf("started %d times, then stopped\n", starts);
	return EXIT_SUCCESS;
}
