/* Different: a handler and sigsuspend(); a flag beside the length. */
#define _DEFAULT_SOURCE
#include "handover.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

struct handover {
	volatile sig_atomic_t full;
	volatile size_t n;
	char bytes[HANDOVER_MAX];
	sigset_t old_mask;
	struct sigaction old_action;
};

static void
wake(int signal)
{
	(void)signal; /* to be interrupted is enough */
}

struct handover *
handover_new(void)
{
	struct handover *h = mmap(NULL, sizeof(struct handover), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct sigaction action = {.sa_handler = wake};
	sigset_t one;

	if (h == MAP_FAILED)
		return NULL;
	sigemptyset(&one);
	sigaddset(&one, HANDOVER_SIGNAL);
	sigprocmask(SIG_BLOCK, &one, &h->old_mask);
	sigemptyset(&action.sa_mask);
	sigaction(HANDOVER_SIGNAL, &action, &h->old_action);
	return h;
}

int
handover_send(struct handover *h, pid_t to, const void *message, size_t n)
{
	int error = n < 1 || n > HANDOVER_MAX ? EMSGSIZE : h->full ? EAGAIN : 0;

	if (error == 0) {
		memcpy(h->bytes, message, n);
		h->n = n;
		h->full = 1;
		if (kill(to, HANDOVER_SIGNAL) == 0)
			return 0;
		error = errno;
		h->full = 0;
	}
	errno = error;
	return -1;
}

size_t
handover_receive(struct handover *h, void *message)
{
	sigset_t mask;
	size_t n;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigdelset(&mask, HANDOVER_SIGNAL);
	while (!h->full)
		sigsuspend(&mask);
	n = h->n;
	memcpy(message, h->bytes, n);
	h->full = 0;
	return n;
}

int
handover_free(struct handover *h)
{
	sigset_t mask = h->old_mask, pending;

	/* let in what is pending while the handler is there */
	sigdelset(&mask, HANDOVER_SIGNAL);
	while (sigpending(&pending) == 0 && sigismember(&pending, HANDOVER_SIGNAL) == 1)
		sigsuspend(&mask);
	sigaction(HANDOVER_SIGNAL, &h->old_action, NULL);
	sigprocmask(SIG_SETMASK, &h->old_mask, NULL);
	return munmap(h, sizeof *h);
}
