/* waiting.c - signals come as what can be read; no handler runs anywhere. */
#define _GNU_SOURCE
#include "waiting.h"
#include "listener.h"
#include "preforked.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static const int three[CAUGHT] = {SIGINT, SIGTERM, SIGCHLD};

/* An ignored signal never becomes pending: so each needs its default action. */
void
take_signals(struct signals *s)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < CAUGHT; i++)
		sigaddset(&set, three[i]);
	sigprocmask(SIG_BLOCK, &set, &s->callers);
	s->awake = set;
	for (int i = 0; i < CAUGHT; i++)
		sigaction(three[i], &usual, &s->before[i]);
}

void
give_signals_back(const struct signals *s)
{
	const struct timespec now = {0};

	while (sigtimedwait(&s->awake, NULL, &now) > 0)
		;
	for (int i = 0; i < CAUGHT; i++)
		sigaction(three[i], &s->before[i], NULL);
	sigprocmask(SIG_SETMASK, &s->callers, NULL);
}

void
be_ready_for_sessions(const struct signals *s)
{
	sigaction(SIGCHLD, &s->before[2], NULL);
	sigprocmask(SIG_SETMASK, &s->callers, NULL);
}

int
next_client(int listener, int channel)
{
	struct pollfd one = {.fd = channel, .events = POLLIN};

	for (;;) {
		struct pollfd both[] = {one, {.fd = listener, .events = POLLIN}};
		int fd;

		while (poll(both, 2, -1) < 0)
			;
		if (both[0].revents)
			return -1;
		fd = accept4(listener, NULL, NULL, 0);
		if (fd >= 0)
			return fd;
		if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED || errno == EPROTO ||
		    (errno >= ENETDOWN && errno <= ENETUNREACH) || errno == EHOSTDOWN ||
		    errno == EHOSTUNREACH || errno == ENONET || errno == ENOPROTOOPT)
			continue;
		if (poll(&one, 1, PAUSE_S * 1000) > 0)
			return -1;
	}
}

int
open_for_many(const char *hostport)
{
	int fd = open_listener(hostport);

	if (fd >= 0)
		fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}
