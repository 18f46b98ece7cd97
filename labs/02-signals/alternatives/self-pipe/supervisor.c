/*
 * Different: the handlers write the signal's number into a pipe, and the
 * supervisor sleeps in read(). Signals are blocked only around fork().
 */
#define _GNU_SOURCE /* pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct worker {
	pid_t pid;
	struct worker *next;
};

static int news[2];
static struct worker *list;

static void
tell(int signal)
{
	int error = errno;
	char byte = (char)signal;

	if (write(news[1], &byte, 1) < 0) {
		/* full: the reader is about to look anyway */
	}
	errno = error;
}

static bool
listen_to(int signal)
{
	struct sigaction action = {.sa_handler = tell, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
	sigset_t one;

	sigemptyset(&action.sa_mask);
	sigemptyset(&one);
	sigaddset(&one, signal);
	return sigaction(signal, &action, NULL) == 0 && sigprocmask(SIG_UNBLOCK, &one, NULL) == 0;
}

static bool
hire(char *command[])
{
	struct worker *w = malloc(sizeof *w);
	sigset_t all, before;

	if (w == NULL)
		return false;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	w->pid = fork();
	if (w->pid == 0) {
		signal(SIGTERM, SIG_DFL);
		signal(SIGCHLD, SIG_DFL);
		sigemptyset(&before);
		sigprocmask(SIG_SETMASK, &before, NULL);
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	if (w->pid > 0) {
		printf("start %d\n", (int)w->pid);
		fflush(stdout);
		w->next = list;
		list = w;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (w->pid > 0)
		return true;
	perror("supervisor: no new worker");
	free(w);
	return false;
}

/* Reaps one worker that has ended. */
static bool
bury(int flags)
{
	struct worker **at = &list, *dead;
	int status;
	pid_t pid = waitpid(-1, &status, flags);

	if (pid <= 0)
		return false;
	while (*at != NULL && (*at)->pid != pid)
		at = &(*at)->next;
	if (*at == NULL)
		return bury(flags);
	dead = *at;
	*at = dead->next;
	free(dead);
	printf(WIFEXITED(status) ? "end %d exit %d\n" : "end %d signal %d\n", (int)pid,
	    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	fflush(stdout);
	return true;
}

static bool
serve(int n, long restarts, char *command[])
{
	char signal;

	while (n-- > 0)
		if (!hire(command))
			return false;
	for (;;) {
		if (read(news[0], &signal, 1) != 1)
			continue;
		if (signal == SIGTERM)
			return true;
		while (bury(WNOHANG)) {
			if (restarts-- == 0) {
				fputs("supervisor: that was the last one\n", stderr);
				return false;
			}
			if (!hire(command))
				return false;
		}
	}
}

static bool
is_number(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0' && strlen(text) < 8;
}

int
main(int argc, char *argv[])
{
	bool asked;

	if (argc < 4 || !is_number(argv[1]) || !is_number(argv[2]) || atoi(argv[1]) < 1 ||
	    atoi(argv[1]) > 64) {
		fputs("usage: supervisor WORKERS RESTARTS COMMAND [ARG...]\n", stderr);
		return 2;
	}
	if (pipe2(news, O_CLOEXEC) < 0 || fcntl(news[1], F_SETFL, O_NONBLOCK) < 0 ||
	    !listen_to(SIGTERM) || !listen_to(SIGCHLD))
		return 1;
	asked = serve(atoi(argv[1]), atol(argv[2]), argv + 3);
	for (struct worker *w = list; w != NULL; w = w->next)
		kill(w->pid, SIGTERM);
	while (list != NULL)
		bury(0);
	return asked ? 0 : 1;
}
