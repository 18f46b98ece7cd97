/*
 * archive.c - a submission that is a tar or zip archive, known by its content.
 *
 * The archive is read twice: the first time to list it and to prove that all
 * of it is sound and small, the second time to copy the chosen files. libarchive only parses;
 * it never writes to the disk. What an entry claims (its size, its
 * name) is never believed where it could do harm: every byte that comes out
 * is counted, also of entries that nobody wants.
 */
#define _GNU_SOURCE
#include "../base/messages.h"
#include "../base/text.h"
#include "submission.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES_MAX = 4096 };

/* Sentences for what stops libarchive. */
static int
refuse_archive(struct submission *s, struct archive *a)
{
	const char *words = archive_error_string(a);
	struct text t = {0};
	int result;

	errno = archive_errno(a);
	if (errno == EIO)
		return system_failed(s, s->shown);
	if (errno == ENOMEM)
		return refuse(s,
		    _("%s needs too much memory to unpack; pack it with the usual settings"),
		    s->shown);
	text_put_name(&t, words ? words : "?");
	result = refuse(s, _("the archive %s is damaged or incomplete (%s); pack it anew"),
	    s->shown, text_string(&t));
	text_free(&t);
	return result;
}

static int
refuse_format(struct submission *s)
{
	struct text t = {0};
	int result = refuse(s,
	    _("%s is neither a folder nor a tar or zip archive; hand in a folder, a .tar.gz or a "
	      ".zip with: %s"),
	    s->shown, list_names(&t, s->files));

	text_free(&t);
	return result;
}

/* Formats and filters that may be handed in, all of them built into libarchive. */
static bool
support(struct archive *a)
{
	return archive_read_support_filter_gzip(a) == ARCHIVE_OK &&
	       archive_read_support_filter_bzip2(a) == ARCHIVE_OK &&
	       archive_read_support_filter_xz(a) == ARCHIVE_OK &&
	       archive_read_support_filter_zstd(a) == ARCHIVE_OK &&
	       archive_read_support_format_tar(a) == ARCHIVE_OK &&
	       archive_read_support_format_zip(a) == ARCHIVE_OK;
}

static struct archive *
open_archive(struct submission *s)
{
	struct archive *a = archive_read_new();

	if (a == NULL || !support(a)) {
		errno = a ? ENOTSUP : ENOMEM;
		system_failed(s, "libarchive");
	} else if (lseek(s->fd, 0, SEEK_SET) < 0) {
		system_failed(s, s->shown);
	} else if (archive_read_open_fd(a, s->fd, 65536) != ARCHIVE_OK) {
		/* Unpacked, as far as it is packed, and then it is nothing that we know. */
		if (archive_format(a) == 0 && archive_filter_count(a) > 0)
			refuse_format(s);
		else
			refuse_archive(s, a);
	} else {
		return a;
	}
	archive_read_free(a);
	return NULL;
}

static void
close_archive(struct archive *a)
{
	int error = errno;

	archive_read_free(a);
	errno = error;
}

/* ---- names ------------------------------------------------------------------------ */

/*
 * The path without "." and empty parts goes to clean. Returns -1 when it leads
 * out of the archive: from the root, or through "..".
 */
static int
clean_path(struct submission *s, const char *path, struct text *clean)
{
	struct text shown = {0};
	bool leads_out = path[0] == '/';

	text_clear(clean);
	for (const char *part = path; *part && !leads_out;) {
		size_t n = strcspn(part, "/");

		leads_out = n == 2 && strncmp(part, "..", 2) == 0;
		if (n > 0 && !(n == 1 && part[0] == '.')) {
			text_put(clean, clean->n ? "/" : "");
			text_put_bytes(clean, part, n);
		}
		part += n + (part[n] == '/');
	}
	if (!leads_out)
		return 0;
	text_put_name(&shown, path);
	refuse(s, _("the archive %s holds the path '%s', which leads out of it; pack it anew"),
	    s->shown, text_string(&shown));
	text_free(&shown);
	return -1;
}

/*
 * The entry's path, cleaned. "" is the archive's own top. A name that cannot be
 * read is none of ours.
 */
