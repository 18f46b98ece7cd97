/*
 * handover.h - a message in shared memory, and a signal that says it is there.
 *
 * There is one place for one message. One process at a time sends, one receives.
 *
 * A signal that comes before anybody waits for it must not be lost, so
 * HANDOVER_SIGNAL stays blocked from handover_new() on: it remains pending until
 * the receiver lets it in, in the one call that waits.
 */
#ifndef HANDOVER_H
#define HANDOVER_H

#include <signal.h>
#include <stddef.h>
#include <sys/types.h>

enum {
	HANDOVER_SIGNAL = SIGUSR2,
	HANDOVER_MAX = 200, /* bytes of a message, at most */
};

struct handover; /* yours: define it in handover.c */

/*
 * Makes the place, empty and shared with every child that is forked later, and
 * blocks HANDOVER_SIGNAL in the caller; children inherit that. Returns NULL with
 * errno, as mmap(2), when there is no memory; the signal mask is as it was then.
 */
struct handover *handover_new(void);

/*
 * Puts a message of n bytes, 1 to HANDOVER_MAX, into the place, and then sends
 * HANDOVER_SIGNAL to process to, which is greater than 0. Does not wait for the receiver.
 * Returns 0, or -1 with errno:
 *   EMSGSIZE   n is 0 or too great
 *   EAGAIN     the last message has not been received; it stays
 *   otherwise  as kill(2), for instance ESRCH. The place is empty then.
 */
int handover_send(struct handover *h, pid_t to, const void *message, size_t n);

/*
 * Sleeps until there is a message, copies it to message, which has room for
 * HANDOVER_MAX bytes, and empties the place. The signal alone is no message:
 * it may come from anybody, and then the sleep goes on. The same holds for
 * other signals and their handlers. Only HANDOVER_SIGNAL is let in meanwhile: what
 * else the caller has blocked stays blocked. The signal mask is afterwards as it was.
 * Returns how many bytes it has; cannot fail.
 */
size_t handover_receive(struct handover *h, void *message);

/*
 * Gives the memory back, and makes the signal mask of the process that called
 * handover_new() as it was before: that process calls this, when the other has
 * ended. What is still pending of HANDOVER_SIGNAL is thrown away first, whoever sent
 * it (kill(2) and raise(3) may have left one each); it does no harm.
 * Returns 0, or -1 with errno.
 */
int handover_free(struct handover *h);

#endif
