/*
 * stage.c - the directory that a sandbox can read.
 *
 * The kit may lie below a home directory that nobody else may enter, while
 * the sandbox's user must read the keeper and the built programs. So what it
 * needs is put into a directory of its own below TMPDIR. An flock on its file
 * "lock" lives exactly as long as we do: a directory whose lock is free was
 * left by a process that could not clean up, and is swept by the next.
 */
#define _GNU_SOURCE
#include "sandbox.h"

#include "launch.h"

#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char prefix[] = "gabel.";

const char *
stage_parent(void)
{
	const char *name = getenv("TMPDIR");

	return name != NULL && name[0] == '/' ? name : "/tmp";
}

/* Ours, and its maker is gone? A directory that is being made has no lock yet: it must be old. */
static bool
is_abandoned(const char *path)
{
	enum { YOUNG_SECONDS = 60 };
	char *lock = join_path(path, "lock", NULL);
	struct stat st;
	bool abandoned = false;
	int fd;

	if (lock == NULL || lstat(path, &st) < 0 || !S_ISDIR(st.st_mode) ||
	    st.st_uid != geteuid()) {
		free(lock);
		return false;
	}
	fd = open(lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0) {
		abandoned = flock(fd, LOCK_EX | LOCK_NB) == 0;
		close(fd);
	} else if (errno == ENOENT) {
		abandoned = time(NULL) - st.st_mtime > YOUNG_SECONDS;
	}
	free(lock);
	return abandoned;
}

static void
sweep(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		char *path;

		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		path = join_path(directory, entry->d_name, NULL);
		if (path != NULL && is_abandoned(path))
			remove_tree(path);
		free(path);
	}
	if (dir != NULL)
		closedir(dir);
}

/*
 * The descriptor is meant to stay open: its lock says that we live. The file
 * gets its name when it is locked; before, whoever sweeps would take it for
 * that of a dead process.
 */
static int
lock_for_life(const char *stage)
{
	char *path = join_path(stage, "lock", NULL), *unlocked = join_path(stage, "lock.new", NULL);
	int fd, result = -1;

	if (path != NULL && unlocked != NULL) {
		fd = open(unlocked, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
			result = rename(unlocked, path);
	}
	free(path);
	free(unlocked);
	return result;
}

char *
stage_create(void)
{
	char *stage = text_format("%s/%sXXXXXX", stage_parent(), prefix);
	int e;

	if (stage == NULL)
		return NULL;
	sweep(stage_parent());
	if (mkdtemp(stage) != NULL) {
		if (chmod(stage, 0711) == 0 && lock_for_life(stage) == 0)
			return stage;
		e = errno;
		remove_tree(stage);
		errno = e;
	}
	free(stage);
	return NULL;
}

void
stage_remove(const char *stage)
{
	if (stage != NULL)
		remove_tree(stage);
}

/* As the sandbox's user: the length of the first part of the path that is closed, or 0. */
static size_t
closed_part(const char *path)
{
	size_t n = 0;
	char part[PATH_MAX];

	do {
		n += strcspn(path + n + 1, "/") + 1;
		if (n >= sizeof part)
			return 0;
		memcpy(part, path, n);
		part[n] = '\0';
		if (access(part, X_OK) < 0 && errno == EACCES)
			return n;
	} while (path[n] != '\0');
	return 0;
}

static _Noreturn void
tell_closed_part(const char *path, int to)
{
	size_t n = drop_root() < 0 ? 0 : closed_part(path);

	_exit(write(to, &n, sizeof n) == sizeof n ? 0 : 1);
}

bool
stage_is_closed(const char *path, char *why, size_t size)
{
	size_t n = 0;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	pid = fork();
	if (pid == 0)
		tell_closed_part(path, ends[1]);
	close(ends[1]);
	if (read(ends[0], &n, sizeof n) != (ssize_t)sizeof n)
		n = 0;
	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	if (n > 0)
		snprintf(why, size,
		    _("the directory %.*s is closed, and temporary files that the sandbox's user "
		      "must read lie below it; let everybody enter it (chmod o+x), or set TMPDIR "
		      "to another directory, for instance /tmp"),
		    (int)n, path);
	return n > 0;
}
