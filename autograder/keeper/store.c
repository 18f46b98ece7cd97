/*
 * store.c - files of the trial's working directory, in and out.
 *
 * Student code may have put anything there: a name is opened without following
 * links and without blocking, and only a regular file is read.
 */
#define _GNU_SOURCE
#include "eye.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { COLLECT_MAX = 32 << 20, COLLECT_FILES_MAX = 256 };

/* Below the working directory only, whatever links lie there. */
static int
open_beneath(const char *name, uint64_t flags, uint64_t mode)
{
	struct open_how how = {
	    .flags = flags | O_CLOEXEC | O_NONBLOCK,
	    .mode = mode,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, AT_FDCWD, name, &how, sizeof how);
}

int
store_append(const char *name, uint32_t mode, const void *bytes, size_t n)
{
	int fd = open_beneath(name, O_WRONLY | O_CREAT | O_APPEND, mode);
	const char *at = bytes;

	if (fd < 0)
		return -1;
	while (n > 0) {
		ssize_t done = write(fd, at, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			break;
		at += done;
		n -= (size_t)done;
	}
	if (n == 0)
		n = fchmod(fd, mode) < 0;
	close(fd);
	return n == 0 ? 0 : -1;
}

static int
open_regular(const char *name, struct stat *st)
{
	int fd = open_beneath(name, O_RDONLY, 0);

	if (fd < 0)
		return -1;
	if (fstat(fd, st) < 0 || !S_ISREG(st->st_mode) || st->st_size > COLLECT_MAX) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

static void
send_or_leave(struct eye *eye, const struct wire *w)
{
	if (wire_send(eye->control, w) < 0)
		_exit(0);
}

/* The file's bytes in messages that head has begun; each says whether it is the last. */
static void
send_bytes(struct eye *eye, int fd,
    void (*head)(struct wire *w, const char *name, uint32_t mode, uint32_t last), const char *name,
    uint32_t mode)
{
	static char chunk[WIRE_FILE_CHUNK];
	static struct wire w;
	ssize_t n;

	do {
		n = read(fd, chunk, sizeof chunk);
		head(&w, name, mode, n <= 0);
		put_bytes(&w, chunk, n < 0 ? 0 : (size_t)n);
		send_or_leave(eye, &w);
	} while (n > 0);
}

static void
fetched_head(struct wire *w, const char *name, uint32_t mode, uint32_t last)
{
	(void)name;
	(void)mode;
	wire_begin(w, WIRE_FETCHED);
	put_u32(w, last);
	put_i32(w, 0);
}

void
store_fetch(struct eye *eye, const char *name)
{
	static struct wire w;
	struct stat st;
	int fd = open_regular(name, &st);

	if (fd < 0) {
		wire_begin(&w, WIRE_FETCHED);
		put_u32(&w, 1);
		put_i32(&w, errno);
		put_bytes(&w, "", 0);
		send_or_leave(eye, &w);
		return;
	}
	send_bytes(eye, fd, fetched_head, name, st.st_mode);
	close(fd);
}

static void
collected_head(struct wire *w, const char *name, uint32_t mode, uint32_t last)
{
	wire_begin(w, WIRE_COLLECTED);
	put_str(w, name);
	put_u32(w, mode);
	put_u32(w, last);
}

static void
collect_one(struct eye *eye, const char *name)
{
	struct stat st;
	int fd = open_regular(name, &st);

	if (fd < 0)
		return; /* not made, or not a file: the judge sees that it did not come */
	send_bytes(eye, fd, collected_head, name, st.st_mode & 0777);
	close(fd);
}

static void
collect_matching(struct eye *eye, const char *pattern)
{
	DIR *dir = opendir(".");
	struct dirent *entry;
	int n = 0;

	while (dir != NULL && n < COLLECT_FILES_MAX && (entry = readdir(dir)) != NULL) {
		if (fnmatch(pattern, entry->d_name, FNM_PATHNAME | FNM_PERIOD) == 0) {
			collect_one(eye, entry->d_name);
			n++;
		}
	}
	if (dir != NULL)
		closedir(dir);
}

void
store_collect(struct eye *eye)
{
	for (size_t i = 0; eye->plan.collect[i] != NULL; i++) {
		if (strchr(eye->plan.collect[i], '*') != NULL)
			collect_matching(eye, eye->plan.collect[i]);
		else
			collect_one(eye, eye->plan.collect[i]);
	}
}
