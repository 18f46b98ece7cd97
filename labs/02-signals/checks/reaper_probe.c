/*
 * reaper_probe.c - calls the functions of reaper.h.
 *
 * Its children wait for a signal, so that the judge decides when each of them
 * ends.
 */
#include "reaper.h"

#include "probe.h"
#include "traps.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t victim;

/* A child that pauses: SIGUSR2 makes it exit with this code. */
static volatile sig_atomic_t exit_code;

static void
leave(int signal)
{
	(void)signal;
	_exit(exit_code);
}

/*
 * A child that uses the reaper itself, and knows a process id of its parent's
 * children. Returns 0 when all is well, otherwise the number of what is not.
 */
static int
be_parent(pid_t stranger)
{
	int status = -1;
	pid_t own;

	errno = 0;
	if (reaper_wait(stranger, &status) != -1 || errno != ECHILD)
		return 1;
	own = reaper_fork();
	if (own == 0)
		_exit(7);
	if (own < 0)
		return 2;
	return reaper_wait(own, &status) == 0 && status == 7 << 8 ? 0 : 3;
}

/* What a child of ours does; it does not return. */
static _Noreturn void
be_child(const char *how, int code)
{
	struct sigaction leaving = {.sa_handler = leave};

	exit_code = code;
	sigemptyset(&leaving.sa_mask);
	sigaction(SIGUSR2, &leaving, NULL);
	if (strcmp(how, "group") == 0 && setpgid(0, 0) < 0)
		_exit(125);
	if (strcmp(how, "parent") == 0)
		_exit(be_parent(code));
	if (strcmp(how, "pause") == 0 || strcmp(how, "group") == 0)
		for (;;)
			pause();
	_exit(code);
}

static void
do_install(void)
{
	answer_put_int("result", reaper_install());
	answer_put_int("errno", errno);
}

/*
 * fork exit|pause|group CODE: group pauses in a process group of its own.
 * fork parent PID: see be_parent()
 */
static void
do_fork(void)
{
	const char *how = request_word(1);
	int code = (int)request_int(2);
	int error;
	pid_t pid;

	errno = 0;
	pid = reaper_fork();
	error = errno;
	if (pid == 0)
		be_child(how, code);
	answer_put_int("pid", pid);
	answer_put_int("errno", error);
}

/* stranger: a child that the reaper knows nothing of, as exec would leave it to a program */
static void
do_stranger(void)
{
	pid_t pid = fork();

	if (pid == 0)
		be_child("pause", 0);
	answer_put_int("pid", pid);
}

/* read: a call that the handler interrupts */
static void
do_read(void)
{
	char byte;

	errno = 0;
	answer_put_int("result", read(STDIN_FILENO, &byte, 1));
	answer_put_int("errno", errno);
}

/* note SIGNAL: a handler of the program's own, which does nothing */
static void
ignore(int signal)
{
	(void)signal;
}

static void
do_note(void)
{
	struct sigaction action = {.sa_handler = ignore};

	sigemptyset(&action.sa_mask);
	answer_put_int("result", sigaction((int)request_int(1), &action, NULL));
}

/*
 * meanwhile ERRNO: chdir(".") stands for any work that succeeds and so leaves
 * errno alone. The judge holds us there until children have ended. The handler
 * then runs as the call returns, and nothing else does until errno is looked at.
 */
static void
do_meanwhile(void)
{
	int after;

	trapped = NULL;
	errno = (int)request_int(1);
	traps_set = 1;
	if (chdir(".") < 0)
		answer_put_int("chdir", errno);
	after = errno;
	traps_set = 0;
	answer_put_int("errno", after);
	answer_put_text("trapped", trapped == NULL ? "" : trapped);
}

/* wait PID */
static void
do_wait(void)
{
	int status = -1;

	errno = 0;
	answer_put_int("result", reaper_wait((pid_t)request_int(1), &status));
	answer_put_int("errno", errno);
	answer_put_int("status", status);
}

/*
 * The handler of SIGUSR1 ends a child and comes back when it is dead, not yet
 * reaped by us: a signal at a chosen place makes the child end just there.
 */
static void
end_victim(int signal)
{
	int saved = errno;
	siginfo_t info;

	(void)signal;
	kill((pid_t)victim, SIGKILL);
	while (waitid(P_PID, (id_t)victim, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		continue;
	errno = saved;
}

/* victim PID: whom SIGUSR1 ends */
static void
do_victim(void)
{
	struct sigaction action = {.sa_handler = end_victim};

	victim = (sig_atomic_t)request_int(1);
	sigemptyset(&action.sa_mask);
	answer_put_int("result", sigaction(SIGUSR1, &action, NULL));
}

/* block SIGNAL: for the probe itself */
static void
do_block(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, (int)request_int(1));
	answer_put_int("result", sigprocmask(SIG_BLOCK, &set, NULL));
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"install", do_install},
	    {"fork", do_fork},
	    {"stranger", do_stranger},
	    {"read", do_read},
	    {"note", do_note},
	    {"meanwhile", do_meanwhile},
	    {"wait", do_wait},
	    {"victim", do_victim},
	    {"block", do_block},
	    {0},
	};

	return probe_serve(verbs);
}
