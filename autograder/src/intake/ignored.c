/*
 * ignored.c - what a submission holds besides the lab's files.
 *
 * A working copy holds the kit's headers, too. The kit's own are compiled in any
 * case; a student has to hear of it only where hers are different.
 */
#include "../base/files.h"
#include "../base/text.h"
#include "submission.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What cannot be read is like nothing. */
static bool
is_as_in_kit(const struct submission *s, const char *name, const void *bytes, size_t n)
{
	char *path = join_path(s->kit->directory, name, NULL);
	size_t size = 0;
	char *own = path ? read_file(path, INTAKE_FILE_MAX, &size) : NULL;
	bool same = own && size == n && memcmp(own, bytes, n) == 0;

	free(own);
	free(path);
	return same;
}

void
compare_with_kit(struct submission *s, const char *path, const void *bytes, size_t n)
{
	bool same = is_as_in_kit(s, kit_name(s, path), bytes, n);

	for (size_t i = 0; i < s->n; i++) {
		struct entry *entry = &s->entries[i];

		if (strcmp(entry->path, path) != 0)
			continue;
		entry->unlike = entry->unlike || !same;
		entry->kits = !entry->unlike;
	}
}

/* Files, links, and folders that nobody looked into. */
static bool
is_ignored(const struct submission *s, const struct entry *entry)
{
	if (entry->kind == ENTRY_FOLDER)
		return entry->unread;
	return !entry->kits && !chosen_name(s, entry->path);
}

int
list_ignored(struct submission *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct entry *entry = &s->entries[i];
		struct text t = {0};
		int failed;

		if (!is_ignored(s, entry) || s->taken->n_ignored++ >= INTAKE_LIST)
			continue;
		text_put_name(&t, entry->path);
		if (entry->kind == ENTRY_FOLDER)
			text_put_char(&t, '/');
		failed = text_failed(&t) || strings_add(&s->taken->ignored, text_string(&t)) < 0;
		text_free(&t);
		if (failed) {
			errno = ENOMEM;
			return system_failed(s, s->shown);
		}
	}
	return 0;
}
