/* new_lab.c - see new_lab.h. */
#include "new_lab.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "lab.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TEMPLATE_MAX = 1 << 20 };

/* Where each folder of the template goes to. */
static const struct {
	const char *from, *to;
} parts[] = {{"lab", "labs"}, {"solution", "solutions"}, {"skeleton", "skeletons"}};

enum { PARTS = sizeof parts / sizeof parts[0] };

/* ---- one file ------------------------------------------------------------------------- */

/* The text with @NAME@ and @NUMBER@ filled in; malloc'd. */
static char *
fill_in(const char *text, const char *name)
{
	struct text t = {0};

	while (*text) {
		const char *at = strchr(text, '@');

		if (at == NULL)
			at = text + strlen(text);
		text_put_bytes(&t, text, (size_t)(at - text));
		text = at;
		if (strncmp(at, "@NAME@", 6) == 0) {
			text_put(&t, name);
			text += 6;
		} else if (strncmp(at, "@NUMBER@", 8) == 0) {
			text_put_bytes(&t, name, 2);
			text += 8;
		} else if (*at) {
			text_put_char(&t, *text++);
		}
	}
	return text_take(&t);
}

static int
make_file(const char *from, const char *to, const char *name)
{
	char *text = read_file(from, TEMPLATE_MAX, NULL);
	char *filled = text ? fill_in(text, name) : NULL;
	int result = -1, error;

	if (filled)
		result = write_file_atomic(to, filled, strlen(filled), 0644);
	error = errno;
	free(text);
	free(filled);
	errno = error;
	return result;
}

/* ---- a folder --------------------------------------------------------------------------- */

static int make_folder(const char *from, const char *to, const char *name);

/* Files of C lie in the template as x.c.in, so that nobody takes them for sources of the kit. */
static int
make_entry(const char *from, const char *to, const char *entry, const char *name)
{
	size_t n = strlen(entry);
	char *source = join_path(from, entry, NULL), *target = join_path(to, entry, NULL);
	int result = -1, error;

	if (source && target) {
		if (n > 3 && strcmp(entry + n - 3, ".in") == 0)
			target[strlen(target) - 3] = '\0';
		result = is_directory(source) ? make_folder(source, target, name)
					      : make_file(source, target, name);
	}
	error = errno;
	free(source);
	free(target);
	errno = error;
	return result;
}

static int
make_folder(const char *from, const char *to, const char *name)
{
	char **entries;
	size_t n;
	int result, error;

	if (list_directory(from, &entries, &n) < 0)
		return -1;
	result = make_path(to, 0755);
	for (size_t i = 0; i < n && result == 0; i++)
		result = make_entry(from, to, entries[i], name);
	error = errno;
	free_names(entries, n);
	errno = error;
	return result;
}

/* ---- the lab ------------------------------------------------------------------------------- */

/* root/labs/NN-name and its like; malloc'd. */
static char *
place_of(const char *root, size_t part, const char *name)
{
	return join_path(root, parts[part].to, name, NULL);
}

static int
make_part(const char *root, size_t part, const char *name)
{
	char *from = join_path(root, "autograder/templates/new-lab", parts[part].from, NULL);
	char *to = place_of(root, part, name);
	int result = -1, error;

	if (from && to)
		result = make_folder(from, to, name);
	error = errno;
	free(from);
	free(to);
	errno = error;
	return result;
}

/* Is something of this name there already, even a link or a half of a lab? */
static bool
is_taken(const char *root, const char *name)
{
	bool taken = false;

	for (size_t i = 0; i < PARTS; i++) {
		char *place = place_of(root, i, name);
		struct stat status;

		if (place && lstat(place, &status) == 0) {
			complain(_("%s is there already; choose another name"), place);
			taken = true;
		}
		free(place);
	}
	return taken;
}

/* Labs are found by their numbers, so that two may not share one. */
static bool
is_number_taken(const char *root, const char *name)
{
	const char number[3] = {name[0], name[1], '\0'};
	char *other = lab_find(root, number);
	bool taken = other != NULL || errno == EEXIST;

	if (taken)
		complain(_("the number %s is that of %s; choose another"), number,
		    other ? other : _("several labs"));
	free(other);
	return taken;
}

static int
refuse_name(const char *name)
{
	struct text shown = {0};

	text_put_name(&shown, name);
	complain(_("'%s' is no name for a lab: two digits, '-', and small letters, digits and '-', "
		   "as in 14-timers"),
	    text_string(&shown));
	text_free(&shown);
	errno = EINVAL;
	return -1;
}

static void
take_back(const char *root, const char *name)
{
	int error = errno;

	for (size_t i = 0; i < PARTS; i++) {
		char *place = place_of(root, i, name);

		if (place)
			(void)remove_tree(place);
		free(place);
	}
	errno = error;
}

static void
say_what_next(FILE *out, const char *name)
{
	fprintf(out,
	    _("labs/%s, solutions/%s and skeletons/%s are there: a small lab that works. Try it:\n"
	      "\n"
	      "    make check LAB=%.2s DIR=solutions/%s\n"
	      "    make prove LAB=%.2s\n"
	      "\n"
	      "Then make it yours. gabel-lab(5) describes lab.yaml and the folder; the first "
	      "judge\n"
	      "is explained in autograder/judge. After every step this says what is missing:\n"
	      "\n"
	      "    build/gabel lab validate %s\n"),
	    name, name, name, name, name, name, name);
}

int
new_lab(const char *root, const char *name, FILE *out)
{
	int error;

	if (!lab_name_is_good(name))
		return refuse_name(name);
	if (is_taken(root, name) || is_number_taken(root, name)) {
		errno = EEXIST;
		return -1;
	}
	/* labs/ comes last: a lab that is half there has no lab.yaml yet. */
	for (size_t i = PARTS; i-- > 0;)
		if (make_part(root, i, name) < 0) {
			error = errno;
			take_back(root, name);
			complain(_("the lab %s cannot be made: %s"), name, strerror(error));
			errno = error;
			return -1;
		}
	say_what_next(out, name);
	return 0;
}
