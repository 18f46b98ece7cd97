/* ask.c - the judge's side of a probe. */
#define _GNU_SOURCE
#include "inside.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { REQUEST_MAX = 32 * 1024, ANSWER_MAX = 32 * 1024 };

struct field {
	const char *name, *value;
	struct field *next;
};

struct answer {
	struct trial *trial;
	struct field *fields;
};

static void
put_word(struct text *request, struct text *shown, const char *value, size_t i)
{
	text_put_bytes(request, value, strlen(value) + 1);
	if (i == 0)
		text_printf(shown, "%s(", value);
	else
		text_printf(shown, "%s%s", i == 1 ? "" : ", ", value);
}

static void
send_request(struct trial *t, const struct text *request)
{
	ssize_t sent;

	t->at_rest = false;
	do
		sent = send(t->probe, text_string(request), request->n, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	/* EPIPE: the probe has ended already; the answer's wait says how */
	if (sent < 0 && errno != EPIPE && errno != ECONNRESET)
		grader_fault("cannot ask the probe: %s", strerror(errno));
}

static void
ask_with(struct trial *t, const char *verb, va_list words)
{
	struct text request = {0}, shown = {0};
	const char *value;
	size_t i = 0;

	if (!t->started)
		grader_fault("ask() before trial_start()");
	put_word(&request, &shown, verb, i++);
	while ((value = va_arg(words, const char *)) != NULL)
		put_word(&request, &shown, value, i++);
	text_put(&shown, ")");
	t->asked = keep_text(text_string(&shown));
	if (request.n > REQUEST_MAX || text_failed(&request))
		grader_fault("a request to a probe is too long");
	send_request(t, &request);
	text_free(&request);
	text_free(&shown);
}

void
ask_begin_words(struct trial *t, const char *verb, ...)
{
	va_list words;

	va_start(words, verb);
	ask_with(t, verb, words);
	va_end(words);
}

const struct answer *
ask_words(struct trial *t, const char *verb, ...)
{
	va_list words;

	va_start(words, verb);
	ask_with(t, verb, words);
	va_end(words);
	return ask_end(t);
}

/* Undoes the probe's escapes: \n, \\ and \xHH. */
static void
unescape(char *s)
{
	char *to = s;

	while (*s != '\0') {
		if (s[0] == '\\' && s[1] == 'n') {
			*to++ = '\n';
			s += 2;
		} else if (s[0] == '\\' && s[1] == 'x' && isxdigit((unsigned char)s[2]) &&
			   isxdigit((unsigned char)s[3])) {
			char hex[3] = {s[2], s[3], '\0'};

			*to++ = (char)strtol(hex, NULL, 16);
			s += 4;
		} else if (s[0] == '\\' && s[1] == '\\') {
			*to++ = '\\';
			s += 2;
		} else {
			*to++ = *s++;
		}
	}
	*to = '\0';
}

static const struct answer *
parse(struct trial *t, char *packet)
{
	struct answer *a = keep(sizeof *a);
	char *rest = packet, *line;

	a->trial = t;
	while ((line = strsep(&rest, "\n")) != NULL) {
		char *value = strchr(line, '=');
		struct field *f;

		if (value == NULL)
			continue;
		*value++ = '\0';
		unescape(value);
		f = keep(sizeof *f);
		f->name = line;
		f->value = value;
		f->next = a->fields;
		a->fields = f;
	}
	return a;
}

struct reply {
	char *packet;
	ssize_t n; /* 0: the probe closed its end */
};

static bool
answer_is_here(struct trial *t, void *with)
{
	struct reply *r = with;

	r->n = recv(t->probe, r->packet, ANSWER_MAX, MSG_DONTWAIT);
	return r->n > 0;
}

const struct answer *
ask_end(struct trial *t)
{
	struct reply r = {keep(ANSWER_MAX + 1), 0};
	enum outcome outcome;

	t->asks = true;
	outcome = session_until(t, answer_is_here, &r);
	t->asks = false;
	if (outcome == GONE && t->end == END_EXITED)
		check_fail("no-answer", keep_format(G_("%s returns"), t->asked),
		    G_("the program ended with exit status %d in the middle of it"),
		    trial_exit_status(t));
	if (outcome != CAME_TRUE)
		trial_went_wrong(t, outcome, keep_format(G_("%s returns"), t->asked));
	return parse(t, r.packet);
}

static const char *
field_of(const struct answer *a, const char *name)
{
	for (const struct field *f = a->fields; f != NULL; f = f->next)
		if (strcmp(f->name, name) == 0)
			return f->value;
	return NULL;
}

bool
answer_has(const struct answer *a, const char *name)
{
	return field_of(a, name) != NULL;
}

const char *
answer_text(const struct answer *a, const char *name)
{
	const char *value = field_of(a, name);

	if (value == NULL)
		check_fail("no-answer",
		    keep_format(G_("%s answers with \"%s\""), a->trial->asked, name),
		    G_("the answer lacks it"));
	return value;
}

long long
answer_int(const struct answer *a, const char *name)
{
	const char *value = answer_text(a, name);
	char *end;
	long long number;

	errno = 0;
	number = strtoll(value, &end, 10);
	if (errno != 0 || end == value || *end != '\0')
		check_fail("no-answer", keep_format(G_("\"%s\" is a number"), name), "%s", value);
	return number;
}

const char *
word(long long value)
{
	return keep_format("%lld", value);
}
