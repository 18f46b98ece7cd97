/*
 * lockload.c - the clients of a lock daemon: the same for every daemon that speaks MXP (lab 13).
 *
 *	lockload ADDRESS CLIENTS own|one PAIRS SECONDS
 *	lockload ADDRESS CLIENTS wait 0 SECONDS
 *
 * Each of CLIENTS processes has a session at ADDRESS, "127.0.0.1:4711". own, one: each of them
 * takes a lock and gives it back, PAIRS times; a lock of its own, or all of them the same one. All
 * begin together, when the last one has its session. wait: the first one takes a lock and keeps
 * it, all others wait for it; when they do, the line "waiting" is printed, and nothing happens any
 * more until a signal ends the program, and with it all its processes.
 *
 * That two have one lock at the same time is found out here, and is a failure.
 *
 * Prints one JSON object: pairs (that were wanted), failed, seconds (from the beginning to the
 * last answer), p50 and p99 (milliseconds for one pair), waits (how often a client had to wait for
 * somebody else), and of these waits p50, p99, p999 and most: the milliseconds from the moment in
 * which the holder sends its release to the moment in which the next one knows that it has the
 * lock; when something failed, why first. No answer is waited for longer than SECONDS. Exit status
 * 0, also then; 1 when the load could not be made at all, 2 for wrong arguments.
 */
#define _GNU_SOURCE
#include "address.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 1000, PAIRS_MAX = 1000000, REASON_SIZE = 128, LINE_SIZE = 600 };

enum mode { MODE_OWN, MODE_ONE, MODE_WAIT };

/* What one client has found out; it alone writes here, and the parent reads when it has ended. */
struct share {
	size_t done, waits;
	double last; /* when its last answer was there */
	char reason[REASON_SIZE];
};

/* What all clients have in common while they run. */
struct common {
	_Atomic long holders; /* of the one lock */
	double released;      /* when its last holder has sent its release: it alone writes here */
};

struct load {
	struct sockaddr_in address;
	enum mode mode;
	size_t clients, pairs;
	long seconds;
	struct common *common;
	struct share *share;    /* one for each client */
	float *pair, *handover; /* milliseconds; client c has those from c * pairs on */
};

/* One client's connection, and what has come over it and was not read as a line yet. */
struct session {
	int fd;
	size_t n, taken;
	char bytes[LINE_SIZE];
	char line[LINE_SIZE];
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- lines -------------------------------------------------------------------------------- */

static int
connect_to(const struct load *l)
{
	struct timeval patience = {.tv_sec = l->seconds};
	int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0 &&
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0 &&
	    connect(fd, (const struct sockaddr *)&l->address, sizeof l->address) == 0)
		return fd;
	close(fd);
	return -1;
}

/* The next line, without its newline, in s->line. Returns NULL, or what was wrong. */
static const char *
read_line(struct session *s)
{
	size_t length = 0;

	for (;;) {
		ssize_t got;

		while (s->taken < s->n) {
			char c = s->bytes[s->taken++];

			if (c == '\n') {
				s->line[length] = '\0';
				return NULL;
			}
			if (length + 1 == sizeof s->line)
				return "an answer that is too long";
			s->line[length++] = c;
		}
		got = recv(s->fd, s->bytes, sizeof s->bytes, 0);
		if (got < 0 && errno == EAGAIN)
			return "no answer within the time";
		if (got < 0)
			return strerror(errno);
		if (got == 0)
			return "the daemon has ended the session";
		s->n = (size_t)got;
		s->taken = 0;
	}
}

/* Sends "KEYWORD NAME"; NULL for name: only the keyword. */
static const char *
send_request(struct session *s, const char *keyword, const char *name)
{
	char line[LINE_SIZE];
	int n = snprintf(line, sizeof line, "%s %s\n", keyword, name);

	return send(s->fd, line, (size_t)n, MSG_NOSIGNAL) == n ? NULL : "cannot send";
}

/* The last line of an answer; waited says whether one came before it that continues. */
static const char *
read_answer(struct session *s, bool *waited)
{
	const char *wrong;

	*waited = false;
	while ((wrong = read_line(s)) == NULL && s->line[0] == 'C')
		*waited = true;
	if (wrong != NULL)
		return wrong;
	return s->line[0] == 'S' ? NULL : "the daemon refuses";
}

