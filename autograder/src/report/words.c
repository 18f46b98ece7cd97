/* words.c - see words.h. */
#include "words.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CHAPTER_MAX = 4 << 20 };

const char *
words_verdict(enum verdict v)
{
	switch (v) {
	case PASSED:
		return _("passed");
	case FAILED:
		return _("failed");
	case CRASHED:
		return _("crashed");
	case TIMED_OUT:
		return _("timed out");
	case OUT_OF_MEMORY:
		return _("out of memory");
	case LEFT_PROCESSES:
		return _("left processes");
	case DOES_NOT_BUILD:
		return _("does not build");
	case NOT_REACHED:
		return _("not reached");
	case GRADER_FAULT:
		break;
	}
	return _("grader fault");
}

bool
words_explains(const struct check_result *c)
{
	return c->verdict != PASSED && c->verdict != GRADER_FAULT && !c->hidden;
}

const char *
words_label(enum label label)
{
	switch (label) {
	case RAN:
		return _("You ran:");
	case EXPECTED:
		return _("Expected:");
	case SEEN:
		return _("Seen:");
	case FAULTS:
		/* TRANSLATORS: label of what the grader did on purpose, such as a read cut short.
		 */
		return _("Faults:");
	case WHY:
		/* TRANSLATORS: label of the rule that was broken. */
		return _("Why:");
	case HINT:
		return _("Hint:");
	case MORE:
		/* TRANSLATORS: label of the second step of a hint. */
		return _("More:");
	case NEXT:
		/* TRANSLATORS: label of the command that shows the failure again. */
		return _("Next:");
	case READ:
		/* TRANSLATORS: label of a man page and a section of the notes. */
		return _("Read:");
	case LABELS:
		break;
	}
	return "";
}

char *
words_points(const struct result *r)
{
	struct text t = {0};
	unsigned lost = r->max_score > r->points_gradable ? r->max_score - r->points_gradable : 0;

	text_printf(&t, _("points %u of %u"), r->score, r->points_gradable);
	if (lost > 0)
		text_printf(&t,
		    ngettext("; %u point could not be judged and does not count",
			"; %u points could not be judged and do not count", lost),
		    lost);
	return text_take(&t);
}

char *
words_whom_to_tell(const struct result *r)
{
	struct text t = {0};
	bool any = false;

	text_printf(&t, _("Please tell your instructor: %s, seed %llu"), r->lab ? r->lab : "",
	    (unsigned long long)r->seed);
	for (size_t i = 0; i < r->n_checks; i++) {
		if (r->checks[i].verdict != GRADER_FAULT)
			continue;
		text_printf(&t, "%s %s", any ? "," : ";", r->checks[i].id);
		any = true;
	}
	return text_take(&t);
}

char *
words_list(const json_t *names)
{
	struct text t = {0};

	for (size_t i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));

		if (name)
			text_printf(&t, "%s%s", t.n > 0 ? ", " : "", name);
	}
	return text_take(&t);
}

/* ---- the command that replays --------------------------------------------------- */

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("_./+,@%=-", c) != NULL) || (unsigned char)c >= 0x80;
}

/*
 * DIR goes through make and a shell. What neither takes harmlessly is left for
 * the reader to fill in: a command that does something else would be worse.
 */
static void
put_directory(struct text *t, const char *directory)
{
	bool plain = true, fits = utf8_valid(directory, strlen(directory), NULL);

	for (const char *c = directory; *c; c++) {
		plain = plain && is_plain(*c);
		fits =
		    fits && (unsigned char)*c >= ' ' && *c != 0x7f && strchr("'\"$#\\", *c) == NULL;
	}
	text_put(t, " DIR=");
	if (fits)
		text_printf(t, plain ? "%s" : "'%s'", directory);
	else
		text_put(t, "…");
}

char *
words_replay(const struct result *r, const struct check_result *c, const struct report_options *o)
{
	struct text t = {0};
	size_t number = strspn(r->lab, "0123456789");
	size_t length = number ? number : strlen(r->lab);
	const char *directory = o->directory;
	bool is_default = directory == NULL;

	/* make's own default is work/$(LAB), with LAB as it was typed. */
	if (directory && strncmp(directory, "work/", 5) == 0) {
		const char *typed = directory + 5;

		if (strcmp(typed, r->lab) == 0)
			length = strlen(r->lab);
		is_default = strlen(typed) == length && strncmp(typed, r->lab, length) == 0;
	}
	text_put(&t, "make check LAB=");
	text_put_bytes(&t, r->lab, length);
	if (!is_default)
		put_directory(&t, directory);
	text_printf(&t, " SEED=%" PRIu64 " ONLY=%s", r->seed, c->id);
	if (o->language)
		text_printf(&t, " CHECKFLAGS='--lang %s'", o->language);
	return text_take(&t);
}

