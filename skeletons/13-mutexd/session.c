/* session.c - one session of MXP. See mxp.h and mutexd.h. */
#define _GNU_SOURCE /* POLLRDHUP */
#include "lockset.h"
#include "mutexd.h"
#include "mxp.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* YOUR WORK: what a session has to remember, and how it sleeps, reads and writes */

/* YOUR WORK: lines, of what has come in whatever pieces */

/* YOUR WORK: waiting for a lock: meanwhile a thread watches whether anybody still needs it */

/* YOUR WORK: the requests; each function answers one and returns whether the session goes on */

void
mxp_session(int fd, int stop, const char *lockdir)
{
	/* YOUR WORK: greet, find out who it is, serve; and end the session in every case */
	(void)fd;
	(void)stop;
	(void)lockdir;
}