static const char *
begin_session(const struct load *l, struct session *s, size_t client)
{
	char name[32];
	const char *wrong;
	bool waited;

	s->fd = connect_to(l);
	if (s->fd < 0)
		return strerror(errno);
	snprintf(name, sizeof name, "c%zu", client);
	if ((wrong = read_answer(s, &waited)) != NULL ||
	    (wrong = send_request(s, "id", name)) != NULL)
		return wrong;
	return read_answer(s, &waited);
}

/* ---- a client ------------------------------------------------------------------------------ */

/* One lock and its release. Returns NULL, or what was wrong. */
static const char *
take_pair(const struct load *l, struct session *s, const char *lock, struct share *mine, size_t at)
{
	const bool one = l->mode == MODE_ONE;
	double from = now(), got;
	const char *wrong;
	bool waited, again;

	if ((wrong = send_request(s, "lock", lock)) != NULL ||
	    (wrong = read_answer(s, &waited)) != NULL)
		return wrong;
	got = now();
	if (one && atomic_fetch_add(&l->common->holders, 1) != 0)
		return "two sessions have the same lock";
	if (one && waited)
		l->handover[at + mine->waits++] = (float)((got - l->common->released) * 1e3);
	if (one) {
		atomic_fetch_sub(&l->common->holders, 1);
		l->common->released = now();
	}
	if ((wrong = send_request(s, "release", lock)) != NULL ||
	    (wrong = read_answer(s, &again)) != NULL)
		return wrong;
	mine->last = now();
	l->pair[at + mine->done++] = (float)((mine->last - from) * 1e3);
	return NULL;
}

static const char *
take_pairs(const struct load *l, struct session *s, size_t client, struct share *mine)
{
	char lock[32] = "one";
	const char *wrong = NULL;

	if (l->mode == MODE_OWN)
		snprintf(lock, sizeof lock, "own%zu", client);
	for (size_t i = 0; i < l->pairs && wrong == NULL; i++)
		wrong = take_pair(l, s, lock, mine, client * l->pairs);
	return wrong;
}

/* The first one gets the lock, and all others come after that: each of them is told to wait. */
static const char *
stand_in_line(struct session *s, size_t client)
{
	const char *wrong = send_request(s, "lock", "one");

	if (wrong != NULL || (wrong = read_line(s)) != NULL)
		return wrong;
	if (client == 0)
		return s->line[0] == 'S' ? NULL : "the daemon refuses a free lock";
	if (s->line[0] == 'S')
		return "two sessions have the same lock";
	return s->line[0] == 'C' ? NULL : "the daemon refuses";
}

/* What is told over pipes: "I am ready" to the parent, and "begin" to all by the end of a file. */
struct gates {
	int ready[2], begin[2];
};

static void
tell(int fd)
{
	if (write(fd, "", 1) < 0)
		_exit(EXIT_FAILURE); /* the parent is gone, and soon we are, too */
}

static void
await_end(int fd)
{
	char byte;

	while (read(fd, &byte, 1) < 0 && errno == EINTR)
		;
}

static _Noreturn void
be_client(const struct load *l, size_t client, const struct gates *g)
{
	struct share *mine = &l->share[client];
	static struct session s;
	const char *wrong;

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* whoever ends the load ends all of it */
	close(g->begin[1]);
	close(g->ready[0]);
	wrong = begin_session(l, &s, client);
	if (wrong == NULL && l->mode == MODE_WAIT)
		wrong = stand_in_line(&s, client);
	if (wrong != NULL)
		snprintf(mine->reason, sizeof mine->reason, "%s", wrong);
	tell(g->ready[1]);
	await_end(g->begin[0]);
	if (wrong == NULL && l->mode != MODE_WAIT &&
	    (wrong = take_pairs(l, &s, client, mine)) != NULL)
		snprintf(mine->reason, sizeof mine->reason, "%s", wrong);
	_exit(EXIT_SUCCESS);
}

/* ---- all of them ------------------------------------------------------------------- */

