/* webclient.c - --stream with two threads: one sends, the other, main(), receives. */
#include "lines.h"
#include "net.h"
#include "web.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct stream {
	int server;
	atomic_bool all_sent;
};

static void *
send_input(void *of)
{
	struct stream *s = of;
	char part[5000];
	ssize_t n;

	for (;;) {
		n = read(STDIN_FILENO, part, sizeof part);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || write_all(s->server, part, (size_t)n) < 0)
			break;
	}
	if (n == 0) {
		atomic_store(&s->all_sent, true);
		shutdown(s->server, SHUT_WR);
	}
	return NULL;
}

/* Hands on n bytes, or with n equal to 0 all up to the end. */
static int
receive(int server, size_t n)
{
	char part[3000];
	size_t done = 0;

	while (n == 0 || done < n) {
		size_t most = n != 0 && n - done < sizeof part ? n - done : sizeof part;
		ssize_t got = recv(server, part, most, 0);

		if (got == 0 && n == 0)
			return 0;
		if (got == 0)
			return EPROTO;
		if (got < 0 && errno != EINTR)
			return errno;
		if (got > 0 && write_all(STDOUT_FILENO, part, (size_t)got) < 0)
			return errno;
		done += got > 0 ? (size_t)got : 0;
	}
	return 0;
}

static int
stream(int server)
{
	static struct stream s;
	pthread_t thread;
	int error;

	s.server = server;
	error = pthread_create(&thread, NULL, send_input, &s);
	if (error != 0)
		return error;
	error = receive(server, 0);
	if (error == 0 && !atomic_load(&s.all_sent))
		error = EPROTO;
	return error; /* the other thread ends with main() */
}

static int
turns(int server)
{
	struct reader input;
	char line[WEB_LINE + 1];
	size_t n;

	reader_init(&input, STDIN_FILENO);
	for (;;) {
		int got = read_line(&input, line, WEB_LINE, &n), error;

		if (got == 0)
			return 0;
		if (got < 0)
			return errno;
		if (parse_count(line, n) < 0)
			return EPROTO;
		error = parse_count(line, n);
		strcpy(line + n, "\n");
		if (write_all(server, line, n + 1) < 0)
			return errno;
		error = receive(server, (size_t)error);
		if (error != 0)
			return error;
	}
}

int
main(int argc, char *argv[])
{
	const char *where = argv[argc > 1 ? argc - 1 : 0];
	struct hostport hp;
	int fd, error;

	signal(SIGPIPE, SIG_IGN);
	if (argc < 2 || argc > 3 || (strcmp(argv[1], WEBCLIENT_STREAM) == 0) != (argc == 3) ||
	    parse_hostport(where, &hp, WEB_PORT) < 0) {
		fprintf(stderr, WEBCLIENT_USAGE);
		return 2;
	}
	fd = connect_to(&hp);
	if (fd < 0)
		error = errno;
	else
		error = argc == 3 ? stream(fd) : turns(fd);
	if (error == 0)
		return 0;
	fprintf(stderr, WEBCLIENT_FAILED, strerror(error));
	return 1;
}
