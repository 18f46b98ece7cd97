/*
 * mutexd.h - what you write in mutexd.c and session.c: the program mutexd.
 *
 *	mutexd HOST[:PORT] LOCKDIR
 *
 * A network mutex daemon: it serves MXP (mxp.h) with run_service() of service.h, and the locks are
 * those of lockset.h in the directory LOCKDIR, which exists, is used by this mutexd alone, and may
 * be relative to the directory where it was started. Each MXP session is a session of the lock set
 * in its own process, with the name that the client gives; so whatever kills this process, the
 * locks become free.
 *
 * As soon as clients can come, the line of say_ready() is on standard output: "mutexd: ADDRESS".
 *
 * Sessions
 *   - None hinders another one: not when its client is silent, sends half a line, does not read
 *     what it is answered, or waits for a lock; and none hinders the daemon.
 *   - "C waiting" has been sent before the session begins to wait. When the lock is released, or
 *     its holder's session ends in whatever way, one of those who wait has it, and has said so,
 *     after at most LM_NOTICE_MS (lockset.h). Which of them is not said.
 *   - Waiting costs almost nothing: a session looks whether the lock is free at most LM_WAKES times
 *     a second on average, with a few system calls each time, and sleeps in between. That is the
 *     promise of lm_lock(); you may use it, or lm_nonblocking_lock() and a sleep of your own.
 *   - If a session cannot have what it needs for waiting - a thread, a pipe -, it answers with F,
 *     after "C waiting" or without it, and goes on. What a wait has needed is given back after it:
 *     its descriptors are closed, its threads are joined, or detached.
 *   - While a session waits, bytes may go on coming. It takes in at most MXP_AHEAD bytes of them,
 *     the rest stays in the connection until there is room: no client can fill the daemon's memory.
 *     All of them are answered, in order, when the wait is over.
 *   - When the client's bytes end, or its connection is reset, while it waits, the wait is
 *     cancelled: the session ends, and never gets the lock. One that has sent more than MXP_AHEAD
 *     bytes ahead may be noticed later: at the latest when it has the lock, which is then
 *     released again as soon as what it had sent is answered.
 *   - A client that is gone when it is answered is no error: the session ends as at the end of its
 *     bytes. No signal that its client can cause (SIGPIPE) ends its process.
 *   - A session that ends while it does not wait for a lock ends by lm_free(): once its process has
 *     ended, its files are no longer in LOCKDIR, although the daemon goes on.
 *   - Calls that a signal interrupts are made again, short reads and writes go on, and standard
 *     output has nothing but the line of say_ready().
 *   - What comes from a client never becomes a path before the lock set has looked at it.
 *
 * The end
 *   SIGTERM or SIGINT to the process that was started, at whatever moment, ends everything: all
 *   processes of mutexd have ended, those of sessions that wait, stall or are just beginning among
 *   them, and then the one that was started ends, with status 0. Of sessions whose processes were
 *   not killed by a signal from outside, LOCKDIR then holds no u.* and no l.*, whether they ended
 *   now or before. Whoever types Ctrl-C in a terminal sends SIGINT to all processes of the group,
 *   and SIGTERM may come so, too: that is the same end, and no signal from outside. (A session ends
 *   by lm_free(), then it is so by itself. One that has to end while a thread of it is in lm_lock()
 *   cannot call lm_free(), as one thread uses the set: you clear away, when all have ended, what
 *   such sessions have left.) Nothing else in it is removed.
 *
 * Failures
 *   Wrong usage - not two arguments, or the first is no address for mxp_address() - : the line
 *   MUTEXD_USAGE on standard error, status 2. If LOCKDIR cannot be used (there is none, it is no
 *   directory, it cannot be written to), if something that the daemon needs from the beginning is
 *   not to be had (a pipe, a process), or if run_service() returns: a line on standard error, with
 *   the reason as strerror(3) says it, and status 1; of a LOCKDIR that cannot be used it names the
 *   path, too. A daemon that cannot begin leaves no process behind. A LOCKDIR that cannot be used
 *   is noticed before anybody can connect; from then on the daemon itself has no session in it, so
 *   that any name is free.
 */
#ifndef MUTEXD_H
#define MUTEXD_H

#define MUTEXD_USAGE "usage: mutexd HOST[:PORT] LOCKDIR"

/* How many bytes a session takes in ahead while it waits, at most. */
enum { MXP_AHEAD = 4096 };

/*
 * Yours, in session.c: serves MXP to the client at fd, which stays open, and returns when the
 * session is over. Called by your mutexd.c and by nobody else, in the session's own process; what
 * stop is, and who closes it, is between the two files: a descriptor on which the session learns
 * that the daemon ends, for instance, or nothing.
 */
void mxp_session(int fd, int stop, const char *lockdir);

#endif
