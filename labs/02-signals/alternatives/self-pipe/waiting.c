/*
 * Different: whoever waits here waits in poll(), for a pipe that the handlers
 * write to. A flag that somebody else's handler sets is waited for in ppoll().
 */
#define _GNU_SOURCE /* ppoll */
#include "waiting.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

int
catch_signal(int signal, void (*handler)(int signal), enum blocked_calls blocked)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = handler;
	action.sa_flags = blocked == RESTART_CALLS ? SA_RESTART : 0;
	return sigaction(signal, &action, NULL);
}

ssize_t
read_retrying(int fd, void *buffer, size_t n)
{
	ssize_t got = read(fd, buffer, n);

	return got < 0 && errno == EINTR ? read_retrying(fd, buffer, n) : got;
}

int
wait_for_flag(const volatile sig_atomic_t *flag, int signal)
{
	sigset_t one, before, open;

	sigemptyset(&one);
	if (sigaddset(&one, signal) < 0)
		return -1;
	sigprocmask(SIG_BLOCK, &one, &before);
	open = before;
	sigdelset(&open, signal);
	while (!*flag)
		ppoll(NULL, 0, NULL, &open);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return 0;
}
