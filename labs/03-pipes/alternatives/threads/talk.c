#include "talk.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A one-way way from out to in. */
struct way {
	int in, out;
};

static int
make_way(struct way *way)
{
	int ends[2];

	if (pipe(ends) < 0)
		return -1;
	*way = (struct way){.in = ends[0], .out = ends[1]};
	return 0;
}

static void
drop_way(const struct way *way)
{
	close(way->in);
	close(way->out);
}

static pid_t
launch(int in, int out, const int closed[], size_t n, char *const argv[])
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	signal(SIGPIPE, SIG_DFL);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(127);
	for (size_t i = 0; i < n; i++)
		close(closed[i]);
	execvp(argv[0], argv);
	_exit(127);
}

static int
over_pipes(struct partner *p, char *const argv[])
{
	struct way there, back;
	int error;

	if (make_way(&there) < 0)
		return -1;
	if (make_way(&back) < 0) {
		error = errno;
		drop_way(&there);
		errno = error;
		return -1;
	}
	p->pid =
	    launch(there.in, back.out, (int[]){there.in, there.out, back.in, back.out}, 4, argv);
	if (p->pid < 0) {
		error = errno;
		drop_way(&there);
		drop_way(&back);
		errno = error;
		return -1;
	}
	close(there.in);
	close(back.out);
	p->to = there.out;
	p->from = back.in;
	fcntl(p->to, F_SETFD, FD_CLOEXEC);
	return fcntl(p->from, F_SETFD, FD_CLOEXEC);
}

static int
over_socket(struct partner *p, char *const argv[])
{
	int ends[2], error;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return -1;
	p->pid = launch(ends[0], ends[0], ends, 2, argv);
	error = errno;
	close(ends[0]);
	p->from = p->to = ends[1];
	fcntl(p->to, F_SETFD, FD_CLOEXEC);
	if (p->pid > 0)
		return 0;
	close(ends[1]);
	errno = error;
	return -1;
}

int
start_partner(struct partner *p, enum link link, char *const argv[])
{
	return link == TWO_PIPES ? over_pipes(p, argv) : over_socket(p, argv);
}

struct sending {
	int to;
	int half; /* a socket: only this direction is closed */
	const char *text;
	size_t n;
	int error;
	volatile int finished;
};

static void *
send_it(void *arg)
{
	struct sending *s = arg;

	while (s->n > 0) {
		ssize_t done = write(s->to, s->text, s->n);

		if (done >= 0) {
			s->text += done;
			s->n -= (size_t)done;
		} else if (errno != EINTR) {
			s->error = errno == EPIPE || errno == ECONNRESET ? 0 : errno;
			break;
		}
	}
	if (s->half)
		shutdown(s->to, SHUT_WR);
	else
		close(s->to);
	s->finished = 1;
	return NULL;
}

/* Receives up to the end; what is too much is read as well, so that the sender comes to its end. */
static int
receive_it(int from, char *answer, size_t room, size_t *got)
{
	char thrown_away[1024];
	int result = 0;

	for (;;) {
		size_t free = room - *got;
		ssize_t more = read(from, free > 0 ? answer + *got : thrown_away,
		    free > 0 ? free : sizeof thrown_away);

		if (more == 0 || (more < 0 && errno == ECONNRESET))
			return result;
		if (more < 0 && errno != EINTR)
			return errno;
		if (more > 0 && free == 0)
			result = EMSGSIZE;
		else if (more > 0)
			*got += (size_t)more;
	}
}

int
exchange(struct partner *p, const void *text, size_t n, void *answer, size_t room, size_t *got)
{
	struct sending sending = {p->to, p->to == p->from, text, n, 0, 0};
	pthread_t sender;
	int error;

	*got = 0;
	error = pthread_create(&sender, NULL, send_it, &sending);
	if (error != 0) {
		if (p->to == p->from)
			shutdown(p->to, SHUT_WR);
		else
			close(p->to);
	}
	p->to = -1;
	if (error == 0) {
		error = receive_it(p->from, answer, room, got);
		if (error != 0 && error != EMSGSIZE)
			pthread_cancel(sender);
		pthread_join(sender, NULL);
		if (!sending.finished && !sending.half)
			close(sending.to); /* it was cancelled */
		if (error == 0)
			error = sending.error;
	}
	errno = error;
	return error == 0 ? 0 : -1;
}

void
end_partner(struct partner *p, int *status)
{
	if (p->to >= 0 && p->to != p->from)
		close(p->to);
	close(p->from);
	while (waitpid(p->pid, status, 0) == -1)
		if (errno != EINTR)
			return;
}
