/* waiting.c - signals, and the wait for a client. See waiting.h. */
#define _GNU_SOURCE /* ppoll() */
#include "waiting.h"
#include "listener.h"
#include "preforked.h"
#include <errno.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* STUDENT: which signals, what a handler remembers, and which failures of accept() are passing */
static const int caught[CAUGHT] = {SIGINT, SIGTERM, SIGCHLD};

static volatile sig_atomic_t stopping;

static void
note_signal(int signal)
{
	if (signal != SIGCHLD) /* that one only has to wake us */
		stopping = 1;
}

/* sigaction() and sigprocmask() fail only when their arguments are wrong: nowhere here. */
static void
use_default(int signal)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};

	sigemptyset(&usual.sa_mask);
	sigaction(signal, &usual, NULL);
}

/* That was one client at most: the next one may come. */
static bool
is_passing(int error)
{
	switch (error) {
	case EINTR:
	case EAGAIN: /* another process was faster */
	case ECONNABORTED:
	case EPROTO:
	case ENETDOWN:
	case ENETUNREACH:
	case EHOSTDOWN:
	case EHOSTUNREACH:
	case ENONET:
	case ENOPROTOOPT:
		return true;
	default:
		return false;
	}
}
/* END */

void
take_signals(struct signals *s)
{
	/* STUDENT: block the three, then catch them: none comes before sleep_until() */
	struct sigaction action = {.sa_handler = note_signal};
	sigset_t block;

	sigemptyset(&action.sa_mask);
	sigemptyset(&block);
	for (int i = 0; i < CAUGHT; i++)
		sigaddset(&block, caught[i]);
	sigprocmask(SIG_BLOCK, &block, &s->callers);
	stopping = 0;
	s->awake = s->callers;
	for (int i = 0; i < CAUGHT; i++) {
		sigdelset(&s->awake, caught[i]);
		sigaction(caught[i], &action, &s->before[i]);
	}
	/* INSTEAD
	(void)s;
	*/
	/* END */
}

void
give_signals_back(const struct signals *s)
{
	/* STUDENT: take what is still pending; then the actions, and then the mask */
	sigprocmask(SIG_SETMASK, &s->awake, NULL);
	for (int i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &s->before[i], NULL);
	sigprocmask(SIG_SETMASK, &s->callers, NULL);
	/* INSTEAD
	(void)s;
	*/
	/* END */
}

void
release_stop_signals(const struct signals *s)
{
	/* STUDENT: SIGCHLD stays caught and blocked; the others get their default action */
	sigset_t mask = s->awake;

	use_default(SIGINT);
	use_default(SIGTERM);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	/* INSTEAD
	(void)s;
	*/
	/* END */
}

void
be_ready_for_sessions(const struct signals *s)
{
	/* STUDENT: no handler of ours may be there when the mask opens */
	use_default(SIGINT);
	use_default(SIGTERM);
	sigaction(SIGCHLD, &s->before[CAUGHT - 1], NULL);
	sigprocmask(SIG_SETMASK, &s->callers, NULL);
	/* INSTEAD
	(void)s;
	*/
	/* END */
}

bool
is_stopping(void)
{
	/* STUDENT: what the handler has remembered */
	return stopping;
	/* INSTEAD
	return true;
	*/
	/* END */
}

bool
sleep_until(const struct signals *s, struct pollfd fds[], nfds_t n, int ms)
{
	/* STUDENT: sleep with the mask open; a ppoll() that finds something ready takes no signal
	 */
	struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
	int ready = ppoll(fds, n, ms < 0 ? NULL : &time, &s->awake);
	sigset_t blocked;

	if (ready < 0)
		return false;
	sigprocmask(SIG_SETMASK, &s->awake, &blocked);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	return ready > 0;
	/* INSTEAD
	(void)s;
	(void)fds;
	(void)n;
	(void)ms;
	return false;
	*/
	/* END */
}

int
next_client(int listener, int channel)
{
	/* STUDENT: wait for a client or the end of the channel; accept() must not block */
	struct pollfd fds[] = {
	    {.fd = channel, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
	nfds_t n = 2;
	int ms = -1, fd;

	for (;;) {
		if (poll(fds, n, ms) < 0) /* EINTR */
			continue;
		if (fds[0].revents != 0)
			return -1;
		fd = accept(listener, NULL, NULL);
		if (fd >= 0)
			return fd;
		n = is_passing(errno) ? 2 : 1; /* one that we cannot accept must not wake us */
		ms = is_passing(errno) ? -1 : PAUSE_MS;
	}
	/* INSTEAD
	(void)listener;
	(void)channel;
	return -1;
	*/
	/* END */
}

int
open_for_many(const char *hostport)
{
	/* STUDENT: several wake for one client, and those who are late must not stay in accept() */
	int fd = open_listener(hostport), error;

	if (fd < 0)
		return -1;
	if (do_not_block(fd) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
	/* INSTEAD
	(void)hostport;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
