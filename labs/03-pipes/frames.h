/*
 * frames.h - messages with a length in front, over a stream that knows no messages.
 *
 * A pipe or a socket hands on bytes. Where one message ends and the next begins
 * must be said by the bytes themselves. A frame is
 *
 *	2 bytes    the length n of the payload, 0 to FRAME_MAX, high byte first
 *	           (network byte order)
 *	n bytes    the payload, any bytes
 *
 * A frame may arrive cut anywhere, also between the two bytes of the length, and
 * a write may take a part of it only. Nobody who calls these functions notices,
 * nor that a handler ran meanwhile: neither of them fails with EINTR.
 *
 * fd is a pipe or a stream socket and blocks. It stays open and belongs to the
 * caller. The caller ignores SIGPIPE; the functions change no signal action. What
 * memory they ask for is freed when they return.
 */
#ifndef FRAMES_H
#define FRAMES_H

#include <stddef.h>

/* The longest payload, in bytes. */
enum { FRAME_MAX = 65535 };

/*
 * Writes one frame with the n bytes at payload, all of it.
 *
 * Returns 0, or -1 with errno:
 *   EMSGSIZE    n is greater than FRAME_MAX; nothing was written.
 *   EPIPE       Nobody reads any more.
 *   as write(2) Any other failure. A part of the frame may have been written.
 */
int send_frame(int fd, const void *payload, size_t n);

/*
 * Reads one frame, all of it and nothing of what comes after it: payload has
 * room for room bytes, not more.
 *
 * Returns 1 with the length of the payload in *n. Returns 0 at the end of the
 * file, when no byte of a frame came before it. Returns -1 with errno:
 *   EPROTO      The end of the file came inside of a frame.
 *   EMSGSIZE    The payload is longer than room. It was read and thrown away:
 *               the next call reads the next frame.
 *   as read(2)  Any other failure.
 * *n is set only when the result is 1.
 */
int receive_frame(int fd, void *payload, size_t room, size_t *n);

#endif
