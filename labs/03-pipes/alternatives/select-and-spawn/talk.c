#include "talk.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* ours[0] is read from and ours[1] written to; the same for theirs. */
static bool
connect_us(enum link link, int ours[2], int theirs[2])
{
	int there[2], back[2];

	if (link == SOCKET_PAIR) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, there) < 0)
			return false;
		ours[0] = there[0];
		ours[1] = dup(there[0]); /* so that both kinds are closed alike */
		theirs[0] = there[1];
		theirs[1] = dup(there[1]);
		return true;
	}
	if (pipe(there) < 0)
		return false;
	if (pipe(back) < 0) {
		int error = errno;

		close(there[0]);
		close(there[1]);
		errno = error;
		return false;
	}
	ours[0] = back[0];
	ours[1] = there[1];
	theirs[0] = there[0];
	theirs[1] = back[1];
	return true;
}

static void
close_pair(const int pair[2])
{
	close(pair[0]);
	close(pair[1]);
}

int
start_partner(struct partner *p, enum link link, char *const argv[])
{
	int ours[2], theirs[2], error;

	if (!connect_us(link, ours, theirs))
		return -1;
	p->pid = fork();
	if (p->pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		if (dup2(theirs[0], 0) < 0 || dup2(theirs[1], 1) < 0)
			_exit(127);
		close_pair(ours);
		close_pair(theirs);
		execvp(*argv, argv);
		_exit(127);
	}
	error = errno;
	close_pair(theirs);
	if (p->pid < 0) {
		close_pair(ours);
		errno = error;
		return -1;
	}
	p->from = ours[0];
	p->to = ours[1];
	fcntl(p->from, F_SETFD, FD_CLOEXEC);
	fcntl(p->to, F_SETFD, FD_CLOEXEC);
	if (link == SOCKET_PAIR) {
		close(p->to);
		p->to = p->from;
	}
	return 0;
}

static void
finish_sending(struct partner *p)
{
	if (p->to < 0)
		return;
	if (p->to == p->from)
		shutdown(p->to, SHUT_WR);
	else
		close(p->to);
	p->to = -1;
}

static bool
gone(int error)
{
	return error == EPIPE || error == ECONNRESET;
}

/* 1: go on. 0: that was the end. -1: failed. */
static int
take_some(int from, char *answer, size_t room, size_t *got)
{
	char piece[4096];
	ssize_t n = read(from, piece, sizeof piece);

	if (n < 0)
		return errno == EINTR ? 1 : gone(errno) ? 0 : -1;
	if ((size_t)n > room - *got) {
		errno = EMSGSIZE;
		return -1;
	}
	for (ssize_t i = 0; i < n; i++)
		answer[(*got)++] = piece[i];
	return n > 0;
}

int
exchange(struct partner *p, const void *text, size_t n, void *answer, size_t room, size_t *got)
{
	const char *next = text, *end = next + n;
	int more = 1, error;

	for (*got = 0; more > 0;) {
		fd_set in, out;

		if (next == end)
			finish_sending(p);
		FD_ZERO(&in);
		FD_ZERO(&out);
		FD_SET(p->from, &in);
		if (p->to >= 0)
			FD_SET(p->to, &out);
		if (select((p->to > p->from ? p->to : p->from) + 1, &in, &out, NULL, NULL) < 0) {
			more = errno == EINTR ? 1 : -1;
			continue;
		}
		if (p->to >= 0 && FD_ISSET(p->to, &out)) {
			size_t piece = end - next > PIPE_BUF ? PIPE_BUF : (size_t)(end - next);
			ssize_t done = write(p->to, next, piece);

			if (done < 0 && gone(errno))
				next = end;
			else if (done < 0 && errno != EINTR)
				more = -1;
			else if (done > 0)
				next += done;
		}
		if (more > 0 && FD_ISSET(p->from, &in))
			more = take_some(p->from, answer, room, got);
	}
	error = errno;
	finish_sending(p);
	errno = error;
	return more;
}

void
end_partner(struct partner *p, int *status)
{
	finish_sending(p);
	close(p->from);
	while (waitpid(p->pid, status, 0) < 0 && errno == EINTR)
		;
}
