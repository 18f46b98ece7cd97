/*
 * load.c - the clients of the benchmark: the same for every server.
 *
 *	load ADDRESS PROCESSES CONNECTIONS BYTES SECONDS
 *
 * Each of PROCESSES processes opens CONNECTIONS connections to ADDRESS, "127.0.0.1:4711", one
 * after the other, and over each asks once for BYTES bytes (the request of labs/08-service/web.h).
 *
 * A client sends the end of the file after its request and reads up to the server's. So it knows
 * not only that all bytes came, but also that no process and no thread of the server holds the
 * connection any more: a descriptor that a server forgets to close is a request that fails. A
 * client that closed at once would leave the next one to meet a server still busy with it.
 *
 * All processes begin together, when the last one has been made. No call waits for more than
 * SECONDS; a process gives up at its first failure, and what it has not asked for counts as
 * failed too. Prints one JSON object: requests, failed, seconds (from the beginning to the last
 * answer), p50 and p99 (milliseconds from before connect() to the last byte) and, when a request
 * failed, why the first one did. Exit status 0, also then; 1 when the load could not be made at
 * all, 2 for wrong arguments.
 */
#define _GNU_SOURCE
#include "../../labs/08-service/web.h"
#include "address.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES_MAX = 1000, CONNECTIONS_MAX = 1000000, REASON_SIZE = 128 };

/* What one process has found out; it alone writes here, and the parent reads when it has ended. */
struct share {
	size_t done;
	double last; /* when its last answer was there */
	char reason[REASON_SIZE];
};

struct load {
	struct sockaddr_in address;
	size_t processes, connections, bytes;
	long seconds;
	struct share *share; /* one for each process */
	float *latency;      /* milliseconds; process p has those from p * connections on */
	char request[WEB_LINE];
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- one request ----------------------------------------------------------------- */

static int
connect_to(const struct load *l)
{
	struct timeval patience = {.tv_sec = l->seconds};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	/* SO_SNDTIMEO holds for connect() as well */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0 &&
	    connect(fd, (const struct sockaddr *)&l->address, sizeof l->address) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool
is_right(const char *bytes, size_t n, size_t from)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != WEB_BYTE(from + i))
			return false;
	return true;
}

/*
 * Reads up to the end of the file. at gets the time when all that was asked for had come. Returns
 * NULL, or what was wrong.
 */
static const char *
read_answer(const struct load *l, int fd, double *at)
{
	char bytes[WEB_MAX];
	size_t n = 0;
	ssize_t got;

	while ((got = recv(fd, bytes, sizeof bytes, 0)) > 0) {
		if (n + (size_t)got > l->bytes)
			return "more bytes than asked for";
		if (!is_right(bytes, (size_t)got, n))
			return "wrong bytes";
		n += (size_t)got;
		if (n == l->bytes)
			*at = now();
	}
	if (got < 0 && errno == EAGAIN)
		return n == l->bytes ? "the server keeps the connection open"
				     : "no answer within the time";
	if (got < 0)
		return strerror(errno);
	return n == l->bytes ? NULL : "the connection ended before the answer was whole";
}

/* Returns NULL, or what was wrong. */
static const char *
ask(const struct load *l, double *at)
{
	int fd = connect_to(l);
	const char *wrong;

	if (fd < 0)
		return errno == EINPROGRESS ? "no connection within the time" : strerror(errno);
	if (web_send(fd, l->request, strlen(l->request)) < 0 || shutdown(fd, SHUT_WR) < 0)
		wrong = strerror(errno);
	else
		wrong = read_answer(l, fd, at);
	close(fd);
	return wrong;
}

/* ---- all of them ------------------------------------------------------------------- */

/* The child's whole life: it waits until nobody has the writing end of the gate any more. */
static _Noreturn void
be_client(const struct load *l, size_t process, const int gate[2])
{
	struct share *mine = &l->share[process];
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* whoever ends the load ends all of it */
	close(gate[1]);
	while (read(gate[0], &byte, 1) < 0 && errno == EINTR)
		;
	for (size_t i = 0; i < l->connections; i++) {
		double from = now(), at = from;
		const char *wrong = ask(l, &at);

		if (wrong != NULL) {
			snprintf(mine->reason, sizeof mine->reason, "%s", wrong);
			break;
		}
		l->latency[process * l->connections + i] = (float)((at - from) * 1e3);
		mine->done++;
		mine->last = at;
	}
	_exit(0);
}

static void *
shared(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

/* Returns when the load began, or -1 with errno. */
static double
run(struct load *l)
{
	double began;
	int gate[2];

	if (pipe(gate) < 0)
		return -1;
	for (size_t i = 0; i < l->processes; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return -1; /* PR_SET_PDEATHSIG ends those that are there */
		if (pid == 0)
			be_client(l, i, gate);
	}
	close(gate[0]);
	began = now();
	close(gate[1]);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	return began;
}

static int
by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/* Moves the latencies together, without the gaps of those who gave up. Returns how many. */
static size_t
gather(const struct load *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->processes; i++) {
		memmove(&l->latency[n], &l->latency[i * l->connections],
		    l->share[i].done * sizeof *l->latency);
		n += l->share[i].done;
	}
	qsort(l->latency, n, sizeof *l->latency, by_size);
	return n;
}

/* The smallest value that at least this share of all does not exceed. */
static double
percentile(const float *sorted, size_t n, unsigned percent)
{
	return n == 0 ? 0 : (double)sorted[(n * percent + 99) / 100 - 1];
}

static void
report(const struct load *l, double began)
{
	const size_t all = l->processes * l->connections, done = gather(l);
	const char *reason = NULL;
	double last = began;

	for (size_t i = 0; i < l->processes; i++) {
		const struct share *s = &l->share[i];

		if (s->last > last)
			last = s->last;
		if (reason == NULL && s->done < l->connections)
			reason = s->reason[0] != '\0' ? s->reason : "a client process was killed";
	}
	printf("{\"requests\": %zu, \"failed\": %zu, \"seconds\": %.6f, \"p50\": %.4f, "
	       "\"p99\": %.4f",
	    all, all - done, last - began, percentile(l->latency, done, 50),
	    percentile(l->latency, done, 99));
	if (reason != NULL)
		printf(", \"reason\": \"%s\"", reason);
	puts("}");
}

static int
parse(struct load *l, char *argv[])
{
	long processes = address_number(argv[2], PROCESSES_MAX);
	long connections = address_number(argv[3], CONNECTIONS_MAX);
	long bytes = address_number(argv[4], WEB_MAX);

	l->seconds = address_number(argv[5], 3600);
	if (address_parse(argv[1], &l->address) < 0 || processes < 1 || connections < 0 ||
	    bytes < 1 || l->seconds < 1)
		return -1;
	l->processes = (size_t)processes;
	l->connections = (size_t)connections;
	l->bytes = (size_t)bytes;
	snprintf(l->request, sizeof l->request, "%zu\n", l->bytes);
	return 0;
}

int
main(int argc, char *argv[])
{
	struct load l;
	double began;

	if (argc != 6 || parse(&l, argv) < 0) {
		fputs("usage: load ADDRESS PROCESSES CONNECTIONS BYTES SECONDS\n", stderr);
		return 2;
	}
	l.share = shared(l.processes * sizeof *l.share);
	l.latency = shared((l.processes * l.connections + 1) * sizeof *l.latency);
	if (l.share == NULL || l.latency == NULL || (began = run(&l)) < 0) {
		perror("load");
		return 1;
	}
	report(&l, began);
	return fflush(stdout) == EOF ? 1 : 0;
}
