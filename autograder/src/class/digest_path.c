/*
 * The digest of a file or a folder. Every part goes in with its length before
 * it, so that no two different folders give the same stream of bytes.
 */
#include "digest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct walk {
	struct digest digest;
	unsigned entries;
	unsigned depth;
};

static int add_directory(struct walk *w, int fd);

static void
add_number(struct walk *w, uint64_t n)
{
	unsigned char bytes[8];

	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(n >> (8 * i));
	digest_add(&w->digest, bytes, sizeof bytes);
}

/* The size and the contents, as far as they matter. */
static int
add_file(struct walk *w, int fd, const struct stat *status)
{
	char buffer[1 << 14];
	uint64_t left = DIGEST_FILE_MAX, taken = 0;
	ssize_t n = 1;

	add_number(w, (uint64_t)status->st_size);
	while (left > 0 && n > 0) {
		n = read(fd, buffer, sizeof buffer);
		if (n < 0 && errno == EINTR) {
			n = 1;
		} else if (n > 0) {
			digest_add(&w->digest, buffer, (size_t)n);
			taken += (uint64_t)n;
			left -= (uint64_t)n < left ? (uint64_t)n : left;
		}
	}
	add_number(w, taken);
	return n < 0 ? -1 : 0;
}

/* Closes fd. */
static int
add_open(struct walk *w, int fd)
{
	struct stat status;
	int result = -1, error;

	if (fstat(fd, &status) == 0) {
		add_number(w, status.st_mode & S_IFMT);
		if (S_ISDIR(status.st_mode))
			return add_directory(w, fd);
		result = S_ISREG(status.st_mode) ? add_file(w, fd, &status) : 0;
	}
	error = errno;
	close(fd);
	errno = error;
	return result;
}

/* What cannot be opened is a fact like any other: intake will find the same. */
static int
add_entry(struct walk *w, int directory, const char *name)
{
	struct stat status;
	int fd;

	add_number(w, strlen(name));
	digest_add(&w->digest, name, strlen(name));
	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
		add_number(w, status.st_mode & S_IFMT);
		return 0;
	}
	fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		add_number(w, (uint64_t)errno);
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -1 : 0;
	}
	return add_open(w, fd);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
free_list(char **names, size_t n)
{
	while (n > 0)
		free(names[--n]);
	free(names);
}

/* The names of an open directory, sorted; as many as are still looked at. */
static char **
names_in(DIR *directory, size_t max, size_t *n)
{
	char **names = calloc(max + 1, sizeof *names);
	const struct dirent *entry;

	*n = 0;
	errno = 0;
	while (names && *n < max && (entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		names[*n] = strdup(entry->d_name);
		if (names[*n] == NULL)
			break;
		(*n)++;
		errno = 0;
	}
	if (names && errno != 0) {
		free_list(names, *n);
		return NULL;
	}
	if (names)
		qsort(names, *n, sizeof *names, by_name);
	return names;
}

static int
add_names(struct walk *w, DIR *directory)
{
	size_t n;
	char **names = names_in(directory, DIGEST_ENTRIES_MAX - w->entries, &n);
	int result = names ? 0 : -1;

	w->entries += names ? (unsigned)n : 0;
	add_number(w, names ? n : 0);
	for (size_t i = 0; names && i < n && result == 0; i++)
		result = add_entry(w, dirfd(directory), names[i]);
	if (names)
		free_list(names, n);
	return result;
}

/* Closes fd. */
static int
add_directory(struct walk *w, int fd)
{
	DIR *directory;
	int result = 0, error;

	if (w->depth == DIGEST_DEPTH_MAX || w->entries >= DIGEST_ENTRIES_MAX) {
		close(fd);
		return 0;
	}
	directory = fdopendir(fd);
	if (directory == NULL) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	w->depth++;
	result = add_names(w, directory);
	w->depth--;
	error = errno;
	closedir(directory);
	errno = error;
	return result;
}

int
digest_path(const char *path, char text[DIGEST_TEXT])
{
	unsigned char digest[DIGEST_SIZE];
	struct walk w = {0};
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	digest_begin(&w.digest);
	if (add_open(&w, fd) < 0)
		return -1;
	digest_end(&w.digest, digest);
	digest_text(digest, text);
	return 0;
}
