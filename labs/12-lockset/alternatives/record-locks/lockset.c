/*
 * Different: locks of fcntl(F_SETLK), which belong to a process and to bytes. Byte 0 of a session's
 * file is locked as long as the session lives, and one byte more for each lock that it holds.
 * Who waits for a lock waits for its byte in the holder's file: the kernel wakes him when it
 * is unlocked, or when the holder dies. No clock and no directory is watched.
 *
 * A session never closes a second descriptor of its own file: all its locks would be gone.
 */
#include "lockset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct session {
	struct str file, guard, name, base;
	ino_t inode;
	int fd;
	size_t n;
	char (*locks)[LM_NAME_MOST + 1];
};

static int
bad(const char *name)
{
	size_t n = 0;

	for (; name[n] != '\0' && n <= LM_NAME_MOST; n++) {
		char c = name[n];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			c == '_' || c == '-' || (c == '.' && n > 0)))
			break;
	}
	if (n >= LM_NAME_LEAST && n <= LM_NAME_MOST && name[n] == '\0')
		return 0;
	errno = EINVAL;
	return 1;
}

/* The byte that stands for a lock: never byte 0. FNV-1a, 62 bits. */
static off_t
byte_of(const char *lock)
{
	uint64_t sum = 14695981039346656037u;

	for (; *lock != '\0'; lock++)
		sum = (sum ^ (unsigned char)*lock) * 1099511628211u;
	return (off_t)(sum >> 2) + 1;
}

static int
set_lock(int fd, int command, short type, off_t byte)
{
	struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
	int done;

	while ((done = fcntl(fd, command, &l)) < 0 && errno == EINTR)
		;
	return done;
}

/* Has another process locked byte 0? 1 or 0, or -1. */
static int
lives(int fd)
{
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};

	return fcntl(fd, F_GETLK, &l) < 0 ? -1 : l.l_type != F_UNLCK;
}

static void
quiet_close(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

static int
path_of(struct session *s, struct str *path, const char *prefix, const char *name)
{
	*path = (struct str){0};
	if (str_set(path, s->base.s) && str_add(path, prefix) && str_add(path, name))
		return 1;
	str_free(path);
	return 0;
}

/* Closing it, by whomever, ends the guard: one descriptor for each time. */
static int
guard(struct session *s)
{
	int fd = open(s->guard.s, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd >= 0 && set_lock(fd, F_SETLKW, F_WRLCK, 0) < 0) {
		quiet_close(fd);
		return -1;
	}
	return fd;
}

/* Under the guard. 1: nobody's, and gone; 0: a live session's, or a failure. */
static int
bury(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), alive;

	if (fd < 0)
		return errno == ENOENT;
	alive = lives(fd);
	quiet_close(fd);
	if (alive == 0)
		return unlink(path) == 0;
	if (alive > 0)
		errno = EBUSY;
	return 0;
}

static void
forget(struct session *s)
{
	int error = errno;

	str_free(&s->file);
	str_free(&s->guard);
	str_free(&s->name);
	str_free(&s->base);
	free(s->locks);
	free(s);
	errno = error;
}

