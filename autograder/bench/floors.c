/* floors.c - see floors.h. */
#define _GNU_SOURCE
#include "floors.h"
#include "sample.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BATCHES = 7, LINKS = 2000, BALLS = 500, NAME_SIZE = 300 };

/* ---- links -------------------------------------------------------------------------------- */

static double
link_batch(const char *file, const char *link_name)
{
	const double from = stage_now();

	for (int i = 0; i < LINKS; i++)
		if (link(file, link_name) < 0 || unlink(link_name) < 0)
			return -1;
	return LINKS / (stage_now() - from);
}

double
floor_link(const char *directory)
{
	char file[NAME_SIZE], link_name[NAME_SIZE];
	double rates[BATCHES], rate = 0;
	int fd, error;

	snprintf(file, sizeof file, "%s/.floor", directory);
	snprintf(link_name, sizeof link_name, "%s/.floor.link", directory);
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	close(fd);
	for (size_t i = 0; i < BATCHES && rate >= 0; i++)
		rates[i] = rate = link_batch(file, link_name);
	error = errno;
	unlink(file);
	errno = error;
	return rate < 0 ? -1 : sample_median(rates, BATCHES);
}

/* ---- ping-pong ------------------------------------------------------------------------------- */

static int
no_delay(int fd)
{
	const int yes = 1;

	return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

/* The two ends of a connection of 127.0.0.1. Returns 0, or -1 with errno. */
static int
connect_pair(int ends[2])
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), error;

	ends[0] = ends[1] = -1;
	if (listener >= 0 && bind(listener, (struct sockaddr *)&address, length) == 0 &&
	    listen(listener, 1) == 0 &&
	    getsockname(listener, (struct sockaddr *)&address, &length) == 0 &&
	    (ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) >= 0 &&
	    connect(ends[0], (struct sockaddr *)&address, length) == 0)
		ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	error = errno;
	if (listener >= 0)
		close(listener);
	errno = error;
	return ends[1] >= 0 && no_delay(ends[0]) == 0 && no_delay(ends[1]) == 0 ? 0 : -1;
}

/* Sends each byte back, until there are no more. */
static _Noreturn void
return_balls(int fd)
{
	char ball;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(fd, &ball, 1) == 1 && write(fd, &ball, 1) == 1)
		;
	_exit(0);
}

static double
ball_batch(int fd)
{
	const double from = stage_now();
	char ball = 0;

	for (int i = 0; i < BALLS; i++)
		if (write(fd, &ball, 1) != 1 || read(fd, &ball, 1) != 1)
			return -1;
	return BALLS / (stage_now() - from);
}

static double
play(int fd)
{
	double rates[BATCHES], rate = 0;

	for (size_t i = 0; i < BATCHES && rate >= 0; i++)
		rates[i] = rate = ball_batch(fd);
	return rate < 0 ? -1 : sample_median(rates, BATCHES);
}

double
floor_ping_pong(const struct stage *stage)
{
	cpu_set_t before;
	double rate = -1;
	int ends[2];
	pid_t pid = -1;

	if (connect_pair(ends) == 0)
		pid = fork();
	if (pid == 0) {
		close(ends[0]); /* or its end of the file would never come */
		if (stage->pinned)
			sched_setaffinity(0, sizeof before, &stage->server_cpus);
		return_balls(ends[1]);
	}
	if (ends[1] >= 0)
		close(ends[1]);
	sched_getaffinity(0, sizeof before, &before);
	if (stage->pinned)
		sched_setaffinity(0, sizeof before, &stage->load_cpus);
	if (pid > 0)
		rate = play(ends[0]);
	sched_setaffinity(0, sizeof before, &before);
	if (ends[0] >= 0)
		close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return rate;
}
