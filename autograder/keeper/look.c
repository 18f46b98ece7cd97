/*
 * look.c - what /proc says about a process, read from inside the trial's PID
 * namespace, so that every number is the one the student's program knows.
 */
#define _GNU_SOURCE
#include "eye.h"

#include "net.h"
#include "proc_file.h"

#include "../judge/probe.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t
field(const char *text, const char *name, int base)
{
	const char *p = strstr(text, name);

	return p == NULL ? 0 : strtoull(p + strlen(name), NULL, base);
}

enum { STATUS_MAX = 4096, SYSCALL_MAX = 256 };

static void
parse_status(const char *text, struct proc_stat *s)
{
	const char *state;

	state = strstr(text, "\nState:\t");
	s->state = state == NULL ? '?' : state[8];
	s->ppid = (pid_t)field(text, "\nPPid:\t", 10);
	s->threads = (unsigned)field(text, "\nThreads:\t", 10);
	s->pending = field(text, "\nSigPnd:\t", 16) | field(text, "\nShdPnd:\t", 16);
	s->blocked = field(text, "\nSigBlk:\t", 16);
	s->ignored = field(text, "\nSigIgn:\t", 16);
	s->caught = field(text, "\nSigCgt:\t", 16);
	s->fd_room = (unsigned)field(text, "\nFDSize:\t", 10);
	s->switches = field(text, "\nvoluntary_ctxt_switches:\t", 10) +
		      field(text, "\nnonvoluntary_ctxt_switches:\t", 10);
	sscanf(text, "Name:\t%31[^\n]", s->name);
}

int
proc_stat_read(pid_t pid, struct proc_stat *s)
{
	char text[STATUS_MAX];

	memset(s, 0, sizeof *s);
	if (proc_file_read(pid, "status", text, sizeof text) < 0)
		return -1;
	parse_status(text, s);
	return 0;
}

int
task_stat(struct task *task, struct proc_stat *s)
{
	char text[STATUS_MAX];

	memset(s, 0, sizeof *s);
	if (proc_file_again(&task->status, task->tid, "status", text, sizeof text) < 0)
		return -1;
	parse_status(text, s);
	return 0;
}

static void
parse_syscall(const char *text, long *number, long args[6])
{
	*number = -1;
	memset(args, 0, 6 * sizeof *args);
	if (!isdigit((unsigned char)text[0]))
		return; /* "running", or -1: stopped outside of a call */
	if (sscanf(text, "%ld %lx %lx %lx %lx %lx %lx", number, (unsigned long *)&args[0],
		(unsigned long *)&args[1], (unsigned long *)&args[2], (unsigned long *)&args[3],
		(unsigned long *)&args[4], (unsigned long *)&args[5]) < 1)
		*number = -1;
}

int
proc_syscall_read(pid_t tid, long *number, long args[6])
{
	char text[SYSCALL_MAX] = "";
	ssize_t n = proc_file_read(tid, "syscall", text, sizeof text);

	parse_syscall(text, number, args);
	return n < 0 ? -1 : 0;
}

int
task_syscall(struct task *task, long *number, long args[6])
{
	char text[SYSCALL_MAX] = "";
	ssize_t n = proc_file_again(&task->syscall, task->tid, "syscall", text, sizeof text);

	parse_syscall(text, number, args);
	return n < 0 ? -1 : 0;
}

bool
descends_from_us(pid_t pid)
{
	enum { DEEPEST = 256 };
	struct proc_stat s;

	for (int depth = 0; depth < DEEPEST && pid > 1; depth++) {
		if (proc_stat_read(pid, &s) < 0)
			return false;
		if (s.ppid == getpid())
			return true;
		pid = s.ppid;
	}
	return false;
}

pid_t
pidfd_target(pid_t tid, int fd)
{
	char file[64], info[512];
	pid_t pid;

	snprintf(file, sizeof file, "fdinfo/%d", fd);
	if (proc_file_read(tid, file, info, sizeof info) < 0)
		return 0;
	pid = (pid_t)field(info, "\nPid:\t", 10);
	return pid > 0 ? pid : 0;
}

size_t
processes_list(struct eye *eye, pid_t pids[], size_t room)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t self = getpid();
	size_t n = 0;

	if (proc == NULL)
		faulty(eye, "/proc cannot be read: %s", strerror(errno));
	while (n < room && (entry = readdir(proc)) != NULL) {
		pid_t pid = (pid_t)atoi(entry->d_name);

		if (pid <= 0 || pid == self)
			continue;
		if (eye->alone || descends_from_us(pid))
			pids[n++] = pid;
	}
	closedir(proc);
	return n;
}

/* Read by whole pages: the C library would make many small reads of it. */
static FILE *
maps_open(pid_t pid)
{
	enum { PAGE = 4096 };
	static char buffer[PAGE];
	char path[64];
	FILE *maps;

	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	if (maps != NULL)
		setvbuf(maps, buffer, _IOFBF, sizeof buffer);
	return maps;
}

