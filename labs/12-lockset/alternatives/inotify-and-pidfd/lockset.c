/*
 * Different: the holder's PID comes from the kernel (F_GETLK says who has locked its file), and a
 * pidfd becomes readable when it ends; inotify tells of every release. poll() waits for both, and
 * for no time. The guard is the directory itself, locked with flock(). One thread of execution
 * asks the kernel for everything; nothing is kept but the names.
 */
#define _GNU_SOURCE
#include "lockset.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/pidfd.h>
#include <unistd.h>

struct mine {
	char path[LM_NAME_MOST + 3]; /* "l.NAME" */
	struct mine *next;
};

struct session {
	int dir, fd;
	struct str where;
	char name[LM_NAME_MOST + 1], path[LM_NAME_MOST + 3];
	struct mine *first;
};

/* Closes what is not -1, and keeps errno. */
static void
done_with(int fd)
{
	int error = errno;

	if (fd >= 0)
		(void)close(fd);
	errno = error;
}

static int
fail(int error)
{
	errno = error;
	return 0;
}

static int
good(const char *name)
{
	size_t n = strnlen(name, LM_NAME_MOST + 1);

	if (n < LM_NAME_LEAST || n > LM_NAME_MOST || name[0] == '.')
		return fail(EINVAL);
	for (size_t i = 0; i < n; i++)
		if (strchr("._-0123456789", name[i]) == NULL &&
		    !((name[i] | 32) >= 'a' && (name[i] | 32) <= 'z'))
			return fail(EINVAL);
	return 1;
}

/*
 * The process that has locked the file: its PID, 0 for nobody. This session's own file must not
 * come here: to close it again would take the lock away.
 */
static pid_t
owner(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_GETLK, &lock) < 0)
		return -1;
	return lock.l_type == F_UNLCK ? 0 : lock.l_pid;
}

