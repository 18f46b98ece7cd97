/*
 * waiting.h - catching signals, and waiting for them.
 */
#ifndef WAITING_H
#define WAITING_H

#include <signal.h>
#include <stddef.h>
#include <sys/types.h>

/* What becomes of a call like read() that is blocked when the signal comes. */
enum blocked_calls {
	INTERRUPT_CALLS, /* it fails with EINTR */
	RESTART_CALLS,   /* it goes on waiting when the handler has returned */
};

/*
 * Lets handler run whenever signal comes, not only the first time; the one for
 * SIGCHLD runs also when a child was stopped. While it runs, signal itself is
 * blocked, and no other signal.
 *
 * Returns 0, or -1 with errno (EINVAL: there is no such signal, or it cannot
 * be caught).
 */
int catch_signal(int signal, void (*handler)(int signal), enum blocked_calls blocked);

/*
 * Reads like read(2): returns as soon as there is anything, how many bytes
 * it was, and 0 at the end of the file. But a handler that runs meanwhile is
 * never seen: the function does not fail with EINTR.
 *
 * Returns -1 with errno when read() fails for any other reason.
 */
ssize_t read_retrying(int fd, void *buffer, size_t n);

/*
 * Sleeps until *flag is not 0, and does not sleep at all when it is so
 * already. The caller has installed a handler for signal that sets the flag;
 * when the signal comes, however early, the function returns. Other signals
 * whose handlers run meanwhile do not end the wait.
 *
 * It sleeps in the kernel and takes no processor time. While it sleeps, signal
 * is let in even if the caller has blocked it; every other signal that the
 * caller has blocked stays blocked. Afterwards the signal mask is the caller's
 * again.
 *
 * Returns 0, or -1 with errno (EINVAL: there is no such signal).
 */
int wait_for_flag(const volatile sig_atomic_t *flag, int signal);

#endif
