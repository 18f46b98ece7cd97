/*
 * judge_process.c - see judge_process.h.
 *
 * Four descriptors of each judge are waited for at once: the channel, its
 * output, its errors, and the pidfd that tells of its end. The end is asked of
 * the pidfd, not of the pipes: a grandchild may hold a pipe open for ever.
 */
#define _GNU_SOURCE
#include "judge_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum end_of_pipe { OURS, ITS };
enum source { CHANNEL, OUTPUT, ERRORS, SOURCES };

struct run {
	struct judge_process *p;
	int pipes[SOURCES][2];
	int failed_exec[2]; /* closes at exec, or brings the errno */
	pid_t pid;          /* 0: not started, or over */
	int pidfd;
	long long deadline_ms;
};

static long long
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void
close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
close_all(struct run *run)
{
	for (int s = 0; s < SOURCES; s++) {
		close_one(&run->pipes[s][OURS]);
		close_one(&run->pipes[s][ITS]);
	}
	close_one(&run->failed_exec[OURS]);
	close_one(&run->failed_exec[ITS]);
	close_one(&run->pidfd);
}

static int
open_pipes(struct run *run)
{
	for (int s = 0; s < SOURCES; s++) {
		if (pipe2(run->pipes[s], O_CLOEXEC) < 0)
			return -1;
		/* We must never block on one of them; the judge's ends stay as they are. */
		if (fcntl(run->pipes[s][OURS], F_SETFL, O_NONBLOCK) < 0)
			return -1;
	}
	return pipe2(run->failed_exec, O_CLOEXEC);
}

/* ---- in the child ---------------------------------------------------------------- */

/* Moves the descriptors to where the judge looks for them and closes all others. */
static int
arrange_descriptors(struct run *run)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	/* In one pipe, output and errors keep their order. */
	enum source errors = run->p->reports ? ERRORS : OUTPUT;
	int from[] = {null, run->pipes[OUTPUT][ITS], run->pipes[errors][ITS],
	    run->pipes[CHANNEL][ITS], run->failed_exec[ITS]};
	const int to[] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, CHANNEL_FD, CHANNEL_FD + 1};
	enum { N = sizeof from / sizeof *from };

	/* First out of the way, so that no move overwrites one that is still to be moved. */
	for (int i = 0; i < N; i++)
		if (from[i] < 0 || (from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, CHANNEL_FD + 2)) < 0)
			return -1;
	run->failed_exec[ITS] = from[N - 1];
	for (int i = 0; i < N; i++)
		if (dup2(from[i], to[i]) < 0)
			return -1;
	run->failed_exec[ITS] = CHANNEL_FD + 1;
	if (fcntl(CHANNEL_FD + 1, F_SETFD, FD_CLOEXEC) < 0)
		return -1;
	if (syscall(SYS_close_range, STDERR_FILENO + 1, CHANNEL_FD - 1, 0) < 0 ||
	    syscall(SYS_close_range, CHANNEL_FD + 2, ~0U, 0) < 0)
		return -1;
	return 0;
}

