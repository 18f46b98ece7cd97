/*
 * waiter.c - every way to wait for a time, for clock_test.c: waiter HOW SECONDS
 * waits once and says what came of it; other words below do more.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char *const *words; /* behind the first */

static volatile sig_atomic_t taken;

static void
take(int signal)
{
	(void)signal;
	taken++;
}

static void
install(int signal)
{
	struct sigaction action = {.sa_handler = take};

	taken = 0;
	sigaction(signal, &action, NULL);
}

static struct timespec
in(clockid_t clock, long seconds)
{
	struct timespec t;

	clock_gettime(clock, &t);
	t.tv_sec += seconds;
	return t;
}

/* ---- one wait each: 0 when the time was over, as its manual page says -------------------- */

static int
by_select(long seconds)
{
	struct timeval left = {seconds, 0};
	fd_set read;
	int n;

	FD_ZERO(&read);
	FD_SET(0, &read);
	n = select(1, &read, NULL, NULL, &left);
	return n == 0 && !FD_ISSET(0, &read) && left.tv_sec == 0 && left.tv_usec == 0 ? 0 : 1;
}

/*
 * With more descriptors than the process can have: of a set the kernel looks
 * only at those that it has room for, and this one is no larger.
 */
static int
by_raw_select(long seconds)
{
	enum { ROOM = 256 / 8, BEHIND = (FD_SETSIZE - 256) / 8 };
	struct timeval left = {seconds, 0};
	unsigned char read[ROOM + BEHIND] = {1};
	long n;

	memset(read + ROOM, 'x', BEHIND);
	n = syscall(SYS_select, FD_SETSIZE, read, NULL, NULL, &left);
	for (int i = 0; i < BEHIND; i++)
		if (read[ROOM + i] != 'x')
			return 3;
	return n == 0 && read[0] == 0 && left.tv_sec == 0 && left.tv_usec == 0 ? 0 : 1;
}

static int
by_pselect(long seconds)
{
	struct timespec time = {seconds, 0};
	fd_set read;
	sigset_t mask, before, after;
	int n;

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	FD_ZERO(&read);
	FD_SET(0, &read);
	sigprocmask(SIG_SETMASK, NULL, &before);
	n = pselect(1, &read, NULL, NULL, &time, &mask);
	sigprocmask(SIG_SETMASK, NULL, &after);
	return n == 0 && !FD_ISSET(0, &read) &&
		       sigismember(&before, SIGUSR1) == sigismember(&after, SIGUSR1)
		   ? 0
		   : 1;
}

static int
by_poll(long seconds)
{
	struct pollfd in_fd = {0, POLLIN, -1};

	return poll(&in_fd, 1, (int)seconds * 1000) == 0 && in_fd.revents == 0 ? 0 : 1;
}

static int
by_ppoll(long seconds)
{
	struct pollfd in_fd = {0, POLLIN, -1};
	struct timespec time = {seconds, 0};
	sigset_t mask;

	sigemptyset(&mask);
	return ppoll(&in_fd, 1, &time, &mask) == 0 && in_fd.revents == 0 ? 0 : 1;
}

static int
by_epoll(long seconds)
{
	struct epoll_event e = {.events = EPOLLIN};
	int fd = epoll_create1(0);

	if (epoll_ctl(fd, EPOLL_CTL_ADD, 0, &e) < 0)
		return 2;
	return epoll_wait(fd, &e, 1, (int)seconds * 1000) == 0 ? 0 : 1;
}

static int
by_epoll_pwait2(long seconds)
{
	struct epoll_event e;
	struct timespec time = {seconds, 0};
	int fd = epoll_create1(0);

	return syscall(SYS_epoll_pwait2, fd, &e, 1, &time, NULL, 0) == 0 ? 0 : 1;
}

/* The system call that the C library makes for all naps without a deadline. */
static int
by_sleep(long seconds)
{
	struct timespec time = {seconds, 0};

	return clock_nanosleep(CLOCK_REALTIME, 0, &time, NULL);
}

/* Whose rest is stored into what was asked for; it is untouched when the time is over. */
static int
by_nanosleep(long seconds)
{
	struct timespec time = {seconds, 7};

	return clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &time) == 0 && time.tv_sec == seconds &&
		       time.tv_nsec == 7
		   ? 0
		   : 1;
}

