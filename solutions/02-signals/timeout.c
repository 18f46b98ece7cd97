/*
 * timeout.c - a program that may run only so long. See timeout.h.
 */
#include "timeout.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* STUDENT: what the handler of SIGALRM needs, and the functions that you need */
/* For the handler; both are written before it is installed. */
static volatile sig_atomic_t time_is_up;
static volatile pid_t program;

/*
 * Ends the program itself: whoever waits for the program is woken by its end,
 * never too early. The program is a child not yet waited for: kill() finds it,
 * and errno stays as it is.
 */
static void
end_program(int signal)
{
	(void)signal;
	time_is_up = 1;
	kill(program, SIGKILL);
}

static _Noreturn void
become_program(char *const argv[])
{
	execvp(argv[0], argv);
	_exit(127);
}

/* 0 milliseconds: no alarm any more. */
static void
set_alarm(unsigned milliseconds)
{
	struct itimerval once = {
	    .it_value = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000}};

	setitimer(ITIMER_REAL, &once, NULL);
}

/*
 * Waits until the program has ended, but leaves the dead child there
 * (WNOWAIT): its process id is not given to anybody else while the alarm can
 * still go off and kill it.
 */
static void
wait_for_end(void)
{
	siginfo_t end;

	while (waitid(P_PID, (id_t)program, &end, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		continue;
}

/* Our handler is there. Lets the alarm in from before it is set until it is off again. */
static void
wait_at_most(unsigned milliseconds)
{
	sigset_t sigalrm, callers;

	sigemptyset(&sigalrm);
	sigaddset(&sigalrm, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &sigalrm, &callers);
	set_alarm(milliseconds);
	wait_for_end();
	set_alarm(0);
	sigprocmask(SIG_SETMASK, &callers, NULL);
}
/* END */

int
run_with_timeout(char *const argv[], unsigned milliseconds, int *status)
{
	/* STUDENT: start the program, set the alarm, wait for the end, put everything back */
	struct sigaction action = {.sa_handler = end_program}, callers;

	program = fork();
	if (program < 0)
		return -1;
	if (program == 0)
		become_program(argv);
	/* Nothing below can fail: the child is there, and what we ask for is valid. */
	time_is_up = 0;
	sigemptyset(&action.sa_mask);
	sigaction(SIGALRM, &action, &callers);
	wait_at_most(milliseconds);
	sigaction(SIGALRM, &callers, NULL);
	waitpid(program, status, 0); /* it has ended: this does not block */
	return time_is_up;
	/* INSTEAD
	(void)argv;
	(void)milliseconds;
	(void)status;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
