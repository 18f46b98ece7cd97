/*
 * children.h - run a job in n child processes at once and learn how each ended.
 *
 * A job is a function. Child i calls job(i, context) in a copy of the caller's
 * memory, and what the job returns becomes the child's exit status (its low
 * 8 bits, as with _exit(2)). The caller waits until all of them have ended.
 *
 *	static int
 *	count_words(size_t index, void *context)
 *	{
 *		char **names = context;
 *		...
 *		return found ? 0 : 1;
 *	}
 *
 *	int status[3];
 *
 *	if (run_children(3, count_words, names, status) < 0)
 *		perror("run_children");
 *	else if (WIFEXITED(status[0]))
 *		printf("%s: %d\n", names[0], WEXITSTATUS(status[0]));
 */
#ifndef CHILDREN_H
#define CHILDREN_H

#include <stddef.h>

/* In status[]: nobody can tell any more how this child ended. waitpid(2) never stores this. */
#define CHILD_LOST (-1)

/*
 * Starts n children, all of them before it waits for the first, and returns
 * when each has ended and has been waited for.
 *
 * Returns 0 when everything went well. status[i] is then the wait status of
 * child i exactly as waitpid(2) stores it, in whatever order the children
 * ended: to be taken apart with WIFEXITED, WEXITSTATUS, WIFSIGNALED, WTERMSIG.
 * Returns -1 with errno when something failed:
 *
 *   as fork(2)   One child could not be started. The children that already
 *                run are ended with SIGKILL (they may be in the middle of
 *                anything, or wait for the one that is missing) and waited
 *                for. What status[] holds is undefined. errno is fork's,
 *                whatever else fails after that.
 *   ECHILD       Somebody else took the status of a child: the caller ignores
 *                SIGCHLD, or has a handler that waits. For such a child
 *                status[i] is CHILD_LOST; all others are waited for as usual.
 *   ENOMEM       No memory; no child was started.
 *
 * However it returns, it leaves no child of its own behind, neither running
 * nor as a zombie, and no descriptor open that was not open before.
 *
 * In the caller:
 *   - It sleeps while it waits; it does not poll.
 *   - Signals that the caller handles may arrive at any time. A call that was
 *     interrupted (EINTR) is repeated; run_children never fails with EINTR.
 *   - A stopped child (SIGSTOP) has not ended.
 *   - Children that the caller started itself are none of its business: it
 *     does not wait for them, nor send them a signal.
 *
 * In a child:
 *   - job is called once, with its index and with context as the caller gave it.
 *   - The child never returns into the caller's code. It ends with _exit(2), so
 *     that the caller's atexit functions do not run in it and text that waits
 *     in the caller's stdio buffers is not written a second time.
 *   - A job that writes with stdio calls fflush itself, and must then expect
 *     what its caller left in the buffers to come out with it.
 *
 * status has room for n elements and belongs to the caller, as does context,
 * which is only handed on and may be NULL. With n equal to 0 nothing happens,
 * not even for want of memory, and the result is 0.
 */
int run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[]);

#endif