static int
by_raw_nanosleep(long seconds)
{
	struct timespec time = {seconds, 7}, rest = {11, 13};

	return syscall(SYS_nanosleep, &time, &rest) == 0 && rest.tv_sec == 11 && rest.tv_nsec == 13
		   ? 0
		   : 1;
}

static int
until_monotonic(long seconds)
{
	struct timespec time = in(CLOCK_MONOTONIC, seconds);

	return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static int
until_realtime(long seconds)
{
	struct timespec time = in(CLOCK_REALTIME, seconds);

	return clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL);
}

static int
by_sigtimedwait(long seconds)
{
	struct timespec time = {seconds, 0};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return sigtimedwait(&set, NULL, &time) == -1 && errno == EAGAIN ? 0 : 1;
}

static int
by_cond(long seconds)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
	struct timespec time = in(CLOCK_REALTIME, seconds);
	int e;

	pthread_mutex_lock(&mutex);
	e = pthread_cond_timedwait(&cond, &mutex, &time);
	pthread_mutex_unlock(&mutex);
	return e == ETIMEDOUT ? 0 : 1;
}

static int
by_cond_monotonic(long seconds)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
	struct timespec time = in(CLOCK_MONOTONIC, seconds);
	int e;

	pthread_mutex_lock(&mutex);
	e = pthread_cond_clockwait(&cond, &mutex, CLOCK_MONOTONIC, &time);
	pthread_mutex_unlock(&mutex);
	return e == ETIMEDOUT ? 0 : 1;
}

static int
by_semaphore(long seconds)
{
	struct timespec time = in(CLOCK_REALTIME, seconds);
	sem_t semaphore;

	sem_init(&semaphore, 0, 0);
	return sem_timedwait(&semaphore, &time) == -1 && errno == ETIMEDOUT ? 0 : 1;
}

static int
by_raw_futex(long seconds)
{
	struct timespec time = {seconds, 0};
	uint32_t word = 5;

	return syscall(SYS_futex, &word, 0 /* FUTEX_WAIT */, 5, &time, NULL, 0) == -1 &&
		       errno == ETIMEDOUT
		   ? 0
		   : 1;
}

static int
by_semtimedop(long seconds)
{
	struct timespec time = {seconds, 0};
	struct sembuf down = {0, -1, 0};
	int id = semget(IPC_PRIVATE, 1, 0600), e;

	if (id < 0)
		return 2;
	e = semtimedop(id, &down, 1, &time) == -1 ? errno : 0;
	semctl(id, 0, IPC_RMID);
	return e == EAGAIN ? 0 : 1;
}

static int
limited(int fd, int option, long seconds)
{
	struct timeval time = {seconds, 0};

	return setsockopt(fd, SOL_SOCKET, option, &time, sizeof time);
}

static int
by_receive(long seconds)
{
	int ends[2];
	char byte;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0 ||
	    limited(ends[0], SO_RCVTIMEO, seconds) < 0)
		return 2;
	return read(ends[0], &byte, 1) == -1 && errno == EAGAIN ? 0 : 1;
}

static int
by_receive_datagram(long seconds)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char byte;

	if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
	    limited(fd, SO_RCVTIMEO, seconds) < 0)
		return 2;
	return recvfrom(fd, &byte, 1, 0, NULL, NULL) == -1 && errno == EAGAIN ? 0 : 1;
}

static int
by_accept(long seconds)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1) < 0 ||
	    limited(fd, SO_RCVTIMEO, seconds) < 0)
		return 2;
	return accept(fd, NULL, NULL) == -1 && errno == EAGAIN ? 0 : 1;
}

static int
by_send(long seconds)
{
	char much[2048] = ""; /* sent as one: or else a timeout takes a part of it */
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0 ||
	    limited(ends[0], SO_SNDTIMEO, seconds) < 0)
		return 2;
	while (send(ends[0], much, sizeof much, 0) > 0)
		continue;
	return errno == EAGAIN ? 0 : 1;
}

static int
by_alarm(long seconds)
{
	install(SIGALRM);
	alarm((unsigned)seconds);
	return pause() == -1 && errno == EINTR && taken == 1 && alarm(0) == 0 ? 0 : 1;
}

static int
by_setitimer(long seconds)
{
	struct itimerval once = {{0, 0}, {seconds, 0}};

	install(SIGALRM);
	setitimer(ITIMER_REAL, &once, NULL);
	return pause() == -1 && errno == EINTR && taken == 1 ? 0 : 1;
}

