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
#include <errno.h>
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
	size_t n;
	size_t alive;
	pid_t worker[WORKERS_MAX]; /* 0: nobody works here */
	unsigned long restarts;    /* that are left */
	char *const *command;
};

static void
ask_to_stop(int signal)
{
	(void)signal;
	stop_asked = 1;
}

/* Catching SIGCHLD is enough: sigsuspend() returns, and the children are looked at there. */
static void
wake_up(int signal)
{
	(void)signal;
}

/*
 * From here on SIGTERM and SIGCHLD come only while we sleep. waiting becomes
 * the mask to sleep with; it lets both in, whatever our own parent had blocked.
 */
static int
prepare_signals(sigset_t *waiting)
{
	struct sigaction on_term = {.sa_handler = ask_to_stop};
	struct sigaction on_child = {.sa_handler = wake_up, .sa_flags = SA_NOCLDSTOP};
	sigset_t ours;

	sigemptyset(&on_term.sa_mask);
	sigemptyset(&on_child.sa_mask);
	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &ours, waiting) < 0)
		return -1;
	sigdelset(waiting, SIGTERM);
	sigdelset(waiting, SIGCHLD);
	if (sigaction(SIGTERM, &on_term, NULL) < 0)
		return -1;
	return sigaction(SIGCHLD, &on_child, NULL);
}

/*
 * In the child. A SIGTERM for this worker may be pending already: it has to
 * end us. So the default action first, and only then the mask; the other way
 * round the supervisor's handler would swallow it.
 */
static _Noreturn void
become_worker(char *const command[])
{
	struct sigaction by_default = {.sa_handler = SIG_DFL};
	sigset_t none;

	sigemptyset(&by_default.sa_mask);
	sigemptyset(&none);
	if (sigaction(SIGTERM, &by_default, NULL) == 0 &&
	    sigaction(SIGCHLD, &by_default, NULL) == 0 &&
	    sigprocmask(SIG_SETMASK, &none, NULL) == 0)
		execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

static int
start_worker(struct crew *crew, size_t place)
{
	pid_t pid = fork();

	if (pid < 0) {
		perror("fork");
		return -1;
	}
	if (pid == 0)
		become_worker(crew->command);
	crew->worker[place] = pid;
	crew->alive++;
	printf("start %ld\n", (long)pid);
	return 0;
}

static void
report_end(pid_t pid, int status)
{
	if (WIFEXITED(status))
		printf("end %ld exit %d\n", (long)pid, WEXITSTATUS(status));
	else
		printf("end %ld signal %d\n", (long)pid, WTERMSIG(status));
}

/*
 * Takes one worker that has ended; flags as for waitpid(). Returns 1 and the
 * place that is empty now, 0 when nobody has ended, -1 with errno. A child that
 * is no worker (the program had it before it became a supervisor) is reaped too.
 */
static int
take_ended(struct crew *crew, int flags, size_t *place)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, flags)) > 0)
		for (size_t i = 0; i < crew->n; i++)
			if (crew->worker[i] == pid) {
				crew->worker[i] = 0;
				crew->alive--;
				report_end(pid, status);
				*place = i;
				return 1;
			}
	return (int)pid;
}

/* Returns -1 when it is time to give up. */
static int
replace_ended(struct crew *crew)
{
	size_t place;

	while (take_ended(crew, WNOHANG, &place) > 0) {
		if (crew->restarts == 0) {
			fprintf(stderr, "supervisor: no restarts left\n");
			return -1;
		}
		crew->restarts--;
		if (start_worker(crew, place) < 0)
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
	size_t place;

	for (size_t i = 0; i < crew->n; i++)
		if (crew->worker[i] > 0 && kill(crew->worker[i], SIGTERM) < 0)
			perror("kill");
	while (crew->alive > 0 && take_ended(crew, 0, &place) > 0)
		continue;
}

static int
supervise(struct crew *crew, const sigset_t *waiting)
{
	int result = 0;

	for (size_t i = 0; i < crew->n && result == 0; i++)
		result = start_worker(crew, i);
	while (result == 0 && !stop_asked) {
		sigsuspend(waiting);
		if (!stop_asked)
			result = replace_ended(crew);
	}
	stop_workers(crew);
	return result == 0 ? EXIT_SUCCESS : GAVE_UP;
}

/* A number from low to high and nothing else. */
static bool
parse_number(const char *text, unsigned long low, unsigned long high, unsigned long *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoul(text, &end, 10);
	return errno == 0 && *end == '\0' && *number >= low && *number <= high;
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: read the arguments, prepare the signals, supervise */
	struct crew crew = {0};
	sigset_t waiting;
	unsigned long workers;

	if (argc < 4 || !parse_number(argv[1], 1, WORKERS_MAX, &workers) ||
	    !parse_number(argv[2], 0, 1000000, &crew.restarts)) {
		fprintf(stderr, "usage: supervisor WORKERS RESTARTS COMMAND [ARG...]\n");
		return CALLED_WRONGLY;
	}
	crew.n = workers;
	crew.command = argv + 3;
	if (setvbuf(stdout, NULL, _IOLBF, BUFSIZ) != 0 || prepare_signals(&waiting) < 0) {
		perror("supervisor");
		return GAVE_UP;
	}
	return supervise(&crew, &waiting);
	/* INSTEAD
	(void)argc;
	fprintf(stderr, "%s: there is nothing here yet\n", argv[0]);
	return GAVE_UP;
	*/
	/* END */
}
