/*
 * supervisor WORKERS RESTARTS COMMAND [ARG...]
 *
 * Keeps WORKERS processes of COMMAND running. A worker that ends is replaced,
 * at most RESTARTS times altogether; the next end after that makes the
 * supervisor give up. On SIGTERM it stops. Both times it sends every worker
 * SIGTERM and waits for all of them.
 *
 * Standard output gets a line for each start and each end:
 *	start PID
 *	end PID exit STATUS
 *	end PID signal NUMBER
 * Exit status: 0 after SIGTERM, 1 when it gave up or fork() failed, 2 when it
 * was called wrongly.
 */
#include <ctype.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS_MAX = 64, GAVE_UP = 1, CALLED_WRONGLY = 2 };

/* STUDENT: the handlers, what they set, and the functions that you need */
/* Our signals are blocked everywhere but in sigsuspend(), so this changes nowhere else. */
static volatile sig_atomic_t stop_asked;

struct crew {
	unsigned long n;
	unsigned long alive;
	unsigned long restarts;    /* that are left */
	pid_t worker[WORKERS_MAX]; /* 0: nobody works here */
	char *const *command;
};

/*
 * Catching SIGCHLD is enough: sigsuspend() returns, and the children are
 * looked at there. One that was only stopped wakes us, too, and nobody has ended.
 */
static void
wake_up(int signal)
{
	if (signal == SIGTERM)
		stop_asked = 1;
}

/*
 * From here on SIGTERM and SIGCHLD come only while we sleep. waiting becomes
 * the mask to sleep with; it lets both in, whatever our own parent had blocked.
 * No call here can fail: all signals are valid, and so is what is done to them.
 */
static void
prepare_signals(sigset_t *waiting)
{
	struct sigaction waking = {.sa_handler = wake_up};
	sigset_t ours;

	sigemptyset(&waking.sa_mask);
	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ours, waiting);
	sigdelset(waiting, SIGTERM);
	sigdelset(waiting, SIGCHLD);
	sigaction(SIGTERM, &waking, NULL);
	sigaction(SIGCHLD, &waking, NULL);
}

/*
 * In the child. A SIGTERM for this worker may be pending already: it has to
 * end us. So the default action first, and only then the mask; the other way
 * round the supervisor's handler would swallow it. exec sets SIGCHLD, which is
 * caught, to its default action by itself.
 */
static _Noreturn void
become_worker(char *const command[])
{
	struct sigaction by_default = {.sa_handler = SIG_DFL};
	sigset_t none;

	sigemptyset(&none);
	sigaction(SIGTERM, &by_default, NULL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

/* The place where this worker works, 0 for an empty one; crew->n when there is none. */
static unsigned long
place_of(const struct crew *crew, pid_t pid)
{
	unsigned long i = 0;

	while (i < crew->n && crew->worker[i] != pid)
		i++;
	return i;
}

/* There is an empty place. */
static int
start_worker(struct crew *crew)
{
	pid_t pid = fork();

	if (pid < 0) {
		perror("fork");
		return -1;
	}
	if (pid == 0)
		become_worker(crew->command);
	crew->worker[place_of(crew, 0)] = pid;
	crew->alive++;
	printf("start %ld\n", (long)pid);
	fflush(stdout);
	return 0;
}

static void
report_end(pid_t pid, int status)
{
	if (WIFEXITED(status))
		printf("end %ld exit %d\n", (long)pid, WEXITSTATUS(status));
	else
		printf("end %ld signal %d\n", (long)pid, WTERMSIG(status));
	fflush(stdout);
}

/*
 * Takes one worker that has ended; flags as for waitpid(). False when there is
 * none. A child that is no worker (the program had it before it became a
 * supervisor) is reaped and forgotten.
 */
static bool
take_ended(struct crew *crew, int flags)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, flags)) > 0) {
		unsigned long place = place_of(crew, pid);

		if (place == crew->n)
			continue;
		crew->worker[place] = 0;
		crew->alive--;
		report_end(pid, status);
		return true;
	}
	return false;
}

/* Returns -1 when it is time to give up. */
static int
replace_ended(struct crew *crew)
{
	while (take_ended(crew, WNOHANG)) {
		if (crew->restarts == 0) {
			fprintf(stderr, "supervisor: no restarts left\n");
			return -1;
		}
		crew->restarts--;
		if (start_worker(crew) < 0)
			return -1;
	}
	return 0;
}

/*
 * Only a process that we have started and not yet reaped gets the signal. A
 * pid of 0 or -1 would mean our whole process group, or everybody.
 */
static void
stop_workers(struct crew *crew)
{
	for (unsigned long i = 0; i < crew->n; i++)
		if (crew->worker[i] != 0)
			kill(crew->worker[i], SIGTERM);
	while (crew->alive > 0)
		take_ended(crew, 0);
}

static int
supervise(struct crew *crew, const sigset_t *waiting)
{
	int result = 0;

	while (result == 0 && crew->alive < crew->n)
		result = start_worker(crew);
	while (result == 0 && !stop_asked) {
		result = replace_ended(crew);
		if (result == 0)
			sigsuspend(waiting);
	}
	stop_workers(crew);
	return result == 0 ? EXIT_SUCCESS : GAVE_UP;
}

/* A number from low to high and nothing else. What is too large for strtoul() is above high. */
static bool
parse_number(const char *text, unsigned long low, unsigned long high, unsigned long *number)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	*number = strtoul(text, &end, 10);
	return *end == '\0' && *number >= low && *number <= high;
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: read the arguments, prepare the signals, supervise */
	struct crew crew = {0};
	sigset_t waiting;

	if (argc < 4 || !parse_number(argv[1], 1, WORKERS_MAX, &crew.n) ||
	    !parse_number(argv[2], 0, LONG_MAX, &crew.restarts)) {
		fprintf(stderr, "usage: supervisor WORKERS RESTARTS COMMAND [ARG...]\n");
		return CALLED_WRONGLY;
	}
	crew.command = argv + 3;
	prepare_signals(&waiting);
	return supervise(&crew, &waiting);
	/* INSTEAD
	(void)argc;
	fprintf(stderr, "%s: there is nothing here yet\n", argv[0]);
	return GAVE_UP;
	*/
	/* END */
}
