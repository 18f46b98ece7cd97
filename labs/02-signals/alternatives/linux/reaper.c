/*
 * Different: a linked list from the heap, made and freed only while SIGCHLD is
 * blocked, so that the handler never meets it half changed. The handler uses
 * waitid() and the parts of a status that it delivers.
 */
#define _GNU_SOURCE
#include "reaper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
	pid_t pid;
	int status;
	int over;
	struct child *next;
};

static struct child *children;
static int n_children;

static int
status_of(const siginfo_t *info)
{
	if (info->si_code == CLD_EXITED)
		return (info->si_status & 0xff) << 8;
	return info->si_status | (info->si_code == CLD_DUMPED ? 0x80 : 0);
}

static void
collect(int signal)
{
	int error = errno;

	for (;;) {
		siginfo_t info = {0};

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) < 0 || info.si_pid == 0)
			break;
		for (struct child *c = children; c != NULL; c = c->next)
			if (c->pid == info.si_pid) {
				c->status = status_of(&info);
				c->over = 1;
			}
	}
	errno = error;
	(void)signal;
}

static sigset_t
shut(void)
{
	sigset_t one, before;

	sigemptyset(&one);
	sigaddset(&one, SIGCHLD);
	sigprocmask(SIG_BLOCK, &one, &before);
	return before;
}

int
reaper_install(void)
{
	const struct sigaction action = {
	    .sa_handler = collect, .sa_flags = SA_RESTART | SA_NOCLDSTOP};

	return sigaction(SIGCHLD, &action, NULL);
}

/* In the child: whom its parent knew is none of its business. */
static void
forget_all(void)
{
	while (children != NULL) {
		struct child *next = children->next;

		free(children);
		children = next;
	}
	n_children = 0;
}

pid_t
reaper_fork(void)
{
	struct child *c = n_children < REAPER_MAX ? malloc(sizeof *c) : NULL;
	sigset_t before;
	int error;

	if (c == NULL) {
		errno = EAGAIN;
		return -1;
	}
	before = shut();
	*c = (struct child){.pid = fork(), .next = children};
	error = errno;
	pid_t pid = c->pid;
	if (pid > 0) {
		children = c;
		n_children++;
	} else {
		free(c);
	}
	if (pid == 0)
		forget_all();
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return pid;
}

int
reaper_wait(pid_t pid, int *status)
{
	sigset_t before = shut(), open = before;
	struct child **at = &children, *c;
	int result = -1;

	sigdelset(&open, SIGCHLD);
	while (*at != NULL && (*at)->pid != pid)
		at = &(*at)->next;
	c = *at;
	if (c != NULL) {
		while (!c->over)
			ppoll(NULL, 0, NULL, &open);
		*status = c->status;
		*at = c->next;
		free(c);
		n_children--;
		result = 0;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (result < 0)
		errno = ECHILD;
	return result;
}
