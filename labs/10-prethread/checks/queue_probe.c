/*
 * queue_probe.c - threads that put into queues and take from them, each when it is told to.
 *
 * A request names a thread and returns at once; what came of it says "report".
 */
#define _GNU_SOURCE
#include "queue.h"

#include "probe.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { QUEUES = 2, CREW = 6, CALLS_MAX = 8 };

struct step {
	char what; /* p, t or c */
	int queue, n;
	int fd[CALLS_MAX];
};

/* One thread. It sleeps in read() until a step comes; done counts the calls that came back. */
struct member {
	pthread_t thread;
	int orders[2];
	_Atomic pid_t tid;
	atomic_int done;
	int result[CALLS_MAX], error[CALLS_MAX];
};

static struct member crew[CREW];
static int members; /* that were made; they may not have begun to run */
static struct queue *queues[QUEUES];

static int
call(const struct step *s, int i)
{
	struct queue *q = queues[s->queue];

	switch (s->what) {
	case 'p':
		return queue_put(q, s->fd[i]);
	case 't':
		return queue_take(q);
	default:
		queue_close(q);
		return 0;
	}
}

static void *
work(void *argument)
{
	struct member *m = argument;
	struct step s;

	m->tid = (pid_t)syscall(SYS_gettid);
	while (read(m->orders[0], &s, sizeof s) == sizeof s) {
		for (int i = 0; i < s.n; i++) {
			errno = 0;
			m->result[i] = call(&s, i);
			m->error[i] = errno;
			m->done++;
		}
	}
	return NULL;
}

/* "crew N" */
static void
do_crew(void)
{
	members = 0;
	for (int i = 0; i < request_int(1) && i < CREW; i++) {
		if (pipe(crew[i].orders) < 0 ||
		    pthread_create(&crew[i].thread, NULL, work, &crew[i]) != 0)
			return;
		answer_put_int("n", ++members);
	}
}

/* "tid T", when everybody rests */
static void
do_tid(void)
{
	answer_put_int("tid", crew[request_int(1) % CREW].tid);
}

/* "new QUEUE PLACES" */
static void
do_new(void)
{
	struct queue **q = &queues[request_int(1) % QUEUES];

	errno = 0;
	*q = queue_new((size_t)request_int(2));
	answer_put_int("errno", errno);
	answer_put_int("result", *q != NULL);
}

static void
order(struct step s)
{
	struct member *m = &crew[request_int(1) % CREW];

	m->done = 0;
	s.queue = (int)request_int(2) % QUEUES;
	(void)!write(m->orders[1], &s, sizeof s);
}

/* "put T QUEUE FD..." */
static void
do_put(void)
{
	struct step s = {.what = 'p'};

	for (int i = 3; i < request_count() && s.n < CALLS_MAX; i++)
		s.fd[s.n++] = (int)request_int(i);
	order(s);
}

/* "take T QUEUE N" */
static void
do_take(void)
{
	struct step s = {.what = 't', .n = (int)request_int(3) % (CALLS_MAX + 1)};

	order(s);
}

/* "close T QUEUE" */
static void
do_close(void)
{
	struct step s = {.what = 'c', .n = 1};

	order(s);
}

/* "report T": of its last step, as far as it has come */
static void
do_report(void)
{
	const struct member *m = &crew[request_int(1) % CREW];
	int n = m->done;

	answer_put_int("n", n);
	for (int i = 0; i < n; i++) {
		answer_put_at("result", (unsigned long)i, m->result[i]);
		answer_put_at("errno", (unsigned long)i, m->error[i]);
	}
}

static void
nothing(int signal)
{
	(void)signal;
}

/* "kick T": a handler runs in this thread, and breaks the call in which it waits. */
static void
do_kick(void)
{
	struct sigaction action = {.sa_handler = nothing};

	sigaction(SIGUSR1, &action, NULL);
	answer_put_int("result", pthread_kill(crew[request_int(1) % CREW].thread, SIGUSR1));
}

/* "free QUEUE", or "free NULL" */
static void
do_free(void)
{
	if (strcmp(request_word(1), "NULL") == 0)
		queue_free(NULL);
	else
		queue_free(queues[request_int(1) % QUEUES]);
}

/* The threads that have nothing to do end; there are no others when all has gone well. */
static void
do_dismiss(void)
{
	for (int i = 0; i < members; i++) {
		close(crew[i].orders[1]);
		pthread_join(crew[i].thread, NULL);
		close(crew[i].orders[0]);
	}
	members = 0;
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"crew", do_crew},
	    {"tid", do_tid},
	    {"new", do_new},
	    {"put", do_put},
	    {"take", do_take},
	    {"close", do_close},
	    {"report", do_report},
	    {"kick", do_kick},
	    {"free", do_free},
	    {"dismiss", do_dismiss},
	    {0},
	};

	return probe_serve(verbs);
}
