/*
 * Different: a session's file has no name until it is whole (O_TMPFILE); link() gives it one, and
 * so decides who gets the name of a session, too. It is locked with flock(). Who waits
 * sleeps, and longer each time, up to half a second.
 */
#define _GNU_SOURCE /* O_TMPFILE */
#include "lockset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { MS = 1000000, LONGEST_NAP_MS = 500, ROOM = LM_NAME_MOST + 8 };

struct session {
	int dir, file, guard;
	char mine[ROOM]; /* "u.NAME" */
	struct str held; /* "/one/two/three/": no name has a slash */
};

static int
check_name(const char *name)
{
	static const char good[] = "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				   "abcdefghijklmnopqrstuvwxyz";
	size_t n = strspn(name, good);

	if (n > 0 && n <= LM_NAME_MOST && name[n] == '\0' && *name != '.')
		return 1;
	errno = EINVAL;
	return 0;
}

static int
flock_again(int fd, int how)
{
	while (flock(fd, how) < 0)
		if (errno != EINTR)
			return -1;
	return 0;
}

static int
shut(int fd, int result)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return result;
}

/* Under the guard, or only to know: what stands behind this path? */
enum who { NOBODY, DEAD, ALIVE, UNKNOWN };

static enum who
who_is(int fd)
{
	if (flock_again(fd, LOCK_SH | LOCK_NB) == 0)
		return DEAD;
	return errno == EWOULDBLOCK ? ALIVE : UNKNOWN;
}

static enum who
whose(struct session *s, const char *path)
{
	int fd = openat(s->dir, path, O_RDONLY | O_CLOEXEC);
	enum who who;

	if (fd < 0)
		return errno == ENOENT ? NOBODY : UNKNOWN;
	who = who_is(fd);
	shut(fd, 0);
	return who;
}

/* 0 when the path is free now, as far as the dead are concerned. */
static int
sweep(struct session *s, const char *path)
{
	int result = 0;

	if (flock_again(s->guard, LOCK_EX) < 0)
		return -1;
	switch (whose(s, path)) {
	case DEAD:
		result = unlinkat(s->dir, path, 0);
		break;
	case UNKNOWN:
		result = -1;
		break;
	case ALIVE:
	case NOBODY:
		break;
	}
	int error = errno;
	flock(s->guard, LOCK_UN);
	errno = error;
	return result;
}

/* from becomes path, by link(); the dead are swept away. -1 with EBUSY: somebody lives there. */
static int
link_to(struct session *s, int from_dir, const char *from, int flags, const char *path)
{
	for (;;) {
		if (linkat(from_dir, from, s->dir, path, flags) == 0)
			return 0;
		if (errno != EEXIST)
			return -1;
		switch (whose(s, path)) {
		case ALIVE:
			errno = EBUSY;
			return -1;
		case UNKNOWN:
			return -1;
		case DEAD:
			if (sweep(s, path) < 0)
				return -1;
			break;
		case NOBODY:
			break;
		}
	}
}

