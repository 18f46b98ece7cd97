/*
 * prefork.h - six servers that make their children before the first client comes.
 *
 * All have the same command line and the same main(), in prefork.c. They differ in how a child
 * comes to its next client, and that is one file each:
 *
 *	prefork-accept    turn_none.c      all children wait in accept()
 *	prefork-select    turn_select.c    all children wait in select(), then accept
 *	prefork-file      turn_file.c      one is in accept(); the others wait for a file lock
 *	prefork-mutex     turn_mutex.c     one is in accept(); the others wait for a mutex
 *	prefork-stream    turn_stream.c    the parent accepts; it passes to a child that is free
 *	prefork-datagram  turn_datagram.c  the parent accepts; whoever is free takes the next
 *
 * The first part says how all of them behave, the second how each of them does. Both are
 * what is checked, from outside. The third part is a seam between your files: no check
 * calls these functions, and it matters only that your files fit together.
 */
#ifndef PREFORK_H
#define PREFORK_H

#include <signal.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * ---- All of them: PROGRAM HOST:PORT CHILDREN --------------------------------------------
 *
 * CHILDREN is a number in decimal digits, 1 to CHILDREN_MAX. With wrong arguments a
 * line that begins with "usage:" and has NAME, argv[0], in it goes to standard error, and
 * the status is 2. An address that cannot be used is status 1 with a line on standard error
 * that has the address in it. So is whatever else fails before all children are made, fork(2)
 * among it, or a line of say_ready() that cannot be written: status 1 with a line on standard
 * error; then no process is left.
 *
 * The server makes exactly CHILDREN children. When all are made it says so, with say_ready() of
 * listener.h; NAME is argv[0]. Each child serves one client at a time with web_session(),
 * whatever that returns, closes the socket and goes on to the next client. More clients
 * than children wait. The parent serves nobody. Who has nothing to do sleeps.
 *
 * A connected socket is open in the child that serves it, and in nobody else; after the
 * session in nobody at all.
 *
 * accept(2) may fail because of one client: ECONNABORTED, EPROTO; or for no reason at all:
 * EINTR, EAGAIN. This is not noticed. After any other failure a child, or a parent that
 * accepts, says why on standard error; the child ends with status 1.
 *
 * A child that is killed by a signal is waited for and replaced at once, and its number passes
 * to its successor; its client is lost, all others notice nothing. Several may die at the
 * same time. A fork(2) that fails does no harm: the server says so on standard error, goes on
 * with the children that are left and forks again only when RETRY_S seconds have passed. A child
 * that exits by itself cannot go on, and its successor could not either: the server then ends all
 * children and has status 1, and so it does after a failure of the parent's own.
 *
 * SIGINT and SIGTERM end the server with status 0, at whatever moment they come from the
 * first fork(2) on, and however many clients wait: all children are ended and waited for,
 * running sessions are cut, and nobody else gets a signal. Then, and only then, it prints
 * report_cpu(), CHILD_CLIENTS for each number from 0 on, and ALL_CLIENTS with the sum; if a
 * write of that fails, the status is 1. A client counts as soon as the child has its socket, and
 * counts whatever becomes of the child. No count may be lost, in whatever order the children run.
 */
enum {
	CHILDREN_MAX = 64,
	RETRY_S = 60, /* seconds after a fork() that failed, until the next one */
};

/*
 * ---- Each of them -------------------------------------------------------------------------
 *
 * prefork-accept: children wait in accept(2), on a listening socket that blocks. For one
 * client one child wakes up.
 *
 * prefork-select: children wait in select(2), pselect(2) or poll(2), and never in accept(2): the
 * listening socket does not block. For one client several wake up; one gets it, the others
 * wait again.
 *
 * prefork-file: a child accepts while it has a lock of fcntl(2) (or lockf(3), which is the
 * same) for writing, on a regular file that has no name any more when the first child runs; all
 * others wait for this lock.
 *
 * prefork-mutex: the same with a mutex of pthread_mutex_lock(3) in memory that all share.
 *
 * Both: the turn ends before the session begins, so that the next child can accept. When a
 * child dies that has the turn, another one gets it. A call that waits for the lock and was
 * interrupted is made again.
 *
 * prefork-stream: the parent waits, in pselect(2), ppoll(2) or the like, for clients and for
 * its children, and only it accepts, from a listening socket that does not block. Each child
 * has a stream channel (pass.h) of its own to the parent. Over it the child sends a byte when
 * it is free, and the parent passes a client to a child that is free. While no child is
 * free, the parent does not accept, and sleeps. A child holds its own end of its own channel
 * and no other; it does not hold the listening socket. The parent holds one end for each
 * child that lives. When a child dies before the parent has passed it a client, another child
 * gets that.
 *
 * prefork-datagram: the same with one pair of datagram sockets for all. Whichever child is
 * free takes the next message; nobody tells the parent. Clients that have been passed may wait
 * in the channel, as many as it has room for; the parent's end has the smallest SO_SNDBUF
 * that the kernel allows. When there is no room, the parent does not accept, does not block in
 * sendmsg(2), and sleeps until there is. The parent holds both ends, a child its own only.
 */

/* ---- the seam: what each turn_*.c has ------------------------------------------------------ */

/*
 * In the parent, before the first child: makes what n children need to take turns. Returns 0, or -1
 * with errno.
 */
int turn_open(int listener, size_t n);

/*
 * Makes child number `child`, for the first time or again; one that had this number has
 * ended. Returns as fork(2).
 */
pid_t turn_fork(int listener, size_t child);

/*
 * In a child: waits for its turn and returns the next client's socket, which belongs to the
 * caller, or -1 with errno. After EINTR, EAGAIN, ECONNABORTED and EPROTO it is called again.
 */
int turn_next(int listener, size_t child);

/*
 * In the parent: sleeps with the signal mask `awake`, until a signal has come or clients could
 * be passed on. Returns 0, or -1 with errno when the parent cannot go on.
 */
int turn_watch(int listener, const sigset_t *awake);

#endif
