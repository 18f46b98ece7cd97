/* queue.c - checks that a ring and a belt share. */
#include "checks.h"
#include "interleave.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A line of a worker in words. */
static const char *
in_words(const char *line)
{
	int result, rest;

	if (sscanf(line, "took %d %d", &result, &rest) == 2)
		return result == 1 ? words(_("item %d was taken"), rest)
				   : words(_("taking returned %d"), result);
	if (sscanf(line, "put %d %d", &result, &rest) == 2)
		return result == 0 ? _("an item was put")
				   : words(_("putting returned %d with errno %s"), result,
					 error_name(rest));
	return "?";
}

const char *
said(const char *lines)
{
	const char *all = "", *end;

	for (; (end = strchr(lines, '\n')) != NULL; lines = end + 1)
		all = words("%s%s%s", all, all[0] == '\0' ? "" : ", ", in_words(lines));
	return all[0] == '\0' ? _("nothing yet") : all;
}

void
new_queue(struct trial *t, const char *name, long long places)
{
	expect_new(ask(t, "new", word(places)), name);
}

void
put_item(struct trial *t, long long item, const char *key)
{
	const struct answer *a;

	ask_begin(t, "put", word(item));
	a = answer_or(t, key, words(_("item %lld can be put"), item));
	expect(answer_int(a, "result") == 0, key, words(_("item %lld can be put"), item),
	    _("it was refused with errno %s"), error_name(answer_int(a, "errno")));
}

void
take_item(struct trial *t, long long item, const char *key)
{
	const struct answer *a;

	ask_begin(t, "take");
	a = answer_or(t, key, words(_("item %lld is taken"), item));
	expect(answer_int(a, "result") == 1, key, words(_("item %lld is taken"), item),
	    _("taking returned %lld"), answer_int(a, "result"));
	expect(answer_int(a, "item") == item, key, words(_("item %lld is taken"), item),
	    _("it was item %lld"), answer_int(a, "item"));
}

/* As put_item() and take_item(), while somebody sleeps who waits for just that. */
static void
goes_beside_a_sleeper(struct trial *t, const char *verb, long long item)
{
	ask_begin(t, verb, word(item));
	answer_or(t, "sleeps-with-it", _("whoever sleeps lets others in"));
}

void
goes_in_order(const char *program)
{
	struct trial *t = trial(program);
	long long places = draw(3, 9), put = draw(100, 100000), taken = put;

	trial_start(t);
	new_queue(t, words("%s_new", program), places);
	for (int round = 0; round < 4; round++) {
		long long n = round == 0 ? places : draw(1, places);

		for (long long i = 0; i < n; i++)
			put_item(t, put++, "order");
		for (long long i = 0; i < n; i++)
			take_item(t, taken++, "order");
	}
	trial_finish(t);
}

void
refuses_places(const char *program, const char *name, long long most)
{
	struct trial *t = trial(program);
	unsigned before;

	trial_watch(t, CALL_MMAP);
	trial_watch(t, CALL_UNMAP);
	trial_start(t);
	ask(t, "handle"); /* the program has begun */
	before = shared_now(t);
	expect_failed(ask(t, "new", word(0)), name, 0, EINVAL, "bounds");
	expect_failed(ask(t, "new", word(most + 1)), name, 0, EINVAL, "bounds");
	mapping_fails(t);
	expect_failed(ask(t, "new", word(5)), name, 0, ENOMEM, "map-failed");
	new_queue(t, name, most);
	expect(shared_now(t) > before, "map-shared", _("the queue is in shared memory"),
	    _("the process has no shared memory"));
	for (int i = 0; i < 3; i++)
		put_item(t, i, "bounds");
	ask_begin(t, "free");
	expect_result(
	    answer_or(t, "unmapped", _("the memory is given back")), "free", 0, "unmapped");
	expect(shared_now(t) == before, "unmapped", _("no shared memory is left"),
	    _("mappings that are left: %u"), shared_now(t) - before);
	new_queue(t, name, most);
	free_tells_failure(t, "free");
	trial_finish(t);
}

/*
 * A worker sleeps, and the first process wakes it. Not the other way round: the
 * end of a child is a signal to its parent, and under the eye even one that is
 * ignored makes a futex() look again, which would hide that nobody woke it.
 */
static void
expect_sleeping_worker(struct trial *t, const char *what, const char *expected)
{
	worker(t, what);
	await_quiet(t);
	expect(exits(t) == 0, "sleeps", expected, _("what the children did: %s"),
	    said(trial_output(t)));
}

