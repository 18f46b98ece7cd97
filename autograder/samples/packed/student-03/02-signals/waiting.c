#include "waiting.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

int
catch_signal(int signal, void (*handler)(int signal), enum blocked_calls blocked)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof sa);
	sa.sa_handler = handler;
	if (blocked == RESTART_CALLS)
		sa.sa_flags = SA_RESTART;
	return sigaction(signal, &sa, NULL);
}

ssize_t
read_retrying(int fd, void *buffer, size_t n)
{
	ssize_t got = read(fd, buffer, n);

	while (got < 0 && errno == EINTR)
		got = read(fd, buffer, n);
	return got;
}

int
wait_for_flag(const volatile sig_atomic_t *flag, int signal)
{
	sigset_t block, before, during;

	sigemptyset(&block);
	if (sigaddset(&block, signal) < 0)
		return -1;
	sigprocmask(SIG_BLOCK, &block, &before);
	during = before;
	sigdelset(&during, signal);
	while (!*flag)
		sigsuspend(&during);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return 0;
}
