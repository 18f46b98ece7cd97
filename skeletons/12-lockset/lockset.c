/*
 * lockset.c - locks with names, made of hard links.
 *
 * The kernel decides three questions, and nobody else does:
 *   Who gets a lock?     link(): the name l.LOCK can come to be only once.
 *   Is a session alive?  It keeps its file locked (F_OFD_SETLK). However its process ends, the
 *                        kernel takes this lock away; no PID and no age has to be guessed at.
 *   Whose turn is it?    Who waits for LOCK stands in line for a file lock on .line.LOCK, which
 *                        the kernel hands on in order. Only the first one looks at l.LOCK, and
 *                        it stays the first until it gives LOCK back, so that the next one is
 *                        called at that moment. It watches the directory when it finds a
 *                        holder who has not stood in line.
 * What the dead have left is removed by whoever has locked the file .guard, after a second look:
 * without it, two could see a dead session's link, and the slower one would remove the
 * link that the faster one has made in its place.
 */
#define _GNU_SOURCE /* F_OFD_SETLK, for glibc before POSIX.1-2024 */
#include "lockset.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

/* YOUR WORK: what a session has to remember, and the helpers that you need */

/* YOUR WORK: the session's file: made, locked and written before anybody can link to it */

int
lm_init(struct lockset *set, const char *dirname, const char *myname)
{
	/* YOUR WORK: refuse bad names and names that are taken; begin a session */
	(void)dirname;
	(void)myname;
	set->session = NULL;
	errno = ENOSYS;
	return 0;
}

void
lm_free(struct lockset *set)
{
	/* YOUR WORK: release everything, remove the session's file, and only then let go of it */
	(void)set;
}

/* YOUR WORK: read a name from the file of the session that holds a lock */

int
lm_stat(struct lockset *set, const char *lockname, struct str *holder)
{
	/* YOUR WORK: the name of the live session that l.LOCK is a link to, or the empty string */
	(void)set;
	(void)lockname;
	(void)holder;
	errno = ENOSYS;
	return 0;
}

/* YOUR WORK: one attempt to take a lock, and the removal of what a dead session has left */

/* YOUR WORK: waiting: in line for the first place, then for the directory to change */

int
lm_lock(struct lockset *set, const char *lockname)
{
	/* YOUR WORK: take the lock, and wait as long as another live session holds it */
	(void)set;
	(void)lockname;
	errno = ENOSYS;
	return 0;
}

int
lm_nonblocking_lock(struct lockset *set, const char *lockname)
{
	/* YOUR WORK: take the lock or say EBUSY */
	(void)set;
	(void)lockname;
	errno = ENOSYS;
	return 0;
}

int
lm_release(struct lockset *set, const char *lockname)
{
	/* YOUR WORK: remove the link, if it is this session's */
	(void)set;
	(void)lockname;
	errno = ENOSYS;
	return 0;
}
