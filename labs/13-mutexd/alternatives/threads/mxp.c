/* mxp.c - the dialog is a table; the connection is copied to a descriptor that exec closes. */
#include "mxp.h"
#include "client.h"
#include "connector.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char alphabet[] = "-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.";

static void
die(const char *why)
{
	fprintf(stderr, "mxp: %s\n", why);
	exit(1);
}

static int
bad(const char *name)
{
	return strlen(name) - 1 > 63 || *name == '.' || name[strspn(name, alphabet)] != '\0';
}

static void
write_part(int fd, const char *text)
{
	while (*text != '\0') {
		ssize_t n = write(fd, text, strlen(text));

		if (n < 0 && errno != EINTR)
			die(strerror(errno));
		text += n < 0 ? 0 : n;
	}
}

/* The line's length; its first letter says what it is. */
static size_t
read_line(int fd, char line[MXP_LINE + 1])
{
	size_t n = 0;

	do {
		ssize_t got = read(fd, line + n, 1);

		if (got < 0 && errno != EINTR)
			die(strerror(errno));
		if (got == 0)
			die("the connection has ended");
		n += got > 0;
		if (n == MXP_LINE && line[n - 1] != '\n')
			die("an endless line");
	} while (n == 0 || line[n - 1] != '\n');
	line[n - 1] = '\0';
	return n - 1;
}

static void
await_success(int fd)
{
	char line[MXP_LINE + 1];

	do {
		size_t n = read_line(fd, line);

		if (n == 0 || (n > 1 && line[1] != ' ') || strchr("CS", line[0]) == NULL)
			die(line);
		if (line[0] == 'C' && strcmp(line + 1, " waiting") == 0)
			write_part(2, MXP_WAITING "\n");
	} while (line[0] != 'S');
}

int
main(int argc, char *argv[])
{
	char address[MXP_ADDRESS];
	int fd, status;
	pid_t pid;

	if (argc <= 4 || mxp_address(address, argv[1]) != 0 || bad(argv[2]) || bad(argv[3])) {
		write_part(2, MXP_USAGE "\n");
		return 2;
	}
	fd = open_connection(address);
	if (fd < 0)
		die(strerror(errno));
	status = fcntl(fd, F_DUPFD_CLOEXEC, fd + 1);
	if (status < 0)
		die(strerror(errno));
	close(fd);
	fd = status;
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < 3; i++) {
		static const char *const keyword[] = {"", "id ", "lock "};

		if (i > 0) {
			char request[80];

			snprintf(request, sizeof request, "%s%s\n", keyword[i], argv[i + 1]);
			write_part(fd, request);
		}
		await_success(fd);
	}
	pid = fork();
	switch (pid) {
	case -1:
		die(strerror(errno));
		break;
	case 0:
		signal(SIGPIPE, SIG_DFL);
		execvp(argv[4], &argv[4]);
		status = errno;
		fprintf(stderr, "mxp: %s: %s\n", argv[4], strerror(status));
		_exit(status == ENOENT ? 127 : 126);
	}
	while (wait(&status) != pid)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status) + 128;
}
