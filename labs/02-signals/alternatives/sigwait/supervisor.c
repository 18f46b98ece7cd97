/*
 * Different: no handler. Both signals stay blocked for the whole life of the
 * supervisor, and sigwaitinfo() fetches them one by one.
 */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t *workers;
static int n_workers, n_alive;
static long restarts;

/* SIGCHLD must not be ignored, or its ends would never be queued for us. */
static int
take_signals(sigset_t *ours)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	sigemptyset(&action.sa_mask);
	sigemptyset(ours);
	sigaddset(ours, SIGTERM);
	sigaddset(ours, SIGCHLD);
	if (sigaction(SIGCHLD, &action, NULL) < 0 || sigaction(SIGTERM, &action, NULL) < 0)
		return -1;
	return sigprocmask(SIG_BLOCK, ours, NULL);
}

static int
start(int i, char **command)
{
	sigset_t none;

	workers[i] = fork();
	if (workers[i] == 0) {
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execvp(*command, command);
		dprintf(STDERR_FILENO, "%s: %s\n", *command, strerror(errno));
		_exit(127);
	}
	if (workers[i] < 0) {
		perror("fork");
		return 0;
	}
	n_alive++;
	dprintf(STDOUT_FILENO, "start %d\n", (int)workers[i]);
	return 1;
}

/* Reports an end; returns the place that is free now, or -1. */
static int
ended(pid_t pid, int status)
{
	int i = 0;

	while (i < n_workers && workers[i] != pid)
		i++;
	if (i == n_workers)
		return -1;
	workers[i] = -1;
	n_alive--;
	if (WIFEXITED(status))
		dprintf(STDOUT_FILENO, "end %d exit %d\n", (int)pid, WEXITSTATUS(status));
	else
		dprintf(STDOUT_FILENO, "end %d signal %d\n", (int)pid, WTERMSIG(status));
	return i;
}

/* Returns 0 when it is time to give up. */
static int
replace_all(char **command)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		int i = ended(pid, status);

		if (i >= 0 && restarts-- <= 0) {
			dprintf(STDERR_FILENO, "supervisor: too many ends\n");
			return 0;
		}
		if (i >= 0 && !start(i, command))
			return 0;
	}
	return 1;
}

static int
run(char **command)
{
	sigset_t ours;
	int good, signal;

	if (take_signals(&ours) < 0)
		return 1;
	good = 1;
	for (int i = 0; i < n_workers; i++)
		workers[i] = -1;
	for (int i = 0; i < n_workers && good; i++)
		good = start(i, command);
	while (good) {
		signal = sigwaitinfo(&ours, NULL);
		if (signal == SIGTERM)
			break;
		if (signal == SIGCHLD)
			good = replace_all(command);
	}
	for (int i = 0; i < n_workers; i++)
		if (workers[i] > 0)
			kill(workers[i], SIGTERM);
	while (n_alive > 0) {
		int status;
		pid_t pid = waitpid(-1, &status, 0);

		if (pid > 0)
			ended(pid, status);
	}
	return good ? 0 : 1;
}

static long
number(const char *text)
{
	if (*text == '\0' || strspn(text, "0123456789") != strlen(text))
		return -1;
	return atol(text);
}

int
main(int argc, char **argv)
{
	int result;

	if (argc < 4 || number(argv[1]) < 1 || number(argv[1]) > 64 || number(argv[2]) < 0) {
		dprintf(STDERR_FILENO, "usage: supervisor WORKERS RESTARTS COMMAND [ARG...]\n");
		return 2;
	}
	n_workers = (int)number(argv[1]);
	restarts = number(argv[2]);
	workers = calloc((size_t)n_workers, sizeof *workers);
	if (workers == NULL)
		return 1;
	result = run(argv + 3);
	free(workers);
	return result;
}
