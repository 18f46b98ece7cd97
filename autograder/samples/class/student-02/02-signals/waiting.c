#include "waiting.h"
#include <errno.h>
#include <unistd.h>

int
catch_signal(int signal, void (*handler)(int signal), enum blocked_calls blocked)
{
	struct sigaction sa = {.sa_handler = handler};

	sigemptyset(&sa.sa_mask);
	if (blocked == RESTART_CALLS)
		sa.sa_flags |= SA_RESTART;
	return sigaction(signal, &sa, NULL);
}

ssize_t
read_retrying(int fd, void *buffer, size_t n)
{
	for (;;) {
		ssize_t r = read(fd, buffer, n);

		if (r >= 0 || errno != EINTR)
			return r;
	}
}

int
wait_for_flag(const volatile sig_atomic_t *flag, int signal)
{
	sigset_t set;

	if (sigemptyset(&set) < 0 || sigaddset(&set, signal) < 0)
		return -1;
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	while (*flag == 0)
		pause();
	return 0;
}
