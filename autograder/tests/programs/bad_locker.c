/*
 * bad_locker.c - a lock daemon that does one thing wrong; bench.bats shows it to the benchmark.
 *
 *	MISTAKE=WORD bad_locker HOST:PORT DIRECTORY
 *
 * It has a process for each session, and says yes to everything: so each lock has as many holders
 * as ask for it. That is mistake "two"; the others are below. SIGTERM ends it.
 */
#include "../../../labs/08-service/listener.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static const char *mistake = "two", *directory;

static int
makes(const char *name)
{
	return strcmp(mistake, name) == 0;
}

/* A lock that nobody will release. */
static void
leave_lock(void)
{
	char path[300];

	snprintf(path, sizeof path, "%s/l.forgotten", directory);
	close(open(path, O_WRONLY | O_CREAT, 0600));
}

static const char *
answer_to(const char *line)
{
	if (strncmp(line, "id", 2) == 0)
		return "S welcome\n";
	if (makes("refuse"))
		return "F\n";
	if (makes("leave"))
		leave_lock();
	return strncmp(line, "lock", 4) == 0 ? "S locked\n" : "S\n";
}

static _Noreturn void
serve(int fd)
{
	FILE *in = fdopen(fd, "r");
	char line[600];

	if (in == NULL || write(fd, "S\n", 2) != 2)
		_exit(EXIT_FAILURE);
	while (fgets(line, sizeof line, in) != NULL) {
		const char *answer = answer_to(line);

		if (makes("mute") && strncmp(line, "lock", 4) == 0)
			continue;
		if (write(fd, answer, strlen(answer)) < 0)
			_exit(EXIT_FAILURE);
	}
	_exit(EXIT_SUCCESS);
}

static void
stop(int signal)
{
	(void)signal;
	_exit(EXIT_SUCCESS);
}

int
main(int argc, char *argv[])
{
	int listener;

	if (argc != 3)
		return 2;
	directory = argv[2];
	if (getenv("MISTAKE") != NULL)
		mistake = getenv("MISTAKE");
	signal(SIGTERM, stop);
	signal(SIGCHLD, SIG_IGN);
	listener = open_listener(argv[1]);
	if (listener < 0 || say_ready("bad_locker", listener) < 0)
		return 1;
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fork() == 0) {
			signal(SIGTERM, SIG_DFL);
			serve(fd);
		}
		close(fd);
	}
}
