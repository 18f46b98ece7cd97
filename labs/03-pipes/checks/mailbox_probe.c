/*
 * mailbox_probe.c - a receiver, and senders that are its children.
 *
 * A sender reads one byte from standard input before it begins, so that the
 * judge says when; then it writes "sent RESULT ERRNO" and a newline to standard
 * output.
 */
#include "mailbox.h"

#include "pattern.h"
#include "probe.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 65536 };

static struct mailbox box;
static char bytes[MOST];

static void
do_mkfifo(void)
{
	answer_put_int("result", mkfifo(request_word(1), 0600));
}

static void
do_open(void)
{
	box = (struct mailbox){-2, STDERR_FILENO}; /* nothing that is open may be closed */
	errno = 0;
	answer_put_int("result", mailbox_open(&box, request_word(1)));
	answer_put_int("errno", errno);
	answer_put_int("fd", box.fd);
}

/* Permissions of a file, and those that the umask takes away. */
static void
do_mode(void)
{
	struct stat what;
	mode_t mask = umask(0);

	umask(mask);
	answer_put_int(
	    "mode", stat(request_word(1), &what) < 0 ? -1 : (long long)(what.st_mode & 0777));
	answer_put_int("mask", mask);
}

static void
do_close(void)
{
	mailbox_close(&box);
	answer_put_int("result", 0);
}

/* "receive N": until N bytes have come, or the end. */
static void
do_receive(void)
{
	size_t wanted = (size_t)request_int(1), got = 0;
	ssize_t more;

	errno = 0;
	do {
		more = read(box.fd, bytes + got, wanted - got);
		got += more > 0 ? (size_t)more : 0;
	} while (more > 0 && got < wanted);
	answer_put_int("got", (long long)got);
	answer_put_int("errno", errno);
	answer_put_int("last", more);
	answer_put_int("sum", sum_of(bytes, got, SUM_OF_NOTHING));
}

/* "send PATH N KEY" */
static void
do_send(void)
{
	size_t n = (size_t)request_int(2);

	fill_letters(bytes, n < MOST ? n : MOST, (unsigned)request_int(3));
	errno = 0;
	answer_put_int("result", mailbox_send(request_word(1), bytes, n));
	answer_put_int("errno", errno);
}

/* "bare PATH N": for valgrind, which watches what is behind the message. */
static void
do_bare(void)
{
	size_t n = (size_t)request_int(2);
	char *message = malloc(n);

	if (message != NULL) {
		fill_letters(message, n, 1);
		answer_put_int("result", mailbox_send(request_word(1), message, n));
	}
	free(message);
}

/* "sender PATH N KEY": as "send", in a child. */
static void
do_sender(void)
{
	size_t n = (size_t)request_int(2);
	pid_t child = fork();
	int result;

	if (child == 0) {
		while (read(STDIN_FILENO, bytes, 1) < 0 && errno == EINTR)
			;
		fill_letters(bytes, n < MOST ? n : MOST, (unsigned)request_int(3));
		errno = 0;
		result = mailbox_send(request_word(1), bytes, n);
		dprintf(STDOUT_FILENO, "sent %d %d\n", result, result == 0 ? 0 : errno);
		_exit(0);
	}
	answer_put_int("pid", child);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"mkfifo", do_mkfifo},
	    {"open", do_open},
	    {"mode", do_mode},
	    {"close", do_close},
	    {"receive", do_receive},
	    {"send", do_send},
	    {"bare", do_bare},
	    {"sender", do_sender},
	    {"handle", probe_handle},
	    {0},
	};

	signal(SIGPIPE, SIG_IGN);
	return probe_serve(verbs);
}