static int
by_timer(long seconds)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
	struct itimerspec once = {{0, 0}, {seconds, 0}}, left;
	timer_t timer;

	event.sigev_value.sival_int = 4711;
	install(SIGUSR2);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0 ||
	    timer_settime(timer, 0, &once, NULL) < 0)
		return 2;
	if (timer_gettime(timer, &left) < 0 || left.it_value.tv_sec > seconds ||
	    left.it_value.tv_sec < seconds - 30)
		return 3;
	return pause() == -1 && errno == EINTR && taken == 1 ? 0 : 1;
}

static int
until_timer(long seconds)
{
	struct itimerspec once = {.it_value = in(CLOCK_REALTIME, seconds)};
	siginfo_t info;
	timer_t timer;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (timer_create(CLOCK_REALTIME, NULL, &timer) < 0 ||
	    timer_settime(timer, TIMER_ABSTIME, &once, NULL) < 0)
		return 2;
	return sigwaitinfo(&set, &info) == SIGALRM && info.si_code == SI_TIMER ? 0 : 1;
}

static sem_t told;

static void
tell(union sigval value)
{
	taken = value.sival_int;
	sem_post(&told);
}

static int
by_timer_thread(long seconds)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = tell};
	struct itimerspec once = {{0, 0}, {seconds, 0}};
	timer_t timer;

	event.sigev_value.sival_int = 42;
	sem_init(&told, 0, 0);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0 ||
	    timer_settime(timer, 0, &once, NULL) < 0)
		return 2;
	sem_wait(&told);
	return taken == 42 ? 0 : 1;
}

static int
by_timerfd(long seconds)
{
	struct itimerspec every = {{seconds, 0}, {seconds, 0}};
	struct pollfd ready = {.events = POLLIN};
	uint64_t times = 0;

	ready.fd = timerfd_create(CLOCK_MONOTONIC, 0);
	if (timerfd_settime(ready.fd, 0, &every, NULL) < 0 || poll(&ready, 1, -1) != 1)
		return 2;
	return read(ready.fd, &times, sizeof times) == sizeof times && times == 1 ? 0 : 1;
}

static int
until_timerfd(long seconds)
{
	struct itimerspec once = {.it_value = in(CLOCK_REALTIME, seconds)};
	int fd = timerfd_create(CLOCK_REALTIME, 0);
	uint64_t times = 0;

	if (timerfd_settime(fd, TFD_TIMER_ABSTIME, &once, NULL) < 0)
		return 2;
	return read(fd, &times, sizeof times) == sizeof times && times == 1 ? 0 : 1;
}

static void *
sleeping_thread(void *seconds)
{
	return (void *)(intptr_t)by_poll(*(long *)seconds);
}

static int
by_thread(long seconds)
{
	pthread_t thread;
	void *result;

	if (pthread_create(&thread, NULL, sleeping_thread, &seconds) != 0)
		return 2;
	pthread_join(thread, &result);
	return (int)(intptr_t)result;
}

static int
by_child(long seconds)
{
	int status = 1;

	if (fork() == 0)
		_exit(by_select(seconds));
	wait(&status);
	return status;
}

static const struct {
	const char *name;
	int (*wait)(long seconds);
} ways[] = {
    {"select", by_select},
    {"raw-select", by_raw_select},
    {"pselect", by_pselect},
    {"poll", by_poll},
    {"ppoll", by_ppoll},
    {"epoll", by_epoll},
    {"epoll-pwait2", by_epoll_pwait2},
    {"sleep", by_sleep},
    {"nanosleep", by_nanosleep},
    {"raw-nanosleep", by_raw_nanosleep},
    {"until-monotonic", until_monotonic},
    {"until-realtime", until_realtime},
    {"sigtimedwait", by_sigtimedwait},
    {"cond", by_cond},
    {"cond-monotonic", by_cond_monotonic},
    {"semaphore", by_semaphore},
    {"raw-futex", by_raw_futex},
    {"semtimedop", by_semtimedop},
    {"receive", by_receive},
    {"receive-datagram", by_receive_datagram},
    {"accept", by_accept},
    {"send", by_send},
    {"alarm", by_alarm},
    {"setitimer", by_setitimer},
    {"timer", by_timer},
    {"until-timer", until_timer},
    {"timer-thread", by_timer_thread},
    {"timerfd", by_timerfd},
    {"until-timerfd", until_timerfd},
    {"thread", by_thread},
    {"child", by_child},
};
enum { WAYS = sizeof ways / sizeof *ways };

