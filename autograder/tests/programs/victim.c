/*
 * victim.c - what the eye must see: one small behaviour for each name, wrong
 * ones beside right ones. eye_test.c runs them in the sandbox.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t got;
static char *const *words; /* the words after the behaviour's name */

static void
note(int signal)
{
	(void)signal;
	got = 1;
}

static void
install(int signal, int flags)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = flags};

	sigaction(signal, &action, NULL);
}

static int
hello(void)
{
	puts("hello");
	return 3;
}

static int
pause_for_ever(void)
{
	pause();
	return 0;
}

static int
crash(void)
{
	volatile int *nothing = NULL;

	return *nothing;
}

static int
spin(void)
{
	for (;;)
		got++;
	return 0;
}

static int
fork_without_end(void)
{
	for (;;)
		fork();
	return 0;
}

static int
eat_memory(void)
{
	enum { PIECE = 1 << 20 };

	for (;;) {
		char *p = malloc(PIECE);

		if (p != NULL)
			memset(p, 1, PIECE);
	}
	return 0;
}

static int
flood(void)
{
	for (;;)
		puts("more and more and more and more and more and more");
	return 0;
}

/* Five children end; nobody waits. */
static int
zombies(void)
{
	for (int i = 0; i < 5; i++)
		if (fork() == 0)
			_exit(i);
	if (words[0] != NULL)
		pause();
	return 0;
}

static int
leave_running(void)
{
	for (int i = 0; i < 2; i++)
		if (fork() == 0)
			pause();
	return 0;
}

/* A daemon by double fork: not a child any more, but still there. */
static int
leave_daemon(void)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0)
			pause();
		_exit(0);
	}
	wait(NULL);
	return 0;
}

static int
wait_for_children(void)
{
	int n = 0;

	for (int i = 0; i < 5; i++)
		if (fork() == 0)
			_exit(i);
	while (wait(NULL) > 0)
		n++;
	return n == 5 ? 0 : 1;
}

/* Reads standard input with one read(), or to its end. */
static int
read_once(void)
{
	char bytes[100];

	printf("%zd\n", read(0, bytes, sizeof bytes));
	return 0;
}

static int
read_all(void)
{
	char bytes[100];
	size_t n = 0;
	ssize_t now;

	while ((now = read(0, bytes + n, sizeof bytes - n)) > 0 || (now < 0 && errno == EINTR))
		n += now > 0 ? (size_t)now : 0;
	printf("%zu\n", n);
	return 0;
}

static int
read_stdio(void)
{
	char line[100];

	printf("%zu\n", fgets(line, sizeof line, stdin) == NULL ? 0 : strlen(line));
	return 0;
}

static int
read_raw(void)
{
	char bytes[100];

	printf("%ld\n", syscall(SYS_read, 0, bytes, sizeof bytes));
	return 0;
}

static int
read_vector(void)
{
	char a[4], b[96];
	struct iovec v[2] = {{a, sizeof a}, {b, sizeof b}};

	printf("%zd\n", readv(0, v, 2));
	return 0;
}

/* The count must be back in its register after a cut call: the compiler relies on it. */
static int
count_survives(void)
{
	char bytes[100];
	long result, count = sizeof bytes;

	__asm__ volatile("syscall"
			 : "=a"(result), "+d"(count)
			 : "0"((long)SYS_read), "D"(0L), "S"(bytes)
			 : "rcx", "r11", "memory");
	printf("%ld %ld\n", result, count);
	return 0;
}

/* waitpid interrupted: given up, or made again. */
static int
wait_given_up(void)
{
	pid_t pid;

	install(SIGUSR1, 0);
	pid = fork();
	if (pid == 0)
		_exit(7);
	return waitpid(pid, NULL, 0) == pid ? 0 : 1;
}

static int
wait_again(void)
{
	pid_t pid, done;

	install(SIGUSR1, 0);
	pid = fork();
	if (pid == 0)
		_exit(7);
	do
		done = waitpid(pid, NULL, 0);
	while (done < 0 && errno == EINTR);
	return done == pid ? 0 : 1;
}

/* Asks for a child that has not ended, without waiting, and then waits for it. */
static int
wait_polled(void)
{
	int ends[2];
	pid_t pid, polled, waited;
	char byte;

	if (pipe(ends) < 0)
		return 2;
	pid = fork();
	if (pid == 0) {
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
	}
	polled = waitpid(pid, NULL, WNOHANG);
	close(ends[0]);
	close(ends[1]);
	waited = waitpid(pid, NULL, 0);
	return polled == 0 && waited < 0 && errno == EINTR ? 0 : 1;
}

static int
wait_restarted(void)
{
	pid_t pid;

	install(SIGUSR1, SA_RESTART);
	pid = fork();
	if (pid == 0)
		_exit(7);
	return waitpid(pid, NULL, 0) == pid ? 0 : 1;
}

/* A flag and pause(), or sigsuspend(). */
static int
flag_and_pause(void)
{
	install(SIGUSR1, 0);
	while (!got)
		pause();
	return 0;
}

