/*
 * Different: what Linux has beyond POSIX: signalfd for the supervisor, a pidfd and
 * poll() for the timeout. Here the caller's handler runs inside of epoll_pwait().
 */
#define _GNU_SOURCE
#include "waiting.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

int
catch_signal(int signal, void (*handler)(int signal), enum blocked_calls blocked)
{
	static const int flags[] = {[INTERRUPT_CALLS] = 0, [RESTART_CALLS] = SA_RESTART};
	const struct sigaction action = {.sa_handler = handler, .sa_flags = flags[blocked]};

	return sigaction(signal, &action, NULL);
}

ssize_t
read_retrying(int fd, void *buffer, size_t n)
{
	return TEMP_FAILURE_RETRY(read(fd, buffer, n));
}

/* An epoll with nothing in it: only a signal can end the wait. */
int
wait_for_flag(const volatile sig_atomic_t *flag, int signal)
{
	struct epoll_event event;
	sigset_t one, before, open;
	int nothing;

	sigemptyset(&one);
	if (sigaddset(&one, signal) < 0)
		return -1;
	nothing = epoll_create1(EPOLL_CLOEXEC);
	if (nothing < 0)
		return -1;
	sigprocmask(SIG_BLOCK, &one, &before);
	open = before;
	sigdelset(&open, signal);
	while (*flag == 0)
		epoll_pwait(nothing, &event, 1, -1, &open);
	close(nothing);
	return sigprocmask(SIG_SETMASK, &before, NULL);
}
