/* webclient.c - stop and wait with stdio; --stream with two processes: the child sends, the
 * parent receives. */
#include "lines.h"
#include "net.h"
#include "web.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
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

/* What has come of an answer is handed on at once. Returns 0, or errno. */
static int
answer_of(int server, int count)
{
	char part[1000];
	ssize_t n;

	for (; count > 0; count -= (int)n) {
		n = read(server, part, count < (int)sizeof part ? (size_t)count : sizeof part);
		if (n <= 0)
			return n == 0 ? EPROTO : errno;
		if (write_all(STDOUT_FILENO, part, (size_t)n) < 0)
			return errno;
	}
	return 0;
}

/* stdio for the requests: what does not end with a newline is half a line, or too long for one. */
static int
in_turns(int server)
{
	FILE *requests = fdopen(dup(server), "w");
	char line[WEB_LINE + 1];
	int error = requests == NULL ? errno : 0;

	while (error == 0 && fgets(line, sizeof line, stdin) != NULL) {
		size_t n = strlen(line);
		int count = n == 0 || line[n - 1] != '\n' ? -1 : parse_count(line, n - 1);

		if (count < 0)
			error = EPROTO;
		else if (fputs(line, requests) == EOF || fflush(requests) == EOF)
			error = errno;
		else
			error = answer_of(server, count);
	}
	if (error == 0 && ferror(stdin))
		error = errno;
	if (requests != NULL)
		fclose(requests);
	return error == 0 ? 0 : failed(error);
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