static int
ways_wait(const char *name, long seconds)
{
	for (size_t i = 0; i < WAYS; i++)
		if (strcmp(ways[i].name, name) == 0)
			return ways[i].wait(seconds);
	return 91;
}

/* The same a second time, which begins after the clock was moved. */
static int
twice(void)
{
	int first = ways_wait(words[0], atol(words[1]));

	return first != 0 ? first : ways_wait(words[0], atol(words[1]));
}

static int
list(void)
{
	for (size_t i = 0; i < WAYS; i++)
		puts(ways[i].name);
	return 0;
}

/* ---- more than one wait ---------------------------------------------------------------------- */

enum { CLOCKS = 8 };

static void
read_clocks(long long seconds[CLOCKS])
{
	static const clockid_t clocks[] = {CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_BOOTTIME,
	    CLOCK_MONOTONIC_COARSE, CLOCK_REALTIME_COARSE};
	struct timespec t;
	struct timeval day;

	for (int i = 0; i < 5; i++) {
		clock_gettime(clocks[i], &t);
		seconds[i] = t.tv_sec;
	}
	gettimeofday(&day, NULL);
	seconds[5] = day.tv_sec;
	seconds[6] = time(NULL);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	seconds[7] = t.tv_sec;
}

static void
say_clocks(const char *who, const long long before[CLOCKS])
{
	long long after[CLOCKS];

	read_clocks(after);
	printf("%s:", who);
	for (int i = 0; i < CLOCKS; i++) /* to the minute: real time goes on */
		printf(" %lld", (after[i] - before[i]) / 60);
	printf("\n");
	fflush(stdout);
}

static int
before_from_words(void)
{
	long long before[CLOCKS];

	for (int i = 0; i < CLOCKS; i++)
		before[i] = atoll(words[i]);
	say_clocks("exec", before);
	return 0;
}

/* What the clocks say before and after a line of input: here, in a child, after exec. */
static int
clocks(void)
{
	long long before[CLOCKS];
	char numbers[CLOCKS][24], line[8];
	char *argv[CLOCKS + 3] = {"waiter", "clocks-since"};

	read_clocks(before);
	if (fgets(line, sizeof line, stdin) == NULL)
		return 1;
	say_clocks("here", before);
	if (fork() == 0) {
		say_clocks("child", before);
		_exit(0);
	}
	wait(NULL);
	for (int i = 0; i < CLOCKS; i++) {
		snprintf(numbers[i], sizeof numbers[i], "%lld", before[i]);
		argv[2 + i] = numbers[i];
	}
	execv("/proc/self/exe", argv);
	return 2;
}

/* Two children wait, each says when it is done. */
static int
two(void)
{
	for (int i = 0; i < 2; i++)
		if (fork() == 0) {
			int bad = ways_wait(words[0], atol(words[1 + i]));

			printf("%s %s\n", words[1 + i], bad == 0 ? "over" : "broken");
			fflush(stdout);
			_exit(0);
		}
	while (wait(NULL) > 0)
		continue;
	return 0;
}

/* Counts what an interval timer sends, until a line of input. */
static int
ticks(void)
{
	struct itimerval every = {{atol(words[0]), 0}, {atol(words[0]), 0}}, left;
	char byte;

	install(SIGALRM);
	setitimer(ITIMER_REAL, &every, NULL);
	while (read(0, &byte, 1) == -1 && errno == EINTR) {
		getitimer(ITIMER_REAL, &left);
		printf("%d %ld\n", (int)taken, (long)left.it_interval.tv_sec);
		fflush(stdout);
	}
	every = (struct itimerval){{0, 0}, {0, 0}};
	setitimer(ITIMER_REAL, &every, &left);
	printf("off %ld\n", (long)left.it_interval.tv_sec);
	return alarm(0) == 0 ? 0 : 1;
}

/* How many seconds alarm() says are left, whenever a byte comes. */
static int
alarm_left(void)
{
	char byte;

	alarm(1000);
	if (read(0, &byte, 1) != 1)
		return 1;
	printf("%u\n", (alarm(1000) + 5) / 10 * 10);
	return 0;
}

