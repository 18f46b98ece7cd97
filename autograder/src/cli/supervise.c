/*
 * supervise.c - see supervise.h.
 *
 * No handler runs: the signals stay blocked and are taken with sigwaitinfo(),
 * so there is no moment in which one could be lost.
 */
#define _GNU_SOURCE
#include "supervise.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "../sandbox/sandbox.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GRADER_FAULT_STATUS = 3, CHILDREN_MAX = 1024 };

static const int interrupts[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

enum { INTERRUPTS = sizeof interrupts / sizeof *interrupts };

struct supervision {
	enum interrupted interrupted;
	sigset_t waited, mask; /* what we wait for; what was blocked before */
	pid_t worker;
	int status;      /* as from waitpid() */
	int signal;      /* the first that interrupted us, or 0 */
	char *directory; /* everything temporary of the work goes below it */
	char *before;    /* TMPDIR as it was, or NULL */
	size_t n_older;
	pid_t older[CHILDREN_MAX]; /* children that we had before: a shell that became us */
};

/* Our children now. Returns how many of them fit, or 0 when nobody can tell. */
static size_t
children(pid_t *list, size_t max)
{
	FILE *file = fopen("/proc/thread-self/children", "re");
	size_t n = 0;

	if (file == NULL)
		return 0;
	while (n < max && fscanf(file, "%d", &list[n]) == 1)
		n++;
	fclose(file);
	return n;
}

static bool
is_older(const struct supervision *s, pid_t pid)
{
	for (size_t i = 0; i < s->n_older; i++)
		if (s->older[i] == pid)
			return true;
	return false;
}

/* Blocks what we wait for. A signal that our caller told us to ignore (nohup) stays ignored. */
static int
block_signals(struct supervision *s)
{
	sigemptyset(&s->waited);
	sigaddset(&s->waited, SIGCHLD);
	for (int i = 0; i < INTERRUPTS; i++) {
		struct sigaction action;

		if (sigaction(interrupts[i], NULL, &action) < 0)
			return -1;
		if (action.sa_handler != SIG_IGN)
			sigaddset(&s->waited, interrupts[i]);
	}
	return sigprocmask(SIG_BLOCK, &s->waited, &s->mask);
}

static int
start(struct supervision *s, int (*work)(void *), void *with)
{
	pid_t self = getpid();

	s->n_older = children(s->older, CHILDREN_MAX);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 || fflush(NULL) == EOF)
		return -1;
	s->worker = fork();
	if (s->worker != 0)
		return s->worker < 0 ? -1 : 0;
	/* A worker without its supervisor would clean up nothing. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != self ||
	    sigprocmask(SIG_SETMASK, &s->mask, NULL) < 0)
		_exit(GRADER_FAULT_STATUS);
	exit(work(with));
}

static void
interrupt(struct supervision *s, int signal)
{
	bool again = s->signal != 0;

	if (!again)
		s->signal = signal;
	(void)kill(s->worker, s->interrupted == INTERRUPT_KILLS || again ? SIGKILL : signal);
}

/* Takes whoever has ended. True when the worker is among them. */
static bool
reap(struct supervision *s)
{
	bool done = false;
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == s->worker) {
			s->status = status;
			done = true;
		}
	return done;
}

static void
await_worker(struct supervision *s)
{
	bool done = false;

	while (!done) {
		int signal = sigwaitinfo(&s->waited, NULL);

		if (signal == SIGCHLD)
			done = reap(s);
		else if (signal > 0)
			interrupt(s, signal);
	}
}

/* Kills and takes everybody who descends from the worker; their children then come to us too. */
static void
end_descendants(const struct supervision *s)
{
	pid_t list[CHILDREN_MAX];
	bool found = true;

	while (found) {
		size_t n = children(list, CHILDREN_MAX);

		found = false;
		for (size_t i = 0; i < n; i++)
			if (!is_older(s, list[i]) && kill(list[i], SIGKILL) == 0) {
				found = true;
				while (waitpid(list[i], NULL, 0) < 0 && errno == EINTR)
					;
			}
	}
}

/* Ends as the signal would have ended us, so that a shell sees what happened. */
static void
die_of(int signal)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	(void)raise(signal);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static int
exit_status_of(const struct supervision *s)
{
	if (s->interrupted == INTERRUPT_KILLS && s->signal != 0)
		die_of(s->signal);
	if (WIFEXITED(s->status))
		return WEXITSTATUS(s->status);
	if (s->signal != 0)
		die_of(s->signal);
	if (WTERMSIG(s->status) == SIGPIPE)
		die_of(SIGPIPE); /* nobody reads our output any more */
	complain(
	    _("the grader itself died (%s): please report this"), strsignal(WTERMSIG(s->status)));
	return GRADER_FAULT_STATUS;
}

static int
make_temporary(struct supervision *s)
{
	const char *name = getenv("TMPDIR");

	s->before = name == NULL ? NULL : strdup(name);
	s->directory = stage_create();
	if (s->directory != NULL && setenv("TMPDIR", s->directory, 1) == 0)
		return 0;
	complain(_("cannot make a temporary directory in %s: %s"), stage_parent(), strerror(errno));
	return -1;
}

static void
remove_temporary(struct supervision *s)
{
	if (s->directory != NULL && remove_tree(s->directory) < 0)
		complain(_("cannot remove %s: %s"), s->directory, strerror(errno));
	if (s->before != NULL)
		(void)setenv("TMPDIR", s->before, 1);
	else
		(void)unsetenv("TMPDIR");
	free(s->directory);
	free(s->before);
}

int
supervise(int (*work)(void *), void *with, enum interrupted interrupted)
{
	static struct supervision s; /* big, and the worker's copy stays reachable */
	bool started = false;

	s = (struct supervision){.interrupted = interrupted};
	if (block_signals(&s) < 0)
		return GRADER_FAULT_STATUS;
	if (make_temporary(&s) == 0) {
		started = start(&s, work, with) == 0;
		if (!started)
			complain(_("cannot start a process: %s"), strerror(errno));
	}
	if (started) {
		await_worker(&s);
		end_descendants(&s);
	}
	remove_temporary(&s);
	(void)sigprocmask(SIG_SETMASK, &s.mask, NULL);
	return started ? exit_status_of(&s) : GRADER_FAULT_STATUS;
}
