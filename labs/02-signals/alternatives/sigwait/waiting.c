/*
 * Different: signals are fetched with sigwaitinfo() and sigtimedwait() wherever
 * nobody asks for a handler; where one must run, pselect() lets it in.
 */
#include "waiting.h"

#include <errno.h>
#include <sys/select.h>
#include <unistd.h>

int
catch_signal(int signal, void (*handler)(int signal), enum blocked_calls blocked)
{
	struct sigaction action;

	if (sigaction(signal, NULL, &action) < 0)
		return -1;
	action.sa_handler = handler;
	action.sa_flags = 0;
	if (blocked == RESTART_CALLS)
		action.sa_flags |= SA_RESTART;
	sigemptyset(&action.sa_mask);
	return sigaction(signal, &action, NULL);
}

ssize_t
read_retrying(int fd, void *buffer, size_t n)
{
	for (;;) {
		ssize_t got = read(fd, buffer, n);

		if (got != -1 || errno != EINTR)
			return got;
	}
}

int
wait_for_flag(const volatile sig_atomic_t *flag, int signal)
{
	sigset_t all, callers, asleep;
	int failed = 0;

	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, &callers) < 0)
		return -1;
	asleep = callers;
	if (sigdelset(&asleep, signal) < 0)
		failed = errno;
	while (failed == 0 && *flag == 0)
		if (pselect(0, NULL, NULL, NULL, NULL, &asleep) < 0 && errno != EINTR)
			failed = errno;
	sigprocmask(SIG_SETMASK, &callers, NULL);
	errno = failed;
	return failed == 0 ? 0 : -1;
}
