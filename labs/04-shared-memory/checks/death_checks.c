/*
 * death_checks.c - users of a ring that are killed at each access to shared memory in turn.
 *
 * The victim makes k accesses, for k = 0, 1, 2 ..., and is killed before the
 * next one: before it has the lock, at every place where it holds it, and after
 * it. So whatever order a student's code changes the ring in, each state that it
 * can be left in is tried.
 */
#include "checks.h"
#include "interleave.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

enum { ACCESSES_MOST = 40 /* of one call */ };

static void
kill_victim(struct trial *t, pid_t victim)
{
	unsigned before = exits(t);

	trial_kill(t, victim, SIGKILL);
	await_exits(t, before + 1);
}

/* The probe stops whoever finds the mutex lost. */
static void
expect_usable(struct trial *t)
{
	await_quiet(t);
	expect(strstr(trial_output(t), "lost\n") == NULL, "consistent",
	    _("the mutex is used on when its owner has died"),
	    _("nobody can lock it any more: ENOTRECOVERABLE"));
}

static const struct answer *
go_on_with(struct trial *t, const char *key, const char *expected)
{
	expect_usable(t);
	return answer_or(t, key, expected);
}

/* As put_item(), when somebody has died. */
static void
put_later(struct trial *t, long long item, const char *key)
{
	const char *expected = words(_("item %lld can be put"), item);

	ask_begin(t, "put", word(item));
	expect_result(go_on_with(t, key, expected), "ring_put", 0, key);
}

/* A worker that stands before its access number k, counted from 0; false when it has fewer. */
static bool
stands_at(struct trial *t, const char *what, unsigned k, pid_t *victim)
{
	unsigned made;

	*victim = worker(t, what);
	made = accesses_make(t, *victim, k);
	expect(k == 0 || made > 0, "no-access", _("the child touches shared memory"),
	    _("it does not"));
	return made == k && process_of(look(t), *victim)->state != 'Z';
}

/* The items that are left come in order; the first of them may be missing. */
static void
take_the_rest(struct trial *t, const long long items[], size_t n, size_t doubtful)
{
	const char *expected = _("at most the item of the process that was killed is lost");
	size_t next = 0;

	while (next < n) {
		const struct answer *a;
		long long item;

		ask_begin(t, "take");
		a = go_on_with(t, "robust-items", expected);
		item = answer_int(a, "item");
		if (next == doubtful && item != items[next])
			next++;
		expect(answer_int(a, "result") == 1 && next < n && item == items[next],
		    "robust-items", expected, _("item %lld came out of turn"), item);
		next++;
	}
}

/* The first process, which nobody holds, goes on as far as it can between two accesses. */
static void
to_its_end(struct trial *t, pid_t worker)
{
	for (unsigned n = 0; n < ALL_ACCESSES && accesses_make(t, worker, 1) == 1; n++)
		await_quiet(t);
}

/*
 * Does the lock still keep others out? There is an access of a worker's at which
 * the first process, which puts, has to wait for it. The items come behind all
 * others and are taken here.
 */
static void
expect_lock_works(struct trial *t, const char *key)
{
	bool waits = false;

	for (unsigned k = 0; k < ACCESSES_MOST && !waits; k++) {
		pid_t other = worker(t, "p55");
		unsigned made = accesses_make(t, other, k), n = exits(t);

		ask_begin(t, "put", "66");
		waits = !answered(t);
		to_its_end(t, other);
		answer_or(t, key, _("the others go on when one is killed"));
		ask(t, "take");
		ask(t, "take");
		if (made < k || exits(t) == n)
			break;
	}
	expect(waits, key, _("the mutex still lets only one in"), _("two are in at the same time"));
}

/* One who puts is killed, while the first process waits for the lock or puts, too. */
static bool
dies_putting(struct trial *t, unsigned k)
{
	const long long items[] = {11, 22, 33, 44};
	pid_t victim;
	const struct answer *a;

	new_queue(t, "ring_new", 4);
	put_item(t, items[0], "order");
	if (!stands_at(t, "p22", k, &victim))
		return false;
	ask_begin(t, "put", word(items[2]));
	await_quiet(t);
	kill_victim(t, victim);
	a = go_on_with(t, "robust", _("the others go on when one is killed"));
	expect_result(a, "ring_put", 0, "robust");
	put_later(t, items[3], "robust");
	take_the_rest(t, items, 4, 1);
	if (k == 0)
		expect_lock_works(t, "robust");
	ask(t, "free");
	return true;
}

static bool
dies_taking(struct trial *t, unsigned k)
{
	const long long items[] = {11, 22, 33, 44};
	pid_t victim;
	const struct answer *a;

	new_queue(t, "ring_new", 4);
	for (size_t i = 0; i < 3; i++)
		put_item(t, items[i], "order");
	if (!stands_at(t, "t", k, &victim))
		return false;
	ask_begin(t, "put", word(items[3]));
	await_quiet(t);
	kill_victim(t, victim);
	a = go_on_with(t, "robust", _("the others go on when one is killed"));
	expect_result(a, "ring_put", 0, "robust");
	take_the_rest(t, items, 4, 0);
	ask(t, "free");
	return true;
}

/* ---- who dies before he wakes anybody -------------------------------------------------- */

struct sleepers {
	pid_t one, other;
	unsigned before; /* how many had ended before they were made */
};