static int
lock_directory(struct session *s)
{
	int again;

	/* a descriptor of its own: flock() belongs to the open file */
	again = openat(s->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (again >= 0 && flock(again, LOCK_EX) < 0)
		if (errno != EINTR) {
			done_with(again);
			return -1;
		}
	return again;
}

/* With the directory locked. 1: the path is free. */
static int
clear_dead(struct session *s, const char *path)
{
	int fd = openat(s->dir, path, O_RDONLY | O_CLOEXEC);
	pid_t pid;

	if (fd < 0)
		return errno == ENOENT;
	pid = owner(fd);
	done_with(fd);
	if (pid > 0)
		return fail(EBUSY);
	return pid == 0 && unlinkat(s->dir, path, 0) == 0;
}

static int
create(struct session *s)
{
	struct flock life = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	const char *to = s->name;

	if (!clear_dead(s, s->path))
		return 0;
	s->fd = openat(s->dir, s->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (s->fd < 0)
		return 0;
	if (fcntl(s->fd, F_SETLK, &life) == 0)
		while (*to != '\0') {
			ssize_t n = write(s->fd, to, strlen(to));

			if (n < 0 && errno != EINTR)
				break;
			to += n < 0 ? 0 : n;
		}
	if (*to == '\0')
		return 1;
	int error = errno;
	(void)unlinkat(s->dir, s->path, 0);
	return fail(error);
}

static void
destroy(struct session *s)
{
	while (s->first != NULL) {
		struct mine *next = s->first->next;

		(void)unlinkat(s->dir, s->first->path, 0);
		free(s->first);
		s->first = next;
	}
	str_free(&s->where);
	done_with(s->fd);
	done_with(s->dir);
	free(s);
}

int
lm_init(struct lockset *set, const char *dirname, const char *myname)
{
	struct session *s = NULL;
	int locked = -1, ok = 0;

	set->session = NULL;
	if (!good(myname))
		return 0;
	s = calloc(1, sizeof *s);
	if (s == NULL)
		return 0;
	s->fd = -1;
	snprintf(s->name, sizeof s->name, "%s", myname);
	snprintf(s->path, sizeof s->path, "u.%s", myname);
	s->dir = open(dirname, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir >= 0 && str_set(&s->where, dirname)) {
		locked = lock_directory(s);
		ok = locked >= 0 && create(s);
		done_with(locked);
	}
	if (ok)
		set->session = s;
	else
		destroy(s);
	return ok;
}

void
lm_free(struct lockset *set)
{
	int error = errno;

	if (set->session == NULL)
		return;
	(void)unlinkat(set->session->dir, set->session->path, 0);
	destroy(set->session); /* closes last */
	set->session = NULL;
	errno = error;
}

static struct mine **
mine(struct session *s, const char *lockname)
{
	struct mine **at;

	for (at = &s->first; *at != NULL; at = &(*at)->next)
		if (strcmp((*at)->path + 2, lockname) == 0)
			break;
	return at;
}

int
lm_stat(struct lockset *set, const char *lockname, struct str *holder)
{
	struct session *s = set->session;
	char path[LM_NAME_MOST + 3], text[LM_NAME_MOST];
	int fd;
	pid_t pid;
	ssize_t n = 0;

	if (!good(lockname) || !str_set(holder, ""))
		return 0;
	if (*mine(s, lockname) != NULL)
		return str_set(holder, s->name);
	snprintf(path, sizeof path, "l.%s", lockname);
	fd = openat(s->dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT;
	pid = owner(fd);
	do
		n = pid > 0 ? read(fd, text, sizeof text) : 0;
	while (n < 0 && errno == EINTR);
	done_with(fd);
	return pid >= 0 && n >= 0 && str_add_bytes(holder, text, (size_t)n);
}

/* What came of one attempt. */
enum attempt { MINE, HELD, AGAIN, FAILED };

/* HELD: *holder becomes a pidfd of the live session that has it, if holder is not NULL. */
static enum attempt
attempt(struct session *s, const char *path, int *holder)
{
	enum attempt result = FAILED;
	pid_t pid;
	int fd;

	if (linkat(s->dir, s->path, s->dir, path, 0) == 0)
		return MINE;
	if (errno != EEXIST)
		return FAILED;
	fd = openat(s->dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? AGAIN : FAILED;
	pid = owner(fd);
	if (pid > 0 && holder != NULL) {
		*holder = pidfd_open(pid, 0);
		/* still the one that has the lock, so its PID is nobody else's */
		if (*holder >= 0)
			result = owner(fd) == pid ? HELD : AGAIN;
		else
			result = errno == ESRCH ? AGAIN : FAILED;
		if (*holder >= 0 && result == AGAIN) {
			done_with(*holder);
			*holder = -1;
		}
	} else if (pid > 0) {
		result = HELD;
	} else if (pid == 0) {
		int locked = lock_directory(s);

		if (locked >= 0 && (clear_dead(s, path) || errno == EBUSY))
			result = AGAIN;
		done_with(locked);
	}
	done_with(fd);
	return result;
}

static int
wait_for_it(struct session *s, const char *path)
{
	enum attempt what = FAILED;
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), holder = -1;
	char news[4096];

	if (watch < 0)
		return 0;
	if (inotify_add_watch(watch, s->where.s, IN_DELETE) >= 0)
		while ((what = attempt(s, path, &holder)) == HELD || what == AGAIN) {
			struct pollfd set[] = {{watch, POLLIN, 0}, {holder, POLLIN, 0}};

			if (what == HELD && poll(set, 2, -1) > 0 && (set[0].revents & POLLIN))
				while (read(watch, news, sizeof news) > 0)
					;
			done_with(holder);
			holder = -1;
		}
	done_with(watch);
	return what == MINE;
}

static int
get(struct session *s, const char *lockname, int (*how)(struct session *, const char *))
{
	struct mine *new;

	if (!good(lockname))
		return 0;
	if (*mine(s, lockname) != NULL)
		return fail(EDEADLK);
	new = malloc(sizeof *new);
	if (new == NULL)
		return 0;
	snprintf(new->path, sizeof new->path, "l.%s", lockname);
	if (!how(s, new->path)) {
		int error = errno;

		free(new);
		return fail(error);
	}
	new->next = s->first;
	s->first = new;
	return 1;
}

static int
now(struct session *s, const char *path)
{
	enum attempt what;

	do
		what = attempt(s, path, NULL);
	while (what == AGAIN);
	return what == MINE ? 1 : what == HELD ? fail(EBUSY) : 0;
}

int
lm_lock(struct lockset *set, const char *lockname)
{
	return get(set->session, lockname, wait_for_it);
}

int
lm_nonblocking_lock(struct lockset *set, const char *lockname)
{
	return get(set->session, lockname, now);
}

int
lm_release(struct lockset *set, const char *lockname)
{
	struct mine **at, *gone;

	if (!good(lockname))
		return 0;
	at = mine(set->session, lockname);
	gone = *at;
	if (gone == NULL)
		return fail(EPERM);
	if (unlinkat(set->session->dir, gone->path, 0) < 0)
		return 0;
	*at = gone->next;
	free(gone);
	return 1;
}
