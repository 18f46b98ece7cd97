/* mxp.c - runs a command while it has a lock of a mutexd. See client.h. */
#include "mxp.h"
#include "client.h"
#include "connector.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAME_MAX_LENGTH = 64, REQUEST_MAX = NAME_MAX_LENGTH + 8 };

/* Also so that a name with a newline in it does not become a request of its own. */
static bool
is_name(const char *name)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._-";
	size_t n = strlen(name);

	return n > 0 && n <= NAME_MAX_LENGTH && name[0] != '.' && strspn(name, good) == n;
}

static int
fail(const char *what, const char *why)
{
	fprintf(stderr, "mxp: %s: %s\n", what, why);
	return -1;
}

static int
request(int fd, const char *keyword, const char *name)
{
	char line[REQUEST_MAX];
	size_t n = (size_t)snprintf(line, sizeof line, "%s %s\n", keyword, name), sent = 0;

	while (sent < n) {
		ssize_t done = send(fd, line + sent, n - sent, MSG_NOSIGNAL);

		if (done < 0 && errno != EINTR)
			return fail(keyword, strerror(errno));
		if (done > 0)
			sent += (size_t)done;
	}
	return 0;
}

/*
 * A line of the server's, without its newline. Byte by byte: a response is short, and nothing that
 * comes behind it is read too early.
 */
static int
read_line(int fd, char line[MXP_LINE])
{
	for (size_t n = 0; n < MXP_LINE;) {
		ssize_t got = read(fd, line + n, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail("connection", strerror(errno));
		if (got == 0)
			return fail("connection", "the server has ended it");
		if (line[n] == '\n') {
			line[n] = '\0';
			return 0;
		}
		n++;
	}
	return fail("response", "the line is too long");
}

/* A whole response. Returns 0 after S, and -1, when the user has been told why, otherwise. */
static int
await_success(int fd)
{
	char line[MXP_LINE];

	for (;;) {
		if (read_line(fd, line) < 0)
			return -1;
		if (line[0] == '\0' || strchr("CSF", line[0]) == NULL ||
		    (line[1] != '\0' && line[1] != ' '))
			return fail("response", "this is not MXP");
		if (line[0] == 'S')
			return 0;
		if (line[0] == 'F')
			return fail("refused", line[1] == ' ' ? line + 2 : "without a reason");
		if (strcmp(line, "C waiting") == 0)
			fprintf(stderr, "%s\n", MXP_WAITING);
	}
}

/* The connection belongs to us alone: nothing that the command leaves running keeps it open. */
static int
get_lock(const char *address, const char *name, const char *lock)
{
	int fd = open_connection(address);

	if (fd < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return fail(address, strerror(errno));
	if (await_success(fd) < 0 || request(fd, "id", name) < 0 || await_success(fd) < 0 ||
	    request(fd, "lock", lock) < 0 || await_success(fd) < 0)
		return -1;
	return 0;
}

static _Noreturn void
become(char *command[])
{
	int error;

	execvp(command[0], command);
	error = errno;
	fail(command[0], strerror(error));
	_exit(error == ENOENT ? 127 : 126);
}

static int
run(char *command[])
{
	pid_t pid = fork(), ended;
	int status;

	if (pid == 0)
		become(command);
	if (pid < 0) {
		fail(command[0], strerror(errno));
		return EXIT_FAILURE;
	}
	do
		ended = waitpid(pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	if (ended < 0) {
		fail(command[0], strerror(errno));
		return EXIT_FAILURE;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int
main(int argc, char *argv[])
{
	char address[MXP_ADDRESS];

	if (argc < 5 || mxp_address(address, argv[1]) < 0 || !is_name(argv[2]) ||
	    !is_name(argv[3])) {
		fprintf(stderr, "%s\n", MXP_USAGE);
		return 2;
	}
	if (get_lock(address, argv[2], argv[3]) < 0)
		return EXIT_FAILURE;
	return run(argv + 4);
}