static int
sigsuspend_loop(void)
{
	sigset_t block, old;

	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, &old);
	install(SIGUSR1, 0);
	while (!got)
		sigsuspend(&old);
	return 0;
}

static int
alarm_pause(void)
{
	alarm(1);
	pause();
	return 0;
}

static int
alarm_left(void)
{
	alarm(1000);
	if (fork() == 0)
		pause();
	pause();
	return 0;
}

static int
interval_left(void)
{
	struct itimerval every = {{1000, 0}, {1000, 0}};

	setitimer(ITIMER_REAL, &every, NULL);
	pause();
	return 0;
}

/* A timer wakes it, a thousand times a second, and it sleeps again; or so often as it wants. */
static int
timer_storm(void)
{
	struct itimerval every = {{0, 1000}, {0, 1000}};
	int n = words[0] == NULL ? -1 : atoi(words[0]);

	install(SIGALRM, 0);
	setitimer(ITIMER_REAL, &every, NULL);
	while (n < 0 || n-- > 0)
		pause();
	return 0;
}

/* The same without signals: it looks whether something has changed, and naps. */
static int
naps(void)
{
	for (;;)
		poll(NULL, 0, 1);
	return 0;
}

/* Two compute on one processor, each not for long: each must queue behind the other. */
static int
crowd(void)
{
	enum { EACH = CLOCKS_PER_SEC / 8 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	if (sched_setaffinity(0, sizeof one, &one) < 0)
		return 1;
	for (int i = 0; i < 2; i++)
		if (fork() == 0) {
			while (clock() < EACH)
				continue;
			_exit(0);
		}
	while (wait(NULL) > 0)
		continue;
	return 0;
}

static int
stop_and_go(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		raise(SIGSTOP);
		_exit(4);
	}
	waitpid(pid, &status, WUNTRACED);
	printf("stopped %d\n", WIFSTOPPED(status));
	fflush(stdout);
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
	printf("exit %d\n", WEXITSTATUS(status));
	return 0;
}

/* Asks twice who has ended; the first time it only looks. */
static int
looks_first(void)
{
	siginfo_t info;
	pid_t child = fork();

	if (child == 0)
		_exit(3);
	if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) < 0)
		return 1;
	return waitid(P_PID, (id_t)child, &info, WEXITED) < 0 || info.si_status != 3;
}

/* Two processes, a pipe; the reader keeps the write end open. */
static int
pipe_held(void)
{
	int ends[2];
	char byte;

	if (pipe(ends) < 0)
		return 1;
	if (fork() == 0) {
		while (read(ends[0], &byte, 1) > 0)
			continue;
		_exit(0);
	}
	close(ends[0]);
	if (write(ends[1], "x", 1) != 1)
		return 1;
	close(ends[1]);
	wait(NULL);
	return 0;
}

static int
masks(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	install(SIGUSR1, 0);
	raise(SIGUSR2);
	if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) ==
	    MAP_FAILED)
		return 1;
	pause();
	return 0;
}

static int
exec_with_mask(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (fork() == 0) {
		execl("/usr/bin/true", "true", (char *)NULL);
		_exit(127);
	}
	wait(NULL);
	return 0;
}

static int
descriptors_left(void)
{
	return open("/dev/null", O_RDONLY) < 0;
}

static int
spawn_child(void)
{
	char *argv[] = {"true", NULL};
	pid_t pid;
	int status = 1;

	if (posix_spawn(&pid, "/usr/bin/true", NULL, NULL, argv, NULL) != 0)
		return 1;
	waitpid(pid, &status, 0);
	return status;
}

static void *
thread_waits(void *with)
{
	pause();
	return with;
}

static int
thread_blocked(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, thread_waits, NULL) != 0)
		return 1;
	pthread_join(thread, NULL);
	return 0;
}

static void *
takes_sigusr1(void *unused)
{
	sigset_t set;
	int signal;

	(void)unused;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (sigwait(&set, &signal) == 0)
		_exit(0);
	return NULL;
}

/* Signals are one thread's affair; everybody else blocks them, and the first one pauses. */
static int
thread_takes_signals(void)
{
	pthread_t thread;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (pthread_create(&thread, NULL, takes_sigusr1, NULL) != 0)
		return 1;
	for (;;)
		pause();
}

/* Its argument is the number of the thread that made it, if nobody has changed that meanwhile. */
static void *
takes_one(void *number)
{
	char byte;

	return read(STDIN_FILENO, &byte, 1) == 1 && byte == (char)('a' + *(int *)number) ? number
											 : NULL;
}

/* Two threads, each with a pointer to the same number: what they read decides who is right. */
static int
two_threads(void)
{
	pthread_t thread[2];
	int number;

	for (number = 0; number < 2; number++)
		if (pthread_create(&thread[number], NULL, takes_one, &number) != 0)
			return 1;
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	return 0;
}

/* Writes one byte too far, and gives nothing back. */
static int
overflow(void)
{
	enum { ROOM = 10 };
	volatile char *bytes = malloc(ROOM);

	if (bytes == NULL)
		return 1;
	bytes[words[0] == NULL ? ROOM : ROOM - 1] = 1;
	return 0;
}

