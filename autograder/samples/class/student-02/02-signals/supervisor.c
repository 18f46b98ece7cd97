#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t stop;

static void
on_term(int sig)
{
	(void)sig;
	stop = 1;
}

static pid_t
start(char **command)
{
	pid_t pid = fork();

	if (pid == 0) {
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	if (pid > 0) {
		printf("start %d\n", (int)pid);
		fflush(stdout);
	}
	return pid;
}

static void
report(pid_t pid, int status)
{
	if (WIFEXITED(status))
		printf("end %d exit %d\n", (int)pid, WEXITSTATUS(status));
	else
		printf("end %d signal %d\n", (int)pid, WTERMSIG(status));
	fflush(stdout);
}

int
main(int argc, char *argv[])
{
	struct sigaction sa = {.sa_handler = on_term};
	pid_t workers[64] = {0};
	int n, restarts, result = 0;

	if (argc < 4 || atoi(argv[1]) < 1 || atoi(argv[1]) > 64) {
		fprintf(stderr, "usage: supervisor WORKERS RESTARTS COMMAND [ARG...]\n");
		return 2;
	}
	n = atoi(argv[1]);
	restarts = atoi(argv[2]);
	sigaction(SIGTERM, &sa, NULL);
	for (int i = 0; i < n; i++)
		workers[i] = start(argv + 3);
	while (!stop) {
		int status;
		pid_t pid = wait(&status);

		if (pid < 0)
			continue;
		report(pid, status);
		for (int i = 0; i < n; i++) {
			if (workers[i] != pid)
				continue;
			workers[i] = 0;
			if (restarts-- == 0) {
				stop = 1;
				result = 1;
			} else {
				workers[i] = start(argv + 3);
			}
		}
	}
	for (int i = 0; i < n; i++)
		if (workers[i] > 0)
			kill(workers[i], SIGTERM);
	for (;;) {
		int status;
		pid_t pid = wait(&status);

		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			break;
		report(pid, status);
	}
	return result;
}
