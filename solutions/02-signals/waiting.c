/*
 * waiting.c - catching signals, and waiting for them. See waiting.h.
 */
#include "waiting.h"

#include <errno.h>
#include <unistd.h>

int
catch_signal(int signal, void (*handler)(int signal), enum blocked_calls blocked)
{
	/* STUDENT: install handler with sigaction(); what becomes of blocked calls is a flag */
	struct sigaction action = {
	    .sa_handler = handler,
	    .sa_flags = blocked == RESTART_CALLS ? SA_RESTART : 0,
	};

	sigemptyset(&action.sa_mask);
	return sigaction(signal, &action, NULL);
	/* INSTEAD
	(void)signal;
	(void)handler;
	(void)blocked;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

ssize_t
read_retrying(int fd, void *buffer, size_t n)
{
	/* STUDENT: read, and read again only when a handler interrupted the call */
	ssize_t got;

	do
		got = read(fd, buffer, n);
	while (got < 0 && errno == EINTR);
	return got;
	/* INSTEAD
	(void)fd;
	(void)buffer;
	(void)n;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
wait_for_flag(const volatile sig_atomic_t *flag, int signal)
{
	/* STUDENT: no signal may come between the test of the flag and the sleep */
	sigset_t only_signal, callers, waiting;

	sigemptyset(&only_signal);
	if (sigaddset(&only_signal, signal) < 0)
		return -1;
	/* sigprocmask() fails only when its first argument is wrong: not here. */
	sigprocmask(SIG_BLOCK, &only_signal, &callers);
	waiting = callers;
	sigdelset(&waiting, signal);

	/*
	 * The signal is blocked here. Should it come after the test, it stays
	 * pending until sigsuspend() lets it in and sleeps, in one step.
	 */
	while (!*flag)
		sigsuspend(&waiting);
	sigprocmask(SIG_SETMASK, &callers, NULL);
	return 0;
	/* INSTEAD
	(void)flag;
	(void)signal;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
