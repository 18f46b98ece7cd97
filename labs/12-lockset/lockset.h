/*
 * lockset.h - locks with names, which processes share by way of a directory.
 *
 * A session is a process with a name. It takes locks, tells who holds one, and gives them
 * back; however it ends, kill -9 among the ways, its locks become free. There is no
 * server: the directory is all that sessions have in common.
 *
 *	struct lockset set = {0};
 *
 *	if (lm_init(&set, "/var/lock/demo", "anna")) {
 *		if (lm_lock(&set, "printer")) {
 *			...
 *			lm_release(&set, "printer");
 *		}
 *		lm_free(&set);
 *	}
 *
 * What lies in the directory:
 *
 *   u.SESSION  The session's file. It holds the session's name, without NUL or newline.
 *              It is there from lm_init() to lm_free().
 *   l.LOCK     A lock that is held: a hard link to the file of the session that holds it.
 *              A free lock has no file.
 *   .ANYTHING  Everything else of yours. Names begin with a dot, and they do not become more
 *              as the same sessions come and go and take the same locks.
 *
 * Who gets a free lock is decided by link(2) and nothing else: when several try at the same
 * time, all are in link(), and exactly one comes back with success; nobody waits for somebody
 * who is on the way there. So what u.SESSION holds is complete before anything links to it.
 *
 * The directory is on a local file system, belongs to the sessions, and is not moved. All sessions
 * use the same lockset.c: how they find out whether another one lives, and how they wait,
 * is your choice.
 *
 * Names, of sessions and of locks alike, are LM_NAME_LEAST to LM_NAME_MOST bytes long, are made
 * of ASCII letters, digits, '.', '_' and '-', and do not begin with '.'. Every function refuses
 * any other name with EINVAL before it touches the directory. A session and a lock may have the
 * same name.
 *
 * A session is alive from lm_init() to lm_free(), as long as its process has not ended. A process
 * has ended although nobody has waited for it yet; it lives although it is stopped, or has
 * not done anything for days; and a number (PID) may be used again, by somebody else.
 * What a dead session has left behind counts for nothing and may be cleared away at any time.
 * A child that the session's process makes does not use the set; nor does it keep the
 * session alive once it has called exec or ended: every descriptor of yours is closed by exec.
 *
 * All functions return 1 for success and 0, with errno, for failure. After a failure everything
 * is as it was before the call, apart from what dead sessions have left. A signal handler may run
 * at any time, with or without SA_RESTART: nobody notices, and no function fails with EINTR. Other
 * errors, of the directory, of memory, of descriptors (ENOENT, ENOTDIR, EACCES, ENOSPC, EMFILE,
 * ENOMEM, ...), are handed on as the call that failed gave them, unless the function does all the
 * same what it promises.
 *
 * A process has one session at a time, and one thread of it uses the set. All signals, the umask
 * and the working directory are left alone; the caller does not change the working directory while
 * a relative dirname is in use.
 */
#ifndef LOCKSET_H
#define LOCKSET_H

#include "str.h"

enum {
	LM_NAME_LEAST = 1,
	LM_NAME_MOST = 64,
	LM_NOTICE_MS = 1000, /* how late a waiting session may notice, see lm_lock() */
	LM_WAKES = 20        /* how often it may look, a second, see lm_lock() */
};

/* A set of zeros ({0}) has no session. */
struct lockset {
	struct session *session; /* yours: lockset.c defines struct session */
};

/*
 * Begins a session with this name in this directory, which exists. Both texts are copied. set has
 * no session before; it belongs to the caller, who ends the session with lm_free().
 *
 * Returns 1, or 0 with errno, and then set has no session and nothing need be freed:
 *   EINVAL    myname is no name.
 *   EBUSY     A live session has this name. Of two that try at the same time, one gets it.
 *   ENOSPC    The name could be written to the file only in part.
 *   others    See above.
 * A session that has died leaves its name free. The new session has nothing of the old
 * one's: locks that the dead one held are free, for everybody.
 */
int lm_init(struct lockset *set, const char *dirname, const char *myname);

/*
 * Ends the session: all locks that it holds are released, its file is removed, all descriptors
 * are closed and all memory is freed. As long as one of its locks is not released, nobody takes the
 * session for dead. set has no session then, and lm_init() may be called again.
 * What cannot be removed is left behind, as a dead session's: it counts for nothing.
 * Does nothing when set has no session. errno is left alone.
 */
void lm_free(struct lockset *set);

/*
 * Who holds the lock? holder, which belongs to the caller, becomes the name of the session that
 * holds it, which may be this one; or the empty string ("", len 0) when it is free. The lock of a
 * session that is dead is free.
 * The answer was right at one moment between call and return. Returns 1, or 0 with errno
 * (EINVAL: lockname is no name).
 */
int lm_stat(struct lockset *set, const char *lockname, struct str *holder);

/*
 * Takes the lock; waits as long as another live session holds it. Locks of dead sessions are taken
 * without waiting.
 *
 * Waiting costs almost nothing: on average at most LM_WAKES times a second the session looks
 * whether the lock is free, with a few system calls each time, and it sleeps in between. When the
 * lock is released, or its holder dies, whatever the moment, one of those who wait has it
 * after at most LM_NOTICE_MS (and the time that its calls take). Who of them is
 * not said.
 *
 * Returns 1 when this session holds the lock, or 0 with errno:
 *   EINVAL    lockname is no name.
 *   EDEADLK   This session holds it already: it would wait for itself.
 * Sessions that wait for each other in a circle need not be noticed; whoever does says EDEADLK,
 * too.
 */
int lm_lock(struct lockset *set, const char *lockname);

/*
 * The same, but it does not wait. Returns 1, or 0 with errno:
 *   EINVAL, EDEADLK   As above.
 *   EBUSY             Another live session holds it.
 */
int lm_nonblocking_lock(struct lockset *set, const char *lockname);

/*
 * Gives a lock back. Returns 1, or 0 with errno:
 *   EINVAL    lockname is no name.
 *   EPERM     This session does not hold it: another one does, or nobody.
 */
int lm_release(struct lockset *set, const char *lockname);

#endif