static int
open_all(struct session *s, const char *dirname, const char *name)
{
	char proc[40];

	s->dir = open(dirname, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir < 0)
		return -1;
	s->guard = openat(s->dir, ".guard", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (s->guard < 0)
		return -1;
	s->file = openat(s->dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	if (s->file < 0 || flock_again(s->file, LOCK_EX | LOCK_NB) < 0)
		return -1;
	errno = ENOSPC; /* for a name that is written in part */
	if (write(s->file, name, strlen(name)) != (ssize_t)strlen(name))
		return -1;
	snprintf(s->mine, sizeof s->mine, "u.%s", name);
	snprintf(proc, sizeof proc, "/proc/self/fd/%d", s->file);
	return link_to(s, AT_FDCWD, proc, AT_SYMLINK_FOLLOW, s->mine);
}

static void
dispose(struct session *s)
{
	shut(s->file, 0);
	shut(s->guard, 0);
	shut(s->dir, 0);
	str_free(&s->held);
	free(s);
}

int
lm_init(struct lockset *set, const char *dirname, const char *myname)
{
	struct session *s;

	set->session = NULL;
	if (!check_name(myname) || (s = calloc(1, sizeof *s)) == NULL)
		return 0;
	s->dir = s->file = s->guard = -1;
	if (!str_set(&s->held, "/") || open_all(s, dirname, myname) < 0) {
		dispose(s);
		return 0;
	}
	set->session = s;
	return 1;
}

/* Where "/NAME/" begins, or NULL. */
static char *
entry(struct session *s, const char *name)
{
	char wanted[ROOM];

	snprintf(wanted, sizeof wanted, "/%s/", name);
	return strstr(s->held.s, wanted);
}

int
lm_release(struct lockset *set, const char *lockname)
{
	struct session *s = set->session;
	char path[ROOM], *at;

	if (!check_name(lockname))
		return 0;
	at = entry(s, lockname);
	if (at == NULL) {
		errno = EPERM;
		return 0;
	}
	snprintf(path, sizeof path, "l.%s", lockname);
	if (unlinkat(s->dir, path, 0) < 0)
		return 0;
	at++;
	memmove(at, at + strlen(lockname) + 1, strlen(at + strlen(lockname) + 1) + 1);
	s->held.len -= strlen(lockname) + 1;
	return 1;
}

void
lm_free(struct lockset *set)
{
	int error = errno;
	struct session *s = set->session;

	if (s == NULL)
		return;
	for (char *name = strtok(s->held.s, "/"); name != NULL; name = strtok(NULL, "/")) {
		char path[ROOM];

		snprintf(path, sizeof path, "l.%s", name);
		unlinkat(s->dir, path, 0);
	}
	unlinkat(s->dir, s->mine, 0);
	dispose(s);
	set->session = NULL;
	errno = error;
}

int
lm_stat(struct lockset *set, const char *lockname, struct str *holder)
{
	struct session *s = set->session;
	char path[ROOM], byte;
	enum who who;
	ssize_t n = 0;
	int fd;

	if (!check_name(lockname) || !str_set(holder, ""))
		return 0;
	snprintf(path, sizeof path, "l.%s", lockname);
	fd = openat(s->dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT;
	who = who_is(fd);
	if (who != ALIVE)
		return shut(fd, who == DEAD);
	while ((n = read(fd, &byte, 1)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && !str_add_bytes(holder, &byte, 1))
			return shut(fd, 0);
	return shut(fd, n == 0);
}

static void
nap(long ms)
{
	struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * MS};

	nanosleep(&time, NULL);
}

/* patience: how long the first nap is; 0: none at all. */
static int
acquire(struct session *s, const char *name, long patience)
{
	struct str before;
	char path[ROOM];
	int result;

	if (!check_name(name))
		return 0;
	if (entry(s, name) != NULL) {
		errno = EDEADLK;
		return 0;
	}
	before = s->held; /* first what may fail: the list is longer, and shortened again */
	if (!str_add(&s->held, name))
		return 0;
	if (!str_add(&s->held, "/")) {
		s->held.s[s->held.len = before.len] = '\0';
		return 0;
	}
	snprintf(path, sizeof path, "l.%s", name);
	while (
	    (result = link_to(s, s->dir, s->mine, 0, path)) < 0 && errno == EBUSY && patience > 0) {
		nap(patience);
		patience = patience * 2 < LONGEST_NAP_MS ? patience * 2 : LONGEST_NAP_MS;
	}
	if (result < 0)
		s->held.s[s->held.len = before.len] = '\0';
	return result == 0;
}

int
lm_lock(struct lockset *set, const char *lockname)
{
	return acquire(set->session, lockname, 1);
}

int
lm_nonblocking_lock(struct lockset *set, const char *lockname)
{
	return acquire(set->session, lockname, 0);
}
