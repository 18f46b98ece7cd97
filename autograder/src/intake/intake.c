/* intake.c - see intake.h: from what was handed in to a clean directory. */
#define _GNU_SOURCE
#include "intake.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "submission.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
refuse(struct submission *s, const char *format, ...)
{
	struct text t = {0};
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&t, format, arguments);
	va_end(arguments);
	say(s->why, s->size, "%s", text_string(&t));
	text_free(&t);
	errno = EINVAL;
	return -1;
}

int
system_failed(struct submission *s, const char *what)
{
	int error = errno;

	say(s->why, s->size, _("this machine failed, not the submission: %s: %s"), what,
	    strerror(error));
	errno = error;
	return -1;
}

const char *
list_names(struct text *t, const struct strings *names)
{
	text_clear(t);
	for (size_t i = 0; i < names->n; i++)
		text_printf(t, "%s%s", i ? ", " : "", names->at[i]);
	return text_string(t);
}

int
refuse_crowd(struct submission *s)
{
	return refuse(s,
	    _("%s holds more than %d files and folders; hand in only what the lab asks for"),
	    s->shown, INTAKE_ENTRIES_MAX);
}

int
note_entry(struct submission *s, const char *path, enum entry_kind kind)
{
	char *copy;

	if (s->n == INTAKE_ENTRIES_MAX)
		return refuse_crowd(s);
	/* Full when n is 0 or a power of two: the array doubles. */
	if ((s->n & (s->n - 1)) == 0) {
		struct entry *more = realloc(s->entries, (s->n ? 2 * s->n : 1) * sizeof *more);

		if (more == NULL)
			return system_failed(s, s->shown);
		s->entries = more;
	}
	copy = strdup(path);
	if (copy == NULL)
		return system_failed(s, s->shown);
	s->entries[s->n++] = (struct entry){.path = copy, .kind = kind};
	return 0;
}

/* ---- the clean directory -------------------------------------------------------- */

