/*
 * Different: the handlers do the work themselves, as far as they may: the one for
 * SIGTERM hands the signal on, the one for SIGALRM kills. The rest just waits.
 */
#include "waiting.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/select.h>
#include <unistd.h>

int
catch_signal(int signal, void (*handler)(int signal), enum blocked_calls blocked)
{
	struct sigaction interrupting = {.sa_handler = handler, .sa_flags = 0};
	struct sigaction restarting = {.sa_handler = handler, .sa_flags = SA_RESTART};

	return sigaction(signal, blocked == INTERRUPT_CALLS ? &interrupting : &restarting, NULL);
}

/* Waits in select() first, which no flag restarts; then read() does not block. */
ssize_t
read_retrying(int fd, void *buffer, size_t n)
{
	bool again;
	ssize_t got;

	do {
		fd_set in;

		if (fd >= 0 && fd < FD_SETSIZE) {
			FD_ZERO(&in);
			FD_SET(fd, &in);
			while (select(fd + 1, &in, NULL, NULL, NULL) < 0 && errno == EINTR)
				continue;
		}
		got = read(fd, buffer, n);
		again = got < 0 && errno == EINTR;
	} while (again);
	return got;
}

int
wait_for_flag(const volatile sig_atomic_t *flag, int signal)
{
	sigset_t one, old;

	sigemptyset(&one);
	if (sigaddset(&one, signal) < 0)
		return -1;
	sigprocmask(SIG_BLOCK, &one, &old);
	for (bool blocked = sigismember(&old, signal) == 1; !*flag;) {
		sigset_t now = old;

		if (blocked)
			sigdelset(&now, signal);
		sigsuspend(&now);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return 0;
}