/* The file appears under its name when it is locked and whole: it is made elsewhere. */
static int
make(struct session *s, const char *new)
{
	struct stat st;

	unlink(new);
	s->fd = open(new, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (s->fd < 0)
		return 0;
	errno = ENOSPC;
	if (set_lock(s->fd, F_SETLK, F_WRLCK, 0) == 0 &&
	    write(s->fd, s->name.s, s->name.len) == (ssize_t)s->name.len &&
	    fstat(s->fd, &st) == 0 && rename(new, s->file.s) == 0) {
		s->inode = st.st_ino;
		return 1;
	}
	quiet_close(s->fd);
	int error = errno;
	unlink(new);
	errno = error;
	return 0;
}

static int
begin(struct session *s, const char *dirname, const char *name)
{
	struct str new;
	int g, ok = 0;

	if (!str_set(&s->base, dirname) || !str_add(&s->base, "/") || !str_set(&s->name, name) ||
	    !path_of(s, &s->file, "u.", name) || !path_of(s, &s->guard, ".guard", ""))
		return 0;
	g = guard(s);
	if (g < 0)
		return 0;
	if (bury(s->file.s) && path_of(s, &new, ".new", "")) {
		ok = make(s, new.s);
		str_free(&new);
	}
	quiet_close(g);
	return ok;
}

int
lm_init(struct lockset *set, const char *dirname, const char *myname)
{
	set->session = NULL;
	if (bad(myname))
		return 0;
	struct session *s = calloc(1, sizeof *s);
	if (s == NULL)
		return 0;
	if (!begin(s, dirname, myname)) {
		forget(s);
		return 0;
	}
	set->session = s;
	return 1;
}

void
lm_free(struct lockset *set)
{
	int error = errno;
	struct session *s = set->session;
	struct str path;

	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		if (path_of(s, &path, "l.", s->locks[i])) {
			unlink(path.s);
			str_free(&path);
		}
	unlink(s->file.s);
	close(s->fd);
	forget(s);
	set->session = NULL;
	errno = error;
}

static size_t
place_of(const struct session *s, const char *lock)
{
	size_t i = 0;

	while (i < s->n && strcmp(s->locks[i], lock) != 0)
		i++;
	return i;
}

int
lm_stat(struct lockset *set, const char *lockname, struct str *holder)
{
	struct session *s = set->session;
	struct str path;
	char text[LM_NAME_MOST];
	ssize_t n = 0;
	int fd, alive;

	if (bad(lockname) || !str_set(holder, ""))
		return 0;
	if (place_of(s, lockname) < s->n) /* not by way of a descriptor */
		return str_set(holder, s->name.s);
	if (!path_of(s, &path, "l.", lockname))
		return 0;
	fd = open(path.s, O_RDONLY | O_CLOEXEC);
	str_free(&path);
	if (fd < 0)
		return errno == ENOENT;
	alive = lives(fd);
	if (alive > 0)
		while ((n = read(fd, text, sizeof text)) < 0 && errno == EINTR)
			;
	quiet_close(fd);
	return alive >= 0 && n >= 0 && str_add_bytes(holder, text, (size_t)n);
}

/* Until the holder has let go of the byte: by unlocking it, or by its end. */
static int
wait_for(const char *path, off_t byte)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), done;

	if (fd < 0)
		return errno == ENOENT;
	done = set_lock(fd, F_SETLKW, F_RDLCK, byte);
	quiet_close(fd);
	return done == 0;
}

/* 1: it is ours; 0 with EBUSY: a live session has it. */
static int
attempt(struct session *s, const char *path)
{
	for (;;) {
		int g, gone, fd, alive;

		if (link(s->file.s, path) == 0)
			return 1;
		if (errno != EEXIST)
			return 0;
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			continue;
		if (fd < 0)
			return 0;
		alive = lives(fd);
		quiet_close(fd);
		if (alive > 0)
			errno = EBUSY;
		if (alive != 0)
			return 0;
		g = guard(s);
		if (g < 0)
			return 0;
		gone = bury(path);
		quiet_close(g);
		if (!gone)
			return 0;
	}
}

/* The byte is locked before the link can be seen: whoever sees the link can wait for it. */
static int
take(struct session *s, const char *path, const char *lock, int wait)
{
	off_t byte = byte_of(lock);
	int error;

	if (set_lock(s->fd, F_SETLKW, F_WRLCK, byte) < 0)
		return 0;
	do
		if (attempt(s, path))
			return 1;
	while (errno == EBUSY && wait && wait_for(path, byte));
	error = errno;
	set_lock(s->fd, F_SETLK, F_UNLCK, byte);
	errno = error;
	return 0;
}

static int
lock(struct session *s, const char *name, int wait)
{
	char(*more)[LM_NAME_MOST + 1];
	struct str path;
	int ok;

	if (bad(name))
		return 0;
	if (place_of(s, name) < s->n) {
		errno = EDEADLK;
		return 0;
	}
	more = realloc(s->locks, (s->n + 1) * sizeof *more);
	if (more == NULL)
		return 0;
	s->locks = more;
	if (!path_of(s, &path, "l.", name))
		return 0;
	ok = take(s, path.s, name, wait);
	str_free(&path);
	if (ok)
		snprintf(s->locks[s->n++], sizeof *more, "%s", name);
	return ok;
}

int
lm_lock(struct lockset *set, const char *lockname)
{
	return lock(set->session, lockname, 1);
}

int
lm_nonblocking_lock(struct lockset *set, const char *lockname)
{
	return lock(set->session, lockname, 0);
}

int
lm_release(struct lockset *set, const char *lockname)
{
	struct session *s = set->session;
	struct str path;
	size_t i;
	int gone;

	if (bad(lockname))
		return 0;
	i = place_of(s, lockname);
	if (i == s->n) {
		errno = EPERM;
		return 0;
	}
	if (!path_of(s, &path, "l.", lockname))
		return 0;
	gone = unlink(path.s) == 0;
	str_free(&path);
	if (!gone)
		return 0;
	s->n--;
	if (i < s->n)
		memcpy(s->locks[i], s->locks[s->n], sizeof *s->locks);
	set_lock(s->fd, F_SETLK, F_UNLCK, byte_of(lockname));
	return 1;
}
