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
/* For the handler. program is written only while SIGALRM is blocked. */
static volatile sig_atomic_t time_is_up;
static volatile pid_t program;

/* What the caller had, to be put back. */
struct callers {
	sigset_t mask;
	struct sigaction alarm;
};

/* Ends the program itself: whoever waits for the program is woken by its end, never too early. */
static void
end_program(int signal)
{
	int callers_errno = errno;

	(void)signal;
	time_is_up = 1;
	kill(program, SIGKILL);
	errno = callers_errno;
}

/* Blocks SIGALRM, then installs our handler for it. */
static int
take_alarm(struct callers *callers)
{
	struct sigaction action = {.sa_handler = end_program};
	sigset_t sigalrm;

	sigemptyset(&action.sa_mask);
	sigemptyset(&sigalrm);
	sigaddset(&sigalrm, SIGALRM);
	if (sigprocmask(SIG_BLOCK, &sigalrm, &callers->mask) < 0)
		return -1;
	if (sigaction(SIGALRM, &action, &callers->alarm) == 0)
		return 0;
	sigprocmask(SIG_SETMASK, &callers->mask, NULL);
	return -1;
}

/* Puts back what take_alarm() changed; leaves errno alone. Neither call can fail. */
static void
give_alarm_back(const struct callers *callers)
{
	int callers_errno = errno;

	sigaction(SIGALRM, &callers->alarm, NULL);
	sigprocmask(SIG_SETMASK, &callers->mask, NULL);
	errno = callers_errno;
}

/* In the child: handlers end with exec, a blocked signal would stay blocked. */
static _Noreturn void
become_program(char *const argv[], const struct callers *callers)
{
	give_alarm_back(callers);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

/* 0 milliseconds: no alarm any more. */
static int
set_alarm(unsigned milliseconds)
{
	struct itimerval once = {
	    .it_value = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000}};

	return setitimer(ITIMER_REAL, &once, NULL);
}

/*
 * Waits until the program has ended, but leaves the dead child there
 * (WNOWAIT): its process id is not given to anybody else while the alarm can
 * still go off and kill it.
 */
static int
wait_for_end(void)
{
	siginfo_t end;
	int result;

	do
		result = waitid(P_PID, (id_t)program, &end, WEXITED | WNOWAIT);
	while (result < 0 && errno == EINTR);
	return result;
}

/* Lets the alarm in from when it is set until it is off again. The program is reaped. */
static int
wait_at_most(unsigned milliseconds, const struct callers *callers, int *status)
{
	sigset_t waiting = callers->mask;
	int error = 0;

	sigdelset(&waiting, SIGALRM);
	time_is_up = 0;
	if (sigprocmask(SIG_SETMASK, &waiting, NULL) < 0 || set_alarm(milliseconds) < 0) {
		error = errno;
		kill(program, SIGKILL);
	}
	if (wait_for_end() < 0 && error == 0)
		error = errno;
	if (set_alarm(0) < 0 && error == 0)
		error = errno;
	while (waitpid(program, status, 0) < 0)
		if (errno != EINTR)
			return -1;
	if (error == 0)
		return time_is_up ? 1 : 0;
	errno = error;
	return -1;
}
/* END */

int
run_with_timeout(char *const argv[], unsigned milliseconds, int *status)
{
	/* STUDENT: start the program, set the alarm, wait for the end, put everything back */
	struct callers callers;
	int result = -1;

	if (take_alarm(&callers) < 0)
		return -1;
	program = fork();
	if (program == 0)
		become_program(argv, &callers);
	if (program > 0)
		result = wait_at_most(milliseconds, &callers, status);
	give_alarm_back(&callers);
	return result;
	/* INSTEAD
	(void)argv;
	(void)milliseconds;
	(void)status;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