struct code
code_find(pid_t pid, const char *path)
{
	char line[512];
	FILE *maps = maps_open(pid);
	struct code code = {0};

	while (maps != NULL && code.to == 0 && fgets(line, sizeof line, maps) != NULL)
		if (strstr(line, "r-xp") != NULL && strstr(line, path) != NULL)
			sscanf(line, "%" SCNx64 "-%" SCNx64, &code.from, &code.to);
	if (maps != NULL)
		fclose(maps);
	return code;
}

unsigned
shared_maps(pid_t pid)
{
	char line[512];
	unsigned n = 0;
	FILE *maps = maps_open(pid);

	if (maps == NULL)
		return 0;
	while (fgets(line, sizeof line, maps) != NULL)
		if (strstr(line, " rw-s ") != NULL)
			n++;
	fclose(maps);
	return n;
}

static const struct net_socket *
socket_of(struct net_table *net, uint64_t inode)
{
	static const struct net_socket unbound = {.state = NET_UNBOUND};
	const struct net_socket *s = net_find(net, inode);

	return s == NULL ? &unbound : s;
}

/* What it leads to; of pipes and sockets the link's text says all that we want to know. */
static void
stat_target(int dir, const char *fd, const char *target, struct stat *st)
{
	memset(st, 0, sizeof *st);
	if (sscanf(target, "pipe:[%lu]", &st->st_ino) == 1)
		st->st_mode = S_IFIFO;
	else if (sscanf(target, "socket:[%lu]", &st->st_ino) == 1)
		st->st_mode = S_IFSOCK;
	else if (fstatat(dir, fd, st, 0) < 0)
		st->st_ino = 0;
}

/* dir is /proc/PID/fd */
static void
put_descriptor(struct wire *w, int dir, int fd, struct net_table *net)
{
	static const struct net_socket none = {.state = NET_NONE};
	const struct net_socket *s = &none;
	char path[64], target[256] = "", info[512];
	struct stat st;
	unsigned long flags;
	ssize_t n;

	snprintf(path, sizeof path, "%d", fd);
	n = readlinkat(dir, path, target, sizeof target - 1);
	target[n < 0 ? 0 : n] = '\0';
	stat_target(dir, path, target, &st);
	snprintf(path, sizeof path, "../fdinfo/%d", fd);
	flags = proc_file_read_at(dir, path, info, sizeof info) < 0
		    ? 0
		    : (unsigned long)field(info, "flags:\t", 8);
	put_i32(w, fd);
	put_u32(w, fd_kind_from(&st, target));
	put_u32(w, (flags & O_ACCMODE) == O_RDWR ? 3 : (flags & O_ACCMODE) == O_WRONLY ? 2 : 1);
	put_u64(w, st.st_ino);
	put_u32(w, (flags & O_CLOEXEC) != 0);
	put_str(w, target);
	if (S_ISSOCK(st.st_mode))
		s = socket_of(net, st.st_ino);
	put_u32(w, (flags & O_NONBLOCK) != 0);
	put_u32(w, s->state);
	put_str(w, s->local);
	put_str(w, s->remote);
	put_u64(w, s->unread);
}

bool
holds_socket(struct eye *eye, uint64_t inode)
{
	pid_t pids[MAX_TASKS];
	size_t n = processes_list(eye, pids, MAX_TASKS);
	char path[64], wanted[64], target[64];
	struct dirent *entry;
	bool found = false;

	snprintf(wanted, sizeof wanted, "socket:[%" PRIu64 "]", inode);
	for (size_t i = 0; i < n && !found; i++) {
		DIR *dir;

		snprintf(path, sizeof path, "/proc/%d/fd", (int)pids[i]);
		dir = opendir(path);
		while (dir != NULL && !found && (entry = readdir(dir)) != NULL) {
			ssize_t length =
			    readlinkat(dirfd(dir), entry->d_name, target, sizeof target - 1);

			target[length < 0 ? 0 : length] = '\0';
			found = strcmp(target, wanted) == 0;
		}
		if (dir != NULL)
			closedir(dir);
	}
	return found;
}

static int
by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void
put_descriptors(struct wire *w, pid_t pid, struct net_table *net)
{
	enum { MOST = 128 }; /* what one message holds */
	int fds[MOST];
	uint32_t n = 0;
	char path[64];
	DIR *dir;
	struct dirent *entry;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	while (dir != NULL && n < MOST && (entry = readdir(dir)) != NULL)
		if (isdigit((unsigned char)entry->d_name[0]) && atoi(entry->d_name) != PROBE_FD)
			fds[n++] = atoi(entry->d_name);
	qsort(fds, n, sizeof *fds, by_number);
	put_u32(w, n);
	for (uint32_t i = 0; i < n; i++)
		put_descriptor(w, dirfd(dir), fds[i], net);
	if (dir != NULL)
		closedir(dir);
}