static void *
shared(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static int
await_ready(const struct gates *g)
{
	char byte;
	ssize_t got;

	do
		got = read(g->ready[0], &byte, 1);
	while (got < 0 && errno == EINTR);
	return got == 1 ? 0 : -1;
}

/* One after the other, so that who is first is the first; PR_SET_PDEATHSIG ends them with us. */
static int
make_clients(const struct load *l, const struct gates *g)
{
	for (size_t i = 0; i < l->clients; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return -1;
		if (pid == 0)
			be_client(l, i, g);
		if (await_ready(g) < 0)
			return -1;
	}
	return 0;
}

static const char *
first_reason(const struct load *l)
{
	for (size_t i = 0; i < l->clients; i++)
		if (l->share[i].reason[0] != '\0')
			return l->share[i].reason;
	return NULL;
}

/* Until a signal ends us. */
static _Noreturn void
hold_on(const struct load *l)
{
	const char *reason = first_reason(l);

	printf("%s\n", reason != NULL ? reason : "waiting");
	fflush(stdout);
	for (;;)
		pause();
}

/* Returns when the load began, or -1 with errno. */
static double
run(struct load *l)
{
	struct gates g;
	double began;

	if (pipe(g.ready) < 0 || pipe(g.begin) < 0 || make_clients(l, &g) < 0)
		return -1;
	if (l->mode == MODE_WAIT)
		hold_on(l);
	close(g.begin[0]);
	began = now();
	close(g.begin[1]);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	return began;
}

/* ---- what it was ------------------------------------------------------------------------- */

static int
by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/* The smallest value that at least this share, in thousandths, does not exceed. */
static double
share_of(const float *sorted, size_t n, unsigned thousandths)
{
	return n == 0 ? 0 : (double)sorted[(n * thousandths + 999) / 1000 - 1];
}

/* Moves the values of all clients together, without gaps, and sorts them. Returns how many. */
static size_t
gather(const struct load *l, float *values, bool waits)
{
	size_t n = 0;

	for (size_t i = 0; i < l->clients; i++) {
		size_t more = waits ? l->share[i].waits : l->share[i].done;

		memmove(&values[n], &values[i * l->pairs], more * sizeof *values);
		n += more;
	}
	qsort(values, n, sizeof *values, by_size);
	return n;
}

static void
report(const struct load *l, double began)
{
	const size_t all = l->clients * l->pairs, done = gather(l, l->pair, false);
	const size_t waits = gather(l, l->handover, true);
	const char *reason = first_reason(l);
	double last = began;

	for (size_t i = 0; i < l->clients; i++)
		if (l->share[i].last > last)
			last = l->share[i].last;
	if (reason == NULL && done < all)
		reason = "a client process was killed";
	printf("{\"pairs\": %zu, \"failed\": %zu, \"seconds\": %.6f, \"p50\": %.4f, \"p99\": %.4f",
	    all, all - done, last - began, share_of(l->pair, done, 500),
	    share_of(l->pair, done, 990));
	printf(", \"waits\": %zu, \"handover\": {\"p50\": %.4f, \"p99\": %.4f, \"p999\": %.4f, "
	       "\"most\": %.4f}",
	    waits, share_of(l->handover, waits, 500), share_of(l->handover, waits, 990),
	    share_of(l->handover, waits, 999), share_of(l->handover, waits, 1000));
	if (reason != NULL)
		printf(", \"reason\": \"%s\"", reason);
	puts("}");
}

/* ---- arguments ---------------------------------------------------------------------------- */

static int
parse_mode(const char *text, enum mode *mode)
{
	static const char *const words[] = {"own", "one", "wait"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(text, words[i]) == 0) {
			*mode = (enum mode)i;
			return 0;
		}
	return -1;
}

static int
parse(struct load *l, char *argv[])
{
	long clients = address_number(argv[2], CLIENTS_MAX);
	long pairs = address_number(argv[4], PAIRS_MAX);

	l->seconds = address_number(argv[5], 3600);
	if (address_parse(argv[1], &l->address) < 0 || parse_mode(argv[3], &l->mode) < 0 ||
	    clients < 1 || pairs < 0 || l->seconds < 1)
		return -1;
	l->clients = (size_t)clients;
	l->pairs = (size_t)pairs;
	return 0;
}

int
main(int argc, char *argv[])
{
	static struct load l;
	size_t all;
	double began;

	if (argc != 6 || parse(&l, argv) < 0) {
		fputs("usage: lockload ADDRESS CLIENTS own|one|wait PAIRS SECONDS\n", stderr);
		return 2;
	}
	all = l.clients * l.pairs + 1;
	l.common = shared(sizeof *l.common);
	l.share = shared(l.clients * sizeof *l.share);
	l.pair = shared(all * sizeof *l.pair);
	l.handover = shared(all * sizeof *l.handover);
	if (l.common == NULL || l.share == NULL || l.pair == NULL || l.handover == NULL ||
	    (began = run(&l)) < 0) {
		perror("lockload");
		return 1;
	}
	report(&l, began);
	return fflush(stdout) == EOF ? 1 : 0;
}
