/* bus.c - the message bus. See bus.h. */
#include "bus.h"
#include "listener.h"
#include "server.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* STUDENT: what the bus knows about its members, and what each command does */
enum { WORD_ROOM = BUS_WORD_MAX + 1 }; /* with its NUL */

/* A client that has a name; its client_get(). */
struct member {
	struct member *next;
	struct client *client;
	char name[WORD_ROOM];
	size_t n_topics;
	char topics[BUS_TOPICS_MAX][WORD_ROOM];
};

struct bus {
	struct member *first;
};

/* ---- words -------------------------------------------------------------------- */

/* A name or a topic? */
static bool
is_word(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"0123456789._-");

	return n > 0 && n <= BUS_WORD_MAX && text[n] == '\0';
}

/*
 * Takes line apart at its first blanks into at most n parts; the last one holds
 * the rest, blanks and all. Returns how many there are.
 */
static size_t
split(char *line, size_t n, char *parts[n])
{
	size_t i = 0;

	parts[i++] = line;
	while (i < n && (line = strchr(line, ' ')) != NULL) {
		*line++ = '\0';
		parts[i++] = line;
	}
	return i;
}

/* ---- members ------------------------------------------------------------------- */

static struct member *
find(const struct bus *b, const char *name)
{
	struct member *m = b->first;

	while (m != NULL && strcmp(m->name, name) != 0)
		m = m->next;
	return m;
}

/* Where the topic stands among those of the member; n_topics when it does not. */
static size_t
place_of(const struct member *m, const char *topic)
{
	size_t i = 0;

	while (i < m->n_topics && strcmp(m->topics[i], topic) != 0)
		i++;
	return i;
}

static void
say(struct client *c, const char *text)
{
	client_say(c, text, strlen(text));
}

/* To all members but this one; topic: only to those who have subscribed to it. */
static void
tell_others(const struct bus *b, const struct member *but, const char *topic, const char *text)
{
	for (struct member *m = b->first; m != NULL; m = m->next)
		if (m != but && (topic == NULL || place_of(m, topic) < m->n_topics))
			say(m->client, text);
}

/* ---- commands: each returns its answer, or NULL when it has been given ------------ */

/* Room for what others hear: a name, and what a line holds. */
enum { TEXT_ROOM = sizeof "published   \n" + BUS_WORD_MAX + LINES_LONGEST };

static const char *
do_name(struct bus *b, struct client *c, const char *name)
{
	char text[TEXT_ROOM];
	struct member *m;

	if (client_get(c) != NULL)
		return "error already named\n";
	if (find(b, name) != NULL)
		return "error name taken\n";
	m = calloc(1, sizeof *m);
	if (m == NULL)
		return "error no memory\n";
	m->client = c;
	strcpy(m->name, name); /* is_word() has measured it */
	m->next = b->first;
	b->first = m;
	client_set(c, m);
	snprintf(text, sizeof text, "joined %s\n", name);
	tell_others(b, m, NULL, text);
	return BUS_OK;
}

static const char *
do_subscribe(struct member *m, const char *topic)
{
	if (place_of(m, topic) < m->n_topics)
		return BUS_OK;
	if (m->n_topics == BUS_TOPICS_MAX)
		return "error too many topics\n";
	strcpy(m->topics[m->n_topics++], topic);
	return BUS_OK;
}

static const char *
do_unsubscribe(struct member *m, const char *topic)
{
	size_t i = place_of(m, topic);

	if (i == m->n_topics)
		return "error not subscribed\n";
	m->n_topics--;
	/* the last one takes its place, and is often the same */
	memmove(m->topics[i], m->topics[m->n_topics], WORD_ROOM);
	return BUS_OK;
}

static const char *
do_publish(struct bus *b, struct member *m, const char *topic, const char *said)
{
	char text[TEXT_ROOM];

	snprintf(text, sizeof text, "published %s %s %s\n", topic, m->name, said);
	tell_others(b, m, topic, text);
	return BUS_OK;
}

