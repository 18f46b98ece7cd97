/* pooled.c - a list of workers, epoll, and messages that each have the whole state. */
#define _GNU_SOURCE
#include "pooled.h"
#include "listener.h"
#include "waiting.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct worker {
	struct worker *next;
	pid_t pid;
	int line;
	bool idle;
};

struct pool {
	struct worker *first;
	unsigned n, idle;
	int listener, events, signals_fd;
	struct pool_size size;
	session_handler *handler;
	int argc;
	char **argv;
	struct signals signals;
};

static void
set_idle(struct pool *p, struct worker *w, bool idle)
{
	p->idle += idle;
	p->idle -= w->idle;
	w->idle = idle;
}

static void
hang_up(struct pool *p, struct worker *w)
{
	if (w->line >= 0) {
		/* close() is not enough: a child that has just been forked still has the line. */
		epoll_ctl(p->events, EPOLL_CTL_DEL, w->line, NULL);
		close(w->line);
	}
	w->line = -1;
	set_idle(p, w, false);
}

static _Noreturn void
be_worker(struct pool *p, int line)
{
	int fd;

	while (p->first != NULL) {
		struct worker *w = p->first;

		p->first = w->next;
		if (w->line >= 0)
			close(w->line);
		free(w);
	}
	close(p->events);
	close(p->signals_fd);
	be_ready_for_sessions(&p->signals);
	while ((fd = next_client(p->listener, line)) >= 0) {
		char state = 1;

		send(line, &state, 1, MSG_NOSIGNAL);
		p->handler(fd, p->argc, p->argv);
		close(fd);
		state = 0;
		send(line, &state, 1, MSG_NOSIGNAL);
	}
	_exit(0);
}

static int
add_worker(struct pool *p)
{
	struct worker *w = malloc(sizeof *w);
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = w};
	int ends[2], error;

	if (w == NULL || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) < 0) {
		free(w);
		return -1;
	}
	*w = (struct worker){.next = p->first, .pid = fork(), .line = ends[0]};
	if (w->pid == 0) {
		close(ends[0]);
		free(w);
		be_worker(p, ends[1]);
	}
	error = errno;
	close(ends[1]);
	if (w->pid < 0 || epoll_ctl(p->events, EPOLL_CTL_ADD, ends[0], &event) < 0) {
		close(ends[0]);
		free(w);
		errno = error;
		return -1;
	}
	p->first = w;
	p->n++;
	set_idle(p, w, true);
	return 0;
}

static void
bury(struct pool *p)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (struct worker **at = &p->first; *at != NULL; at = &(*at)->next)
			if ((*at)->pid == pid) {
				struct worker *dead = *at;

				hang_up(p, dead);
				*at = dead->next;
				free(dead);
				p->n--;
				break;
			}
}

static int
adjust(struct pool *p)
{
	for (struct worker *w = p->first; w != NULL && p->idle > p->size.max; w = w->next)
		if (w->idle)
			hang_up(p, w);
	while (p->idle < p->size.min && p->n < p->size.total)
		if (add_worker(p) < 0)
			return -1;
	return 0;
}

static void
hear(struct pool *p, struct worker *w)
{
	char state;
	ssize_t n;

	if (w->line < 0)
		return;
	n = recv(w->line, &state, 1, MSG_DONTWAIT);
	if (n == 1)
		set_idle(p, w, state == 0);
	else if (n == 0 || errno != EAGAIN)
		hang_up(p, w);
}

/* Returns false when the server is to stop. One event at a time: none is about somebody gone. */
static bool
go_on(struct pool *p, int ms)
{
	struct epoll_event event;
	struct signalfd_siginfo info;

	if (epoll_wait(p->events, &event, 1, ms) != 1)
		return true;
	if (event.data.ptr != NULL) {
		hear(p, event.data.ptr);
		return true;
	}
	while (read(p->signals_fd, &info, sizeof info) == sizeof info)
		if (info.ssi_signo == SIGINT || info.ssi_signo == SIGTERM)
			return false;
	bury(p);
	return true;
}

static int
begin(struct pool *p)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};

	p->signals_fd = signalfd(-1, &p->signals.awake, SFD_NONBLOCK);
	p->events = epoll_create1(0);
	if (p->signals_fd < 0 || p->events < 0 ||
	    epoll_ctl(p->events, EPOLL_CTL_ADD, p->signals_fd, &event) < 0)
		return -1;
	return adjust(p);
}

static void
end(struct pool *p)
{
	close(p->listener);
	while (p->first != NULL) {
		struct worker *w = p->first;

		hang_up(p, w);
		p->first = w->next;
		free(w);
	}
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	if (p->events >= 0)
		close(p->events);
	if (p->signals_fd >= 0)
		close(p->signals_fd);
}

int
run_pooled_service(
    const char *hostport, session_handler *handler, struct pool_size size, int argc, char *argv[])
{
	struct pool p = {.size = size, .handler = handler, .argc = argc, .argv = argv};
	int result = -1, error;

	if (size.min == 0 || size.max < size.min || size.max > size.total ||
	    size.total > POOL_MAX) {
		errno = EINVAL;
		return -1;
	}
	if ((p.listener = open_for_many(hostport)) < 0)
		return -1;
	take_signals(&p.signals);
	if (begin(&p) == 0 && say_ready(argv[0], p.listener) == 0) {
		int ms = -1;

		while (go_on(&p, ms))
			ms = adjust(&p) < 0 ? PAUSE_S * 1000 : -1;
		result = 0;
	}
	error = errno;
	end(&p);
	give_signals_back(&p.signals);
	errno = error;
	return result;
}
