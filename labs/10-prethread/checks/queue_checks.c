/* queue_checks.c - queue_new() and its kin, as long as nobody hurries. */
#include "checks.h"
#include "memory.h"
#include <errno.h>
#include <stdint.h>
#include <string.h>

/*
 * Task 1: "What was put in first". For: the wrong end; a ring that does not come round; 0 taken
 * for nothing; two queues that are one; a queue of some places at most.
 */
void
queue_order(void **state)
{
	(void)state;
	struct trial *t = crew(1, 3);
	int fd[3];

	makes(t, 1, 1000);
	ask(t, "put", "0", "1", "7");
	await_quiet(t);
	for (int round = 0; round < 4; round++) {
		int n = round == 3 ? 3 : 2; /* 2, 2 and 2 come round in 3 places */

		draws(fd);
		if (round % 2 == 0)
			fd[0] = 0; /* a descriptor like any other */
		if (n == 3)
			ask(t, "put", "0", "0", word(fd[0]), word(fd[1]), word(fd[2]));
		else
			ask(t, "put", "0", "0", word(fd[0]), word(fd[1]));
		expect(came_back(t, 0) == n, "queue-order", _("there is room for what is put"),
		    _("%d calls of %d have returned"), came_back(t, 0), n);
		expect(result_of(t, 0, 0) == 0, "queue-order", _("queue_put returns 0"),
		    _("it returned %d"), result_of(t, 0, 0));
		takes(t, 0, n);
		expect(came_back(t, 0) == n, "queue-order", _("what was put in can be taken"),
		    _("%d calls of %d have returned"), came_back(t, 0), n);
		for (int i = 0; i < n; i++)
			expect(result_of(t, 0, i) == fd[i], "queue-order",
			    words(_("queue_take returns %d"), fd[i]), _("it returned %d"),
			    result_of(t, 0, i));
	}
	ask(t, "take", "0", "1", "1");
	has_taken(t, 0, 7, "queue-order");
	dismiss(t);
}

/* The two that wait have one descriptor each, in whatever order. */
static void
shared_out(struct trial *t, int one, int other, int a, int b, const char *key)
{
	int first = result_of(t, one, 0), second = result_of(t, other, 0);

	expect(came_back(t, one) == 1 && came_back(t, other) == 1, key,
	    _("there is something for both, and both have it"), "%s", _("one of them sleeps"));
	expect((first == a && second == b) || (first == b && second == a), key,
	    words(_("they have %d and %d"), a, b), _("they have %d and %d"), first, second);
}

/* Task 1: "sleeps until something comes". For: a wait that nobody ends; -1 for an empty queue. */
void
queue_take_waits(void **state)
{
	(void)state;
	struct trial *t = crew(3, 3);
	int fd[3];

	draws(fd);
	takes(t, 0, 1);
	sleeps_in(t, 0, "take-waits");
	puts_in(t, 2, fd[0]);
	has_put(t, 2, "take-waits");
	has_taken(t, 0, fd[0], "take-waits");
	takes(t, 0, 1);
	takes(t, 1, 1);
	sleeps_in(t, 0, "take-waits");
	sleeps_in(t, 1, "take-waits");
	puts_in(t, 2, fd[1]);
	expect(came_back(t, 0) + came_back(t, 1) == 1, "take-waits",
	    _("one of the two that wait has it"), _("%d of them have returned"),
	    came_back(t, 0) + came_back(t, 1));
	puts_in(t, 2, fd[2]);
	shared_out(t, 0, 1, fd[1], fd[2], "take-waits");
	dismiss(t);
}

static void
has_taken_any(struct trial *t, int who, const char *key)
{
	expect(came_back(t, who) == 1, key, _("queue_take returns when there is something"), "%s",
	    _("the thread that takes sleeps"));
}

