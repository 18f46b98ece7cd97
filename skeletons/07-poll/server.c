/* server.c - one process, many clients, one poll(2). See server.h. */
#include "server.h"
#include "lines.h"
#include "queue.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* YOUR WORK: define struct client: its socket, its queue, its lines, what has become of it */

/* YOUR WORK: define what serve() has to remember, and helpers of your own, one idea in each */

int
serve(int listener, const struct service *service, void *with)
{
	/* YOUR WORK: poll in a loop until SIGTERM; then close and free everything */
	close(listener);
	(void)service;
	(void)with;
	errno = ENOSYS;
	return -1;
}

void
client_say(struct client *c, const void *bytes, size_t n)
{
	/* YOUR WORK: put it into the queue; when that is full, flush it and try again */
	(void)c;
	(void)bytes;
	(void)n;
}

void
client_quit(struct client *c)
{
	/* YOUR WORK: from now on nothing but what waits is sent */
	(void)c;
}

void
client_set(struct client *c, void *mine)
{
	/* YOUR WORK: keep the pointer in the client */
	(void)c;
	(void)mine;
}

void *
client_get(const struct client *c)
{
	/* YOUR WORK: hand out the pointer that client_set() has kept */
	(void)c;
	return NULL;
}