static const char *
do_send(struct bus *b, struct member *m, const char *name, const char *said)
{
	struct member *to = find(b, name);
	char text[TEXT_ROOM];

	if (to == NULL)
		return "error no such member\n";
	snprintf(text, sizeof text, "sent %s %s\n", m->name, said);
	say(m->client, BUS_OK); /* first, in case they are the same */
	say(to->client, text);
	return NULL;
}

static const char *
do_quit(struct client *c)
{
	say(c, BUS_OK);
	client_quit(c);
	return NULL;
}

/* ---- lines ----------------------------------------------------------------------- */

/* A command with the word that follows it, and the text where there is one. */
static const char *
obey(struct bus *b, struct client *c, const char *command, const char *word, const char *text)
{
	struct member *m = client_get(c);
	bool naming = strcmp(command, "name") == 0;

	if (m == NULL && !naming)
		return "error name first\n";
	if (naming)
		return do_name(b, c, word);
	if (strcmp(command, "subscribe") == 0)
		return do_subscribe(m, word);
	if (strcmp(command, "unsubscribe") == 0)
		return do_unsubscribe(m, word);
	if (strcmp(command, "publish") == 0)
		return do_publish(b, m, word, text);
	return do_send(b, m, word, text);
}

/* How many parts the command has, or 0 when there is no such command. */
static size_t
parts_of(const char *command)
{
	static const struct {
		const char *name;
		size_t parts;
	} known[] = {
	    {"name", 2},
	    {"subscribe", 2},
	    {"unsubscribe", 2},
	    {"publish", 3},
	    {"send", 3},
	    {"quit", 1},
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].name, command) == 0)
			return known[i].parts;
	return 0;
}

static const char *
answer_to(struct bus *b, struct client *c, char *line, size_t n)
{
	char *parts[3] = {NULL};
	size_t found;

	if (strlen(line) != n) /* there is a NUL in it */
		return "error syntax\n";
	found = split(line, 3, parts);
	if (found != parts_of(parts[0]) || (found > 1 && !is_word(parts[1])))
		return "error syntax\n";
	if (found == 1)
		return do_quit(c);
	return obey(b, c, parts[0], parts[1], parts[2]);
}

static void
handle(void *with, struct client *c, char *line, size_t n)
{
	const char *answer = answer_to(with, c, line, n);

	if (answer != NULL)
		say(c, answer);
}

static void
refuse(void *with, struct client *c)
{
	(void)with;
	say(c, "error too long\n");
}

static void
forget(void *with, struct client *c, enum farewell why)
{
	static const char *const reasons[] = {[LEFT_QUIT] = "quit",
	    [LEFT_CLOSED] = "closed",
	    [LEFT_FAILED] = "failed",
	    [LEFT_SLOW] = "slow"};
	struct member *m = client_get(c), **link = &((struct bus *)with)->first;
	char text[TEXT_ROOM];

	if (m == NULL)
		return;
	while (*link != m)
		link = &(*link)->next;
	*link = m->next;
	snprintf(text, sizeof text, "left %s %s\n", m->name, reasons[why]);
	tell_others(with, NULL, NULL, text);
	free(m);
}

static void
forget_all(struct bus *b)
{
	while (b->first != NULL) {
		struct member *m = b->first;

		b->first = m->next;
		free(m);
	}
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: as in echo.c; afterwards no member is left in memory */
	const struct service service = {.line = handle, .too_long = refuse, .left = forget};
	struct bus bus = {NULL};
	int listener, status = 0;

	if (argc != 2) {
		fputs("usage: bus HOST:PORT\n", stderr);
		return 2;
	}
	listener = open_listener(argv[1]);
	if (listener == -1 || serve(listener, &service, &bus) < 0) {
		perror(argv[1]);
		status = 1;
	}
	forget_all(&bus);
	return status;
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 3;
	*/
	/* END */
}