/* Its end does not come: a child computes on, and so long the first process waits at its exit. */
static int
end_and_spin(void)
{
	if (fork() == 0)
		for (;;)
			got++;
	return 0;
}

/* Who is first at the door takes it; right only when the door itself decides. */
static int
check_then_take(void)
{
	int status, holders = 0;
	int careful = words[0] != NULL;

	for (int i = 0; i < 2; i++) {
		if (fork() == 0) {
			if (!careful && access("L", F_OK) == 0)
				_exit(0);
			_exit(open("L", O_CREAT | O_WRONLY | (careful ? O_EXCL : 0), 0600) >= 0);
		}
	}
	while (wait(&status) > 0)
		holders += WEXITSTATUS(status);
	return holders == 1 ? 0 : 8;
}

/* What would move a terminal's cursor, or turn a line round. */
static int
says_foreign(void)
{
	puts("a\x7f\xe2\x80\xae");
	return 0;
}

static int
says_input(void)
{
	char line[100];

	puts("ready");
	fflush(stdout);
	if (fgets(line, sizeof line, stdin) == NULL)
		return 1;
	printf("got %s", line);
	return 0;
}

/* A probe with one answer, whatever it is asked. */
static int
answers(void)
{
	enum { PROBE = 100 };
	char request[64];

	if (recv(PROBE, request, sizeof request, 0) <= 0 || chdir("/") == 0)
		return 1;
	return send(PROBE, "a=1\n", 4, 0) != 4;
}

static int
writes_file(void)
{
	FILE *f = fopen("made", "w");

	if (f == NULL)
		return 1;
	fputs("content", f);
	return fclose(f);
}

/* What a program must not be able to do; prints what worked. */
static int
escapes(void)
{
	static const char *const hidden[] = {
	    "/etc/shadow", "/root", "/home", "/proc/1/mem", "/proc/1/environ", "/var", NULL};

	for (int i = 0; hidden[i] != NULL; i++)
		if (open(hidden[i], O_RDONLY) >= 0)
			printf("opened %s\n", hidden[i]);
	if (open("/file", O_CREAT | O_WRONLY, 0600) >= 0 ||
	    open("/box/file", O_CREAT | O_WRONLY, 0600) >= 0)
		puts("wrote outside of /tmp");
	if (kill(1, SIGKILL) == 0 && kill(1, SIGSTOP) == 0 && kill(1, 0) < 0)
		puts("killed the keeper");
	if (syscall(SYS_ptrace, 16, 1, 0, 0) == 0)
		puts("traced the keeper");
	if (syscall(SYS_unshare, 0x10000000) == 0)
		puts("made a user namespace");
	if (syscall(SYS_memfd_create, "x", 0) >= 0)
		puts("made memory that no limit counts");
	for (int fd = 3; fd < 1024; fd++)
		if (fd != 100 && write(fd, "{\"verdict\":\"passed\"}\n", 21) == 21)
			printf("wrote to descriptor %d\n", fd);
	puts("done");
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} behaviours[] = {
    {"hello", hello},
    {"pause", pause_for_ever},
    {"crash", crash},
    {"spin", spin},
    {"fork-without-end", fork_without_end},
    {"eat-memory", eat_memory},
    {"flood", flood},
    {"zombies", zombies},
    {"leave-running", leave_running},
    {"leave-daemon", leave_daemon},
    {"wait-for-children", wait_for_children},
    {"read-once", read_once},
    {"read-all", read_all},
    {"read-stdio", read_stdio},
    {"read-raw", read_raw},
    {"read-vector", read_vector},
    {"count-survives", count_survives},
    {"wait-given-up", wait_given_up},
    {"wait-again", wait_again},
    {"wait-restarted", wait_restarted},
    {"wait-polled", wait_polled},
    {"flag-and-pause", flag_and_pause},
    {"sigsuspend", sigsuspend_loop},
    {"alarm-pause", alarm_pause},
    {"alarm-left", alarm_left},
    {"interval-left", interval_left},
    {"timer-storm", timer_storm},
    {"naps", naps},
    {"crowd", crowd},
    {"stop-and-go", stop_and_go},
    {"looks-first", looks_first},
    {"pipe-held", pipe_held},
    {"masks", masks},
    {"exec-with-mask", exec_with_mask},
    {"descriptors-left", descriptors_left},
    {"spawn", spawn_child},
    {"thread-blocked", thread_blocked},
    {"thread-takes-signals", thread_takes_signals},
    {"two-threads", two_threads},
    {"overflow", overflow},
    {"end-and-spin", end_and_spin},
    {"check-then-take", check_then_take},
    {"says-foreign", says_foreign},
    {"says-input", says_input},
    {"answers", answers},
    {"writes-file", writes_file},
    {"escapes", escapes},
};

int
main(int argc, char *argv[])
{
	if (argc < 2)
		return 90;
	words = argv + 2;
	for (size_t i = 0; i < sizeof behaviours / sizeof *behaviours; i++)
		if (strcmp(behaviours[i].name, argv[1]) == 0)
			return behaviours[i].run();
	return 91;
}
