/* mxp.c - with stdio for the responses and posix_spawn() for the command. */
#include "mxp.h"
#include "client.h"
#include "connector.h"
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int
is_name(const char *text)
{
	regex_t name;
	int ok = 0;

	if (regcomp(&name, "^[A-Za-z0-9_-][A-Za-z0-9._-]*$", REG_EXTENDED | REG_NOSUB) == 0) {
		ok = regexec(&name, text, 0, NULL, 0) == 0 && strlen(text) <= 64 &&
		     strchr(text, '\n') == NULL;
		regfree(&name);
	}
	return ok;
}

static _Noreturn void
give_up(const char *why)
{
	fprintf(stderr, "mxp: %s\n", why);
	exit(1);
}

static void
await_s(FILE *server)
{
	char line[MXP_LINE + 2];

	for (;;) {
		size_t n;

		errno = 0;
		if (fgets(line, sizeof line, server) == NULL)
			give_up(errno != 0 ? strerror(errno) : "the server has gone");
		n = strlen(line);
		if (n == 0 || n > MXP_LINE || line[n - 1] != '\n')
			give_up("half a line, or one that is too long");
		line[n - 1] = '\0';
		if (strchr(" ", line[1]) == NULL)
			give_up("this is not MXP");
		switch (line[0]) {
		case 'S':
			return;
		case 'F':
			give_up(line);
		case 'C':
			if (strcmp(line + 1, " waiting") == 0)
				fputs(MXP_WAITING "\n", stderr);
			break;
		default:
			give_up("this is not MXP");
		}
	}
}

static void
say(int fd, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (vdprintf(fd, format, args) < 0)
		give_up(strerror(errno));
	va_end(args);
}

/* SIGPIPE is ignored here; the command gets it back as it was. */
static int
run(char *command[])
{
	posix_spawnattr_t usual;
	sigset_t pipe_only;
	pid_t pid;
	int status;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	posix_spawnattr_init(&usual);
	posix_spawnattr_setsigdefault(&usual, &pipe_only);
	posix_spawnattr_setflags(&usual, POSIX_SPAWN_SETSIGDEF);
	status = posix_spawnp(&pid, command[0], NULL, &usual, command, environ);
	posix_spawnattr_destroy(&usual);
	if (status != 0) {
		fprintf(stderr, "mxp: %s: %s\n", command[0], strerror(status));
		if (status == EAGAIN || status == ENOMEM)
			return 1;
		return status == ENOENT ? 127 : 126;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			give_up(strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
main(int argc, char *argv[])
{
	char address[MXP_ADDRESS];
	FILE *server;
	int fd;

	if (argc < 5 || mxp_address(address, argv[1]) != 0 || !is_name(argv[2]) ||
	    !is_name(argv[3])) {
		fputs(MXP_USAGE "\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	fd = open_connection(address);
	if (fd < 0)
		give_up(strerror(errno));
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	server = fdopen(fd, "r");
	if (server == NULL)
		give_up(strerror(errno));
	await_s(server);
	say(fd, "id %s\n", argv[2]);
	await_s(server);
	say(fd, "lock %s\n", argv[3]);
	await_s(server);
	fd = run(argv + 4);
	fclose(server);
	return fd;
}
