/*
 * Different: the handler of SIGTERM hands the signal on to the workers itself,
 * so the supervisor may simply block in wait(): their ends wake it. SIGTERM is
 * blocked whenever the list of workers changes.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 64 };

static volatile pid_t staff[MOST];
static volatile sig_atomic_t closing;

static void
close_down(int signal)
{
	int error = errno;

	(void)signal;
	closing = 1;
	for (int i = 0; i < MOST; i++)
		if (staff[i] > 0)
			kill(staff[i], SIGTERM);
	errno = error;
}

static void
change_sigterm(int how)
{
	sigset_t sigterm;

	sigemptyset(&sigterm);
	sigaddset(&sigterm, SIGTERM);
	sigprocmask(how, &sigterm, NULL);
}

static void
line(const char *format, pid_t pid, int number)
{
	char text[64];
	int n = snprintf(text, sizeof text, format, (int)pid, number);

	if (write(STDOUT_FILENO, text, (size_t)n) != n)
		perror("write");
}

/* SIGTERM is blocked. Returns -1 when nobody could be started. */
static int
fill(int i, char **command)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};
	sigset_t none;
	pid_t pid = fork();

	if (pid == 0) {
		sigaction(SIGTERM, &usual, NULL);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	if (pid < 0) {
		perror("fork");
		return -1;
	}
	staff[i] = pid;
	line("start %d\n", pid, 0);
	return 0;
}

static int
alive(void)
{
	int n = 0;

	for (int i = 0; i < MOST; i++)
		n += staff[i] > 0;
	return n;
}

/*
 * Waits for an end and returns the place that is free now. The dead worker is
 * left a zombie until SIGTERM is blocked: its pid is nobody else's while the
 * handler can still send it a signal.
 */
static int
wait_for_end(void)
{
	siginfo_t end;
	int i = 0, status;

	change_sigterm(SIG_UNBLOCK);
	while (waitid(P_ALL, 0, &end, WEXITED | WNOWAIT) < 0)
		continue;
	change_sigterm(SIG_BLOCK);
	waitpid(end.si_pid, &status, 0);
	while (i < MOST && staff[i] != end.si_pid)
		i++;
	if (i == MOST)
		return wait_for_end();
	staff[i] = 0;
	if (WIFSIGNALED(status))
		line("end %d signal %d\n", end.si_pid, WTERMSIG(status));
	else
		line("end %d exit %d\n", end.si_pid, WEXITSTATUS(status));
	return i;
}

static int
work(int n, long restarts, char **command)
{
	int failed = 0;

	for (int i = 0; i < n && !failed; i++)
		failed = fill(i, command) < 0;
	while (!failed) {
		int i = wait_for_end();

		if (closing)
			break;
		if (restarts == 0)
			fputs("no worker is replaced any more\n", stderr);
		failed = restarts-- == 0 || fill(i, command) < 0;
	}
	if (failed)
		close_down(SIGTERM);
	while (alive() > 0)
		wait_for_end();
	return failed;
}

int
main(int argc, char **argv)
{
	struct sigaction on_term = {.sa_handler = close_down};
	struct sigaction usual = {.sa_handler = SIG_DFL};
	char rest;
	int n;
	long restarts;

	if (argc < 4 || sscanf(argv[1], "%d%c", &n, &rest) != 1 || n < 1 || n > MOST ||
	    sscanf(argv[2], "%ld%c", &restarts, &rest) != 1 || restarts < 0) {
		fprintf(stderr, "usage: supervisor WORKERS RESTARTS COMMAND [ARG...]\n");
		return 2;
	}
	change_sigterm(SIG_BLOCK);
	if (sigaction(SIGTERM, &on_term, NULL) < 0 || sigaction(SIGCHLD, &usual, NULL) < 0)
		return 1;
	return work(n, restarts, argv + 3);
}
