/*
 * timeout_probe.c - calls the function of timeout.h.
 */
#include "timeout.h"

#include "probe.h"
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
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

/* run MILLISECONDS PROGRAM [ARGUMENT...] */
static void
do_run(void)
{
	char *argv[WORDS + 1] = {NULL};
	int status = -1;
	int n = request_count() - 2;

	for (int i = 0; i < n && i < WORDS; i++)
		argv[i] = (char *)request_word(i + 2);
	errno = 0;
	answer_put_int("result", run_with_timeout(argv, (unsigned)request_int(1), &status));
	answer_put_int("errno", errno);
	answer_put_int("status", status);
}

/* What the caller has set up: handlers for SIGALRM, SIGCHLD and SIGUSR1, all different in their
 * flags. */
static const struct {
	int signal;
	void (*handler)(int signal);
	int flags;
} callers[] = {
    {SIGALRM, note_alarm, SA_RESTART},
    {SIGCHLD, note, SA_NOCLDSTOP},
    {SIGUSR1, note, 0},
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
	answer_put_int("others", noted[SIGUSR1]);
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