uint64_t
timer_left_ms(const struct eye *eye, const struct proc *p)
{
	uint64_t until = timers_last(p);
	uint64_t now = eye_now(eye);

	if (until == UINT64_MAX)
		return UINT64_MAX;
	return until <= now ? 0 : (until - now + 999) / 1000;
}

/* Where the eye itself has stopped a task for a moment, the program is running. */
static char
state_of(struct eye *eye, pid_t pid, char in_proc)
{
	const struct task *task = task_find(eye, pid);

	if (task == NULL || in_proc == 'Z')
		return in_proc;
	if (task->state == TASK_HELD)
		return 't';
	if (task->state == TASK_STOPPED)
		return 'T';
	return in_proc == 't' ? 'R' : in_proc;
}

/* What a thread is doing; of a process it is what its first thread does. */
static void
put_task(struct eye *eye, struct wire *w, pid_t tid, struct proc_stat *s)
{
	struct task *task = task_find(eye, tid);
	long number, args[6];
	int fd;

	if ((task == NULL ? proc_stat_read(tid, s) : task_stat(task, s)) < 0)
		memset(s, 0, sizeof *s);
	if (task == NULL)
		proc_syscall_read(tid, &number, args);
	else
		task_syscall(task, &number, args);
	call_resolve(task, &number);
	fd = call_fd_arg(number);
	put_i32(w, tid);
	put_u32(w, (unsigned char)state_of(eye, tid, s->state));
	put_u32(w, number < 0 ? CALL_OTHER : call_family(number, args));
	put_u64(w, (uint64_t)number);
	put_u64(w, (uint64_t)(fd < 0 ? -1 : args[fd]));
	put_u32(w, wait_is_timed(task, number, args));
}

/* The threads of a process beside the first. */
static void
put_other_tasks(struct eye *eye, struct wire *w, pid_t pid)
{
	enum { MOST = 256 }; /* what one message holds */
	struct proc_stat s;
	pid_t tids[MOST];
	uint32_t n = 0;

	for (size_t i = 0; i < eye->n_tasks && n < MOST; i++)
		if (eye->tasks[i]->proc != NULL && eye->tasks[i]->proc->pid == pid &&
		    eye->tasks[i]->tid != pid)
			tids[n++] = eye->tasks[i]->tid;
	qsort(tids, n, sizeof *tids, by_number);
	put_u32(w, n);
	for (uint32_t i = 0; i < n; i++)
		put_task(eye, w, tids[i], &s);
}

static void
put_process(struct eye *eye, struct wire *w, pid_t pid, struct net_table *net)
{
	const struct proc *p = proc_find(eye, pid);
	struct proc_stat s;

	put_task(eye, w, pid, &s);
	put_i32(w, s.ppid);
	put_u64(w, s.blocked);
	put_u64(w, s.ignored);
	put_u64(w, s.caught);
	put_u64(w, s.pending);
	put_u64(w, p == NULL ? 0 : timer_left_ms(eye, p));
	put_u32(w, s.threads);
	put_str(w, s.name);
	put_other_tasks(eye, w, pid);
	put_descriptors(w, pid, net);
}

static int
by_pid(const void *a, const void *b)
{
	return *(const pid_t *)a - *(const pid_t *)b;
}

void
look_send(struct eye *eye, uint32_t token)
{
	static struct wire w;
	struct net_table net = {0};
	pid_t pids[MAX_TASKS];
	size_t n = processes_list(eye, pids, MAX_TASKS);

	qsort(pids, n, sizeof *pids, by_pid);
	for (size_t i = 0; i < n; i++) {
		wire_begin(&w, WIRE_PROCESS);
		put_u32(&w, token);
		put_process(eye, &w, pids[i], &net);
		if (wire_send(eye->control, &w) < 0)
			_exit(0); /* nobody is left who wants to know */
	}
	net_free(&net);
	wire_begin(&w, WIRE_LOOK_DONE);
	put_u32(&w, token);
	if (wire_send(eye->control, &w) < 0)
		_exit(0);
}

void
leftovers_count(struct eye *eye, uint32_t *left, uint32_t *unwaited)
{
	pid_t pids[MAX_TASKS];
	size_t n = processes_list(eye, pids, MAX_TASKS);

	*left = *unwaited = 0;
	for (size_t i = 0; i < n; i++) {
		struct proc_stat s;

		if (pids[i] == eye->first || proc_stat_read(pids[i], &s) < 0)
			continue;
		if (s.state == 'Z' && s.ppid == eye->first)
			++*unwaited;
		else if (s.state != 'Z' && s.state != 'X')
			++*left;
	}
}