/* Task 1: "no room". For: a ring that overwrites, grows or refuses; a wait that nobody ends. */
void
queue_put_waits(void **state)
{
	(void)state;
	struct trial *t = crew(3, 2);
	int fd[3], sum = 0;

	draws(fd);
	ask(t, "put", "0", "0", word(fd[0]), word(fd[1]));
	expect(came_back(t, 0) == 2, "put-waits", _("there is room for two"),
	    _("%d calls of %d have returned"), came_back(t, 0), 2);
	puts_in(t, 0, fd[2]);
	sleeps_in(t, 0, "put-waits");
	puts_in(t, 1, 1000);
	sleeps_in(t, 1, "put-waits");
	takes(t, 2, 1);
	has_taken_any(t, 2, "put-waits");
	expect(came_back(t, 0) + came_back(t, 1) == 1, "put-waits",
	    _("one of the two that wait has put it in"), _("%d of them have returned"),
	    came_back(t, 0) + came_back(t, 1));
	sum += result_of(t, 2, 0);
	takes(t, 2, 1);
	has_taken_any(t, 2, "put-waits");
	has_put(t, 0, "put-waits");
	has_put(t, 1, "put-waits");
	sum += result_of(t, 2, 0);
	takes(t, 2, 2);
	expect(came_back(t, 2) == 2, "put-waits", _("what was put in can be taken"),
	    _("%d calls of %d have returned"), came_back(t, 2), 2);
	sum += result_of(t, 2, 0) + result_of(t, 2, 1);
	expect(sum == fd[0] + fd[1] + fd[2] + 1000, "put-waits",
	    _("each of the four descriptors is taken once"), "%s", _("one of them was lost"));
	dismiss(t);
}

/*
 * Task 1: "what is in the queue can still be taken". For: one only is woken; what was in the queue
 * is lost; the next one waits.
 */
void
queue_close_take(void **state)
{
	(void)state;
	struct trial *t = crew(3, 1);
	int fd[3];

	takes(t, 0, 1);
	takes(t, 1, 1);
	await_quiet(t);
	ask(t, "close", "2", "0");
	has_been_refused(t, 0, "close-wakes");
	has_been_refused(t, 1, "close-wakes");
	takes(t, 0, 1);
	has_been_refused(t, 0, "closed");
	dismiss(t);
	t = crew(2, 1);
	draws(fd);
	puts_in(t, 1, fd[0]);
	has_put(t, 1, "closed");
	ask(t, "close", "1", "0");
	takes(t, 0, 1);
	has_taken(t, 0, fd[0], "close-keeps");
	ask(t, "close", "1", "0");
	takes(t, 0, 1);
	has_been_refused(t, 0, "closed");
	dismiss(t);
}

/*
 * Task 1: "After queue_close nobody waits and nothing comes in". For: one only is woken; who was
 * woken puts all the same; who comes later does.
 */
void
queue_close_put(void **state)
{
	(void)state;
	struct trial *t = crew(3, 1);
	int fd[3];

	draws(fd);
	puts_in(t, 2, fd[1]);
	has_put(t, 2, "closed");
	puts_in(t, 0, 1);
	puts_in(t, 1, 2);
	await_quiet(t);
	ask(t, "close", "2", "0");
	has_been_refused(t, 0, "close-wakes");
	has_been_refused(t, 1, "close-wakes");
	takes(t, 2, 1);
	await_quiet(t);
	puts_in(t, 1, 3);
	has_been_refused(t, 1, "closed");
	takes(t, 2, 1); /* nothing has come in since */
	has_been_refused(t, 2, "closed");
	dismiss(t);
}

/* This thread sleeps without a timeout, and has not done so again and again. */
static void
is_asleep(struct trial *t, int who, fault_id again)
{
	const struct process *p;
	pid_t tid = tid_of(t, who);

	sleeps_in(t, who, "polls");
	expect(fault_delivered(t, again) == 0, "polls", _("who waits sleeps until it is woken"),
	    "%s", _("it looks again and again"));
	p = first_process(look(t));
	for (size_t i = 0; i < p->n_threads; i++)
		expect(p->thread[i].tid != tid || !p->thread[i].timed, "polls",
		    _("who waits sleeps until it is woken"), "%s", _("it waits with a timeout"));
}

/* Task 1: "sleeps". For: naps, timeouts, and a loop that only looks. */
void
queue_sleeps(void **state)
{
	(void)state;
	struct trial *t = crew(1, 1);
	fault_id again = holds_futex(t, HOLD_BEFORE, 40);

	takes(t, 0, 1);
	is_asleep(t, 0, again);
	t = crew(1, 1);
	again = holds_futex(t, HOLD_BEFORE, 40);
	puts_in(t, 0, 2);
	has_put(t, 0, "polls");
	puts_in(t, 0, 3);
	is_asleep(t, 0, again);
}