/* An alarm and a timeout at once: the handler goes first. */
static int
alarm_and_poll(void)
{
	int n, e;

	install(SIGALRM);
	alarm(60);
	n = poll(NULL, 0, 60000);
	e = errno;
	printf("%d %s %d\n", n, n < 0 && e == EINTR ? "EINTR" : "-", (int)taken);
	return 0;
}

/* Naps, then says so; with a word it does nothing else. */
static int
nap(void)
{
	do
		poll(NULL, 0, 100);
	while (words[0] != NULL);
	puts("awake");
	return 0;
}

/* A deadline of its clock, a tenth of a second ahead, after the clock was moved. */
static int
soon(void)
{
	struct timespec time;
	char line[8];
	sem_t semaphore;

	sem_init(&semaphore, 0, 0);
	if (fgets(line, sizeof line, stdin) == NULL)
		return 1;
	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_nsec += 100000000;
	if (time.tv_nsec >= 1000000000) {
		time.tv_nsec -= 1000000000;
		time.tv_sec++;
	}
	return sem_timedwait(&semaphore, &time) == -1 && errno == ETIMEDOUT ? 0 : 2;
}

/* Timeouts of all kinds that are over at once or soon, for what the events say of them. */
static int
timeouts(void)
{
	struct timeval nothing = {0, 0}, short_time = {0, 1001};
	struct timespec shorter = {0, 1000001}, past = {1, 0};
	struct itimerval timer = {{0, 0}, {7, 1}};
	struct pollfd ready = {1, POLLOUT, 0};
	sigset_t set;

	sigemptyset(&set);
	select(0, NULL, NULL, NULL, &nothing);
	select(0, NULL, NULL, NULL, &short_time);
	poll(NULL, 0, 0);
	poll(NULL, 0, 3);
	poll(&ready, 1, -1);
	poll(&ready, 1, 60000);
	ppoll(&ready, 1, NULL, NULL);
	clock_nanosleep(CLOCK_REALTIME, 0, &shorter, NULL);
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &past, NULL);
	alarm(5);
	setitimer(ITIMER_REAL, &timer, NULL);
	alarm(0);
	return 0;
}

/* Sleeps in the manner of its words; a child of its stops first, whose SIGCHLD wakes nobody. */
static int
child_stops(void)
{
	pid_t child = fork();

	if (child == 0) {
		raise(SIGSTOP);
		_exit(0);
	}
	if (words[0] == NULL)
		poll(NULL, 0, -1);
	else
		ways_wait(words[0], atol(words[1]));
	puts("over");
	return 0;
}

/*
 * Serves one client after the other: answers each line, and leaves who is silent
 * for so many seconds. With a word behind it looks for that every half second.
 */
static int
serve(int client, long seconds, bool looks)
{
	struct timespec last = in(CLOCK_MONOTONIC, 0), now;
	struct pollfd on = {client, POLLIN, 0};
	char bytes[64];

	for (;;) {
		int ready = poll(&on, 1, looks ? 500 : (int)seconds * 1000);
		ssize_t n;

		now = in(CLOCK_MONOTONIC, 0);
		if (ready == 0 && now.tv_sec - last.tv_sec >= seconds)
			return send(client, "idle\n", 5, 0) == 5;
		if (ready == 0)
			continue;
		n = recv(client, bytes, sizeof bytes, 0);
		if (n <= 0 || send(client, bytes, (size_t)n, 0) != n)
			return 0;
		last = now;
	}
}

static int
idle_server(void)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
	    listen(listener, 1) < 0)
		return 1;
	for (;;) {
		int client = accept(listener, NULL, NULL);

		serve(client, atol(words[0]), words[1] != NULL);
		close(client);
	}
}

static int
spin(void)
{
	for (;;)
		taken++;
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} behaviours[] = {
    {"list", list},
    {"twice", twice},
    {"clocks", clocks},
    {"clocks-since", before_from_words},
    {"two", two},
    {"ticks", ticks},
    {"alarm-left", alarm_left},
    {"alarm-and-poll", alarm_and_poll},
    {"nap", nap},
    {"soon", soon},
    {"timeouts", timeouts},
    {"child-stops", child_stops},
    {"idle-server", idle_server},
    {"spin", spin},
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
	return argc < 3 ? 90 : ways_wait(argv[1], atol(argv[2]));
}
