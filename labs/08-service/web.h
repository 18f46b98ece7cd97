/*
 * web.h - given: one session of the web server of lab 05.
 *
 *	request  = count newline     the count: digits, 1 to WEB_MAX, and nothing else
 *	answer   = count bytes       byte i, from 0, is WEB_BYTE(i)
 *
 * Requests come one after the other over the same connection, and each gets its
 * answer in turn. After a bad one the session is over.
 *
 * You need not change anything here. All servers of labs 08 to 11 serve this session,
 * so that whoever compares them compares the servers and nothing else.
 */
#ifndef WEB_H
#define WEB_H

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

enum {
	WEB_MAX = 16384, /* bytes of one answer, at most */
	WEB_LINE = 32,   /* bytes of a request with its newline, at most */
};

#define WEB_BYTE(i) ((char)('a' + (i) % 26))

/* The letters again and again, 26624 of them: made once by the compiler, not in every session. */
#define WEB_4(text) text text text text
#define WEB_ANSWER WEB_4(WEB_4(WEB_4(WEB_4(WEB_4("abcdefghijklmnopqrstuvwxyz")))))

/* The count of a request, n bytes without the newline; -1 when it is bad. */
static inline int
web_count(const char *line, size_t n)
{
	int count = 0;

	for (size_t i = 0; i < n; i++) {
		if (line[i] < '0' || line[i] > '9')
			return -1;
		count = count * 10 + (line[i] - '0');
		if (count > WEB_MAX)
			return -1;
	}
	return count > 0 ? count : -1;
}

/* Sends all n bytes; a client that is gone raises no SIGPIPE. Returns 0, or -1 with errno. */
static inline int
web_send(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = send(fd, bytes, n, MSG_NOSIGNAL);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		bytes += done;
		n -= (size_t)done;
	}
	return 0;
}

/* What has come and was not yet answered: bytes[0] to bytes[n - 1]. */
struct web_input {
	size_t n;
	char bytes[512];
};

/* Adds what the next read brings. Returns as read(2), but never fails with EINTR. */
static inline ssize_t
web_read(int fd, struct web_input *in)
{
	ssize_t got;

	do
		got = read(fd, in->bytes + in->n, sizeof in->bytes - in->n);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		in->n += (size_t)got;
	return got;
}

/*
 * Answers every whole request in the input and takes it out. Returns 0, or -1 with
 * errno: EPROTO after a bad one or one that is too long, otherwise as send(2).
 */
static inline int
web_answer(int fd, struct web_input *in, const char *answer)
{
	char *end;

	while ((end = memchr(in->bytes, '\n', in->n)) != NULL) {
		size_t length = (size_t)(end - in->bytes);
		int count = length < WEB_LINE ? web_count(in->bytes, length) : -1;

		if (count < 0) {
			errno = EPROTO;
			return -1;
		}
		if (web_send(fd, answer, (size_t)count) < 0)
			return -1;
		in->n -= length + 1;
		memmove(in->bytes, end + 1, in->n);
	}
	if (in->n < WEB_LINE)
		return 0;
	errno = EPROTO;
	return -1;
}

/*
 * Serves the client at the other end of fd until it sends no more; fd stays open.
 * Returns 0 at the end of the file, or -1 with errno: EPROTO after a bad request or half
 * of one, otherwise as read(2) or send(2).
 */
static inline int
web_session(int fd)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings" /* ISO C promises 4095 characters */
	static const char answer[] = WEB_ANSWER;
#pragma GCC diagnostic pop
	struct web_input in = {.n = 0};
	ssize_t got;

	while ((got = web_read(fd, &in)) > 0)
		if (web_answer(fd, &in, answer) < 0)
			return -1;
	if (got == 0 && in.n > 0) {
		errno = EPROTO;
		return -1;
	}
	return (int)got;
}

#endif
