/*
 * folder.c - a submission that is a folder.
 *
 * Looked at are the top and the folders in it, no deeper. Every open goes one
 * name at a time from a descriptor we hold, and never through a link, so that
 * nothing that changes meanwhile can lead us elsewhere.
 */
#define _GNU_SOURCE
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "submission.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
open_folder(int parent, const char *name)
{
	return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static enum entry_kind
kind_of(int folder, const struct dirent *entry)
{
	struct stat status;

	if (fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return ENTRY_OTHER; /* gone, or not for us; the copy will say so if it matters */
	if (S_ISREG(status.st_mode))
		return ENTRY_FILE;
	if (S_ISDIR(status.st_mode))
		return ENTRY_FOLDER;
	return S_ISLNK(status.st_mode) ? ENTRY_LINK : ENTRY_OTHER;
}

/* Notes what is in one folder, whose path in the submission is prefix ("", "a/"). */
static int
list_one(struct submission *s, DIR *folder, const char *prefix)
{
	struct text path = {0};
	struct dirent *entry;
	int result = 0;

	while (result == 0 && (errno = 0, entry = readdir(folder)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		text_clear(&path);
		text_put(&path, prefix);
		text_put(&path, entry->d_name);
		errno = ENOMEM;
		result = text_failed(&path)
			     ? system_failed(s, s->shown)
			     : note_entry(s, text_string(&path), kind_of(dirfd(folder), entry));
		if (result == 0)
			s->entries[s->n - 1].unread = s->entries[s->n - 1].kind == ENTRY_FOLDER;
	}
	if (result == 0 && errno != 0)
		result = system_failed(s, s->shown);
	text_free(&path);
	return result;
}

/* Lists through a descriptor of its own, which it closes; fd is -1 when it could not be opened. */
static int
list_and_close(struct submission *s, int fd, const char *prefix)
{
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	int result, error;

	if (folder == NULL) {
		error = errno;
		if (fd >= 0)
			close(fd);
		errno = error;
		return system_failed(s, s->shown);
	}
	result = list_one(s, folder, prefix);
	error = errno;
	closedir(folder);
	errno = error;
	return result;
}

/* A folder at the top may be where the files lie; hidden ones (.git) are nobody's submission. */
static int
list_inner(struct submission *s, size_t i)
{
	const char *name = s->entries[i].path;
	char *prefix;
	int fd, result;

	if (s->entries[i].kind != ENTRY_FOLDER || name[0] == '.')
		return 0;
	fd = open_folder(s->fd, name);
	if (fd < 0 && (errno == EACCES || errno == ELOOP || errno == ENOTDIR || errno == ENOENT)) {
		s->entries[i].locked = errno == EACCES;
		return 0;
	}
	s->entries[i].unread = false;
	prefix = text_format("%s/", name);
	if (prefix == NULL) {
		if (fd >= 0)
			close(fd);
		errno = ENOMEM;
		return system_failed(s, s->shown);
	}
	result = list_and_close(s, fd, prefix);
	free(prefix);
	return result;
}

int
list_folder(struct submission *s)
{
	size_t top;
	int result;

	/* That it could be opened does not say that we may look for names in it. */
	if (faccessat(s->fd, ".", X_OK, AT_EACCESS) < 0)
		return refuse(s,
		    _("%s cannot be read: permission denied; make it readable (chmod)"), s->shown);
	result = list_and_close(s, open_folder(s->fd, "."), "");
	top = s->n;
	for (size_t i = 0; i < top && result == 0; i++)
		result = list_inner(s, i);
	return result;
}

static int
copy_one(struct submission *s, int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	int result, error;

	if (fd < 0) {
		switch (errno) {
		case ELOOP:
			return refuse(s,
			    _("'%s' in %s is a symbolic link, and links are not followed; hand in "
			      "the "
			      "file itself"),
			    name, s->shown);
		case EACCES:
		case EPERM:
			return refuse(s,
			    _("'%s' in %s cannot be read: permission denied; make it readable "
			      "(chmod)"),
			    name, s->shown);
		case ENXIO:
		case ENODEV:
			return refuse(s,
			    _("'%s' in %s is no ordinary file; hand in the file itself"), name,
			    s->shown);
		case ENOENT:
			return refuse(s, _("'%s' in %s vanished while it was read; try again"),
			    name, s->shown);
		default:
			return system_failed(s, name);
		}
	}
	result = put_from_descriptor(s, name, fd);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

/* What cannot be read is like nothing that the kit has, and listed. */
static void
compare_one(struct submission *s, int folder, const struct entry *entry)
{
	const char *name = kit_name(s, entry->path);
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	char *bytes;
	size_t n;

	if (fd < 0)
		return;
	bytes = read_descriptor(fd, INTAKE_FILE_MAX, &n);
	if (bytes != NULL)
		compare_with_kit(s, entry->path, bytes, n);
	free(bytes);
	close(fd);
}

int
copy_from_folder(struct submission *s)
{
	int folder = open_folder(s->fd, *s->base ? s->base : "."), result = 0, error;

	if (folder < 0 &&
	    (errno == ELOOP || errno == ENOTDIR || errno == ENOENT || errno == EACCES))
		return refuse(
		    s, _("'%s' in %s vanished while it was read; try again"), s->base, s->shown);
	if (folder < 0)
		return system_failed(s, s->shown);
	for (size_t i = 0; i < s->taken->taken.n && result == 0; i++)
		result = copy_one(s, folder, s->taken->taken.at[i]);
	for (size_t i = 0; i < s->n && result == 0; i++)
		if (s->entries[i].kind == ENTRY_FILE && kit_name(s, s->entries[i].path) != NULL)
			compare_one(s, folder, &s->entries[i]);
	error = errno;
	close(folder);
	errno = error;
	return result;
}
