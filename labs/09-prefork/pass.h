/*
 * pass.h - hands open descriptors from one process to another: what you write in pass.c.
 *
 * A channel is a Unix socket of socketpair(2), SOCK_STREAM or SOCK_DGRAM, that blocks or does
 * not. A message is one byte, 0, and with it, as SCM_RIGHTS, exactly one descriptor. The byte is
 * needed: a stream without data carries nothing else.
 */
#ifndef PASS_H
#define PASS_H

/*
 * Sends fd over the channel. fd stays open: it is the caller's, who may close it as
 * soon as this function has returned. Every byte that is handed to the kernel has a value.
 * A call that a signal interrupted is made again. When nobody can receive
 * any more, no SIGPIPE is raised. Returns 0, or -1 with errno: that of sendmsg(2), EPIPE and
 * EAGAIN among them.
 */
int send_descriptor(int channel, int fd);

/*
 * Takes one message from the channel, and waits for it if the channel blocks. Returns the
 * descriptor that came with it, under the number that it has here; it belongs to the caller. A call
 * that a signal interrupted is made again.
 *
 * Returns -1 with errno: EPIPE at the end of the channel, EBADMSG when with the byte came no
 * descriptor or more than one, otherwise that of recvmsg(2), EAGAIN among them. Then no
 * descriptor is left open that came with the message.
 */
int receive_descriptor(int channel);

#endif