void
sleeps_while_empty(const char *program)
{
	struct trial *t = trial(program);
	long long item = draw(1, 100000);

	trial_start(t);
	new_queue(t, words("%s_new", program), 2);
	expect_sleeping_worker(t, "t", _("who takes from an empty queue sleeps"));
	goes_beside_a_sleeper(t, "put", item);
	expect(workers_ended(t, 1), "wakes",
	    _("an item that another process puts wakes who waits for one"), _("it sleeps"));
	expect(lines(t, words("took 1 %lld\n", item)) == 1, "order",
	    words(_("item %lld is taken"), item), _("what the children did: %s"),
	    said(trial_output(t)));
	trial_finish(t);
}

void
sleeps_while_full(const char *program)
{
	struct trial *t = trial(program);
	long long item = draw(1, 100000);

	trial_start(t);
	new_queue(t, words("%s_new", program), 2);
	put_item(t, item, "order");
	put_item(t, item + 1, "order");
	expect_sleeping_worker(t, words("p%lld", item + 2), _("who puts into a full queue sleeps"));
	goes_beside_a_sleeper(t, "take", 0);
	expect(workers_ended(t, 1), "wakes",
	    _("a place that another process frees wakes who waits for one"), _("it sleeps"));
	take_item(t, item + 1, "order");
	take_item(t, item + 2, "order");
	trial_finish(t);
}

/* ---- every order ----------------------------------------------------------------------- */

static void
both_end(struct trial *t, const struct schedule *s, unsigned before)
{
	expect(workers_ended(t, before + 2), "lock-asleep", _("both children come back"),
	    _("one sleeps for ever; %s"), schedule_words(s));
	expect(s->accesses >= 2, "no-access", _("both children touch shared memory"),
	    _("they touched it %u times"), s->accesses);
}

static long long
taken(struct trial *t, const struct schedule *s)
{
	const struct answer *a;

	ask_begin(t, "take");
	if (!answered(t))
		check_fail("lost-item", _("no item is lost"), _("one is; %s"), schedule_words(s));
	a = ask_end(t);
	return answer_int(a, "item");
}

static void
expect_two(const struct schedule *s, long long a, long long b, long long one, long long other)
{
	expect((a == one && b == other) || (a == other && b == one), "lost-item",
	    words(_("items %lld and %lld are taken, each once"), one, other),
	    _("items %lld and %lld were taken; %s"), a, b, schedule_words(s));
}

void
two_put(const char *program, const char *name)
{
	struct trial *t = trial(program);
	struct schedule s = {.alike = true};
	long long one = draw(10, 99), other = draw(100, 999);

	trial_interleave(t);
	trial_start(t);
	while (schedule_next(t, &s)) {
		unsigned before = exits(t);
		long long first;

		new_queue(t, name, 3);
		ask(t, "work", words("p%lld", one), words("p%lld", other));
		schedule_run(t, &s);
		both_end(t, &s, before);
		first = taken(t, &s);
		expect_two(&s, first, taken(t, &s), one, other);
		ask(t, "free");
	}
	trial_finish(t);
}

/* "took 1 11" of a worker since this place in the output; -1 when there is none. */
static bool
has_taken(struct trial *t, size_t from, long long item)
{
	return strstr(trial_output(t) + from, words("took 1 %lld\n", item)) != NULL;
}

void
two_take(const char *program, const char *name)
{
	struct trial *t = trial(program);
	struct schedule s = {.alike = true};
	long long one = draw(10, 99), other = draw(100, 999);

	trial_interleave(t);
	trial_start(t);
	while (schedule_next(t, &s)) {
		unsigned before = exits(t);
		size_t from = trial_output_size(t);

		new_queue(t, name, 3);
		put_item(t, one, "order");
		put_item(t, other, "order");
		ask(t, "work", "t", "t");
		schedule_run(t, &s);
		both_end(t, &s, before);
		expect(has_taken(t, from, one) && has_taken(t, from, other), "lost-item",
		    words(_("items %lld and %lld are taken, each once"), one, other),
		    _("what the children did: %s; %s"), said(trial_output(t) + from),
		    schedule_words(&s));
		ask(t, "free");
	}
	trial_finish(t);
}

/* In a full queue the one needs the other's place, which he may write to too early. */
void
one_puts_one_takes(const char *program, const char *name, long long places)
{
	struct trial *t = trial(program);
	struct schedule s = {0};
	long long one = draw(10, 99), other = draw(100, 999);

	trial_interleave(t);
	trial_start(t);
	while (schedule_next(t, &s)) {
		unsigned before = exits(t);
		size_t from = trial_output_size(t);

		new_queue(t, name, places);
		put_item(t, one, "order");
		ask(t, "work", words("p%lld", other), "t");
		schedule_run(t, &s);
		both_end(t, &s, before);
		expect(has_taken(t, from, one), "lost-item", words(_("item %lld is taken"), one),
		    _("what the children did: %s; %s"), said(trial_output(t) + from),
		    schedule_words(&s));
		expect_two(&s, one, taken(t, &s), one, other);
		ask(t, "free");
	}
	trial_finish(t);
}
