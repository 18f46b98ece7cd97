/* hello_checks.c - how a session begins: the greeting, and who the client is. */
#include "checks.h"
#include "lockset.h"
#include "mxp.h"
#include <string.h>

/*
 * "connects: S"; "first request: id NAME: S welcome". For: a greeting that waits for the client;
 * one that stays in a buffer, or says more; a session that ends after the id, or takes others with
 * it.
 */
void
greets(void **state)
{
	(void)state;
	struct trial *t = serving();
	struct peer *p = client(t), *other;
	const char *name = letters(6);

	hears(t, p, "S", "greeting");
	hears_nothing(t, p, "greeting");
	asks(t, p, words("id %s", name), "S welcome", "welcome");
	hears_nothing(t, p, "welcome");
	expect(has_file(t, "u.", name), "welcome",
	    words(_("a session of the lock set has begun: there is a file u.%s in LOCKDIR"), name),
	    _("there is none"));
	other = joins(t, letters(LM_NAME_MOST));
	hears_nothing(t, other, "welcome");
	peer_shutdown(p);
	is_let_go(t, p, "session-end");
	hears_nothing(t, other, "session-end");
}

/* This client's first line is no id; then it is let go without an answer. */
static void
begins_with(struct trial *t, const char *bytes, size_t n)
{
	struct peer *p = client(t);

	(void)peer_line(p);
	(void)peer_send(p, bytes, n);
	is_let_go(t, p, "first-line");
}

/*
 * "any other first line: closes, without an answer". For: commands without an id; an id that is
 * compared by its beginning; end of file taken for a line; a first line that is too long.
 */
void
first_line(void **state)
{
	(void)state;
	struct trial *t = serving();
	char line[MXP_LINE + 100];
	struct peer *p;
	static const char *const lines[] = {
	    "lock a\n", "stat a\n", "\n", "ID anna\n", "idanna\n", "i anna\n", "ids anna\n"};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		begins_with(t, lines[i], strlen(lines[i]));
	memset(line, 'x', sizeof line);
	memcpy(line, "id ", 3);
	line[sizeof line - 1] = '\n';
	begins_with(t, line, sizeof line);
	for (int i = 0; i < 2; i++) {
		p = client(t);
		(void)peer_line(p);
		if (i == 1)
			(void)peer_say(p, "id ann");
		peer_shutdown(p);
		is_let_go(t, p, "first-line");
	}
	peer_reset(client(t));
	hears_nothing(t, joins(t, "ann"), "first-line");
}

static void
is_refused(struct trial *t, const char *name, size_t n, const char *key)
{
	struct peer *p = client(t);

	(void)peer_line(p);
	(void)peer_say(p, "id ");
	(void)peer_send(p, name, n);
	(void)peer_say(p, "\n");
	hears_failure(t, p, key);
	is_let_go(t, p, key);
}

/*
 * "NAME is no name: F reason, and closes". For: a name that becomes a path; a client that stays
 * without a name; a reason that ends in the middle of nowhere because the name is in it.
 */
void
names(void **state)
{
	(void)state;
	struct trial *t = serving();
	static const char *const bad[] = {".", "..", "../x", "/tmp/x", "a/b", ".hidden", " anna",
	    "anna ", "anna ben", "\xc3\xa4nna", "a\tb", "a%sb%n"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		is_refused(t, bad[i], strlen(bad[i]), "bad-name");
	is_refused(t, letters(LM_NAME_MOST + 1), LM_NAME_MOST + 1, "bad-name");
	is_refused(t, letters(400), 400, "bad-name");
	is_refused(t, "anna\0ben", 8, "bad-name");
	joins(t, "A.b_c-9");
	joins(t, letters(LM_NAME_MOST));
}

/*
 * "a live session has it: F reason, and closes". For: a second session that is let in, or one that
 * drives the first one out; a name that the daemon has taken itself, to try the directory.
 */
void
name_taken(void **state)
{
	(void)state;
	struct trial *t = serving();
	const char *name = letters(8), *lock = letters(5);
	struct peer *p = holds(t, name, lock), *other = joins(t, letters(9));

	is_refused(t, name, strlen(name), "name-taken");
	held_by(t, lock, name, "name-taken");
	hears_nothing(t, other, "name-taken");
	hears_nothing(t, p, "name-taken");
	other = client(t);
	(void)peer_line(other);
	asks(t, other, "id mutexd", "S welcome", "own-name");
}