int
put_file(struct submission *s, const char *name, const void *bytes, size_t n)
{
	int fd =
	    openat(s->target, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	int error;

	if (fd < 0)
		return system_failed(s, name);
	/* The sandbox reads it under another user, whatever our umask is. */
	if (write_all(fd, bytes, n) == 0 && fchmod(fd, 0644) == 0) {
		if (close(fd) == 0)
			return 0;
		return system_failed(s, name);
	}
	error = errno;
	close(fd);
	errno = error;
	return system_failed(s, name);
}

int
put_from_descriptor(struct submission *s, const char *name, int fd)
{
	struct stat status;
	char *bytes;
	size_t n;
	int result;

	if (fstat(fd, &status) < 0)
		return system_failed(s, name);
	if (!S_ISREG(status.st_mode))
		return refuse(s, _("'%s' in %s is no ordinary file; hand in the file itself"), name,
		    s->shown);
	/* A size that lies is caught by the bound of the reading. */
	if (status.st_size > INTAKE_FILE_MAX)
		errno = EFBIG;
	bytes = status.st_size > INTAKE_FILE_MAX ? NULL : read_descriptor(fd, INTAKE_FILE_MAX, &n);
	if (bytes == NULL && errno == EFBIG)
		return refuse(s, _("'%s' in %s is bigger than %d KiB; hand in the source only"),
		    name, s->shown, INTAKE_FILE_MAX >> 10);
	if (bytes == NULL)
		return system_failed(s, name);
	result = put_file(s, name, bytes, n);
	free(bytes);
	return result;
}

/* After a failure the directory is as empty as it was given. */
static void
take_back(struct submission *s)
{
	int error = errno;

	for (size_t i = 0; i < s->files->n && s->target >= 0; i++)
		(void)unlinkat(s->target, s->files->at[i], 0);
	intake_free(s->taken);
	errno = error;
}

/* ---- what it is ------------------------------------------------------------------- */

static int
refuse_unopened(struct submission *s)
{
	struct stat status;

	switch (errno) {
	case ENOENT:
		return refuse(s, _("there is no %s"), s->shown);
	case EACCES:
	case EPERM:
		return refuse(s,
		    _("%s cannot be read: permission denied; make it readable (chmod)"), s->shown);
	case ENOTDIR:
		return refuse(s, _("%s leads through something that is no folder"), s->shown);
	case ENAMETOOLONG:
		return refuse(s, _("the name is too long for this machine: %s"), s->shown);
	case ENXIO:
	case ENODEV:
		return refuse(
		    s, _("%s is a device or a pipe; hand in a folder or an archive"), s->shown);
	case ELOOP:
		if (lstat(s->path, &status) == 0 && S_ISLNK(status.st_mode))
			return refuse(s,
			    _("%s is a symbolic link, and links are not followed; name the folder "
			      "or the archive itself"),
			    s->shown);
		return refuse(s, _("%s goes round in a circle of symbolic links"), s->shown);
	default:
		return system_failed(s, s->shown);
	}
}

/* A single file is enough where the lab asks for a single file. */
static int
take_single(struct submission *s)
{
	if (put_from_descriptor(s, s->files->at[0], s->fd) < 0)
		return -1;
	if (strings_add(&s->taken->taken, s->files->at[0]) < 0)
		return system_failed(s, s->shown);
	return 0;
}

static int
take_archive(struct submission *s)
{
	const char *slash = strrchr(s->path, '/');
	const char *name = slash ? slash + 1 : s->path;
	struct text t = {0};
	int result;

	if (strings_have(s->files, name) && s->files->n == 1)
		return take_single(s);
	if (strings_have(s->files, name)) {
		result = refuse(s,
		    _("%s is a single file, but the lab asks for several (%s); hand in a folder or "
		      "an "
		      "archive"),
		    s->shown, list_names(&t, s->files));
		text_free(&t);
		return result;
	}
	return list_archive(s) < 0 || choose(s) < 0 || copy_from_archive(s) < 0 ? -1
										: list_ignored(s);
}

static int
take(struct submission *s)
{
	struct stat status;

	/* O_NONBLOCK: a FIFO must not make us wait for a writer. */
	s->fd = open(s->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (s->fd < 0)
		return refuse_unopened(s);
	if (fstat(s->fd, &status) < 0)
		return system_failed(s, s->shown);
	if (S_ISDIR(status.st_mode))
		return list_folder(s) < 0 || choose(s) < 0 || copy_from_folder(s) < 0
			   ? -1
			   : list_ignored(s);
	if (S_ISREG(status.st_mode) && status.st_size == 0)
		return refuse(
		    s, _("the file %s is empty; hand in a folder or an archive"), s->shown);
	if (S_ISREG(status.st_mode))
		return take_archive(s);
	return refuse(s, _("%s is a device or a pipe; hand in a folder or an archive"), s->shown);
}

static void
close_submission(struct submission *s)
{
	int error = errno;

	for (size_t i = 0; i < s->n; i++)
		free(s->entries[i].path);
	free(s->entries);
	free(s->base);
	free(s->shown);
	if (s->fd >= 0)
		close(s->fd);
	if (s->target >= 0)
		close(s->target);
	errno = error;
}

/* The submission as sentences name it. */
static char *
make_shown(const char *path)
{
	struct text t = {0};

	text_put_name(&t, path);
	return text_take(&t);
}

int
intake(const char *submission, const struct strings *files, const struct intake_kit *kit,
    const char *directory, struct intake *taken, char *why, size_t size)
{
	struct submission s = {.path = submission,
	    .fd = -1,
	    .target = -1,
	    .files = files,
	    .kit = kit,
	    .taken = taken,
	    .why = why,
	    .size = size};
	int result = -1;

	*taken = (struct intake){0};
	say(why, size, "%s", "");
	s.shown = make_shown(submission);
	if (s.shown)
		s.target = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s.target < 0)
		system_failed(&s, directory);
	else
		result = take(&s);
	if (result < 0)
		take_back(&s);
	close_submission(&s);
	return result;
}

void
intake_free(struct intake *taken)
{
	strings_free(&taken->taken);
	strings_free(&taken->missing);
	strings_free(&taken->ignored);
	taken->n_ignored = 0;
}
