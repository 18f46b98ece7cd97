/* webclient.c - --stream with two processes: the child sends, the parent receives. */
#include "lines.h"
#include "net.h"
#include "web.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int
failed(int error)
{
	fprintf(stderr, WEBCLIENT_FAILED, strerror(error));
	return 1;
}

/* From one descriptor to another up to the end. Returns 0, or errno. */
static int
copy(int from, int to)
{
	char part[8192];
	ssize_t n;

	while ((n = read(from, part, sizeof part)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || write_all(to, part, (size_t)n) < 0)
			return errno;
	}
	return 0;
}

static int
in_turns(int server)
{
	struct reader in;
	char line[WEB_LINE], *answer;
	size_t n;
	int got;

	reader_init(&in, STDIN_FILENO);
	while ((got = read_line(&in, line, sizeof line, &n)) == 1) {
		int count = parse_count(line, n), have = 0;

		if (count < 0)
			return failed(EPROTO);
		if (write_all(server, line, n) < 0 || write_all(server, "\n", 1) < 0)
			return failed(errno);
		answer = malloc((size_t)count);
		if (answer == NULL)
			return failed(ENOMEM);
		while (have < count) {
			ssize_t more = read(server, answer, (size_t)(count - have));

			if (more < 0 && errno == EINTR)
				continue;
			if (more <= 0)
				return failed(more == 0 ? EPROTO : errno);
			if (write_all(STDOUT_FILENO, answer, (size_t)more) < 0)
				return failed(errno);
			have += (int)more;
		}
		free(answer);
	}
	return got == 0 ? 0 : failed(errno);
}

/* The child's work. That all was sent, it says before the server can know. */
static void
send_all(int server, int done)
{
	if (copy(STDIN_FILENO, server) == 0 && write(done, "", 1) == 1)
		shutdown(server, SHUT_WR);
	_exit(0);
}

static int
in_streams(int server)
{
	int done[2], error;
	pid_t sender;
	char byte;

	if (pipe(done) < 0)
		return failed(errno);
	sender = fork();
	if (sender < 0)
		return failed(errno);
	if (sender == 0)
		send_all(server, done[1]);
	close(done[1]);
	error = copy(server, STDOUT_FILENO);
	kill(sender, SIGKILL); /* it may still wait for the input */
	while (waitpid(sender, NULL, 0) < 0 && errno == EINTR)
		;
	if (error == 0 && read(done[0], &byte, 1) != 1)
		error = EPROTO;
	return error == 0 ? 0 : failed(error);
}

int
main(int argc, char **argv)
{
	int streaming = argc > 1 && strcmp(argv[1], WEBCLIENT_STREAM) == 0;
	struct hostport hp;
	int fd;

	if (argc != (streaming ? 3 : 2) || parse_hostport(argv[argc - 1], &hp, WEB_PORT) < 0) {
		fputs(WEBCLIENT_USAGE, stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	fd = connect_to(&hp);
	if (fd < 0)
		return failed(errno);
	return streaming ? in_streams(fd) : in_turns(fd);
}
