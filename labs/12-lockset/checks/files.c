/* files.c - what the kernel says about the files of the sessions and of the locks. */
#include "lockset.h"

#include "checks.h"
#include <string.h>

long long
inode_of(struct trial *t, const char *prefix, const char *name)
{
	return answer_int(ask(t, "file", words("d/%s%s", prefix, name)), "inode");
}

static void
expect_linked(
    bool right, const char *lock, long long link, const char *name, long long file, const char *key)
{
	expect(right, key, words(_("l.%s is a hard link to the file u.%s"), lock, name), "%s",
	    link == 0   ? words(_("there is no l.%s"), lock)
	    : file == 0 ? words(_("there is no u.%s"), name)
			: _("they are two files"));
}

void
hard_linked(struct trial *t, const char *lock, const char *name)
{
	long long link = inode_of(t, "l.", lock), file = inode_of(t, "u.", name);

	expect_linked(link != 0 && link == file, lock, link, name, file, "link");
}

/* Has one of the sessions made a link? */
static bool
makes_links(struct trial *t)
{
	size_t n;
	const struct event *e = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (e[i].kind == EVENT_CALL && e[i].call == CALL_LINK && e[i].result == 0)
			return true;
	return false;
}

/* Of locks that are no links, which costs the points of a check of its own, the text says whose. */
static bool
belongs(struct trial *t, const char *lock, long long link, const char *name, long long file)
{
	if (link == 0 || link == file || makes_links(t))
		return link != 0 && link == file;
	return strcmp(answer_text(ask(t, "text", words("d/l.%s", lock)), "text"), name) == 0;
}

bool
is_linked(struct trial *t, const char *lock, const char *name)
{
	return belongs(t, lock, inode_of(t, "l.", lock), name, inode_of(t, "u.", name));
}

void
linked(struct trial *t, const char *lock, const char *name, const char *key)
{
	long long link = inode_of(t, "l.", lock), file = inode_of(t, "u.", name);

	expect_linked(belongs(t, lock, link, name, file), lock, link, name, file, key);
}

/* The file holds the name, and so many bytes behind it at most. */
static void
holds(struct trial *t, const char *name, size_t more)
{
	size_t n;
	const char *text = trial_read_file(t, words("d/u.%s", name), &n);

	expect(text != NULL, "session-file", words(_("there is a file u.%s"), name),
	    _("there is none"));
	expect(
	    n >= strlen(name) && n - strlen(name) <= more && memcmp(text, name, strlen(name)) == 0,
	    "session-file", words(_("the session's file holds \"%s\""), name),
	    _("it holds \"%s\" (%zu bytes)"), shown(words("%.*s", (int)n, text)), n);
}

void
holds_name(struct trial *t, const char *name)
{
	holds(t, name, 0);
}

void
begins_with_name(struct trial *t, const char *name)
{
	holds(t, name, 2);
}

const char *
names_in(struct trial *t, bool dots)
{
	char *names = (char *)words("%s", answer_text(ask(t, "list", "d"), "names"));
	const char *kept = "";

	for (char *at = strtok(names, " "); at != NULL; at = strtok(NULL, " "))
		if (dots || at[0] != '.')
			kept = words("%s%s%s", kept, kept[0] == '\0' ? "" : " ", at);
	return kept;
}
