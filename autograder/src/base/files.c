/* files.c - see files.h. */
#define _GNU_SOURCE
#include "files.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Closes fd and keeps errno, for the way out of an error. */
static void
close_quietly(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

static ssize_t
read_some(int fd, void *bytes, size_t n)
{
	ssize_t got;

	do
		got = read(fd, bytes, n);
	while (got < 0 && errno == EINTR);
	return got;
}

char *
read_descriptor(int fd, size_t max, size_t *n)
{
	struct text t = {0};
	char piece[16384];
	ssize_t got;

	while ((got = read_some(fd, piece, sizeof piece)) > 0) {
		if ((size_t)got > max - t.n) {
			text_free(&t);
			errno = EFBIG;
			return NULL;
		}
		text_put_bytes(&t, piece, (size_t)got);
	}
	if (got < 0) {
		int error = errno;

		text_free(&t);
		errno = error;
		return NULL;
	}
	if (n)
		*n = t.n;
	return text_take(&t);
}

char *
read_file(const char *path, size_t max, size_t *n)
{
	/* Without O_NONBLOCK the open of a FIFO would wait for a writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	char *bytes = NULL;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) == 0) {
		if (S_ISREG(status.st_mode))
			bytes = read_descriptor(fd, max, n);
		else
			errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
	}
	close_quietly(fd);
	return bytes;
}

int
write_all(int fd, const void *bytes, size_t n)
{
	const char *at = bytes;

	while (n > 0) {
		ssize_t done = write(fd, at, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		at += done;
		n -= (size_t)done;
	}
	return 0;
}

/* Makes the rename itself survive a crash. A file system without it is no failure. */
static int
sync_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *directory = slash == NULL   ? strdup(".")
			  : slash == path ? strdup("/")
					  : strndup(path, (size_t)(slash - path));
	int fd, result;

	if (directory == NULL)
		return -1;
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	if (fd < 0)
		return errno == EACCES ? 0 : -1;
	result = fsync(fd);
	if (result < 0 && (errno == EINVAL || errno == EROFS))
		result = 0;
	close_quietly(fd);
	return result;
}

/* Fills the temporary file and closes it; a full disk may show only at close. */
static int
fill_and_close(int fd, const void *bytes, size_t n, mode_t mode)
{
	if (write_all(fd, bytes, n) < 0 || fchmod(fd, mode) < 0 || fsync(fd) < 0) {
		close_quietly(fd);
		return -1;
	}
	return close(fd);
}

int
write_file_atomic(const char *path, const void *bytes, size_t n, mode_t mode)
{
	char *temporary = text_format("%s.XXXXXX", path);
	int fd, result = -1, error;

	if (temporary == NULL)
		return -1;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd >= 0) {
		result = fill_and_close(fd, bytes, n, mode);
		if (result == 0)
			result = rename(temporary, path);
		error = errno;
		if (result < 0)
			unlink(temporary);
		errno = error;
	}
	if (result == 0)
		result = sync_directory_of(path);
	error = errno;
	free(temporary);
	errno = error;
	return result;
}

int
copy_file(const char *from, const char *to, mode_t mode, size_t max)
{
	size_t n;
	char *bytes = read_file(from, max, &n);
	int result, error;

	if (bytes == NULL)
		return -1;
	result = write_file_atomic(to, bytes, n, mode);
	error = errno;
	free(bytes);
	errno = error;
	return result;
}

static int
copy_entry(const char *from, const char *to, const char *name, size_t max_file)
{
	char *source = join_path(from, name, NULL), *target = join_path(to, name, NULL);
	struct stat status;
	int result = -1, error;

	if (source && target && lstat(source, &status) == 0) {
		if (S_ISREG(status.st_mode))
			result = copy_file(source, target, status.st_mode & 0777, max_file);
		else if (S_ISDIR(status.st_mode))
			result = copy_tree(source, target, max_file);
		else
			errno = EINVAL;
	}
	error = errno;
	free(source);
	free(target);
	errno = error;
	return result;
}

int
copy_tree(const char *from, const char *to, size_t max_file)
{
	char **names;
	size_t n;
	int result = 0, error = 0;

	if (list_directory(from, &names, &n) < 0)
		return -1;
	if (make_path(to, 0777) < 0)
		result = -1;
	for (size_t i = 0; i < n && result == 0; i++)
		result = copy_entry(from, to, names[i], max_file);
	error = errno;
	free_names(names, n);
	errno = error;
	return result;
}

