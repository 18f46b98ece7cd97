/*
 * Different: both signals come as records from a signalfd, on which the
 * supervisor sleeps in read(). The table of workers comes from the heap.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct team {
	char **command;
	long left; /* restarts */
	int size, alive;
	pid_t pid[];
};

static int
open_signals(void)
{
	sigset_t set;

	signal(SIGCHLD, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int
put_to_work(struct team *team, int seat)
{
	pid_t pid = fork();
	sigset_t none;

	switch (pid) {
	case -1:
		warn("fork");
		return -1;
	case 0:
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execvp(team->command[0], team->command);
		warn("%s", team->command[0]);
		_exit(127);
	default:
		team->pid[seat] = pid;
		team->alive++;
		printf("start %d\n", (int)pid);
		return fflush(stdout);
	}
}

static int
seat_of(const struct team *team, pid_t pid)
{
	int seat = team->size;

	while (--seat >= 0 && team->pid[seat] != pid)
		continue;
	return seat;
}

/* Returns the seat of a worker that has ended, or -1. */
static int
next_end(struct team *team, int options)
{
	siginfo_t end = {0};
	int seat;

	if (waitid(P_ALL, 0, &end, WEXITED | options) < 0 || end.si_pid == 0)
		return -1;
	seat = seat_of(team, end.si_pid);
	if (seat < 0)
		return next_end(team, options);
	team->pid[seat] = 0;
	team->alive--;
	printf("end %d %s %d\n", (int)end.si_pid, end.si_code == CLD_EXITED ? "exit" : "signal",
	    end.si_status);
	fflush(stdout);
	return seat;
}

static int
keep_up(struct team *team, int signals)
{
	struct signalfd_siginfo news;
	int seat;

	for (int i = 0; i < team->size; i++)
		if (put_to_work(team, i) < 0)
			return 1;
	for (;;) {
		if (read(signals, &news, sizeof news) != sizeof news)
			continue;
		if (news.ssi_signo == SIGTERM)
			return 0;
		while ((seat = next_end(team, WNOHANG)) >= 0) {
			if (team->left == 0) {
				warnx("all restarts are used up");
				return 1;
			}
			team->left--;
			if (put_to_work(team, seat) < 0)
				return 1;
		}
	}
}

static int
positive(const char *text, int least, int most)
{
	char *end;
	long value = strtol(text, &end, 10);

	return *text >= '0' && *text <= '9' && *end == '\0' && value >= least && value <= most
		   ? (int)value
		   : -1;
}

int
main(int argc, char **argv)
{
	int size = argc > 3 ? positive(argv[1], 1, 64) : -1;
	int left = argc > 3 ? positive(argv[2], 0, 1000000) : -1;
	struct team *team;
	int signals, result;

	if (size < 0 || left < 0) {
		fprintf(stderr, "usage: supervisor WORKERS RESTARTS COMMAND [ARG...]\n");
		return 2;
	}
	team = calloc(1, sizeof *team + (size_t)size * sizeof team->pid[0]);
	signals = open_signals();
	if (team == NULL || signals < 0)
		err(1, "supervisor");
	team->command = argv + 3;
	team->size = size;
	team->left = left;
	result = keep_up(team, signals);
	for (int i = 0; i < size; i++)
		if (team->pid[i] > 0)
			kill(team->pid[i], SIGTERM);
	while (team->alive > 0)
		next_end(team, 0);
	close(signals);
	free(team);
	return result;
}
