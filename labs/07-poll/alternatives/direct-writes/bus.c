/* Different: topics know their subscribers, and a line is read word by word with a small scanner.
 */
#include "bus.h"
#include "listener.h"
#include "server.h"
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERS_AT_ONCE = 32 };

struct person {
	char name[BUS_WORD_MAX + 1];
	struct client *client;
	int subscriptions;
};

/* One subscription: who, and to what. In the order in which they were made. */
struct subscription {
	struct subscription *next;
	struct person *who;
	char topic[BUS_WORD_MAX + 1];
};

struct hub {
	struct person **person;
	size_t n, room;
	struct subscription *subscriptions;
};

/* What is left of a line. */
struct scan {
	const char *at;
};

/* A word of names and topics up to a blank or the end; false when there is none. */
static int
scan_word(struct scan *s, char word[BUS_WORD_MAX + 1])
{
	size_t n = 0;

	while (s->at[n] != '\0' && s->at[n] != ' ') {
		unsigned char c = (unsigned char)s->at[n];

		if (n == BUS_WORD_MAX || c > 126 || (!isalnum(c) && strchr("._-", c) == NULL))
			return 0;
		word[n++] = (char)c;
	}
	word[n] = '\0';
	s->at += n;
	return n > 0;
}

/* A literal, then a blank; or the literal alone at the end of the line. */
static int
scan_literal(struct scan *s, const char *literal)
{
	size_t n = strlen(literal);

	if (strncmp(s->at, literal, n) != 0)
		return 0;
	s->at += n;
	return 1;
}

static void
tell(struct client *c, const char *format, ...)
{
	char text[BUS_WORD_MAX * 2 + LINES_LONGEST + 20];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	client_say(c, text, strlen(text));
}

static struct person *
person_of(const struct hub *h, const char *name)
{
	for (size_t i = 0; i < h->n; i++)
		if (!strcmp(h->person[i]->name, name))
			return h->person[i];
	return NULL;
}

static void
take_name(struct hub *h, struct client *c, const char *name)
{
	struct person *p;

	if (client_get(c)) {
		tell(c, "error already named\n");
		return;
	}
	if (person_of(h, name)) {
		tell(c, "error name taken\n");
		return;
	}
	if (h->n == h->room) {
		struct person **more =
		    realloc(h->person, (h->room + MEMBERS_AT_ONCE) * sizeof *more);

		if (more == NULL) {
			tell(c, "error no memory\n");
			return;
		}
		h->person = more;
		h->room += MEMBERS_AT_ONCE;
	}
	p = calloc(1, sizeof *p);
	if (p == NULL) {
		tell(c, "error no memory\n");
		return;
	}
	strcpy(p->name, name);
	p->client = c;
	client_set(c, p);
	tell(c, BUS_OK);
	for (size_t i = 0; i < h->n; i++)
		tell(h->person[i]->client, "joined %s\n", name);
	h->person[h->n++] = p;
}

/* Where the subscription is linked in; what it points to is NULL when there is none. */
static struct subscription **
subscription_of(struct hub *h, const struct person *p, const char *topic)
{
	struct subscription **at = &h->subscriptions;

	while (*at && ((*at)->who != p || strcmp((*at)->topic, topic) != 0))
		at = &(*at)->next;
	return at;
}

static void
unlink_one(struct subscription **at)
{
	struct subscription *s = *at;

	*at = s->next;
	s->who->subscriptions--;
	free(s);
}

static void
subscribe(struct hub *h, struct person *p, const char *topic)
{
	struct subscription **at = subscription_of(h, p, topic);

	if (*at == NULL && p->subscriptions == BUS_TOPICS_MAX) {
		tell(p->client, "error too many topics\n");
		return;
	}
	if (*at == NULL) {
		*at = calloc(1, sizeof **at);
		if (*at == NULL) {
			tell(p->client, "error no memory\n");
			return;
		}
		(*at)->who = p;
		strcpy((*at)->topic, topic);
		p->subscriptions++;
	}
	tell(p->client, BUS_OK);
}

