/*
 * files.h - whole files and whole trees.
 *
 * Every function returns 0 or a value, or -1/NULL with errno. Descriptors are
 * close-on-exec. Interrupted calls are made again.
 */
#ifndef GABEL_FILES_H
#define GABEL_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Reads a regular file of at most max bytes. Returns it malloc'd with a NUL
 * byte after its end; its size goes to n unless n is NULL. errno is EFBIG when
 * it is bigger, EISDIR or EINVAL when it is no regular file (and a FIFO does
 * not block us).
 */
char *read_file(const char *path, size_t max, size_t *n);

/* The same from an open descriptor of any kind, up to its end; closes nothing. */
char *read_descriptor(int fd, size_t max, size_t *n);

/*
 * Writes a file so that a reader finds either the old content or all of the
 * new, also after a crash: a temporary file beside it, fsync, rename. What
 * existed at path is replaced, a symbolic link too, never followed. On
 * failure (a full disk) the old file is untouched and nothing is left behind.
 */
int write_file_atomic(const char *path, const void *bytes, size_t n, mode_t mode);

/* Writes all of it, however short the single writes are. */
int write_all(int fd, const void *bytes, size_t n);

/* Copies a regular file of at most max bytes, with write_file_atomic(). */
int copy_file(const char *from, const char *to, mode_t mode, size_t max);

/*
 * Copies the regular files and directories below from into to (made when it is
 * not there). Fails with EINVAL on anything else: links are not followed.
 */
int copy_tree(const char *from, const char *to, size_t max_file);

/*
 * Removes whatever path is, and when it is a directory everything below it.
 * Follows no symbolic link, opens no file system boundary by force, and gives
 * itself the permissions that a directory of ours lacks. What is not there is
 * a success. On failure as much as possible is gone; errno is the first one.
 */
int remove_tree(const char *path);

/* Makes a directory and those above it, like mkdir -p. */
int make_path(const char *path, mode_t mode);

/* A malloc'd "a/b"; a NULL ends the list: join_path(root, "labs", name, NULL). */
char *join_path(const char *first, ...) __attribute__((sentinel));

bool is_directory(const char *path); /* follows links */
bool is_file(const char *path);      /* a regular one; follows links */

/* The names in a directory, sorted by byte value, without "." and "..". names is malloc'd. */
int list_directory(const char *path, char ***names, size_t *n);
void free_names(char **names, size_t n);

#endif