static struct sleepers
two_asleep(struct trial *t, const char *one, const char *other)
{
	struct sleepers s = {.before = exits(t)};

	s.one = worker(t, one);
	accesses_make(t, s.one, ALL_ACCESSES);
	s.other = worker(t, other);
	accesses_make(t, s.other, ALL_ACCESSES);
	return s;
}

/* As far as they are woken. How many have come back, beside the victim? */
static unsigned
go_on(struct trial *t, const struct sleepers *s)
{
	for (int again = 0; again < 2; again++) {
		accesses_make(t, s->one, ALL_ACCESSES);
		accesses_make(t, s->other, ALL_ACCESSES);
	}
	expect_usable(t);
	return exits(t) - s->before - 1;
}

/* Inside pthread_cond_wait(), if they sleep at all: this ring is not used on. */
static void
end_sleepers(struct trial *t, const struct sleepers *s)
{
	trial_kill(t, s->one, SIGKILL);
	trial_kill(t, s->other, SIGKILL);
	await_quiet(t);
}

/*
 * Two wait for items; one who puts is killed, perhaps when its item is in the
 * ring already and nobody is woken yet. The next one who puts finds that out.
 */
static bool
dies_before_waking(struct trial *t, unsigned k)
{
	size_t from = trial_output_size(t);
	struct sleepers s;
	pid_t victim;
	unsigned back, items;

	ask(t, "announce");
	new_queue(t, "ring_new", 4);
	s = two_asleep(t, "t", "t");
	if (!stands_at(t, "p22", k, &victim))
		return false;
	kill_victim(t, victim);
	put_later(t, 33, "robust");
	back = go_on(t, &s);
	items = strstr(trial_output(t) + from, "took 1 22\n") != NULL ? 2 : 1;
	expect(back >= items, "robust-wakes", _("nobody sleeps while there is an item for him"),
	    _("for %u items %u of 2 have come back"), items, back);
	end_sleepers(t, &s);
	return true;
}

/* The same with places: two wait for one, and the one who is killed takes. */
static bool
dies_before_making_room(struct trial *t, unsigned k)
{
	struct sleepers s;
	const struct answer *a;
	pid_t victim;
	unsigned back, places;

	ask(t, "announce");
	new_queue(t, "ring_new", 2);
	put_item(t, 11, "order");
	put_item(t, 22, "order");
	s = two_asleep(t, "p33", "p44");
	if (!stands_at(t, "t", k, &victim))
		return false;
	kill_victim(t, victim);
	ask_begin(t, "take");
	a = go_on_with(t, "robust", _("the others go on when one is killed"));
	places = answer_int(a, "item") == 11 ? 1 : 2;
	back = go_on(t, &s);
	expect(back >= places, "robust-wakes", _("nobody sleeps while there is a place for him"),
	    _("for %u places %u of 2 have come back"), places, back);
	end_sleepers(t, &s);
	return true;
}

static void
for_each_access(bool (*dies)(struct trial *t, unsigned k))
{
	struct trial *t = trial("ring");
	unsigned k = 0;

	trial_watch(t, CALL_FUTEX);
	trial_interleave(t);
	trial_start(t);
	while (k < ACCESSES_MOST && dies(t, k))
		k++;
	trial_finish(t);
}

/*
 * Task 4: "A process may be killed at any moment, also between lock and
 * unlock". For: a mutex that is not robust; EOWNERDEAD taken for a failure;
 * pthread_mutex_consistent() forgotten; a ring that is left half changed.
 */
void
ring_owner_dies(void **state)
{
	(void)state;
	for_each_access(dies_putting);
	for_each_access(dies_taking);
}

/* pthread_cond_wait() takes the lock again, and it, too, may find its owner dead. */
static bool
dies_while_waking(struct trial *t, unsigned k)
{
	const long long items[] = {33, 44};
	const struct answer *a;
	pid_t waker, victim;
	fault_id hold;
	bool alive;

	new_queue(t, "ring_new", 4);
	a = ask(t, "work", "p22", "p33");
	waker = (pid_t)answer_int(a, "pid[0]");
	victim = (pid_t)answer_int(a, "pid[1]");
	hold = trial_fault(
	    t, (struct fault){.call = CALL_FUTEX, .action = HOLD_AFTER, .who = FIRST, .nth = 1});
	ask_begin(t, "take");
	await_quiet(t);
	accesses_make(t, waker, ALL_ACCESSES);
	await_held(t, hold);
	accesses_make(t, victim, k);
	alive = process_of(look(t), victim)->state != 'Z';
	if (alive)
		kill_victim(t, victim);
	release(t, hold, false);
	a = go_on_with(
	    t, "robust-wait", _("who is woken goes on although the lock's owner is dead"));
	expect(answer_int(a, "result") == 1 && answer_int(a, "item") == 22, "robust-wait",
	    words(_("item %lld is taken"), 22LL), _("ring_take returned %lld with item %lld"),
	    answer_int(a, "result"), answer_int(a, "item"));
	put_later(t, items[1], "robust-wait");
	take_the_rest(t, items, 2, 0);
	if (k == 0)
		expect_lock_works(t, "robust-wait");
	ask(t, "free");
	return alive;
}

/*
 * Task 4: "killed at any moment": nobody is left asleep. For: EOWNERDEAD after which nobody is
 * woken, or not everybody; a lock that is given back before anybody is woken; EOWNERDEAD of
 * pthread_cond_wait() that is not looked at.
 */
void
ring_dies_while_waking(void **state)
{
	(void)state;
	for_each_access(dies_before_waking);
	for_each_access(dies_before_making_room);
	for_each_access(dies_while_waking);
}
