#define _GNU_SOURCE
#include "arch.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>

#ifndef __x86_64__
#error "the eye knows x86-64 only; another processor needs its own arch_*.c"
#endif

static int
registers_get(pid_t tid, struct user_regs_struct *r)
{
	struct iovec io = {r, sizeof *r};

	return ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &io) < 0 ? -1 : 0;
}

static int
registers_set(pid_t tid, struct user_regs_struct *r)
{
	struct iovec io = {r, sizeof *r};

	return ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &io) < 0 ? -1 : 0;
}

int
call_read(pid_t tid, struct call_state *s)
{
	struct user_regs_struct r;

	if (registers_get(tid, &r) < 0)
		return -1;
	s->number = (long)r.orig_rax;
	s->args[0] = (long)r.rdi;
	s->args[1] = (long)r.rsi;
	s->args[2] = (long)r.rdx;
	s->args[3] = (long)r.r10;
	s->args[4] = (long)r.r8;
	s->args[5] = (long)r.r9;
	s->result = (long)r.rax;
	s->from = r.rip;
	return 0;
}

int
call_skip(pid_t tid, long result)
{
	struct user_regs_struct r;

	if (registers_get(tid, &r) < 0)
		return -1;
	r.orig_rax = (unsigned long long)-1;
	r.rax = (unsigned long long)result;
	return registers_set(tid, &r);
}

int
call_rewind(pid_t tid)
{
	enum { SYSCALL_INSTRUCTION = 2 }; /* bytes of 0f 05 */
	struct user_regs_struct r;

	if (registers_get(tid, &r) < 0)
		return -1;
	r.rax = r.orig_rax;
	r.orig_rax = (unsigned long long)-1;
	r.rip -= SYSCALL_INSTRUCTION;
	return registers_set(tid, &r);
}

int
call_set_arg(pid_t tid, int i, long value)
{
	struct user_regs_struct r;
	unsigned long long *at[] = {&r.rdi, &r.rsi, &r.rdx, &r.r10, &r.r8, &r.r9};

	if (registers_get(tid, &r) < 0)
		return -1;
	*at[i] = (unsigned long long)value;
	return registers_set(tid, &r);
}

