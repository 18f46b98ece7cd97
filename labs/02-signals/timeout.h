/*
 * timeout.h - a program that may run only so long.
 */
#ifndef TIMEOUT_H
#define TIMEOUT_H

/*
 * Runs the program argv[0] (looked up in PATH) with the arguments argv, which
 * ends with NULL, and waits for its end, at most milliseconds (1 or more; a
 * minute is not too long). Then it ends the program with SIGKILL. A timer that
 * it sets is set to exactly these milliseconds; with alarm(), which counts whole
 * seconds, to the next of them.
 *
 * Returns 0 when the program ended in time, 1 when the time was up. Both times
 * *status says how it ended, as waitpid() does, and no process is left. When
 * the program cannot be executed, the child ends with exit status 127. Returns
 * -1 with errno when no process could be made.
 *
 * Nobody notices how it is done:
 * - The program starts with the signal mask of the caller.
 * - Afterwards the caller's signal mask, its actions for every signal and its
 *   handlers are as before, and no timer of ours is armed.
 * - Signals that the caller has blocked are not let in meanwhile, but for those
 *   that the function itself uses.
 * - Other children of the caller are not waited for.
 * - It works even if the caller has blocked SIGALRM. Handlers of the caller
 *   that run meanwhile do not end the wait, and do not lengthen it.
 *
 * The caller has no timer armed, does not ignore SIGCHLD, and has no handler
 * that waits for children. One thread only.
 */
int run_with_timeout(char *const argv[], unsigned milliseconds, int *status);

#endif
