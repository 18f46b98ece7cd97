/*
 * sessions.h - the sessions of both probes: their clients tell them what to do.
 *
 * A client sends lines, and each is obeyed in turn until its end of file:
 *
 *	say TEXT	answers TEXT
 *	words		answers argc and the words of argv
 *	signals		answers the signals that this thread has blocked, a bit for each
 *	child		has a child and waits for it; answers its exit status, or -errno
 *	burn MS		uses so much of its CPU time
 *	group		goes into a process group of its own, and answers "alone"
 *	abort		abort()
 *	return		the handler returns at once
 */
#ifndef SESSIONS_H
#define SESSIONS_H

#include "probe.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ORDER_MAX = 200, WORDS_MAX = 9 };

/* All of it; a client that is gone is no business of the check's. */
static void
tell(int fd, const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		ssize_t done = send(fd, text, n, MSG_NOSIGNAL);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return;
		text += done;
		n -= (size_t)done;
	}
}

/* The next line without its newline. Returns 0 at the end of the file or after a failure. */
static int
next_order(int fd, char order[ORDER_MAX])
{
	size_t n = 0;

	for (;;) {
		ssize_t got = read(fd, order + n, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || n + 1 == ORDER_MAX)
			return 0;
		if (order[n] == '\n')
			break;
		n++;
	}
	order[n] = '\0';
	return 1;
}

static void
tell_words(int fd, int argc, char *argv[])
{
	char text[ORDER_MAX * 2];
	size_t n = (size_t)snprintf(text, sizeof text, "%d", argc);

	for (int i = 0; i < argc && n < sizeof text - 1; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, " %s", argv[i]);
	if (n < sizeof text - 1) {
		text[n++] = '\n';
		text[n] = '\0';
		tell(fd, text);
	}
}

static void
tell_signals(int fd)
{
	unsigned long long bits = 0;
	char text[32];
	sigset_t set;

	pthread_sigmask(SIG_BLOCK, NULL, &set);
	for (int s = 1; s < 32; s++)
		if (sigismember(&set, s) == 1)
			bits |= 1ull << (s - 1);
	snprintf(text, sizeof text, "%llu\n", bits);
	tell(fd, text);
}

static void
tell_child(int fd)
{
	pid_t pid = fork();
	char text[32];
	int status = 0, answer;

	if (pid == 0)
		_exit(7);
	answer = pid < 0 || waitpid(pid, &status, 0) < 0 ? -errno : WEXITSTATUS(status);
	snprintf(text, sizeof text, "%d\n", answer);
	tell(fd, text);
}

/* CPU time, not time: on a busy machine it takes longer. */
static void
burn(long ms)
{
	struct timespec now, end;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	end.tv_nsec += ms % 1000 * 1000000;
	end.tv_sec += ms / 1000 + end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	while (now.tv_sec < end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec < end.tv_nsec));
}

static void
obey(int fd, int argc, char *argv[])
{
	char order[ORDER_MAX];

	while (next_order(fd, order) && strcmp(order, "return") != 0) {
		if (strncmp(order, "say ", 4) == 0) {
			tell(fd, order + 4);
			tell(fd, "\n");
		} else if (strcmp(order, "words") == 0) {
			tell_words(fd, argc, argv);
		} else if (strcmp(order, "signals") == 0) {
			tell_signals(fd);
		} else if (strcmp(order, "child") == 0) {
			tell_child(fd);
		} else if (strncmp(order, "burn ", 5) == 0) {
			burn(strtol(order + 5, NULL, 10));
			tell(fd, "burnt\n");
		} else if (strcmp(order, "group") == 0) {
			tell(fd, setpgid(0, 0) == 0 ? "alone\n" : "-1\n");
		} else if (strcmp(order, "abort") == 0) {
			abort();
		}
	}
}

static void
lend_0(int signal)
{
	int error = errno;

	(void)signal;
	(void)close(STDIN_FILENO);
	errno = error;
}

/* lend: SIGUSR2 closes descriptor 0, so that the next that is opened is number 0 */
static void
do_lend(void)
{
	struct sigaction action = {.sa_handler = lend_0, .sa_flags = SA_RESTART};

	answer_put_int("result", sigaction(SIGUSR2, &action, NULL));
}

/* CPU time of the children that were waited for, microseconds */
static void
put_children(void)
{
	struct rusage used = {0};

	getrusage(RUSAGE_CHILDREN, &used);
	answer_put_int("children", (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000LL +
				       used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* serve HOST:PORT NAME...: the words from NAME on are the server's argv. */
static void
serve_with(int (*run)(const char *, void (*)(int, int, char *[]), int, char *[]))
{
	static char *argv[WORDS_MAX + 1]; /* sessions may need it after our return */
	int argc = 0, result;

	while (argc < WORDS_MAX && argc + 2 < request_count()) {
		argv[argc] = strdup(request_word(argc + 2));
		argc++;
	}
	errno = 0;
	result = run(request_word(1), obey, argc, argv);
	answer_put_int("errno", errno);
	answer_put_int("result", result);
	put_children();
}

#endif
