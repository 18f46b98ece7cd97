/*
 * choose.c - where in a submission the lab's files lie, and what else there is.
 *
 * At the top, or in one folder of it. When a file of the lab lies at the top,
 * the top it is, whatever older copies folders hold.
 */
#include "../base/messages.h"
#include "../base/text.h"
#include "submission.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Is it a lab's file in a folder at the top that may be the chosen one? */
static bool
is_candidate(const struct submission *s, const char *path)
{
	const char *slash = strchr(path, '/');

	return slash && path[0] != '.' && strings_have(s->files, slash + 1);
}

/* Keeps the first folder; a second one makes it unclear. */
static int
consider_folder(struct submission *s, const char *path)
{
	size_t n = strcspn(path, "/");
	struct text first = {0}, second = {0};
	char *name = strndup(path, n);
	int result = 0;

	if (name == NULL)
		return system_failed(s, s->shown);
	if (s->base == NULL) {
		s->base = name;
		return 0;
	}
	if (strcmp(s->base, name) != 0) {
		text_put_name(&first, s->base);
		text_put_name(&second, name);
		result = refuse(s,
		    _("%s holds the lab's files in more than one folder ('%s' and '%s'); hand in "
		      "one"),
		    s->shown, text_string(&first), text_string(&second));
		text_free(&first);
		text_free(&second);
	}
	free(name);
	return result;
}

static int
choose_base(struct submission *s)
{
	int result = 0;

	for (size_t i = 0; i < s->n; i++)
		if (strings_have(s->files, s->entries[i].path)) {
			s->base = strdup("");
			return s->base ? 0 : system_failed(s, s->shown);
		}
	for (size_t i = 0; i < s->n && result == 0; i++)
		if (is_candidate(s, s->entries[i].path))
			result = consider_folder(s, s->entries[i].path);
	return result;
}

/* The path as seen from the chosen folder; NULL: it lies elsewhere. */
static const char *
in_base(const struct submission *s, const char *path)
{
	size_t n = strlen(s->base);

	if (n > 0 && (strncmp(path, s->base, n) != 0 || path[n] != '/'))
		return NULL;
	return path + (n ? n + 1 : 0);
}

const char *
chosen_name(const struct submission *s, const char *path)
{
	const char *name = in_base(s, path);

	return name && strings_have(s->files, name) ? name : NULL;
}

const char *
kit_name(const struct submission *s, const char *path)
{
	const char *name = in_base(s, path);

	return name && s->kit && strings_have(s->kit->files, name) ? name : NULL;
}

/* ---- what is missing ------------------------------------------------------------- */

/* Something whose name the student may have meant: Children.c, children.c.txt, src/x/children.c. */
static const char *
find_lookalike(const struct submission *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++) {
		const char *last = last_part(s->entries[i].path);
		bool same = strncasecmp(last, name, strlen(name)) == 0;

		if (same && s->entries[i].kind == ENTRY_FILE &&
		    (last[strlen(name)] == '\0' || last[strlen(name)] == '.'))
			return s->entries[i].path;
	}
	return NULL;
}

/* "children.c (there is 'Children.c': capital and small letters count), runner.c" */
static void
describe_missing(struct submission *s, const struct strings *missing, struct text *t)
{
	for (size_t i = 0; i < missing->n; i++) {
		const char *name = missing->at[i], *like = find_lookalike(s, name);
		struct text shown = {0};

		text_printf(t, "%s%s", i ? ", " : "", name);
		text_put_name(&shown, like ? like : "");
		if (like && strcmp(last_part(like), name) == 0)
			text_printf(t, _(" (there is '%s': too deep, or in another folder)"),
			    text_string(&shown));
		else if (like && strcasecmp(last_part(like), name) == 0)
			text_printf(t, _(" (there is '%s': capital and small letters count)"),
			    text_string(&shown));
		else if (like)
			text_printf(t, _(" (there is '%s': rename it)"), text_string(&shown));
		text_free(&shown);
	}
}

static bool
looks_packed(const char *path)
{
	static const char *const ends[] = {
	    ".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar"};
	const char *dot = strrchr(last_part(path), '.');

	for (size_t i = 0; dot && i < sizeof ends / sizeof ends[0]; i++)
		if (strcasecmp(dot, ends[i]) == 0)
			return true;
	return false;
}

/* Nothing of the lab is there: the most helpful of several sentences. */
static int
refuse_nothing(struct submission *s)
{
	struct text shown = {0}, names = {0};
	const struct entry *packed = NULL, *locked = NULL;
	int result;

	for (size_t i = 0; i < s->n; i++) {
		if (s->entries[i].locked)
			locked = &s->entries[i];
		if (looks_packed(s->entries[i].path))
			packed = &s->entries[i];
	}
	if (locked || packed)
		text_put_name(&shown, locked ? locked->path : packed->path);
	if (s->n == 0)
		result = refuse(s, _("%s is empty; the lab asks for: %s"), s->shown,
		    list_names(&names, s->files));
	else if (locked)
		result = refuse(s,
		    _("the folder '%s' in %s cannot be read: permission denied; make it readable "
		      "(chmod)"),
		    text_string(&shown), s->shown);
	else if (packed)
		result =
		    refuse(s, _("%s holds only another archive, '%s'; unpack that and hand in %s"),
			s->shown, text_string(&shown), list_names(&names, s->files));
	else {
		describe_missing(s, s->files, &names);
		result = refuse(s,
		    _("%s holds none of the lab's files, neither at the top nor in a folder "
		      "there: %s"),
		    s->shown, text_string(&names));
	}
	text_free(&shown);
	text_free(&names);
	return result;
}

/* ---- what is there ----------------------------------------------------------------- */

static bool
is_there(const struct submission *s, const char *file)
{
	for (size_t i = 0; i < s->n; i++) {
		const char *name = chosen_name(s, s->entries[i].path);

		if (name && strcmp(name, file) == 0)
			return true;
	}
	return false;
}

static int
compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->path, ((const struct entry *)b)->path);
}

int
choose(struct submission *s)
{
	struct intake *taken = s->taken;
	struct text missing = {0};

	if (s->n > 0) /* in one order, whatever the file system's is */
		qsort(s->entries, s->n, sizeof *s->entries, compare_entries);
	if (choose_base(s) < 0)
		return -1;
	if (s->base == NULL)
		return refuse_nothing(s);
	for (size_t i = 0; i < s->files->n; i++) {
		const char *file = s->files->at[i];

		if (strings_add(is_there(s, file) ? &taken->taken : &taken->missing, file) < 0)
			return system_failed(s, s->shown);
	}
	if (taken->missing.n > 0) {
		describe_missing(s, &taken->missing, &missing);
		say(s->why, s->size, _("missing: %s"), text_string(&missing));
		text_free(&missing);
	}
	return 0;
}
