/* checks.h - what the files of this judge share. */
#ifndef PRETHREAD_CHECKS_H
#define PRETHREAD_CHECKS_H

#include "judge.h"
#include "peer.h"

/* queue_checks.c */
void queue_order(void **state);
void queue_take_waits(void **state);
void queue_put_waits(void **state);
void queue_close_take(void **state);
void queue_close_put(void **state);
void queue_unlocks(void **state);
void queue_sleeps(void **state);
void queue_signals(void **state);
void queue_memory(void **state);

/* wakeup_checks.c */
void queue_recheck_take(void **state);
void queue_recheck_put(void **state);
void queue_wakes_takers(void **state);
void queue_wakes_putters(void **state);
void queue_right_one(void **state);
void queue_locked(void **state);

/* accept_checks.c */
void mutex_serves(void **state);
void mutex_serves_on(void **state);
void mutex_turn(void **state);
void mutex_errors(void **state);
void mutex_crowded(void **state);
void handover_serves(void **state);
void handover_serves_on(void **state);
void handover_full(void **state);
void handover_idle(void **state);
void handover_errors(void **state);
void handover_crowded(void **state);

/* Two checks ask the same of one program each: mutex_NAME and handover_NAME. */
#define EACH(name)                                                                                 \
	void mutex_##name(void **state);                                                           \
	void handover_##name(void **state)

/* pool_checks.c */
EACH(threads_first);
EACH(bad_clients);
EACH(sessions);
EACH(counts);

/* end_checks.c */
EACH(sigint);
void handover_own_queue(void **state);
EACH(accept_fatal);
EACH(no_threads);
EACH(output_fails);
void usage(void **state);
void pool_memory(void **state);
void pool_bounds(void **state);

/* ---- crew.c: threads that use a queue ---------------------------------------------- */

/*
 * A probe with so many threads, and queue 0 with so many places. Each does one step at a
 * time; a step is under way when these return.
 */
struct trial *crew(int threads, int places);
void dismiss(struct trial *t); /* its end */
void makes(struct trial *t, int queue, int places);
void puts_in(struct trial *t, int who, int fd);
void takes(struct trial *t, int who, int n);

/* The kernel's number of a thread. */
pid_t tid_of(struct trial *t, int who);

/* When everybody rests: how many calls of its last step have come back, and with what. */
int came_back(struct trial *t, int who);
int result_of(struct trial *t, int who, int i);

/* It has come back once, with this; or it sleeps. */
void has_put(struct trial *t, int who, const char *key);
void has_taken(struct trial *t, int who, int fd, const char *key);
void has_been_refused(struct trial *t, int who, const char *key);
void sleeps_in(struct trial *t, int who, const char *key);

/* Three different descriptors that nobody can know. */
void draws(int fd[3]);

/* The nth futex(2) from now on is held, before or after it; it need not come. */
fault_id holds_futex(struct trial *t, enum fault_action action, unsigned nth);

/* ---- clients.c: clients of a server --------------------------------------------------- */

/* The program at a free port of 127.0.0.1, with so many threads. */
struct trial *server(const char *program, int threads);
void start_serving(struct trial *t);
/* Of a trial that runs already: clients connect to where it listens. */
void now_listening(struct trial *t);
const char *where(void);
struct trial *serving(const char *program, int threads);
/*
 * Starts it; threads that have just been made stand still until everybody else rests. Returns when
 * nobody stands still any more, or it has ended.
 */
void start_late(struct trial *t);

/* A client connects. */
struct peer *client(struct trial *t);
/* It asks for n bytes, and gets them. */
void asks(struct trial *t, struct peer *p, int n, const char *key);
void hears(struct trial *t, struct peer *p, int n, const char *key);
/* So does one that comes for this, and goes. */
void comes_and_goes(struct trial *t, const char *key);
/* Everybody rests, and the server has not ended. */
void rests(struct trial *t);
/* It waits; nothing has come. */
void hears_nothing(struct trial *t, struct peer *p, const char *key);
/* The server has closed its end. */
void is_put_out(struct trial *t, struct peer *p, const char *key);
/* How many sockets of clients the server holds, also such as are shut down. */
size_t connections(struct trial *t);
/* The first process, when everybody rests. */
const struct process *at_rest(struct trial *t);
/* The server ends by itself, with this status. */
void ends(struct trial *t, int status, const char *key);

/* Accept fails with this, the nth time. */
void accept_fails(struct trial *t, unsigned nth, int error);

/* The number after "thread I: "; ends the check when there is no such line. */
unsigned long count_of(struct trial *t, int thread);

#define MUTEX_SERVER "prethread-mutex"
#define QUEUE_SERVER "prethread-queue"
/* The same with a queue of ours, so that a mistake in queue.c costs points only once. */
#define HANDOVER_SERVER "prethread-handover"

/* The two checks of EACH(name), when there is a name(program). */
#define CHECK_OF_EACH(name)                                                                        \
	void mutex_##name(void **state)                                                            \
	{                                                                                          \
		(void)state;                                                                       \
		name(MUTEX_SERVER);                                                                \
	}                                                                                          \
	void handover_##name(void **state)                                                         \
	{                                                                                          \
		(void)state;                                                                       \
		name(HANDOVER_SERVER);                                                             \
	}

#define PROGRAMS(name)                                                                             \
	for (const char *name = MUTEX_SERVER; name != NULL;                                        \
	     name = name[10] == 'm' ? QUEUE_SERVER : NULL)

#endif
