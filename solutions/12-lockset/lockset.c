/*
 * lockset.c - locks with names, made of hard links.
 *
 * The kernel decides three questions, and nobody else does:
 *   Who gets a lock?     link(): the name l.LOCK can come to be only once.
 *   Is a session alive?  It keeps its file locked (F_OFD_SETLK). However its process ends, the
 *                        kernel takes this lock away; no PID and no age has to be guessed at.
 *   Whose turn is it?    Who waits for LOCK stands in line for a file lock on .line.LOCK, which
 *                        the kernel hands on in order. Only the first one looks at l.LOCK, and
 *                        it stays the first until it gives LOCK back, so that the next one is
 *                        called at that moment. It watches the directory when it finds a
 *                        holder who has not stood in line.
 * What the dead have left is removed by whoever has locked the file .guard, after a second look:
 * without it, two could see a dead session's link, and the slower one would remove the
 * link that the faster one has made in its place.
 */
#define _GNU_SOURCE /* F_OFD_SETLK, for glibc before POSIX.1-2024 */
#include "lockset.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

/* STUDENT: what a session has to remember, and the helpers that you need */
enum { PATH_ROOM = LM_NAME_MOST + sizeof ".line." /* the longest prefix, a name, a NUL */ };

struct held {
	struct held *next;
	int line; /* .line.LOCK, locked as long as the lock is held; -1: we have not waited */
	char name[LM_NAME_MOST + 1];
};

struct session {
	int dir;   /* the directory */
	int file;  /* u.NAME, locked as long as the session lives */
	int guard; /* .guard */
	int watch; /* of inotify, as soon as there was a lock to wait for */
	char *dirname;
	char path[PATH_ROOM]; /* "u.NAME" */
	struct held *locks;
};

static bool
is_name(const char *name)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._-";
	size_t n = strlen(name);

	return n >= LM_NAME_LEAST && n <= LM_NAME_MOST && name[0] != '.' && strspn(name, good) == n;
}

static void
close_kept(int fd)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
}

/* Locks or unlocks a whole file; F_OFD_SETLKW waits for as long as somebody else has it. */
static int
file_lock(int fd, int command, short type)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
	int result;

	do
		result = fcntl(fd, command, &lock);
	while (result < 0 && errno == EINTR);
	return result;
}

static int
guard(struct session *s)
{
	return file_lock(s->guard, F_OFD_SETLKW, F_WRLCK);
}

static void
unguard(struct session *s)
{
	int error = errno;

	file_lock(s->guard, F_OFD_SETLK, F_UNLCK);
	errno = error;
}

/* Does the session live whose file this is? -1 with errno when the kernel cannot say. */
static int
is_alive(int file)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(file, F_OFD_GETLK, &lock) < 0)
		return -1;
	return lock.l_type != F_UNLCK;
}

/*
 * Opens the file of the live session that path stands for. Returns the descriptor; or -1, with
 * ENOENT when there is no file and with ESRCH when its session is dead.
 */
static int
open_alive(struct session *s, const char *path)
{
	int file = openat(s->dir, path, O_RDONLY | O_CLOEXEC), alive;

	if (file < 0)
		return -1;
	alive = is_alive(file);
	if (alive > 0)
		return file;
	if (alive == 0)
		errno = ESRCH;
	close_kept(file);
	return -1;
}

/* With the guard: the file is removed if its session is dead. 0 when nobody alive has the path. */
static int
clear(struct session *s, const char *path)
{
	int file = open_alive(s, path);

	if (file >= 0) {
		close(file);
		errno = EBUSY;
		return -1;
	}
	if (errno == ESRCH)
		return unlinkat(s->dir, path, 0);
	return errno == ENOENT ? 0 : -1;
}

static struct held **
find(struct session *s, const char *lockname)
{
	struct held **at = &s->locks;

	while (*at != NULL && strcmp((*at)->name, lockname) != 0)
		at = &(*at)->next;
	return at;
}