/*
 * Opens a directory to be emptied. Somebody may have taken our own permissions
 * from it; fchmodat() with AT_SYMLINK_NOFOLLOW gives them back to a directory
 * and never to what a link put in its place points at.
 */
static int
open_to_empty(int parent, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(parent, name, flags);
	struct stat status;

	if (fd < 0 && errno == EACCES && fchmodat(parent, name, 0700, AT_SYMLINK_NOFOLLOW) == 0)
		fd = openat(parent, name, flags);
	if (fd < 0)
		return -1;
	if (fstat(fd, &status) == 0 && (status.st_mode & 0300) != 0300)
		(void)fchmod(fd, 0700); /* when it fails, unlinkat() will say why */
	return fd;
}

static int remove_entry(int parent, const char *name);

/* Removes everything in the directory fd, which it closes. */
static int
empty_directory(int fd)
{
	DIR *directory = fdopendir(fd);
	struct dirent *entry;
	int first_error = 0;

	if (directory == NULL) {
		close_quietly(fd);
		return -1;
	}
	for (;;) {
		errno = 0;
		entry = readdir(directory);
		if (entry == NULL)
			break;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (remove_entry(dirfd(directory), entry->d_name) < 0 && first_error == 0)
			first_error = errno;
	}
	if (first_error == 0)
		first_error = errno;
	closedir(directory);
	errno = first_error;
	return first_error ? -1 : 0;
}

static int
remove_entry(int parent, const char *name)
{
	int fd, emptied, error;

	if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -1;
	error = errno;
	fd = open_to_empty(parent, name);
	if (fd < 0) {
		if (errno == ENOTDIR)
			errno = error; /* a file that may not be removed */
		return -1;
	}
	emptied = empty_directory(fd);
	error = errno;
	if (unlinkat(parent, name, AT_REMOVEDIR) == 0)
		return 0;
	if (emptied < 0)
		errno = error;
	return -1;
}

int
remove_tree(const char *path)
{
	return remove_entry(AT_FDCWD, path);
}

/* One step of make_path(): a directory that is there is as good as a new one. */
static int
make_one(const char *path, mode_t mode)
{
	if (mkdir(path, mode) == 0)
		return 0;
	if (errno != EEXIST)
		return -1;
	if (is_directory(path))
		return 0;
	errno = ENOTDIR;
	return -1;
}

int
make_path(const char *path, mode_t mode)
{
	char *part = strdup(path);
	int result = 0, error;

	if (part == NULL)
		return -1;
	for (char *slash = part + 1; *part && result == 0; slash++) {
		slash = strchr(slash, '/');
		if (slash == NULL)
			break;
		*slash = '\0';
		result = make_one(part, mode | 0700);
		*slash = '/';
	}
	if (result == 0)
		result = make_one(part, mode);
	error = errno;
	free(part);
	errno = error;
	return result;
}

char *
join_path(const char *first, ...)
{
	struct text t = {0};
	const char *part;
	va_list parts;

	text_put(&t, first);
	va_start(parts, first);
	while ((part = va_arg(parts, const char *)) != NULL) {
		if (t.n > 0 && t.at[t.n - 1] != '/')
			text_put_char(&t, '/');
		text_put(&t, part);
	}
	va_end(parts);
	return text_take(&t);
}

bool
is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool
is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Appends a copy of name; the array doubles, so that many names stay cheap. */
static int
add_name(char ***names, size_t *n, const char *name)
{
	char *copy = strdup(name);

	if (copy == NULL)
		return -1;
	if ((*n & (*n - 1)) == 0) {
		char **more = realloc(*names, (*n ? 2 * *n : 1) * sizeof *more);

		if (more == NULL) {
			free(copy);
			return -1;
		}
		*names = more;
	}
	(*names)[(*n)++] = copy;
	return 0;
}

int
list_directory(const char *path, char ***names, size_t *n)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	int error = 0;

	*names = NULL;
	*n = 0;
	if (directory == NULL)
		return -1;
	while (error == 0 && (errno = 0, entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (add_name(names, n, entry->d_name) < 0)
			error = errno;
	}
	if (error == 0)
		error = errno;
	closedir(directory);
	if (error) {
		free_names(*names, *n);
		*names = NULL;
		*n = 0;
		errno = error;
		return -1;
	}
	if (*n > 0)
		qsort(*names, *n, sizeof **names, compare_names);
	return 0;
}

void
free_names(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}