/* One line per system call that the eye knows: its family and what its arguments are. */
static const struct known {
	long number;
	enum call family;
	int fd, count, path;
} known[] = {
    {SYS_read, CALL_READ, 0, 2, -1},
    {SYS_readv, CALL_READ, 0, 2, -1},
    {SYS_pread64, CALL_READ, 0, 2, -1},
    {SYS_recvfrom, CALL_READ, 0, 2, -1},
    {SYS_recvmsg, CALL_READ, 0, -1, -1},
    {SYS_write, CALL_WRITE, 0, 2, -1},
    {SYS_writev, CALL_WRITE, 0, 2, -1},
    {SYS_pwrite64, CALL_WRITE, 0, 2, -1},
    {SYS_sendto, CALL_WRITE, 0, 2, -1},
    {SYS_sendmsg, CALL_WRITE, 0, -1, -1},
    {SYS_open, CALL_OPEN, -1, -1, 0},
    {SYS_openat, CALL_OPEN, -1, -1, 1},
    {SYS_creat, CALL_OPEN, -1, -1, 0},
    {SYS_close, CALL_CLOSE, 0, -1, -1},
    {SYS_close_range, CALL_CLOSE, 0, -1, -1},
    {SYS_dup, CALL_DUP, 0, -1, -1},
    {SYS_dup2, CALL_DUP, 0, -1, -1},
    {SYS_dup3, CALL_DUP, 0, -1, -1},
    {SYS_pipe, CALL_PIPE, -1, -1, -1},
    {SYS_pipe2, CALL_PIPE, -1, -1, -1},
    {SYS_socketpair, CALL_PIPE, -1, -1, -1},
    {SYS_clone, CALL_FORK, -1, -1, -1},
    {SYS_fork, CALL_FORK, -1, -1, -1},
    {SYS_vfork, CALL_FORK, -1, -1, -1},
    {SYS_execve, CALL_EXEC, -1, -1, 0},
    {SYS_execveat, CALL_EXEC, -1, -1, 1},
    {SYS_exit_group, CALL_EXIT, -1, -1, -1},
    {SYS_wait4, CALL_WAIT, -1, -1, -1},
    {SYS_waitid, CALL_WAIT, -1, -1, -1},
    {SYS_kill, CALL_KILL, -1, -1, -1},
    {SYS_tkill, CALL_KILL, -1, -1, -1},
    {SYS_tgkill, CALL_KILL, -1, -1, -1},
    {SYS_rt_sigqueueinfo, CALL_KILL, -1, -1, -1},
    {SYS_rt_tgsigqueueinfo, CALL_KILL, -1, -1, -1},
    {SYS_pidfd_send_signal, CALL_KILL, -1, -1, -1},
    {SYS_rt_sigaction, CALL_SIGACTION, -1, -1, -1},
    {SYS_rt_sigprocmask, CALL_SIGPROCMASK, -1, -1, -1},
    {SYS_pause, CALL_PAUSE, -1, -1, -1},
    {SYS_rt_sigsuspend, CALL_SIGSUSPEND, -1, -1, -1},
    {SYS_rt_sigtimedwait, CALL_SIGWAIT, -1, -1, -1},
    {SYS_alarm, CALL_ALARM, -1, -1, -1},
    {SYS_setitimer, CALL_ALARM, -1, -1, -1},
    {SYS_timer_settime, CALL_ALARM, -1, -1, -1},
    {SYS_timer_delete, CALL_ALARM, -1, -1, -1},
    {SYS_nanosleep, CALL_SLEEP, -1, -1, -1},
    {SYS_clock_nanosleep, CALL_SLEEP, -1, -1, -1},
    {SYS_socket, CALL_SOCKET, -1, -1, -1},
    {SYS_bind, CALL_BIND, 0, -1, -1},
    {SYS_listen, CALL_LISTEN, 0, -1, -1},
    {SYS_accept, CALL_ACCEPT, 0, -1, -1},
    {SYS_accept4, CALL_ACCEPT, 0, -1, -1},
    {SYS_connect, CALL_CONNECT, 0, -1, -1},
    {SYS_shutdown, CALL_SHUTDOWN, 0, -1, -1},
    {SYS_select, CALL_SELECT, -1, -1, -1},
    {SYS_pselect6, CALL_SELECT, -1, -1, -1},
    {SYS_poll, CALL_POLL, -1, -1, -1},
    {SYS_ppoll, CALL_POLL, -1, -1, -1},
    {SYS_epoll_wait, CALL_POLL, 0, -1, -1},
    {SYS_epoll_pwait, CALL_POLL, 0, -1, -1},
    {SYS_link, CALL_LINK, -1, -1, 1},
    {SYS_linkat, CALL_LINK, -1, -1, 3},
    {SYS_unlink, CALL_UNLINK, -1, -1, 0},
    {SYS_unlinkat, CALL_UNLINK, -1, -1, 1},
    {SYS_rmdir, CALL_UNLINK, -1, -1, 0},
    {SYS_rename, CALL_RENAME, -1, -1, 0},
    {SYS_renameat, CALL_RENAME, -1, -1, 1},
    {SYS_renameat2, CALL_RENAME, -1, -1, 1},
    {SYS_stat, CALL_STAT, -1, -1, 0},
    {SYS_lstat, CALL_STAT, -1, -1, 0},
    {SYS_fstat, CALL_STAT, 0, -1, -1},
    {SYS_newfstatat, CALL_STAT, -1, -1, 1},
    {SYS_statx, CALL_STAT, -1, -1, 1},
    {SYS_access, CALL_STAT, -1, -1, 0},
    {SYS_faccessat, CALL_STAT, -1, -1, 1},
    {SYS_mmap, CALL_MMAP, -1, -1, -1},
    {SYS_fcntl, CALL_FCNTL, 0, -1, -1},
    {SYS_flock, CALL_FLOCK, 0, -1, -1},
    {SYS_futex, CALL_FUTEX, -1, -1, -1},
    {SYS_chdir, CALL_CHDIR, -1, -1, 0},
    {SYS_fchdir, CALL_CHDIR, 0, -1, -1},
    {SYS_setsid, CALL_SETSID, -1, -1, -1},
    {SYS_setpgid, CALL_SETSID, -1, -1, -1},
    {SYS_mknod, CALL_MKFIFO, -1, -1, 0},
    {SYS_mknodat, CALL_MKFIFO, -1, -1, 1},
};

static const struct known *
find(long number)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].number == number)
			return &known[i];
	return NULL;
}

enum call
call_family(long number, const long args[6])
{
	const struct known *k = find(number);

	if (k == NULL)
		return CALL_OTHER;
	if (number == SYS_clone && (args[0] & CLONE_THREAD) != 0)
		return CALL_THREAD;
	if (number == SYS_fcntl && (args[1] == F_DUPFD || args[1] == F_DUPFD_CLOEXEC))
		return CALL_DUP;
	return k->family;
}

size_t
call_numbers(enum call call, long numbers[], size_t room)
{
	size_t n = 0;

	if (call == CALL_THREAD)
		call = CALL_FORK; /* both are clone(2); call_family() tells them apart */
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].family == call && n < room)
			numbers[n++] = known[i].number;
	if (call == CALL_DUP && n < room)
		numbers[n++] = SYS_fcntl;
	return n;
}

int
call_fd_arg(long number)
{
	const struct known *k = find(number);

	return k == NULL ? -1 : k->fd;
}

int
call_count_arg(long number)
{
	const struct known *k = find(number);

	return k == NULL ? -1 : k->count;
}

int
call_path_arg(long number)
{
	const struct known *k = find(number);

	return k == NULL ? -1 : k->path;
}

bool
call_is_timed(long number, const long args[6])
{
	switch (number) {
	case SYS_nanosleep:
	case SYS_clock_nanosleep:
	case SYS_restart_syscall: /* what a stopped sleep or poll goes on as */
		return true;
	case SYS_poll:
		return (int)args[2] >= 0;
	case SYS_epoll_wait:
	case SYS_epoll_pwait:
		return (int)args[3] >= 0;
	case SYS_ppoll:
	case SYS_rt_sigtimedwait:
		return args[2] != 0;
	case SYS_select:
	case SYS_pselect6:
		return args[4] != 0;
	case SYS_futex:
		return args[3] != 0;
	case SYS_semtimedop:
		return args[3] != 0;
	default:
		return false;
	}
}
