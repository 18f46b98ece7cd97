/*
 * reach.c - whom a signal of the trial would reach.
 *
 * In a PID namespace of its own a trial cannot name anybody else. Without one
 * (--isolation=container) the keeper, the judge and all else of our user's
 * could be killed: there such a call is refused, as a stranger's would be.
 */
#define _GNU_SOURCE
#include "eye.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A process or thread; also a zombie that its parent has not waited for. */
static bool
is_ours(struct eye *eye, pid_t pid)
{
	return task_find(eye, pid) != NULL || proc_find(eye, pid) != NULL || descends_from_us(pid);
}

/* One number that nobody has gets ESRCH from the kernel. */
static bool
is_a_strangers(struct eye *eye, pid_t pid)
{
	return !is_ours(eye, pid) && (kill(pid, 0) == 0 || errno != ESRCH);
}

/* Groups do not span sessions, and the trial has its own: one of ours in it means that all are. */
static bool
is_a_strangers_group(struct eye *eye, pid_t group)
{
	pid_t pids[MAX_TASKS];
	size_t n = processes_list(eye, pids, MAX_TASKS);

	for (size_t i = 0; i < n; i++)
		if (getpgid(pids[i]) == group)
			return false;
	return kill(-group, 0) == 0 || errno != ESRCH;
}

/* As kill(2) reads the number. */
static bool
is_outside(struct eye *eye, pid_t pid)
{
	if (pid > 0)
		return is_a_strangers(eye, pid);
	if (pid == 0) /* the caller's own group */
		return false;
	return pid == -1 || is_a_strangers_group(eye, -pid);
}

bool
reaches_outside(struct eye *eye, const struct task *task)
{
	const long *args = task->call.args;

	switch (task->call.number) {
	case SYS_kill:
	case SYS_tkill:
	case SYS_rt_sigqueueinfo:
		return is_outside(eye, (pid_t)args[0]);
	case SYS_tgkill:
	case SYS_rt_tgsigqueueinfo:
		return is_outside(eye, (pid_t)args[1]);
	case SYS_pidfd_send_signal:
		return is_outside(eye, pidfd_target(task->tid, (int)args[0]));
	case SYS_fcntl: /* SIGIO, or what F_SETSIG says, will go there */
		return args[1] == F_SETOWN_EX ||
		       (args[1] == F_SETOWN && is_outside(eye, (pid_t)args[2]));
	default:
		return false;
	}
}
