/*
 * timeout_probe.c - calls the function of timeout.h.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "timeout.h"

#include "probe.h"
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIGNALS = 32, WORDS = 16 };

static volatile sig_atomic_t noted[SIGNALS];

static void
note(int signal)
{
	noted[signal]++;
}

/* Two handlers, so that one put in the other's place is seen. */
static void
note_alarm(int signal)
{
	noted[signal]++;
}

/* ---- timers, as the student's function sets them ------------------------------- */

/*
 * Functions of these names here take the place of the C library's for the
 * student's code: they note what is asked for first and hand it on. Only what goes off once, and
 * so long after now, is noted.
 */
static struct {
	long long microseconds; /* -1: no timer has been set */
	bool whole_seconds;     /* by alarm() */
	int refused;            /* errno */
} timer;

static void
note_timer(bool whole_seconds, long long microseconds, int error)
{
	if (microseconds == 0 || timer.microseconds != -1 || timer.refused != 0)
		return;
	timer.refused = error;
	timer.whole_seconds = whole_seconds;
	if (error == 0)
		timer.microseconds = microseconds;
}

unsigned
alarm(unsigned seconds)
{
	unsigned (*next)(unsigned seconds);

	*(void **)&next = dlsym(RTLD_NEXT, "alarm");
	note_timer(true, seconds * 1000000LL, 0);
	return next(seconds);
}

int
setitimer(__itimer_which_t which, const struct itimerval *value, struct itimerval *old)
{
	int (*next)(__itimer_which_t which, const struct itimerval *value, struct itimerval *old);
	int result;

	*(void **)&next = dlsym(RTLD_NEXT, "setitimer");
	result = next(which, value, old);
	if (which == ITIMER_REAL && !timerisset(&value->it_interval))
		note_timer(false, value->it_value.tv_sec * 1000000LL + value->it_value.tv_usec,
		    result < 0 ? errno : 0);
	return result;
}

int
timer_settime(timer_t id, int flags, const struct itimerspec *value, struct itimerspec *old)
{
	int (*next)(timer_t id, int flags, const struct itimerspec *value, struct itimerspec *old);
	int result;

	*(void **)&next = dlsym(RTLD_NEXT, "timer_settime");
	result = next(id, flags, value, old);
	if (flags == 0 && value->it_interval.tv_sec == 0 && value->it_interval.tv_nsec == 0)
		note_timer(false,
		    value->it_value.tv_sec * 1000000LL + (value->it_value.tv_nsec + 999) / 1000,
		    result < 0 ? errno : 0);
	return result;
}

/* ---- what the judge asks for ---------------------------------------------------- */

/* run MILLISECONDS PROGRAM [ARGUMENT...] */
static void
do_run(void)
{
	char *argv[WORDS + 1] = {NULL};
	int status = -1;
	int n = request_count() - 2;

	for (int i = 0; i < n && i < WORDS; i++)
		argv[i] = (char *)request_word(i + 2);
	timer.microseconds = -1;
	timer.refused = 0;
	errno = 0;
	answer_put_int("result", run_with_timeout(argv, (unsigned)request_int(1), &status));
	answer_put_int("errno", errno);
	answer_put_int("status", status);
	answer_put_int("timer", timer.microseconds);
	answer_put_int("whole-seconds", timer.whole_seconds);
	answer_put_int("refused", timer.refused);
}

/* What the caller has set up: handlers, all different in their flags. */
static const struct {
	int signal;
	void (*handler)(int signal);
	int flags;
} callers[] = {
    {SIGALRM, note_alarm, SA_RESTART},
    {SIGCHLD, note, SA_NOCLDSTOP},
    {SIGUSR1, note, 0},
    {SIGUSR2, note, SA_RESTART | SA_NODEFER},
};

static void
do_install(void)
{
	int result = 0;

	for (size_t i = 0; i < sizeof callers / sizeof *callers; i++) {
		struct sigaction action = {
		    .sa_handler = callers[i].handler, .sa_flags = callers[i].flags};

		sigemptyset(&action.sa_mask);
		sigaddset(&action.sa_mask, SIGWINCH);
		if (sigaction(callers[i].signal, &action, NULL) < 0)
			result = -1;
	}
	answer_put_int("result", result);
}

static bool
as_installed(size_t i)
{
	const int compared = SA_RESTART | SA_NOCLDSTOP | SA_RESETHAND | SA_NODEFER | SA_SIGINFO;
	struct sigaction now;

	return sigaction(callers[i].signal, NULL, &now) == 0 &&
	       now.sa_handler == callers[i].handler &&
	       (now.sa_flags & compared) == callers[i].flags &&
	       sigismember(&now.sa_mask, SIGWINCH) == 1;
}

/* installed: the first signal whose action is not the caller's any more, or 0 */
static void
do_installed(void)
{
	int changed = 0;

	for (size_t i = 0; i < sizeof callers / sizeof *callers; i++)
		if (changed == 0 && !as_installed(i))
			changed = callers[i].signal;
	answer_put_int("changed", changed);
	answer_put_int("alarms", noted[SIGALRM]);
	answer_put_int("blocked", noted[SIGUSR2]);
}

/* block SIGNAL...: for the probe itself */
static void
do_block(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (int i = 1; i < request_count(); i++)
		sigaddset(&set, (int)request_int(i));
	answer_put_int("result", sigprocmask(SIG_BLOCK, &set, NULL));
}

/* other CODE: a child of the caller's own, ended and not yet waited for */
static void
do_other(void)
{
	pid_t pid = fork();
	siginfo_t info;

	if (pid == 0)
		_exit((int)request_int(1));
	while (pid > 0 && waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		continue;
	answer_put_int("pid", pid);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"run", do_run},
	    {"install", do_install},
	    {"installed", do_installed},
	    {"block", do_block},
	    {"other", do_other},
	    {0},
	};

	return probe_serve(verbs);
}
