#define _GNU_SOURCE
#include "filter.h"

#include "arch.h"
#include <asm/sockios.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/*
 * Refused with EPERM. Each line names the danger.
 */
static const int refused[] = {
    /* another process's memory and state; the eye itself */
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kcmp),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(process_madvise),
    SCMP_SYS(seccomp),
    /* mounts and namespaces */
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsmount),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fspick),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(chroot),
    SCMP_SYS(setns),
    SCMP_SYS(unshare),
    /* large or rarely audited parts of the kernel */
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(fanotify_init),
    SCMP_SYS(vmsplice),
    SCMP_SYS(lookup_dcookie),
    SCMP_SYS(quotactl),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(personality),
    SCMP_SYS(modify_ldt),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(syslog),
    SCMP_SYS(acct),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    /* calls made by the kernel on the caller's behalf: the filter would not see them */
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    /* memory that no limit counts */
    SCMP_SYS(memfd_create),
    SCMP_SYS(memfd_secret),
};

static int
refuse_calls(scmp_filter_ctx filter)
{
	int e = 0;

	for (size_t i = 0; i < sizeof refused / sizeof *refused && e == 0; i++)
		if (refused[i] >= 0) /* negative: this processor does not have it */
			e = seccomp_rule_add_exact(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
	return e;
}

static int
refuse_flag(scmp_filter_ctx filter, int call, unsigned arg, scmp_datum_t flag)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 1,
	    SCMP_CMP64(arg, SCMP_CMP_MASKED_EQ, flag, flag));
}

static int
refuse_value(scmp_filter_ctx filter, int error, int call, unsigned arg, scmp_datum_t value)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint32_t)error), call, 1,
	    SCMP_CMP64(arg, SCMP_CMP_MASKED_EQ, 0xffffffffu, value));
}

/* Limits of others: one of no CPU time would kill the keeper. 0 is the caller itself. */
static int
refuse_limits_of_others(scmp_filter_ctx filter)
{
	return seccomp_rule_add(
	    filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), 1, SCMP_CMP64(0, SCMP_CMP_NE, 0));
}

/* Calls that are dangerous only with certain arguments. */
static int
refuse_arguments(scmp_filter_ctx filter)
{
	static const int families[] = {AF_NETLINK, AF_PACKET, AF_VSOCK, AF_ALG};
	int e;

	/* clone3 keeps its flags in memory, where no filter can look: C libraries fall back to
	 * clone */
	e = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (e == 0)
		e = refuse_flag(filter, SCMP_SYS(clone), 0, CLONE_NEWUSER);
	if (e == 0)
		e = refuse_flag(filter, SCMP_SYS(clone), 0, CLONE_NEWNET);
	if (e == 0)
		e = refuse_flag(filter, SCMP_SYS(clone), 0, CLONE_UNTRACED);
	if (e == 0)
		e = refuse_limits_of_others(filter);
	if (e == 0) /* typing into the terminal of whoever started us */
		e = refuse_value(filter, EPERM, SCMP_SYS(ioctl), 1, TIOCSTI);
	if (e == 0) /* hiding from the judge */
		e = refuse_value(filter, EPERM, SCMP_SYS(prctl), 0, PR_SET_DUMPABLE);
	if (e == 0) /* a second filter could skip what the eye counts */
		e = refuse_value(filter, EPERM, SCMP_SYS(prctl), 0, PR_SET_SECCOMP);
	for (size_t i = 0; i < sizeof families / sizeof *families && e == 0; i++)
		e = refuse_value(
		    filter, EAFNOSUPPORT, SCMP_SYS(socket), 0, (scmp_datum_t)families[i]);
	return e;
}

/* The tracer looks at the arguments itself; the filter only stops the caller. */
static int
trace_family(scmp_filter_ctx filter, enum call call)
{
	long numbers[16];
	size_t n = call_numbers(call, numbers, sizeof numbers / sizeof *numbers);
	int e = 0;

	for (size_t i = 0; i < n && e == 0; i++) {
		e = seccomp_rule_add(filter, SCMP_ACT_TRACE(0), (int)numbers[i], 0);
		if (e == -EEXIST) /* fcntl and clone belong to two families */
			e = 0;
	}
	return e;
}

/* Ways to have the kernel signal somebody later: fcntl() and two that are older. */
static const int owner_commands[] = {F_SETOWN, F_SETOWN_EX};
static const unsigned owner_ioctls[] = {FIOSETOWN, SIOCSPGRP};

enum { OWNER_COMMANDS = sizeof owner_commands / sizeof *owner_commands };

