/* exec.c - what of its parent's signal settings a program finds after exec. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
handler(int signal)
{
	(void)signal;
}

/* The program that is started: says how it found SIGTERM, SIGINT and SIGUSR1. */
static int
tell(void)
{
	sigset_t mask;
	struct sigaction interrupt, user;

	if (sigprocmask(SIG_SETMASK, NULL, &mask) < 0 || sigaction(SIGINT, NULL, &interrupt) < 0 ||
	    sigaction(SIGUSR1, NULL, &user) < 0)
		return EXIT_FAILURE;
	printf("SIGTERM %s, SIGINT %s, SIGUSR1 %s\n",
	    sigismember(&mask, SIGTERM) ? "blocked" : "free",
	    interrupt.sa_handler == SIG_IGN ? "ignored" : "default",
	    user.sa_handler == SIG_DFL ? "default" : "not default");
	return EXIT_SUCCESS;
}

static struct sigaction interrupt_before;
static sigset_t mask_before;

// tag::restore[]
/* In the child, before exec: the signals as they were before we touched them. */
static void
restore_signals(void)
{
	sigaction(SIGINT, &interrupt_before, NULL);   // <1>
	sigprocmask(SIG_SETMASK, &mask_before, NULL); // <2>
}
// end::restore[]

static void
leave_signals(void)
{
}

static void
start(const char *program, void (*prepare)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		prepare();
		execl(program, program, "tell", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) < 0)
		exit(EXIT_FAILURE);
}

int
main(int argc, char *argv[])
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, caught = {.sa_handler = handler};
	sigset_t term;

	if (argc == 2 && strcmp(argv[1], "tell") == 0)
		return tell();
	sigemptyset(&ignore.sa_mask);
	sigemptyset(&caught.sa_mask);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	if (sigaction(SIGINT, &ignore, &interrupt_before) < 0 ||
	    sigaction(SIGUSR1, &caught, NULL) < 0 ||
	    sigprocmask(SIG_BLOCK, &term, &mask_before) < 0)
		return EXIT_FAILURE;
	start(argv[0], leave_signals);
	start(argv[0], restore_signals);
	return EXIT_SUCCESS;
}