static int
path_of(struct submission *s, struct archive_entry *entry, struct text *clean)
{
	const char *path = archive_entry_pathname(entry);

	if (path == NULL)
		path = archive_entry_pathname_utf8(entry);
	if (path == NULL)
		path = "?";
	if (strlen(path) > PATH_BYTES_MAX)
		return refuse(s,
		    _("the archive %s holds a name of more than %d bytes; pack it anew"), s->shown,
		    PATH_BYTES_MAX);
	if (clean_path(s, path, clean) < 0)
		return -1;
	if (!text_failed(clean))
		return 0;
	errno = ENOMEM;
	return system_failed(s, s->shown);
}

static enum entry_kind
kind_of(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry) || archive_entry_hardlink_utf8(entry))
		return ENTRY_LINK;
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
		return ENTRY_FILE;
	case AE_IFDIR:
		return ENTRY_FOLDER;
	case AE_IFLNK:
		return ENTRY_LINK;
	default:
		return ENTRY_OTHER;
	}
}

/* ---- first reading: list, and prove it sound --------------------------------------- */

static int
refuse_bomb(struct submission *s)
{
	return refuse(s,
	    _("the archive %s unpacks to more than %d MiB; hand in only what the lab asks for"),
	    s->shown, INTAKE_UNPACKED_MAX >> 20);
}

/* Reads the entry's data and counts it; total is what all entries unpack to so far. */
static int
count_data(struct submission *s, struct archive *a, int64_t *total)
{
	const int64_t start = *total;
	int64_t at = 0;
	const void *bytes;
	size_t n;
	la_int64_t offset;
	int result;

	while ((result = archive_read_data_block(a, &bytes, &n, &offset)) == ARCHIVE_OK) {
		/* A hole in a sparse file counts like the zeros that it stands for. */
		if (offset < 0 || offset > INTAKE_UNPACKED_MAX || n > INTAKE_UNPACKED_MAX)
			return refuse_bomb(s);
		if (offset + (int64_t)n > at)
			at = offset + (int64_t)n;
		*total = start + at;
		if (*total > INTAKE_UNPACKED_MAX)
			return refuse_bomb(s);
	}
	return result == ARCHIVE_EOF ? 0 : refuse_archive(s, a);
}

/* Refuses at once what the entry's head already tells. */
static int
examine_head(struct submission *s, struct archive_entry *entry, const char *path, int64_t total)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	int64_t size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;

	if (archive_entry_is_encrypted(entry))
		return refuse(
		    s, _("the archive %s is encrypted; pack it without a password"), s->shown);
	if (size > INTAKE_FILE_MAX && strings_have(s->files, name))
		return refuse(s, _("'%s' in %s is bigger than %d KiB; hand in the source only"),
		    name, s->shown, INTAKE_FILE_MAX >> 10);
	if (size < 0 || size > INTAKE_UNPACKED_MAX - total)
		return refuse_bomb(s);
	return 0;
}

static int
list_entry(struct submission *s, struct archive *a, struct archive_entry *entry, int64_t *total)
{
	struct text path = {0};
	int result = path_of(s, entry, &path);

	if (result == 0)
		result = examine_head(s, entry, text_string(&path), *total);
	if (result == 0 && path.n > 0)
		result = note_entry(s, text_string(&path), kind_of(entry));
	text_free(&path);
	if (result < 0)
		return -1;
	return count_data(s, a, total);
}

int
list_archive(struct submission *s)
{
	struct archive *a = open_archive(s);
	struct archive_entry *entry;
	int64_t total = 0;
	int got, result = 0, heads = 0;

	if (a == NULL)
		return -1;
	while (result == 0 && (got = archive_read_next_header(a, &entry)) != ARCHIVE_EOF) {
		if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
			result = refuse_archive(s, a);
		else if (heads++ >= INTAKE_ENTRIES_MAX)
			result = refuse_crowd(s);
		/* Heads may be long too: all that the filters gave out counts. */
		else if (archive_filter_bytes(a, 0) > 2 * (int64_t)INTAKE_UNPACKED_MAX)
			result = refuse_bomb(s);
		else
			result = list_entry(s, a, entry, &total);
	}
	close_archive(a);
	return result;
}

