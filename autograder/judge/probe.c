/*
 * probe.c - the side of a probe that talks to the judge; see probe.h.
 *
 * It shares a process with a student's functions, so it leans on as little as
 * it can: no stdio (a student may close it, or fork with a full buffer), no
 * malloc (a student may have broken the heap), no handlers, no threads. What
 * it keeps lies in one static block.
 */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

enum {
	PACKET_MAX = 32 * 1024,
	WORDS_MAX = 256,
	STATUS_STRAY = 99, /* a child came back from the student's function */
	STATUS_NO_PEER = 98,
	NUMBER_MAX = 24, /* digits, sign and end of a long long */
};

/* Sent in place of what no longer fitted; room for it is always kept. */
static const char overflow[] = "overflow=1\n";

/* Sent by a verb that puts nothing: an empty packet would look like the end. */
static const char nothing[] = "answered=1\n";

static struct {
	char request[PACKET_MAX + 1];
	const char *words[WORDS_MAX];
	int n_words;
	char answer[PACKET_MAX];
	size_t used;
	bool full;
} probe;

/* ---- the request ---------------------------------------------------------- */

/* Waits for a packet. Returns its length, or -1 at the end or on failure. */
static ssize_t
probe_receive(void)
{
	ssize_t n;

	do
		n = recv(PROBE_FD, probe.request, PACKET_MAX, 0);
	while (n < 0 && errno == EINTR);
	return n > 0 ? n : -1;
}

/* Words end with a NUL; the last one need not. */
static void
probe_split(size_t n)
{
	probe.request[n] = '\0';
	probe.n_words = 0;
	for (size_t at = 0; at < n && probe.n_words < WORDS_MAX;) {
		probe.words[probe.n_words++] = probe.request + at;
		at += strlen(probe.request + at) + 1;
	}
}

int
request_count(void)
{
	return probe.n_words;
}

const char *
request_word(int i)
{
	return i >= 0 && i < probe.n_words ? probe.words[i] : "";
}

/* Not strtoll(): that would touch errno, which a probe may be about to report. */
long long
request_int(int i)
{
	const char *digit = request_word(i);
	bool negative = *digit == '-';
	unsigned long long value = 0;

	if (*digit == '-' || *digit == '+')
		digit++;
	for (; *digit >= '0' && *digit <= '9'; digit++)
		value = value * 10 + (unsigned long long)(*digit - '0');
	return (long long)(negative ? 0 - value : value);
}

/* ---- the answer ------------------------------------------------------------ */

/* Appends bytes to the field being written; false when it does not fit. */
static bool
probe_append(size_t *at, const char *bytes, size_t n)
{
	if (n > sizeof probe.answer - (sizeof overflow - 1) - *at)
		return false;
	memcpy(probe.answer + *at, bytes, n);
	*at += n;
	return true;
}

/* A value must not end its line: newlines, backslashes and what does not print are escaped. */
static bool
probe_append_escaped(size_t *at, const char *value)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *value != '\0'; value++) {
		unsigned char byte = (unsigned char)*value;
		char code[4] = {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
		bool ok;

		if (byte == '\\')
			ok = probe_append(at, "\\\\", 2);
		else if (byte == '\n')
			ok = probe_append(at, "\\n", 2);
		else if (byte < ' ' || byte >= 127)
			ok = probe_append(at, code, sizeof code);
		else
			ok = probe_append(at, value, 1);
		if (!ok)
			return false;
	}
	return true;
}

/* Nothing from here to answer_put_at() makes a system call or touches errno. */

/* Adds "name<index>=value\n" as a whole or, when there is no room, marks the answer. */
static void
probe_put(const char *name, const char *index, const char *value)
{
	size_t at = probe.used;

	if (!probe.full && probe_append(&at, name, strlen(name)) &&
	    probe_append(&at, index, strlen(index)) && probe_append(&at, "=", 1) &&
	    probe_append_escaped(&at, value) && probe_append(&at, "\n", 1))
		probe.used = at;
	else
		probe.full = true;
}

/* Writes value in decimal before end; returns its first character. */
static char *
probe_digits(unsigned long long value, char *end)
{
	do
		*--end = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	return end;
}

/* As probe_digits, with a sign, and a NUL at the end of text. */
static const char *
probe_number(long long value, char text[NUMBER_MAX])
{
	char *end = &text[NUMBER_MAX - 1];
	char *first;

	*end = '\0';
	if (value >= 0)
		return probe_digits((unsigned long long)value, end);
	first = probe_digits(0 - (unsigned long long)value, end);
	*--first = '-';
	return first;
}

void
answer_put_int(const char *name, long long value)
{
	char text[NUMBER_MAX];

	probe_put(name, "", probe_number(value, text));
}

void
answer_put_text(const char *name, const char *value)
{
	probe_put(name, "", value != NULL ? value : "");
}

void
answer_put_at(const char *name, unsigned long i, long long value)
{
	char text[NUMBER_MAX];
	char index[NUMBER_MAX + 2];
	char *end = index + sizeof index;

	*--end = '\0';
	*--end = ']';
	end = probe_digits(i, end);
	*--end = '[';
	probe_put(name, end, probe_number(value, text));
}

/* One packet. A judge that has gone is no reason for SIGPIPE. */
static int
probe_send(void)
{
	ssize_t n;

	if (probe.full) {
		memcpy(probe.answer + probe.used, overflow, sizeof overflow - 1);
		probe.used += sizeof overflow - 1;
	}
	if (probe.used == 0) {
		memcpy(probe.answer, nothing, sizeof nothing - 1);
		probe.used = sizeof nothing - 1;
	}
	do
		n = send(PROBE_FD, probe.answer, probe.used, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -1 : 0;
}

/* ---- serving ---------------------------------------------------------------- */

static const struct verb *
probe_find(const struct verb *verbs, const char *name)
{
	while (verbs->name != NULL && strcmp(verbs->name, name) != 0)
		verbs++;
	return verbs->name != NULL ? verbs : NULL;
}

/*
 * Serves one request. A child of the student's function that returns from it
 * would go on as a second probe and take the judge's next request: it ends
 * here, without flushing the buffers it inherited.
 */
static int
probe_answer(const struct verb *verbs)
{
	const struct verb *verb = probe_find(verbs, request_word(0));
	pid_t self = getpid();

	probe.used = 0;
	probe.full = false;
	errno = 0;
	if (verb != NULL)
		verb->serve();
	if (getpid() != self)
		_exit(STATUS_STRAY);
	if (verb == NULL)
		probe_put("unknown", "", request_word(0));
	return probe_send();
}

int
probe_serve(const struct verb *verbs)
{
	ssize_t n;

	/* A program that the student's function execs must not hold the judge's line open. */
	if (fcntl(PROBE_FD, F_SETFD, FD_CLOEXEC) < 0)
		return STATUS_NO_PEER;
	while ((n = probe_receive()) > 0) {
		probe_split((size_t)n);
		if (probe_answer(verbs) < 0)
			return STATUS_NO_PEER;
	}
	return 0;
}

static void
only_interrupt(int signal)
{
	(void)signal;
}

int
probe_pipe_to_nobody(void)
{
	int ends[2];

	if (pipe(ends) < 0)
		return -1;
	close(ends[0]);
	return ends[1];
}

void
probe_handle(void)
{
	struct sigaction action = {.sa_handler = only_interrupt};

	answer_put_int("result", sigaction(SIGUSR1, &action, NULL));
}