static int
refuse_owner_ioctls(scmp_filter_ctx filter)
{
	int e = 0;

	for (size_t i = 0; i < sizeof owner_ioctls / sizeof *owner_ioctls && e == 0; i++)
		e = refuse_value(filter, EPERM, SCMP_SYS(ioctl), 1, owner_ioctls[i]);
	return e;
}

/* For the tracer: whom they would reach is its question. */
static int
trace_signalling(scmp_filter_ctx filter)
{
	int e = trace_family(filter, CALL_KILL);

	for (int i = 0; i < OWNER_COMMANDS && e == 0; i++) {
		e = seccomp_rule_add(filter, SCMP_ACT_TRACE(0), SCMP_SYS(fcntl), 1,
		    SCMP_CMP64(
			1, SCMP_CMP_MASKED_EQ, 0xffffffffu, (scmp_datum_t)owner_commands[i]));
		if (e == -EEXIST) /* every fcntl stops anyway */
			e = 0;
	}
	return e;
}

static int
refuse_stranger(scmp_filter_ctx filter, pid_t pid)
{
	static const int calls[] = {SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(tgkill),
	    SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo)};
	int e = 0;

	for (size_t i = 0; i < sizeof calls / sizeof *calls && e == 0; i++)
		e = refuse_value(filter, EPERM, calls[i], 0, (uint32_t)pid);
	if (e == 0) /* the group that it leads */
		e = refuse_value(filter, EPERM, SCMP_SYS(kill), 0, (uint32_t)-pid);
	return e;
}

static int
refuse_strangers(scmp_filter_ctx filter, const pid_t *strangers)
{
	/* kill(-1) would end the grader, and all else of our user's */
	int e = refuse_value(filter, EPERM, SCMP_SYS(kill), 0, 0xffffffffu);

	for (; *strangers != 0 && e == 0; strangers++)
		e = refuse_stranger(filter, *strangers);
	if (e == 0)
		e = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(pidfd_send_signal), 0);
	for (int i = 0; i < OWNER_COMMANDS && e == 0; i++)
		e = refuse_value(
		    filter, EPERM, SCMP_SYS(fcntl), 1, (scmp_datum_t)owner_commands[i]);
	return e;
}

static int
guard_strangers(scmp_filter_ctx filter, const pid_t *strangers)
{
	int e = refuse_owner_ioctls(filter);

	if (e != 0)
		return e;
	return *strangers == 0 ? trace_signalling(filter) : refuse_strangers(filter, strangers);
}

/* A sleep that goes on after a signal must be known as what it is. */
static int
trace_restarts(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_TRACE(0), SCMP_SYS(restart_syscall), 0);
}

static int
trace_clock(scmp_filter_ctx filter)
{
	static const int options[] = {
	    SO_RCVTIMEO_OLD, SO_SNDTIMEO_OLD, SO_RCVTIMEO_NEW, SO_SNDTIMEO_NEW};
	long numbers[16];
	size_t n = clock_call_numbers(numbers, sizeof numbers / sizeof *numbers);
	int e = 0;

	for (size_t i = 0; i < n && e == 0; i++)
		e = seccomp_rule_add(filter, SCMP_ACT_TRACE(0), (int)numbers[i], 0);
	for (size_t i = 0; i < sizeof options / sizeof *options && e == 0; i++)
		e = seccomp_rule_add(filter, SCMP_ACT_TRACE(0), SCMP_SYS(setsockopt), 2,
		    SCMP_CMP64(1, SCMP_CMP_MASKED_EQ, 0xffffffffu, SOL_SOCKET),
		    SCMP_CMP64(2, SCMP_CMP_MASKED_EQ, 0xffffffffu, (scmp_datum_t)options[i]));
	return e;
}

int
filter_install(uint64_t watch, bool clock, const pid_t *strangers)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int e;

	if (filter == NULL) {
		errno = ENOMEM;
		return -1;
	}
	e = refuse_calls(filter);
	if (e == 0)
		e = refuse_arguments(filter);
	if (e == 0 && strangers != NULL)
		e = guard_strangers(filter, strangers);
	for (enum call c = 0; c < CALL_COUNT && e == 0; c++)
		if ((watch >> c & 1) != 0)
			e = trace_family(filter, c);
	if (e == 0 && watch != 0)
		e = trace_restarts(filter);
	if (e == 0 && clock)
		e = trace_clock(filter);
	if (e == 0)
		e = seccomp_load(filter);
	seccomp_release(filter);
	errno = -e;
	return e == 0 ? 0 : -1;
}