/* ---- second reading: copy ------------------------------------------------------------ */

/* The entry's bytes, malloc'd, and their number, which may be one too many; or NULL: refused. */
static char *
read_entry(struct submission *s, struct archive *a, const char *name, size_t *n)
{
	char *bytes = malloc(INTAKE_FILE_MAX + 1);
	la_ssize_t got = 1;

	*n = 0;
	if (bytes == NULL) {
		system_failed(s, name);
		return NULL;
	}
	while (got > 0 && *n <= INTAKE_FILE_MAX) {
		got = archive_read_data(a, bytes + *n, INTAKE_FILE_MAX + 1 - *n);
		if (got > 0)
			*n += (size_t)got;
	}
	if (got >= 0)
		return bytes;
	free(bytes);
	refuse_archive(s, a);
	return NULL;
}

static int
copy_entry(struct submission *s, struct archive *a, const char *name)
{
	size_t n;
	char *bytes = read_entry(s, a, name, &n);
	int result;

	if (bytes == NULL)
		return -1;
	if (n > INTAKE_FILE_MAX)
		result = refuse(s, _("'%s' in %s is bigger than %d KiB; hand in the source only"),
		    name, s->shown, INTAKE_FILE_MAX >> 10);
	else
		result = put_file(s, name, bytes, n);
	free(bytes);
	return result;
}

static int
compare_entry(struct submission *s, struct archive *a, const char *path)
{
	size_t n;
	char *bytes = read_entry(s, a, path, &n);

	if (bytes == NULL)
		return -1;
	compare_with_kit(s, path, bytes, n);
	free(bytes);
	return 0;
}

/* Copies the entry; done has those that were. */
static int
copy_chosen(struct submission *s, struct archive *a, enum entry_kind kind, const char *name,
    struct strings *done)
{
	int result;

	if (kind == ENTRY_LINK)
		result = refuse(s,
		    _("'%s' in %s is a link, and links are not followed; pack the file itself "
		      "(tar -h --hard-dereference)"),
		    name, s->shown);
	else if (kind != ENTRY_FILE)
		result = refuse(s, _("'%s' in %s is no ordinary file; hand in the file itself"),
		    name, s->shown);
	else if (strings_have(done, name))
		result = refuse(s,
		    _("'%s' is in %s more than once, so that it is not clear which counts; pack it "
		      "anew"),
		    name, s->shown);
	else if (strings_add(done, name) < 0)
		result = system_failed(s, name);
	else
		result = copy_entry(s, a, name);
	return result;
}

static int
use_entry(
    struct submission *s, struct archive *a, struct archive_entry *entry, struct strings *done)
{
	struct text path = {0};
	int result = path_of(s, entry, &path);
	const char *name = result == 0 ? chosen_name(s, text_string(&path)) : NULL;
	enum entry_kind kind = kind_of(entry);

	if (name != NULL)
		result = copy_chosen(s, a, kind, name, done);
	else if (result == 0 && kind == ENTRY_FILE && kit_name(s, text_string(&path)) != NULL)
		result = compare_entry(s, a, text_string(&path));
	text_free(&path);
	return result;
}

int
copy_from_archive(struct submission *s)
{
	struct archive *a = open_archive(s);
	struct archive_entry *entry;
	struct strings done = {0};
	int got, result = 0;

	if (a == NULL)
		return -1;
	/* To the end, although all may be copied: a second copy must not pass unseen. */
	while (result == 0 && (got = archive_read_next_header(a, &entry)) != ARCHIVE_EOF)
		result = got == ARCHIVE_OK || got == ARCHIVE_WARN ? use_entry(s, a, entry, &done)
								  : refuse_archive(s, a);
	if (result == 0 && done.n < s->taken->taken.n)
		result = refuse(s, _("%s changed while it was read; try again"), s->shown);
	strings_free(&done);
	close_archive(a);
	return result;
}
