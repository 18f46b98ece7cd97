/*
 * reaper.h - children that are reaped as soon as they end.
 *
 * A handler for SIGCHLD takes every child that has ended, at once, whatever
 * the program is doing, and keeps its status until somebody asks for it. A
 * program that uses the reaper makes all its children with reaper_fork() and
 * calls none of the wait functions itself. It may have inherited other children
 * through exec: when one of them ends, that does no harm. One thread only.
 *
 * The handler calls async-signal-safe functions only (signal-safety(7)), and
 * the program that it interrupts finds errno as it was.
 */
#ifndef REAPER_H
#define REAPER_H

#include <sys/types.h>

/* So many children are known at the same time: running, or ended and not yet asked for. */
enum { REAPER_MAX = 16 };

/*
 * Installs the handler; called once, before the first reaper_fork(). Calls of
 * the program that the handler interrupts go on (SA_RESTART). It does not run
 * when a child was stopped or continued (SA_NOCLDSTOP).
 *
 * Returns 0, or -1 with errno.
 */
int reaper_install(void);

/*
 * Like fork(): returns 0 in the child and the child's process id in the
 * parent. A child that ends before this function has returned is not lost.
 * Both processes have the signal mask that the caller had. In the child the
 * reaper knows nobody.
 *
 * Returns -1 with errno when there is no child: the error of fork(), or EAGAIN
 * when REAPER_MAX children are known. The signal mask is the caller's then, too.
 */
pid_t reaper_fork(void);

/*
 * Sleeps until the child pid has ended, stores how it ended in *status as
 * waitpid() does, and forgets the child. A child that was stopped (SIGSTOP) or
 * continued has not ended. Handlers that run meanwhile do not end the wait.
 *
 * It does not matter whether the caller has blocked SIGCHLD. Every other signal
 * that the caller has blocked stays blocked while it sleeps, and the signal mask
 * afterwards is the caller's.
 *
 * Returns 0, or -1 with errno ECHILD at once when pid was not made by
 * reaper_fork() in this process, or was asked for before.
 */
int reaper_wait(pid_t pid, int *status);

#endif
