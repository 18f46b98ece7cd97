/*
 * cputime_probe.c - calls report_cpu_time(), with what the kernel says about CPU time or with
 * what the judge makes it say.
 */
#define _GNU_SOURCE /* syscall() */
#include "cputime.h"
#include "probe.h"
#include "traps.h"
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct rusage pretended[2]; /* self, children */
static int pretending;

/* In the place of the C library's. */
int
getrusage(__rusage_who_t who, struct rusage *used)
{
	if (!pretending)
		return (int)syscall(SYS_getrusage, who, used);
	*used = pretended[who == RUSAGE_CHILDREN];
	return 0;
}

/* pretend CHILDREN USER-SECONDS MICROSECONDS SYSTEM-SECONDS MICROSECONDS */
static void
do_pretend(void)
{
	struct rusage *used = &pretended[request_int(1) != 0];

	pretending = 1;
	used->ru_utime = (struct timeval){.tv_sec = request_int(2), .tv_usec = request_int(3)};
	used->ru_stime = (struct timeval){.tv_sec = request_int(4), .tv_usec = request_int(5)};
}

/* Of its own, by the clock that counts just that. */
static void
use_cpu(long ms)
{
	struct timespec now, end;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	end.tv_nsec += ms * 1000000;
	end.tv_sec += end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	while (now.tv_sec < end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec < end.tv_nsec));
}

/* burn MS */
static void
do_burn(void)
{
	use_cpu((long)request_int(1));
}

/* child MS: a child uses so much, ends, and is waited for */
static void
do_child(void)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		use_cpu((long)request_int(1));
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	answer_put_int("status", status);
}

static void
put_usage(const char *user, const char *system, int who)
{
	struct rusage used = {0};

	getrusage(who, &used);
	answer_put_int(user, used.ru_utime.tv_sec * 1000000LL + used.ru_utime.tv_usec);
	answer_put_int(system, used.ru_stime.tv_sec * 1000000LL + used.ru_stime.tv_usec);
}

/* report: what the kernel says before and after goes into the answer, microseconds */
static void
do_report(void)
{
	put_usage("user before", "system before", RUSAGE_SELF);
	put_usage("user children", "system children", RUSAGE_CHILDREN);
	report_cpu_time(STDOUT_FILENO);
	put_usage("user after", "system after", RUSAGE_SELF);
}

static int errno_after;

static void
on_signal(int signal)
{
	(void)signal;
	errno =
	    EXDEV; /* the errno of whoever is interrupted: nothing in the report sets this one */
	traps_set = 1;
	report_cpu_time(STDOUT_FILENO);
	traps_set = 0;
	errno_after = errno;
}

/* interrupted: in a handler */
static void
do_interrupted(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigemptyset(&action.sa_mask);
	trapped = NULL;
	sigaction(SIGUSR2, &action, NULL);
	raise(SIGUSR2);
	answer_put_int("kept", errno_after == EXDEV);
	answer_put_text("trapped", trapped == NULL ? "" : trapped);
}

/* nobody: the report goes to a pipe that nobody reads */
static void
do_nobody(void)
{
	int fd = probe_pipe_to_nobody();

	signal(SIGPIPE, SIG_IGN);
	errno = EXDEV;
	report_cpu_time(fd);
	answer_put_int("kept", errno == EXDEV);
	close(fd);
}

int
main(void)
{
	static const struct verb verbs[] = {{"pretend", do_pretend}, {"burn", do_burn},
	    {"child", do_child}, {"report", do_report}, {"interrupted", do_interrupted},
	    {"nobody", do_nobody}, {"handle", probe_handle}, {0}};

	return probe_serve(verbs);
}
