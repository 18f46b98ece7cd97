#define _GNU_SOURCE
#include "arch.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
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

int
call_set_result(pid_t tid, long result)
{
	struct user_regs_struct r;

	if (registers_get(tid, &r) < 0)
		return -1;
	r.rax = (unsigned long long)result;
	return registers_set(tid, &r);
}

uint64_t
stack_at_exec(pid_t tid)
{
	struct user_regs_struct r;

	return registers_get(tid, &r) < 0 ? 0 : r.rsp;
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
    {SYS_epoll_pwait2, CALL_POLL, 0, -1, -1},
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
    {SYS_munmap, CALL_UNMAP, -1, -1, -1},
    {SYS_fcntl, CALL_FCNTL, 0, -1, -1},
    {SYS_flock, CALL_FLOCK, 0, -1, -1},
    {SYS_futex, CALL_FUTEX, -1, -1, -1},
    {SYS_chdir, CALL_CHDIR, -1, -1, 0},
    {SYS_fchdir, CALL_CHDIR, 0, -1, -1},
    {SYS_setsid, CALL_SETSID, -1, -1, -1},
    {SYS_setpgid, CALL_SETSID, -1, -1, -1},
    {SYS_mknod, CALL_MKFIFO, -1, -1, 0},
    {SYS_mknodat, CALL_MKFIFO, -1, -1, 1},
    {SYS_afs_syscall, CALL_SHARED, -1, -1, -1},
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
call_is_restart(long number)
{
	return number == SYS_restart_syscall;
}

bool
call_is_timed(long number, const long args[6])
{
	struct timeout_spec spec = call_timeout(number, args);

	switch (spec.form) {
	case TIMEOUT_NONE:
	case TIMEOUT_RECEIVE:
	case TIMEOUT_SEND:
		return call_is_restart(number); /* of what, nobody knows */
	case TIMEOUT_MS:
		return spec.at >= 0;
	default:
		return spec.at != 0;
	}
}

static struct timeout_spec
futex_timeout(const long args[6])
{
	int operation = (int)args[1] & FUTEX_CMD_MASK;
	clockid_t clock =
	    ((int)args[1] & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;

	switch (operation) {
	case FUTEX_WAIT:
		return (struct timeout_spec){TIMEOUT_TIMESPEC, args[3], 0, -ETIMEDOUT};
	case FUTEX_LOCK_PI:
		return (struct timeout_spec){TIMEOUT_DEADLINE, args[3], CLOCK_REALTIME, -ETIMEDOUT};
	case FUTEX_WAIT_BITSET:
	case FUTEX_WAIT_REQUEUE_PI:
	case FUTEX_LOCK_PI2:
		return (struct timeout_spec){TIMEOUT_DEADLINE, args[3], clock, -ETIMEDOUT};
	default:
		return (struct timeout_spec){0};
	}
}

/* Of calls on a socket: reading and accepting have one timeout, writing and connecting another. */
static struct timeout_spec
socket_timeout(long number, const long args[6])
{
	switch (number) {
	case SYS_connect:
		return (struct timeout_spec){TIMEOUT_SEND, args[0], 0, -EINPROGRESS};
	case SYS_write:
	case SYS_writev:
	case SYS_sendto:
	case SYS_sendmsg:
		return (struct timeout_spec){TIMEOUT_SEND, args[0], 0, -EAGAIN};
	case SYS_read:
	case SYS_readv:
	case SYS_recvfrom:
	case SYS_recvmsg:
	case SYS_accept:
	case SYS_accept4:
		return (struct timeout_spec){TIMEOUT_RECEIVE, args[0], 0, -EAGAIN};
	default:
		return (struct timeout_spec){0};
	}
}

/* alarm, setitimer, timer_settime: the first member of the pair that they are given does not count.
 */
static struct timeout_spec
timer_timeout(long number, const long args[6])
{
	const long value = 16; /* offset of it_value */

	if (number == SYS_alarm)
		return (struct timeout_spec){TIMEOUT_SECONDS, (long)(unsigned)args[0], 0, 0};
	if (number == SYS_setitimer)
		return (struct timeout_spec){
		    TIMEOUT_TIMEVAL, args[1] == 0 ? 0 : args[1] + value, 0, 0};
	return (struct timeout_spec){
	    ((int)args[1] & TIMER_ABSTIME) != 0 ? TIMEOUT_NONE : TIMEOUT_TIMESPEC,
	    args[2] == 0 ? 0 : args[2] + value, 0, 0};
}

struct timeout_spec
call_timeout(long number, const long args[6])
{
	switch (number) {
	case SYS_poll:
		return (struct timeout_spec){TIMEOUT_MS, (int)args[2], 0, 0};
	case SYS_epoll_wait:
	case SYS_epoll_pwait:
		return (struct timeout_spec){TIMEOUT_MS, (int)args[3], 0, 0};
	case SYS_ppoll:
		return (struct timeout_spec){TIMEOUT_TIMESPEC, args[2], 0, 0};
	case SYS_epoll_pwait2:
		return (struct timeout_spec){TIMEOUT_TIMESPEC, args[3], 0, 0};
	case SYS_select:
		return (struct timeout_spec){TIMEOUT_TIMEVAL, args[4], 0, 0};
	case SYS_pselect6:
		return (struct timeout_spec){TIMEOUT_TIMESPEC, args[4], 0, 0};
	case SYS_nanosleep:
		return (struct timeout_spec){TIMEOUT_TIMESPEC, args[0], 0, 0};
	case SYS_clock_nanosleep:
		return (struct timeout_spec){
		    ((int)args[1] & TIMER_ABSTIME) != 0 ? TIMEOUT_DEADLINE : TIMEOUT_TIMESPEC,
		    args[2], (clockid_t)args[0], 0};
	case SYS_rt_sigtimedwait:
		return (struct timeout_spec){TIMEOUT_TIMESPEC, args[2], 0, -EAGAIN};
	case SYS_semtimedop:
		return (struct timeout_spec){TIMEOUT_TIMESPEC, args[3], 0, -EAGAIN};
	case SYS_mq_timedsend:
	case SYS_mq_timedreceive:
		return (struct timeout_spec){TIMEOUT_DEADLINE, args[4], CLOCK_REALTIME, -ETIMEDOUT};
	case SYS_futex:
		return futex_timeout(args);
	case SYS_alarm:
	case SYS_setitimer:
	case SYS_timer_settime:
		return timer_timeout(number, args);
	default:
		return socket_timeout(number, args);
	}
}

size_t
clock_call_numbers(long numbers[], size_t room)
{
	static const long all[] = {SYS_clock_gettime, SYS_gettimeofday, SYS_time, SYS_getitimer,
	    SYS_timer_create, SYS_timer_gettime, SYS_timerfd_settime, SYS_semtimedop,
	    SYS_mq_timedsend, SYS_mq_timedreceive};
	size_t n = sizeof all / sizeof *all < room ? sizeof all / sizeof *all : room;

	for (size_t i = 0; i < n; i++)
		numbers[i] = all[i];
	return n;
}
