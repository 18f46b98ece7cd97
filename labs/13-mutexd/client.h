/*
 * client.h - what you write in mxp.c: the program mxp.
 *
 *	mxp HOST[:PORT] NAME LOCK COMMAND [ARGUMENT]...
 *
 * Runs a command while it has a lock of a mutexd, as flock(1) does with a file:
 *
 *	mxp 127.0.0.1 anna printer lpr thesis.pdf
 *
 * It connects (open_connection() of connector.h, mxp_address() of mxp.h), awaits the server's S,
 * says who it is, asks for the lock, and starts the command when the server has said "S locked",
 * not before. Each request is sent when the response to the one before is complete. When the
 * server says "C waiting", mxp writes the line MXP_WAITING to standard error, at once; other C are
 * passed over. A response is what comes up to its LF, in whatever pieces; S and F are followed by
 * a space or the LF.
 *
 * The command is found as execvp(3) finds it and has all that mxp was given - standard input,
 * output, error, signals -, but not the connection: once mxp has ended, nobody keeps the session
 * open. mxp waits for the command, closes the connection and so gives the lock back, and ends
 * with the command's exit status; with 128 + n when signal n has ended it. A stop is no end.
 * (Whoever kills mxp frees the lock, although the command may still run.)
 *
 * If there is no such command: status 127; if it cannot be executed: 126; if there is no process to
 * be had for it: 1; and a line on standard error with the reason as strerror(3) says it.
 * If the lock cannot be had: status 1 and a line on standard error; after an F its text stands in
 * it, after a call that failed strerror(3)'s words. The server may refuse, end the connection, or
 * say what is no response (a line that begins with none of the three letters, or is longer than
 * MXP_LINE). SIGPIPE does not end mxp.
 * Wrong usage - fewer than four arguments, no address, or NAME or LOCK is no name of mxp.h - :
 * the line MXP_USAGE on standard error, status 2, and nobody has been connected to.
 */
#ifndef CLIENT_H
#define CLIENT_H

#define MXP_USAGE "usage: mxp HOST[:PORT] NAME LOCK COMMAND [ARGUMENT]..."
#define MXP_WAITING "mxp: waiting"

#endif
