/* mxp.c - a buffer of its own, vfork-free; the connection is closed in the child by hand. */
#include "mxp.h"
#include "client.h"
#include "connector.h"
#include "lockset.h"
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct talk {
	int fd;
	size_t n;
	char buffer[MXP_LINE];
};

static bool
good(const char *name)
{
	size_t n = 0;

	if (name[0] == '.')
		return false;
	for (; name[n] != '\0'; n++)
		if (!isalnum((unsigned char)name[n]) && strchr("._-", name[n]) == NULL)
			return false;
	return n >= LM_NAME_LEAST && n <= LM_NAME_MOST;
}

/* Takes the first line out of the buffer, into line; false when nothing more comes. */
static bool
receive(struct talk *t, char line[MXP_LINE])
{
	char *end;
	ssize_t n;

	while ((end = memchr(t->buffer, '\n', t->n)) == NULL) {
		if (t->n == sizeof t->buffer) {
			errno = EPROTO;
			return false;
		}
		n = recv(t->fd, t->buffer + t->n, sizeof t->buffer - t->n, 0);
		if (n == 0)
			errno = ECONNABORTED;
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		if (n > 0)
			t->n += (size_t)n;
	}
	*end++ = '\0';
	memcpy(line, t->buffer, (size_t)(end - t->buffer));
	t->n -= (size_t)(end - t->buffer);
	memmove(t->buffer, end, t->n);
	return true;
}

static bool
accepted(struct talk *t)
{
	char line[MXP_LINE];

	while (receive(t, line)) {
		if (strcmp(line, "C waiting") == 0)
			fprintf(stderr, "%s\n", MXP_WAITING);
		if (strncmp(line, "C ", 2) == 0 || strcmp(line, "C") == 0)
			continue;
		if (strncmp(line, "S ", 2) == 0 || strcmp(line, "S") == 0)
			return true;
		fprintf(stderr, "mxp: the server says: %s\n", line);
		return false;
	}
	fprintf(stderr, "mxp: %s\n", strerror(errno));
	return false;
}

static bool
ask(struct talk *t, const char *what, const char *name)
{
	struct str line = {0};
	size_t sent = 0;
	ssize_t n = 0;

	if (!str_add(&line, what) || !str_add(&line, name) || !str_add(&line, "\n"))
		n = -1;
	while (n >= 0 && sent < line.len) {
		n = write(t->fd, line.s + sent, line.len - sent);
		if (n > 0)
			sent += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 0;
	}
	if (n < 0)
		fprintf(stderr, "mxp: %s\n", strerror(errno));
	str_free(&line);
	return n >= 0;
}

int
main(int argc, char *argv[])
{
	char address[MXP_ADDRESS];
	struct talk t = {.n = 0};
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	siginfo_t end;
	pid_t pid;

	if (argc < 5 || mxp_address(address, argv[1]) || !good(argv[2]) || !good(argv[3])) {
		fprintf(stderr, MXP_USAGE "\n");
		return 2;
	}
	sigaction(SIGPIPE, &ignore, &before);
	t.fd = open_connection(address);
	if (t.fd < 0) {
		perror("mxp");
		return 1;
	}
	if (!accepted(&t) || !ask(&t, "id ", argv[2]) || !accepted(&t) ||
	    !ask(&t, "lock ", argv[3]) || !accepted(&t))
		return 1;
	pid = fork();
	if (pid < 0) {
		perror("mxp");
		return 1;
	}
	if (pid == 0) {
		close(t.fd);
		sigaction(SIGPIPE, &before, NULL);
		execvp(argv[4], argv + 4);
		pid = errno == ENOENT ? 127 : 126;
		perror(argv[4]);
		_exit(pid);
	}
	while (waitid(P_PID, (id_t)pid, &end, WEXITED) < 0)
		if (errno != EINTR)
			return 1;
	return end.si_code == CLD_EXITED ? end.si_status : 128 + end.si_status;
}