static void
kick(struct trial *t, int who)
{
	await_quiet(t);
	ask(t, "kick", word(who));
	sleeps_in(t, who, "signal-noticed");
}

/* queue.h: "A signal handler may run". For: a wait that EINTR ends. */
void
queue_signals(void **state)
{
	(void)state;
	struct trial *t = crew(2, 1);

	takes(t, 0, 1);
	kick(t, 0);
	puts_in(t, 1, 5);
	has_taken(t, 0, 5, "signal-noticed");
	puts_in(t, 1, 6);
	has_put(t, 1, "signal-noticed");
	puts_in(t, 1, 7);
	kick(t, 1);
	takes(t, 0, 1);
	has_taken(t, 0, 6, "signal-noticed");
	has_put(t, 1, "signal-noticed");
	dismiss(t);
}

/* A tool of valgrind that knows who has which mutex; what it says goes to a file. */
static void
watch_locks(struct trial *t)
{
	static const char *const words[] = {"/usr/bin/valgrind", "--vgdb=no", "--tool=helgrind",
	    "--quiet", "--log-file=locks.txt", NULL};

	trial_wrap(t, words);
	trial_collect(t, "locks.txt");
	trial_limit(t, LIMIT_DESCRIPTORS, 256);
	trial_limit(t, LIMIT_MEMORY_MIB, 1024);
	trial_limit(t, LIMIT_CPU_MS, 20000);
	trial_limit(t, LIMIT_WALL_MS, 30000);
}

static void
expect_locked_before(struct trial *t)
{
	const char *name, *said;
	size_t n;

	said = trial_collected(t, 0, &name, &n);
	if (said == NULL)
		grader_fault("valgrind left no report; is it installed?");
	expect(strstr(said, "unlocked a not-locked lock") == NULL, "unlocks",
	    _("a mutex is unlocked by the thread that has locked it"), "%s",
	    _("one is unlocked that nobody has locked"));
	expect(strstr(said, "currently held by thread") == NULL, "unlocks",
	    _("a mutex is unlocked by the thread that has locked it"), "%s",
	    _("one is unlocked that another thread has locked"));
}

/*
 * queue.h: "may be called by any number of threads at the same time". For: one of the functions
 * does not lock. That it unlocks is what can be seen in any order of the threads.
 */
void
queue_unlocks(void **state)
{
	(void)state;
	struct trial *t = trial("queue");

	watch_locks(t);
	trial_start(t);
	ask(t, "crew", "1");
	makes(t, 0, 2);
	ask(t, "put", "0", "0", "1", "2");
	ask(t, "take", "0", "0", "1");
	ask(t, "close", "0", "0");
	ask(t, "dismiss");
	ask(t, "free", "0");
	trial_finish(t);
	expect_locked_before(t);
}

/* For: memory for one place less; nothing freed; a size that overflows; free(NULL). */
void
queue_memory(void **state)
{
	(void)state;
	struct trial *t = trial("queue");
	const struct answer *a;

	memory_watch(t);
	trial_start(t);
	ask(t, "crew", "1");
	makes(t, 0, 3);
	ask(t, "put", "0", "0", "1", "2", "3");
	ask(t, "dismiss");
	expect(answer_int(ask(t, "report", "0"), "n") == 3, "queue-order",
	    _("there is room for what is put"), _("%d calls of %d have returned"),
	    (int)answer_int(ask(t, "report", "0"), "n"), 3);
	ask(t, "free", "0");
	ask(t, "free", "NULL");
	ask(t, "crew", "1");
	a = ask(t, "new", "0", word((long long)(SIZE_MAX / sizeof(int) + 2)));
	expect(answer_int(a, "result") == 1 || answer_int(a, "errno") == ENOMEM, "no-memory",
	    _("without memory queue_new returns NULL with errno ENOMEM"),
	    _("it returned NULL with errno %s"), error_name(answer_int(a, "errno")));
	if (answer_int(a, "result") == 1) {
		ask(t, "put", "0", "0", "1", "2", "3");
		ask(t, "dismiss");
		ask(t, "free", "0");
	} else {
		ask(t, "dismiss");
	}
	trial_finish(t);
	memory_verdict(t, "memory-error", "leak");
}
