/*
 * chat.c - many clients, one process, one select(). See chat.h.
 *
 * Each round waits until something has happened, and then does a little for each
 * client for whom it has: one read, no more. Nobody leaves in the middle of a
 * round: a client that is lost is only marked. What select() said of a descriptor
 * stays true of the same client until the round is over, for only then descriptors are closed
 * and new ones come in.
 */
#include "chat.h"
#include "timeouts.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

/* YOUR WORK: what the server knows of each client and of itself, and functions that do the parts */

int
serve_chat(int listener, long idle)
{
	/*
	 * YOUR WORK: prepare the socket and the signals; one round after the other; leave nothing
	 * open
	 */
	(void)listener;
	(void)idle;
	errno = ENOSYS;
	return -1;
}
