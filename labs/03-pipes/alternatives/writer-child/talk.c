#include "talk.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int
start_over_socket(struct partner *p, char *const argv[])
{
	int both[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) < 0)
		return -1;
	p->pid = fork();
	if (p->pid == 0) {
		struct sigaction usual = {.sa_handler = SIG_DFL};

		sigaction(SIGPIPE, &usual, NULL);
		if (dup2(both[1], 0) < 0 || dup2(both[1], 1) < 0)
			_exit(127);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(both[1]);
	if (p->pid < 0) {
		close(both[0]);
		return -1;
	}
	p->from = p->to = both[0];
	return 0;
}

static int
start_over_pipes(struct partner *p, char *const argv[])
{
	int there[2], back[2] = {-1, -1};
	int error;

	if (pipe(there) < 0)
		return -1;
	if (pipe(back) < 0)
		goto failed;
	p->pid = fork();
	if (p->pid < 0)
		goto failed;
	if (p->pid == 0) {
		struct sigaction usual = {.sa_handler = SIG_DFL};

		sigaction(SIGPIPE, &usual, NULL);
		if (dup2(there[0], 0) < 0 || dup2(back[1], 1) < 0)
			_exit(127);
		close(there[0]);
		close(there[1]);
		close(back[0]);
		close(back[1]);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(there[0]);
	close(back[1]);
	p->to = there[1];
	p->from = back[0];
	fcntl(p->to, F_SETFD, FD_CLOEXEC);
	fcntl(p->from, F_SETFD, FD_CLOEXEC);
	return 0;
failed:
	error = errno;
	close(there[0]);
	close(there[1]);
	if (back[0] >= 0) {
		close(back[0]);
		close(back[1]);
	}
	errno = error;
	return -1;
}

int
start_partner(struct partner *p, enum link link, char *const argv[])
{
	return link == SOCKET_PAIR ? start_over_socket(p, argv) : start_over_pipes(p, argv);
}

/* The whole life of the child that sends: its exit status is the errno of a failure, or 0. */
static int
send_text(int to, const char *text, size_t n)
{
	while (n > 0) {
		ssize_t done = write(to, text, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0 && (errno == EPIPE || errno == ECONNRESET))
			return 0;
		if (done < 0)
			return errno;
		text += done;
		n -= (size_t)done;
	}
	return 0;
}

static int
receive_all(int from, char *answer, size_t room, size_t *got)
{
	char one_more;

	for (;;) {
		ssize_t more =
		    *got < room ? read(from, answer + *got, room - *got) : read(from, &one_more, 1);

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0 && errno != ECONNRESET)
			return errno;
		if (more <= 0)
			return 0;
		if (*got == room)
			return EMSGSIZE;
		*got += (size_t)more;
	}
}

/* Hands the sending over to a child; here, only the receiving is left. */
static pid_t
hand_over(struct partner *p, const char *text, size_t n)
{
	pid_t sender = fork();

	if (sender == 0) {
		int error = send_text(p->to, text, n);

		if (p->to == p->from)
			shutdown(p->to, SHUT_WR);
		_exit(error);
	}
	return sender;
}

int
exchange(struct partner *p, const void *text, size_t n, void *answer, size_t room, size_t *got)
{
	pid_t sender;
	int status, error, fork_error;

	*got = 0;
	sender = hand_over(p, text, n);
	fork_error = errno;
	if (p->to != p->from)
		close(p->to);
	p->to = -1;
	if (sender < 0) {
		errno = fork_error;
		return -1;
	}
	error = receive_all(p->from, answer, room, got);
	if (error != 0)
		kill(sender, SIGKILL);
	while (waitpid(sender, &status, 0) < 0 && errno == EINTR)
		;
	if (error == 0 && WIFEXITED(status))
		error = WEXITSTATUS(status);
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}

void
end_partner(struct partner *p, int *status)
{
	pid_t done;

	if (p->to >= 0 && p->to != p->from)
		close(p->to);
	close(p->from);
	do
		done = waitpid(p->pid, status, 0);
	while (done != p->pid && errno == EINTR);
}