/* ---- injected faults --------------------------------------------------------------- */

static void
put_fault(struct text *t, const json_t *fault)
{
	const char *name = json_string_value(json_object_get(fault, "name"));
	const json_t *delivered = json_object_get(fault, "delivered");
	unsigned long times = (unsigned long)json_integer_value(delivered);

	if (json_is_string(fault))
		name = json_string_value(fault);
	/* What never came about explains nothing. */
	if (name == NULL || (json_is_integer(delivered) && times == 0))
		return;
	if (t->n > 0)
		text_put(t, "; ");
	text_put(t, name);
	if (times > 1)
		text_printf(t, ngettext(" (%lu time)", " (%lu times)", times), times);
}

char *
words_faults(const struct check_result *c)
{
	struct text t = {0};

	for (size_t i = 0; i < json_array_size(c->faults); i++)
		put_fault(&t, json_array_get(c->faults, i));
	if (t.n == 0 && !text_failed(&t)) {
		errno = 0;
		return NULL;
	}
	return text_take(&t);
}

/* ---- the lecture notes --------------------------------------------------------------- */

/* Where the anchor stands: [[wait]], [#wait], [#wait,more]; not [#wait-more]. NULL when nowhere. */
static char *
find_anchor(char *chapter, const char *anchor)
{
	size_t n = strlen(anchor);

	for (char *at = chapter; (at = strstr(at, anchor)) != NULL; at += n) {
		if (at - chapter < 2)
			continue;
		if (strncmp(at - 2, "[[", 2) == 0 && strncmp(at + n, "]]", 2) == 0)
			return at;
		if (strncmp(at - 2, "[#", 2) == 0 && at[n] != '\0' && strchr("],.%", at[n]))
			return at;
	}
	return NULL;
}

/* The text of the first heading after the anchor; cut out of chapter, which is changed. */
static char *
heading_after(char *chapter, const char *anchor)
{
	char *found = find_anchor(chapter, anchor), *to;

	if (found)
		found = strstr(found, "\n=");
	if (found == NULL)
		return NULL;
	found += 1 + strspn(found + 1, "= ");
	found[strcspn(found, "\r\n")] = '\0';
	to = found;
	for (const char *from = found; *from; from++)
		if (*from != '`') /* AsciiDoc's mark for code */
			*to++ = *from;
	*to = '\0';
	return *found ? found : NULL;
}

static char *
title_in_file(const char *path, const char *anchor)
{
	char *chapter = read_file(path, CHAPTER_MAX, NULL);
	char *heading = chapter ? heading_after(chapter, anchor) : NULL;
	char *title = heading ? strdup(heading) : NULL;

	free(chapter);
	return title;
}

/* The title of section anchor in the chapter whose file name begins with "NN-"; NULL if unknown. */
static char *
section_title(const char *root, const char *chapter, size_t n, const char *anchor)
{
	char *directory = join_path(root, "lectures", messages_language(), NULL);
	char **names = NULL, *title = NULL;
	size_t n_names = 0;

	if (directory && list_directory(directory, &names, &n_names) == 0) {
		for (size_t i = 0; i < n_names && title == NULL; i++) {
			size_t length = strlen(names[i]);
			char *path;

			if (strncmp(names[i], chapter, n) != 0 || names[i][n] != '-' ||
			    length < 5 || strcmp(names[i] + length - 5, ".adoc") != 0)
				continue;
			path = join_path(directory, names[i], NULL);
			title = path ? title_in_file(path, anchor) : NULL;
			free(path);
		}
		free_names(names, n_names);
	}
	free(directory);
	return title;
}

static char *
lecture(const struct check_result *c, const char *root)
{
	const char *hash = c->lecture ? strchr(c->lecture, '#') : NULL;
	char *title = NULL, *words;
	int chapter;

	errno = 0;
	if (hash == NULL || hash == c->lecture || hash - c->lecture > 16)
		return NULL;
	chapter = (int)(hash - c->lecture);
	if (root)
		title = section_title(root, c->lecture, (size_t)chapter, hash + 1);
	/* TRANSLATORS: a chapter's number and a section's title in the lecture notes. */
	words =
	    text_format(_("chapter %.*s, \"%s\""), chapter, c->lecture, title ? title : hash + 1);
	free(title);
	return words;
}

char *
words_reading(const struct check_result *c, const char *root)
{
	char *place = lecture(c, root);
	struct text t = {0};

	if (c->man)
		text_put(&t, c->man);
	if (place)
		text_printf(&t, "%s%s", t.n > 0 ? "; " : "", place);
	free(place);
	if (t.n == 0 && !text_failed(&t)) {
		errno = 0;
		return NULL;
	}
	return text_take(&t);
}