/* A descriptor of a file that is made when it is not there. */
static int
open_shared(int dir, const char *path)
{
	return openat(dir, path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
}

/* close() alone would leave the place taken as long as a child of ours has the file open, too. */
static void
leave_line(int line)
{
	int error = errno;

	if (line < 0)
		return;
	file_lock(line, F_OFD_SETLK, F_UNLCK);
	close(line);
	errno = error;
}

static void
forget(struct held *gone)
{
	leave_line(gone->line);
	free(gone);
}
/* END */

/* STUDENT: the session's file: made, locked and written before anybody can link to it */
/* With the guard: nobody else makes or removes session files meanwhile. */
static int
make_file(struct session *s, const char *myname)
{
	size_t n = strlen(myname);
	ssize_t done;

	if (clear(s, s->path) < 0)
		return -1;
	s->file = openat(s->dir, s->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (s->file < 0)
		return -1;
	if (file_lock(s->file, F_OFD_SETLK, F_WRLCK) == 0) {
		done = write(s->file, myname, n);
		if (done == (ssize_t)n)
			return 0;
		if (done >= 0)
			errno = ENOSPC;
	}
	close_kept(s->file);
	s->file = -1;
	unlinkat(s->dir, s->path, 0);
	return -1;
}

static int
begin(struct session *s, const char *dirname, const char *myname)
{
	int result;

	s->dirname = strdup(dirname);
	if (s->dirname == NULL)
		return -1;
	s->dir = open(dirname, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir < 0)
		return -1;
	s->guard = open_shared(s->dir, ".guard");
	if (s->guard < 0)
		return -1;
	snprintf(s->path, sizeof s->path, "u.%s", myname);
	if (guard(s) < 0)
		return -1;
	result = make_file(s, myname);
	unguard(s);
	return result;
}

static void
discard(struct session *s)
{
	close_kept(s->file);
	close_kept(s->guard);
	close_kept(s->dir);
	close_kept(s->watch);
	free(s->dirname);
	free(s);
}
/* END */

int
lm_init(struct lockset *set, const char *dirname, const char *myname)
{
	/* STUDENT: refuse bad names and names that are taken; begin a session */
	struct session *s;

	set->session = NULL;
	if (!is_name(myname)) {
		errno = EINVAL;
		return 0;
	}
	s = malloc(sizeof *s);
	if (s == NULL)
		return 0;
	*s = (struct session){.dir = -1, .file = -1, .guard = -1, .watch = -1};
	if (begin(s, dirname, myname) < 0) {
		discard(s);
		return 0;
	}
	set->session = s;
	return 1;
	/* INSTEAD
	(void)dirname;
	(void)myname;
	set->session = NULL;
	errno = ENOSYS;
	return 0;
	*/
	/* END */
}

void
lm_free(struct lockset *set)
{
	/* STUDENT: release everything, remove the session's file, and only then let go of it */
	struct session *s = set->session;
	int error = errno;

	if (s == NULL)
		return;
	while (s->locks != NULL)
		if (!lm_release(set, s->locks->name))
			break; /* what cannot be removed is left to those who find us dead */
	while (s->locks != NULL) {
		struct held *next = s->locks->next;

		forget(s->locks);
		s->locks = next;
	}
	unlinkat(s->dir, s->path, 0);
	discard(s);
	set->session = NULL;
	errno = error;
	/* INSTEAD
	(void)set;
	*/
	/* END */
}

/* STUDENT: read a name from the file of the session that holds a lock */
static int
read_name(int file, struct str *holder)
{
	char name[LM_NAME_MOST];
	ssize_t n = pread(file, name, sizeof name, 0);

	if (n < 0)
		return 0;
	return str_add_bytes(holder, name, (size_t)n);
}
/* END */

int
lm_stat(struct lockset *set, const char *lockname, struct str *holder)
{
	/* STUDENT: the name of the live session that l.LOCK is a link to, or the empty string */
	char path[PATH_ROOM];
	int file, ok;

	if (!is_name(lockname)) {
		errno = EINVAL;
		return 0;
	}
	if (!str_set(holder, ""))
		return 0;
	snprintf(path, sizeof path, "l.%s", lockname);
	file = open_alive(set->session, path);
	if (file < 0)
		return errno == ENOENT || errno == ESRCH;
	ok = read_name(file, holder);
	close_kept(file);
	return ok;
	/* INSTEAD
	(void)set;
	(void)lockname;
	(void)holder;
	errno = ENOSYS;
	return 0;
	*/
	/* END */
}

/* STUDENT: one attempt to take a lock, and the removal of what a dead session has left */
static int
bury(struct session *s, const char *path)
{
	int result;

	if (guard(s) < 0)
		return -1;
	result = clear(s, path);
	unguard(s);
	return result;
}

/* Returns 0, or -1 with EBUSY when a live session holds the lock. */
static int
try_link(struct session *s, const char *path)
{
	while (linkat(s->dir, s->path, s->dir, path, 0) < 0) {
		int file;

		if (errno != EEXIST)
			return -1;
		file = open_alive(s, path);
		if (file >= 0) {
			close(file);
			errno = EBUSY;
			return -1;
		}
		if (errno != ENOENT && (errno != ESRCH || bury(s, path) < 0))
			return -1;
	}
	return 0;
}
/* END */

/* STUDENT: waiting: in line for the first place, then for the directory to change */
/* Until something has been removed from the directory, or it is time to ask who is dead. */
static void
await_change(int watch)
{
	struct pollfd set = {.fd = watch, .events = POLLIN};
	char events[4096];

	if (poll(&set, 1, LM_NOTICE_MS) > 0)
		(void)!read(watch, events, sizeof events);
}

/*
 * Has the kernel tell us what is removed. The descriptor is kept for the next wait, for to close it
 * takes the kernel milliseconds; what it still says of an earlier wait costs one look.
 */
static int
begin_watch(struct session *s)
{
	if (s->watch < 0)
		s->watch = inotify_init1(IN_CLOEXEC);
	if (s->watch < 0)
		return -1;
	return inotify_add_watch(s->watch, s->dirname, IN_DELETE);
}

static void
end_watch(struct session *s, int directory)
{
	int error = errno;

	inotify_rm_watch(s->watch, directory);
	errno = error;
}

/* The watch is there before the look that it follows: what is removed after it wakes us. */
static int
wait_and_link(struct session *s, const char *path)
{
	int directory, result = try_link(s, path);

	if (result == 0 || errno != EBUSY)
		return result;
	directory = begin_watch(s);
	if (directory < 0)
		return -1;
	while ((result = try_link(s, path)) < 0 && errno == EBUSY)
		await_change(s->watch);
	end_watch(s, directory);
	return result;
}

/* The first one in the line is who has its file locked. */
static int
wait_in_line(struct session *s, struct held *new, const char *path)
{
	char name[PATH_ROOM];

	snprintf(name, sizeof name, ".line.%s", new->name);
	new->line = open_shared(s->dir, name);
	if (new->line < 0 || file_lock(new->line, F_OFD_SETLKW, F_WRLCK) < 0)
		return -1;
	return wait_and_link(s, path);
}

/* Everything that may fail without a lock comes first: memory, then the lock, then the list. */
static int
take(struct session *s, const char *lockname, bool wait)
{
	char path[PATH_ROOM];
	struct held *new;

	if (!is_name(lockname)) {
		errno = EINVAL;
		return 0;
	}
	if (*find(s, lockname) != NULL) {
		errno = EDEADLK;
		return 0;
	}
	new = malloc(sizeof *new);
	if (new == NULL)
		return 0;
	strcpy(new->name, lockname);
	snprintf(path, sizeof path, "l.%s", lockname);
	new->line = -1;
	if ((wait ? wait_in_line(s, new, path) : try_link(s, path)) < 0) {
		forget(new);
		return 0;
	}
	new->next = s->locks;
	s->locks = new;
	return 1;
}
/* END */

int
lm_lock(struct lockset *set, const char *lockname)
{
	/* STUDENT: take the lock, and wait as long as another live session holds it */
	return take(set->session, lockname, true);
	/* INSTEAD
	(void)set;
	(void)lockname;
	errno = ENOSYS;
	return 0;
	*/
	/* END */
}

int
lm_nonblocking_lock(struct lockset *set, const char *lockname)
{
	/* STUDENT: take the lock or say EBUSY */
	return take(set->session, lockname, false);
	/* INSTEAD
	(void)set;
	(void)lockname;
	errno = ENOSYS;
	return 0;
	*/
	/* END */
}

int
lm_release(struct lockset *set, const char *lockname)
{
	/* STUDENT: remove the link, if it is this session's */
	char path[PATH_ROOM];
	struct held **at, *gone;

	if (!is_name(lockname)) {
		errno = EINVAL;
		return 0;
	}
	at = find(set->session, lockname);
	gone = *at;
	if (gone == NULL) {
		errno = EPERM;
		return 0;
	}
	snprintf(path, sizeof path, "l.%s", lockname);
	if (unlinkat(set->session->dir, path, 0) < 0)
		return 0;
	*at = gone->next;
	forget(gone);
	return 1;
	/* INSTEAD
	(void)set;
	(void)lockname;
	errno = ENOSYS;
	return 0;
	*/
	/* END */
}
