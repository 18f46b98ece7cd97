/*
 * sessions.h - the sessions of both probes: their clients tell them what to do.
 *
 * A client sends lines, and each is obeyed in turn until its end of file:
 *
 *	say TEXT	answers TEXT
 *	words		answers argc and the words of argv
 *	leave		leaves the process group of the server; answers 0
 *	child		has a child and waits for it; answers its exit status, or -errno
 *	return		the handler returns at once
 */
#ifndef SESSIONS_H
#define SESSIONS_H

#include "probe.h"
#include "session.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ORDER_MAX = 200, WORDS_MAX = 9 };

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

static int
status_of_child(void)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		_exit(7);
	return pid < 0 || waitpid(pid, &status, 0) < 0 ? -errno : WEXITSTATUS(status);
}

static void
tell_words(FILE *to, int argc, char *argv[])
{
	fprintf(to, "%d", argc);
	for (int i = 0; i < argc; i++)
		fprintf(to, " %s", argv[i]);
	fputc('\n', to);
}

static void
obey(int fd, int argc, char *argv[])
{
	char order[ORDER_MAX], answer[2 * ORDER_MAX];

	if (fd < 0)
		(void)!creat("nobody", 0600); /* called without a client */
	while (next_order(fd, order) && strcmp(order, "return") != 0) {
		FILE *to = fmemopen(answer, sizeof answer, "w");

		if (to == NULL)
			return;
		if (strncmp(order, "say ", 4) == 0)
			fprintf(to, "%s\n", order + 4);
		else if (strcmp(order, "words") == 0)
			tell_words(to, argc, argv);
		else if (strcmp(order, "leave") == 0)
			fprintf(to, "%d\n", setpgid(0, 0));
		else if (strcmp(order, "child") == 0)
			fprintf(to, "%d\n", status_of_child());
		fclose(to);
		(void)!send(fd, answer, strlen(answer), MSG_NOSIGNAL);
	}
}

/* Calls the server with the address, the numbers, and its argv. */
typedef int server(const char *hostport, const char *numbers, int argc, char *argv[]);

static int
serve_with(server *run)
{
	static char *argv[WORDS_MAX + 1];
	int argc = 0;

	while (argc < WORDS_MAX && argc + 3 < request_count()) {
		argv[argc] = strdup(request_word(argc + 3));
		argc++;
	}
	argv[argc] = NULL;
	errno = 0;
	return run(request_word(1), request_word(2), argc, argv);
}

/* serve HOST:PORT NUMBERS NAME...: the words from NAME on are the server's argv. */
static void
serve_here(server *run)
{
	int result = serve_with(run);

	answer_put_int("errno", errno);
	answer_put_int("result", result);
}

/* below: the same in a child, whose number is the answer; it is waited for when it ends. */
static void
serve_below(server *run)
{
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		close(PROBE_FD);
		_exit(serve_with(run) < 0);
	}
	answer_put_int("pid", pid);
}

#endif
