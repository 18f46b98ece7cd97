/*
 * herd.c - many processes wait for one client: five ways to wait, and nothing else differs.
 *
 *	herd HOST:PORT CHILDREN accept       all wait in accept(2)
 *	                        select       all wait in select(2), then accept
 *	                        epoll        each has an epoll(7) instance with the same socket
 *	                        exclusive    the same with EPOLLEXCLUSIVE
 *	                        reuseport    each has a listening socket of its own, SO_REUSEPORT
 *
 * All CHILDREN wait when the line of say_ready() comes. SIGINT ends them, and then the server,
 * which prints how many clients each of them had. For Linux.
 */
#define _DEFAULT_SOURCE
#include "../../../labs/08-service/listener.h"
#include "../../../labs/08-service/web.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/wait.h>

enum { CHILDREN_MAX = 2000 };

/* ---- how one waits ------------------------------------------------------------------------ */

/* Each prepares what the child waits with, and returns it, or -1 with errno. */
typedef int prepare(int listener);

/* Each sleeps until there may be a client. */
typedef void wait_for_client(int listener, int with);

static int
nothing(int listener)
{
	return listener;
}

/* accept(2) itself is where these sleep. */
static void
not_here(int listener, int with)
{
	(void)listener;
	(void)with;
}

static void
in_select(int listener, int with)
{
	fd_set set;

	(void)with;
	FD_ZERO(&set);
	FD_SET(listener, &set);
	select(listener + 1, &set, NULL, NULL, NULL);
}

static int
new_epoll(int listener, uint32_t events)
{
	struct epoll_event event = {.events = events};
	int epoll = do_not_block(listener) < 0 ? -1 : epoll_create1(0);

	if (epoll >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0)
		return -1;
	return epoll;
}

static int
for_all(int listener)
{
	return new_epoll(listener, EPOLLIN);
}

static int
for_one(int listener)
{
	return new_epoll(listener, EPOLLIN | EPOLLEXCLUSIVE);
}

static void
in_epoll(int listener, int with)
{
	struct epoll_event event;

	(void)listener;
	epoll_wait(with, &event, 1, -1);
}

static const struct way {
	const char *name;
	prepare *prepare;
	wait_for_client *wait;
	bool own_socket;
} ways[] = {
    {"accept", nothing, not_here, false},
    {"select", do_not_block, in_select, false}, /* who comes second must not be caught */
    {"epoll", for_all, in_epoll, false},
    {"exclusive", for_one, in_epoll, false},
    {"reuseport", nothing, not_here, true},
};

static const struct way *
way_named(const char *name)
{
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (strcmp(ways[i].name, name) == 0)
			return &ways[i];
	return NULL;
}

/* ---- one more socket at the same address ----------------------------------------------------- */

/*
 * A socket at the address of another one, or at 127.0.0.1 with a port of the kernel's choice when
 * there is none yet. It does not listen.
 */
static int
socket_beside(int other)
{
	struct sockaddr_in name = {.sin_family = AF_INET};
	socklen_t size = sizeof name;
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || (other >= 0 && getsockname(other, (struct sockaddr *)&name, &size) < 0) ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) < 0 ||
	    bind(fd, (struct sockaddr *)&name, sizeof name) < 0)
		return -1;
	return fd;
}

/* ---- children ---------------------------------------------------------------------------------
 */

struct herd {
	const struct way *way;
	int listener; /* with SO_REUSEPORT: only holds the port */
	size_t n;
	pid_t *pid;
	long *clients; /* shared; each child writes its own */
};

static _Noreturn void
serve(int listener, const struct way *way, int with, long *clients)
{
	for (;;) {
		int fd;

		way->wait(listener, with);
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			continue; /* another one was faster, or the client is gone */
		++*clients;
		web_session(fd);
		close(fd);
	}
}

/* Its whole life. It closes its end of the pipe when it goes to wait for clients. */
static _Noreturn void
be_child(const struct herd *h, size_t number, const int told[2])
{
	int listener = h->way->own_socket ? socket_beside(h->listener) : h->listener;
	int with;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (listener < 0 || (h->way->own_socket && listen(listener, SOMAXCONN) < 0) ||
	    (with = h->way->prepare(listener)) < 0) {
		perror(h->way->name);
		_exit(EXIT_FAILURE);
	}
	close(told[0]);
	close(told[1]);
	serve(listener, h->way, with, &h->clients[number]);
}

/* Returns when all wait: then nobody holds the writing end of the pipe any more. */
static int
start_children(struct herd *h)
{
	int told[2];
	char byte;

	if (pipe(told) < 0)
		return -1;
	for (size_t i = 0; i < h->n; i++) {
		h->pid[i] = fork();
		if (h->pid[i] < 0)
			return -1;
		if (h->pid[i] == 0)
			be_child(h, i, told);
	}
	close(told[1]);
	while (read(told[0], &byte, 1) < 0 && errno == EINTR)
		;
	close(told[0]);
	return waitpid(-1, NULL, WNOHANG) == 0 ? 0 : -1;
}

static void
end_children(const struct herd *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->pid[i] > 0)
			kill(h->pid[i], SIGKILL);
	while (wait(NULL) > 0)
		;
}

static int
open_herd(struct herd *h, const char *hostport)
{
	h->pid = calloc(h->n, sizeof *h->pid);
	h->clients = mmap(NULL, h->n * sizeof *h->clients, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (h->pid == NULL || h->clients == MAP_FAILED)
		return -1;
	h->listener = h->way->own_socket ? socket_beside(-1) : open_listener(hostport);
	return h->listener < 0 ? -1 : 0;
}

static int
run(struct herd *h, const char *hostport)
{
	sigset_t stop;
	int signal;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_BLOCK, &stop, NULL); /* children are killed, they need no signal */
	if (open_herd(h, hostport) < 0)
		return -1;
	if (start_children(h) < 0 || say_ready("herd", h->listener) < 0) {
		end_children(h);
		return -1;
	}
	sigwait(&stop, &signal);
	end_children(h);
	for (size_t i = 0; i < h->n; i++)
		printf("child %zu: %ld clients\n", i, h->clients[i]);
	return fflush(stdout) == EOF ? -1 : 0;
}

int
main(int argc, char *argv[])
{
	struct herd h = {.way = argc == 4 ? way_named(argv[3]) : NULL};
	int status = EXIT_FAILURE;
	char *end = NULL;

	h.n = argc == 4 ? strtoul(argv[2], &end, 10) : 0;
	if (h.way == NULL || h.n < 1 || h.n > CHILDREN_MAX || *end != '\0') {
		fputs("usage: herd HOST:PORT CHILDREN accept|select|epoll|exclusive|reuseport\n",
		    stderr);
		return 2;
	}
	if (run(&h, argv[1]) == 0)
		status = EXIT_SUCCESS;
	else
		perror(argv[1]);
	free(h.pid);
	return status;
}
