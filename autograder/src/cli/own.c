/* own.c - see own.h. */
#include "own.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "../lab/reference.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* "work/13-mutexd" -> "/home/anna/work"; malloc'd, NULL with errno. */
static char *
folder_around(const char *submission)
{
	char *path = realpath(submission, NULL), *slash = path == NULL ? NULL : strrchr(path, '/');

	if (slash != NULL)
		slash[slash == path] = '\0';
	return path;
}

static int
read_references(const struct lab *lab, struct references *references)
{
	char *wrong;
	int result = references_read(lab, references, &wrong);

	free(wrong);
	if (result < 0)
		complain("%s/reference: %s", lab->directory, strerror(errno));
	return result;
}

/* Is every file there? Complains about the first that is missing. */
static bool
has_files(const struct references *references, const char *around)
{
	bool all = true;

	for (size_t i = 0; i < references->n && all; i++) {
		const struct reference *r = &references->at[i];
		char *folder;

		if (r->lab == NULL)
			continue;
		folder = reference_own_folder(r, around);
		all = folder != NULL;
		if (!all)
			complain(_("%s/%s/%s is missing: with --own the lab is linked with your "
				   "own files, which lie beside the submission"),
			    around, r->lab, r->name);
		free(folder);
	}
	return all;
}

char *
find_own(const struct lab *lab, const char *submission)
{
	struct references references;
	char *around;

	if (!lab_has_references(lab)) {
		complain(_("%s builds on no other lab; --own is for those that do"), lab->name);
		return NULL;
	}
	if (read_references(lab, &references) < 0)
		return NULL;
	around = folder_around(submission);
	if (around == NULL)
		complain("%s: %s", submission, strerror(errno));
	else if (!has_files(&references, around)) {
		free(around);
		around = NULL;
	}
	references_free(&references);
	return around;
}

/* Each lab once. */
static void
put_labs(struct text *t, const struct references *references)
{
	struct strings seen = {0};

	for (size_t i = 0; i < references->n; i++) {
		const char *lab = references->at[i].lab;

		if (lab == NULL || strings_have(&seen, lab) || strings_add(&seen, lab) < 0)
			continue;
		text_printf(t, "%s%s", seen.n > 1 ? ", " : "", lab);
	}
	strings_free(&seen);
}

int
say_own(const struct lab *lab, FILE *out)
{
	struct references references;
	struct text labs = {0};
	int result = -1;

	if (read_references(lab, &references) < 0)
		return -1;
	put_labs(&labs, &references);
	if (fprintf(out,
		_("With your own files of: %s. This is no grade: for that, the reference "
		  "solutions take their place.\n\n"),
		text_string(&labs)) >= 0)
		result = 0;
	text_free(&labs);
	references_free(&references);
	return result;
}