static int
default_signals(void)
{
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		(void)signal(s, SIG_DFL); /* fails for those that have no other */
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn static void
become_judge(struct run *run, pid_t parent)
{
	int error;

	/* Between fork and prctl our parent may have died unnoticed: look. */
	if (setpgid(0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
	    default_signals() == 0 && arrange_descriptors(run) == 0)
		execve(run->p->arguments[0], run->p->arguments, run->p->environment);
	error = errno;
	if (write(run->failed_exec[ITS], &error, sizeof error) < 0)
		_exit(126);
	_exit(127);
}

/* ---- listening -------------------------------------------------------------------- */

static void
keep_end(struct text *log, const char *bytes, size_t n)
{
	text_put_bytes(log, bytes, n);
	if (log->n > 2 * LOG_MAX) {
		memmove(log->at, log->at + log->n - LOG_MAX, LOG_MAX + 1);
		log->n = LOG_MAX;
	}
}

static void
take(struct run *run, enum source s, const char *bytes, size_t n)
{
	struct judge_process *p = run->p;

	if (s == CHANNEL)
		(void)channel_feed(run->p->channel, bytes, n);
	else if (s == OUTPUT && p->reports && p->report.n + n <= REPORT_MAX)
		text_put_bytes(&p->report, bytes, n);
	else
		keep_end(&p->log, bytes, n);
	/* Chatter is no sign that judging goes on. */
	if (s == CHANNEL || (s == OUTPUT && p->reports))
		run->deadline_ms = now_ms() + p->silence_ms;
}

/* Reads what is there, at most so many blocks, so that no judge can keep us here. */
static void
listen_to(struct run *run, enum source s, int blocks)
{
	int *fd = &run->pipes[s][OURS];
	char block[16 * 1024];
	ssize_t n;

	while (*fd >= 0 && blocks-- > 0) {
		n = read(*fd, block, sizeof block);
		if (n > 0)
			take(run, s, block, (size_t)n);
		else if (n == 0 || (errno != EAGAIN && errno != EINTR))
			close_one(fd);
		else if (errno == EAGAIN)
			return;
	}
}

/* Takes what poll() found. Returns whether the judge has ended or broken a rule. */
static bool
hear(struct run *run, const struct pollfd fds[SOURCES + 1])
{
	for (int s = 0; s < SOURCES; s++)
		if (fds[s].revents != 0)
			listen_to(run, (enum source)s, 1);
	if (run->p->channel->distrusted)
		run->p->end = JUDGE_DISTRUSTED;
	return run->p->channel->distrusted || fds[SOURCES].revents != 0;
}

/*
 * Ends the whole group. Its number stays ours as long as the leader is not
 * reaped, so the group is killed first, when the leader can no more start
 * anybody, and the leader reaped last.
 */
static int
end_group(struct run *run)
{
	siginfo_t info;
	pid_t done;

	if (run->p->end != JUDGE_ENDED)
		(void)kill(-run->pid, SIGKILL);
	while (waitid(P_PID, (id_t)run->pid, &info, WEXITED | WNOWAIT) < 0)
		if (errno != EINTR)
			return -1;
	(void)kill(-run->pid, SIGKILL);
	do
		done = waitpid(run->pid, &run->p->status, 0);
	while (done < 0 && errno == EINTR);
	return done < 0 ? -1 : 0;
}

/* ---- the whole -------------------------------------------------------------------- */

/* Waits for exec to succeed (end of file) or fail (an errno). */
static int
exec_error(struct run *run)
{
	int error = 0;
	ssize_t n;

	do
		n = read(run->failed_exec[OURS], &error, sizeof error);
	while (n < 0 && errno == EINTR);
	return n == sizeof error ? error : 0;
}

static int
start(struct run *run)
{
	pid_t self = getpid(), pid;

	if (open_pipes(run) < 0)
		return -1;
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid == 0)
		become_judge(run, self);
	run->pid = pid;
	/* The child does the same; whoever is first, kill(-pid) reaches it from now on. */
	(void)setpgid(run->pid, run->pid);
	for (int s = 0; s < SOURCES; s++)
		close_one(&run->pipes[s][ITS]);
	close_one(&run->failed_exec[ITS]);
	return 0;
}

/*
 * How many times as long everything takes here, told by how long exec took. A
 * machine that is busy just now is taken for slow: the bound is a last resort.
 */
static unsigned
slowness(long long exec_ms)
{
	enum { USUAL_MS = 4, MOST = 60 };
	long long times = exec_ms / USUAL_MS;

	return times < 1 ? 1 : times > MOST ? MOST : (unsigned)times;
}

/* From here on the judge speaks, if it can be executed at all. */
static int
begin(struct run *run)
{
	struct judge_process *p = run->p;
	long long begun_ms = now_ms();

	if (start(run) < 0)
		return -1;
	p->error = exec_error(run);
	p->silence_ms *= slowness(now_ms() - begun_ms);
	if (p->error != 0)
		p->end = JUDGE_NOT_STARTED;
	run->pidfd = (int)syscall(SYS_pidfd_open, run->pid, 0);
	run->deadline_ms = now_ms() + p->silence_ms;
	return run->pidfd < 0 ? -1 : 0;
}

static int
finish(struct run *run)
{
	struct judge_process *p = run->p;

	if (end_group(run) < 0)
		return -1;
	run->pid = 0;
	for (int s = 0; s < SOURCES; s++)
		listen_to(run, (enum source)s, 256);
	if (p->end == JUDGE_ENDED && channel_close(p->channel) < 0)
		p->end = JUDGE_DISTRUSTED;
	close_all(run);
	return 0;
}

/* ---- all of them ------------------------------------------------------------------ */

/* Until one of those that are not over says something or ends, or has been silent for too long. */
static int
wait_for_news(const struct run runs[], size_t n, struct pollfd fds[])
{
	long long least = 60000, left;

	for (size_t i = 0; i < n; i++) {
		struct pollfd *its = fds + i * (SOURCES + 1);

		for (int s = 0; s < SOURCES; s++)
			its[s] = (struct pollfd){.fd = runs[i].pipes[s][OURS], .events = POLLIN};
		its[SOURCES] = (struct pollfd){.fd = runs[i].pidfd, .events = POLLIN};
		left = runs[i].pid != 0 ? runs[i].deadline_ms - now_ms() : least;
		least = left < least ? left : least;
	}
	if (poll(fds, n * (SOURCES + 1), least > 0 ? (int)least : 0) < 0 && errno != EINTR)
		return -1;
	return 0;
}

/* Returns how many have ended now, or -1. */
static int
hear_all(struct run runs[], size_t n)
{
	struct pollfd fds[JUDGES_MAX * (SOURCES + 1)];
	int ended = 0;

	if (wait_for_news(runs, n, fds) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct run *run = &runs[i];
		bool over;

		if (run->pid == 0)
			continue;
		over = hear(run, fds + i * (SOURCES + 1));
		if (!over && run->deadline_ms <= now_ms()) {
			run->p->end = JUDGE_SILENT;
			over = true;
		}
		if (over && finish(run) < 0)
			return -1;
		ended += over;
	}
	return ended;
}

/* Starts all, then listens to all. */
static int
run_all(struct run runs[], size_t n)
{
	size_t over = 0;

	for (size_t i = 0; i < n; i++)
		if (begin(&runs[i]) < 0)
			return -1;
	while (over < n) {
		int ended = hear_all(runs, n);

		if (ended < 0)
			return -1;
		over += (size_t)ended;
	}
	return 0;
}

/* Whoever is not over is killed, not waited for. */
static void
abandon(struct run runs[], size_t n)
{
	int keep = errno;

	for (size_t i = 0; i < n; i++) {
		if (runs[i].pid != 0) {
			runs[i].p->end = JUDGE_SILENT;
			(void)finish(&runs[i]);
		}
		close_all(&runs[i]);
	}
	errno = keep;
}

int
judge_processes_run(struct judge_process *p[], size_t n)
{
	struct run runs[JUDGES_MAX];
	int result;

	if (n > JUDGES_MAX) {
		errno = EINVAL;
		return -1;
	}
	for (size_t i = 0; i < n; i++) {
		struct run *run = &runs[i];

		*run = (struct run){.p = p[i], .pidfd = -1, .failed_exec = {-1, -1}};
		for (int s = 0; s < SOURCES; s++)
			run->pipes[s][OURS] = run->pipes[s][ITS] = -1;
		p[i]->end = JUDGE_ENDED;
		p[i]->status = p[i]->error = 0;
	}
	result = run_all(runs, n);
	abandon(runs, n);
	for (size_t i = 0; i < n; i++)
		if (text_failed(&p[i]->log) || text_failed(&p[i]->report)) {
			errno = ENOMEM;
			result = -1;
		}
	return result;
}

void
judge_process_clear(struct judge_process *p)
{
	text_free(&p->log);
	text_free(&p->report);
}
