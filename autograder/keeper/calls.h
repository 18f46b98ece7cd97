/*
 * calls.h - the families of system calls that the eye knows by name.
 *
 * A fault, a hold or a count names a family, not one system call: a student
 * may write read(), fgets() or recv() and must meet the same short read.
 * Shared by the keeper (which maps numbers to families, arch_*.c) and by the
 * judge (whose authors write CALL_READ).
 */
#ifndef GABEL_KEEPER_CALLS_H
#define GABEL_KEEPER_CALLS_H

/* X(symbol, name that a reader knows) */
#define CALL_FAMILIES(X)                                                                           \
	X(READ, "read")                 /* read readv pread64 recvfrom recvmsg */                  \
	X(WRITE, "write")               /* write writev pwrite64 sendto sendmsg */                 \
	X(OPEN, "open")                 /* open openat creat */                                    \
	X(CLOSE, "close")               /* close close_range */                                    \
	X(DUP, "dup")                   /* dup dup2 dup3, fcntl(F_DUPFD) */                        \
	X(PIPE, "pipe")                 /* pipe pipe2 socketpair */                                \
	X(FORK, "fork")                 /* fork vfork, clone without CLONE_THREAD */               \
	X(THREAD, "pthread_create")     /* clone with CLONE_THREAD */                              \
	X(EXEC, "execve")               /* execve execveat */                                      \
	X(EXIT, "_exit")                /* exit_group */                                           \
	X(WAIT, "wait")                 /* wait4 waitid */                                         \
	X(KILL, "kill")                 /* kill tkill tgkill rt_sigqueueinfo pidfd_send_signal */  \
	X(SIGACTION, "sigaction")       /* rt_sigaction */                                         \
	X(SIGPROCMASK, "sigprocmask")   /* rt_sigprocmask */                                       \
	X(PAUSE, "pause")               /* pause */                                                \
	X(SIGSUSPEND, "sigsuspend")     /* rt_sigsuspend */                                        \
	X(SIGWAIT, "sigwait")           /* rt_sigtimedwait */                                      \
	X(ALARM, "alarm")               /* alarm setitimer timer_settime */                        \
	X(SLEEP, "nanosleep")           /* nanosleep clock_nanosleep */                            \
	X(SOCKET, "socket")             /* socket */                                               \
	X(BIND, "bind")                 /* bind */                                                 \
	X(LISTEN, "listen")             /* listen */                                               \
	X(ACCEPT, "accept")             /* accept accept4 */                                       \
	X(CONNECT, "connect")           /* connect */                                              \
	X(SHUTDOWN, "shutdown")         /* shutdown */                                             \
	X(SELECT, "select")             /* select pselect6 */                                      \
	X(POLL, "poll")                 /* poll ppoll epoll_wait epoll_pwait epoll_pwait2 */       \
	X(LINK, "link")                 /* link linkat */                                          \
	X(UNLINK, "unlink")             /* unlink unlinkat rmdir */                                \
	X(RENAME, "rename")             /* rename renameat renameat2 */                            \
	X(STAT, "stat")                 /* stat lstat fstat newfstatat statx access faccessat */   \
	X(MMAP, "mmap")                 /* mmap */                                                 \
	X(UNMAP, "munmap")              /* munmap */                                               \
	X(FCNTL, "fcntl")               /* fcntl */                                                \
	X(FLOCK, "flock")               /* flock */                                                \
	X(FUTEX, "futex")               /* futex */                                                \
	X(CHDIR, "chdir")               /* chdir fchdir */                                         \
	X(SETSID, "setsid")             /* setsid setpgid */                                       \
	X(MKFIFO, "mkfifo")             /* mknod mknodat */                                        \
	X(SHARED, "shared_access")      /* afs_syscall: autograder/interleave announces one */     \
	X(OTHER, "another system call") /* everything else: seen only as "blocked in" */

enum call {
#define X(symbol, name) CALL_##symbol,
	CALL_FAMILIES(X)
#undef X
	    CALL_COUNT
};

/* What a descriptor refers to; FD_ANY in a fault means that it does not matter. */
enum fd_kind { FD_ANY, FD_FILE, FD_PIPE, FD_FIFO, FD_SOCKET, FD_TTY, FD_DEVICE, FD_OTHER };

/* The family's name in the words of a man page; a string literal. */
const char *call_name(enum call call);

#endif