static void
unsubscribe(struct hub *h, struct person *p, const char *topic)
{
	struct subscription **at = subscription_of(h, p, topic);

	if (*at == NULL) {
		tell(p->client, "error not subscribed\n");
		return;
	}
	unlink_one(at);
	tell(p->client, BUS_OK);
}

static void
publish(struct hub *h, struct person *p, const char *topic, const char *text)
{
	tell(p->client, BUS_OK);
	for (struct subscription *s = h->subscriptions; s; s = s->next)
		if (s->who != p && !strcmp(s->topic, topic))
			tell(s->who->client, "published %s %s %s\n", topic, p->name, text);
}

static void
send_to(struct hub *h, struct person *p, const char *name, const char *text)
{
	struct person *to = person_of(h, name);

	tell(p->client, to ? BUS_OK : "error no such member\n");
	if (to)
		tell(to->client, "sent %s %s\n", p->name, text);
}

/* "VERB WORD" or "VERB WORD TEXT" to its end? */
static int
scan_rest(struct scan *s, char word[BUS_WORD_MAX + 1], int with_text)
{
	if (!scan_word(s, word))
		return 0;
	return with_text ? scan_literal(s, " ") : *s->at == '\0';
}

static void
on_line(void *with, struct client *c, char *line, size_t n)
{
	static const char *const verbs[] = {
	    "name ", "subscribe ", "unsubscribe ", "publish ", "send "};
	enum { NAME, SUBSCRIBE, UNSUBSCRIBE, PUBLISH, SEND, VERBS } verb = NAME;
	struct scan s = {line};
	struct person *p = client_get(c);
	char word[BUS_WORD_MAX + 1];

	if (!strcmp(line, "quit") && n == 4) {
		tell(c, BUS_OK);
		client_quit(c);
		return;
	}
	while (verb < VERBS && !scan_literal(&s, verbs[verb]))
		verb++;
	if (memchr(line, '\0', n) || verb == VERBS || !scan_rest(&s, word, verb >= PUBLISH)) {
		tell(c, "error syntax\n");
		return;
	}
	if (p == NULL && verb != NAME) {
		tell(c, "error name first\n");
		return;
	}
	switch (verb) {
	case NAME:
		take_name(with, c, word);
		break;
	case SUBSCRIBE:
		subscribe(with, p, word);
		break;
	case UNSUBSCRIBE:
		unsubscribe(with, p, word);
		break;
	case PUBLISH:
		publish(with, p, word, s.at);
		break;
	default:
		send_to(with, p, word, s.at);
	}
}

static void
on_too_long(void *with, struct client *c)
{
	(void)with;
	tell(c, "error too long\n");
}

static void
on_left(void *with, struct client *c, enum farewell why)
{
	struct hub *h = with;
	struct person *p = client_get(c);
	size_t kept = 0;

	if (p == NULL)
		return;
	for (struct subscription **at = &h->subscriptions; *at;)
		if ((*at)->who == p)
			unlink_one(at);
		else
			at = &(*at)->next;
	for (size_t i = 0; i < h->n; i++)
		if (h->person[i] != p)
			h->person[kept++] = h->person[i];
	h->n = kept;
	for (size_t i = 0; i < h->n; i++)
		tell(h->person[i]->client, "left %s %s\n", p->name,
		    why == LEFT_QUIT     ? "quit"
		    : why == LEFT_CLOSED ? "closed"
		    : why == LEFT_SLOW   ? "slow"
					 : "failed");
	free(p);
}

int
main(int argc, char *argv[])
{
	struct service service = {on_line, on_too_long, on_left};
	struct hub hub = {NULL, 0, 0, NULL};
	int listener, status = EXIT_SUCCESS;

	if (argc != 2) {
		fputs("usage: bus HOST:PORT\n", stderr);
		return 2;
	}
	listener = open_listener(argv[1]);
	if (listener == -1 || serve(listener, &service, &hub) == -1) {
		perror(argv[1]);
		status = EXIT_FAILURE;
	}
	while (hub.subscriptions)
		unlink_one(&hub.subscriptions);
	while (hub.n > 0)
		free(hub.person[--hub.n]);
	free(hub.person);
	return status;
}
