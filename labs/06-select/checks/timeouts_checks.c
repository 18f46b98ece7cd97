/* timeouts_checks.c - timeout_insert(), timeout_remove(), timeout_due(), timeout_left(). */
#include "checks.h"

enum { NSEC = 1000000000, FAR = 2000000000, MOST = 24 };

struct when {
	long long sec, nsec;
};

/* Some time in the days of this machine. */
static struct when
drawn_time(void)
{
	return (struct when){draw(1000, 100000), draw(1000, NSEC - 1000)};
}

/* Later by this many seconds and nanoseconds, which may be negative. */
static struct when
plus(struct when m, long long sec, long long nsec)
{
	m.sec += sec;
	m.nsec += nsec;
	if (m.nsec >= NSEC) {
		m.sec++;
		m.nsec -= NSEC;
	}
	if (m.nsec < 0) {
		m.sec--;
		m.nsec += NSEC;
	}
	return m;
}

static void
insert(struct trial *t, int list, int number, struct when due)
{
	const struct answer *a =
	    ask(t, "insert", word(list), word(number), word(due.sec), word(due.nsec));

	expect(answer_int(a, "sec") == due.sec && answer_int(a, "nsec") == due.nsec, "due-unset",
	    _("timeout_insert stores the moment in t->due"), _("t->due is %lld s, %lld ns"),
	    answer_int(a, "sec"), answer_int(a, "nsec"));
	expect(answer_int(a, "whose") == 1, "whose-changed", _("t->whose is left alone"),
	    _("it has changed"));
}

static void
take_out(struct trial *t, int list, int number)
{
	ask(t, "remove", word(list), word(number));
}

static long long
due_at(struct trial *t, int list, struct when now)
{
	return answer_int(ask(t, "due", word(list), word(now.sec), word(now.nsec)), "number");
}

/* "2, 0, 1" */
static const char *
numbers(const struct answer *a, long long n)
{
	const char *all = "";

	for (long long i = 0; i < n; i++)
		all = words(
		    "%s%s%lld", all, i == 0 ? "" : ", ", answer_int(a, words("number[%lld]", i)));
	return n == 0 ? _("none") : all;
}

/* Everybody comes out, in this order. */
static void
expect_order(
    struct trial *t, int list, int n, const int order[], const char *key, const char *expected)
{
	const struct answer *a = ask(t, "drain", word(list), word(FAR), word(0));
	long long got = answer_int(a, "n");
	const char *wanted = "";
	int same = 0;

	while (same < n && same < got && answer_int(a, words("number[%d]", same)) == order[same])
		same++;
	if (same == n && got == n)
		return;
	for (int i = 0; i < n; i++)
		wanted = words("%s%s%d", wanted, i == 0 ? "" : ", ", order[i]);
	check_fail(key, words("%s: %s", expected, wanted), _("they come out in this order: %s"),
	    numbers(a, got < MOST ? got : MOST));
}

/* Numbers 0 to n - 1, shuffled. */
static void
shuffle(int n, int places[n])
{
	for (int i = 0; i < n; i++)
		places[i] = i;
	for (int i = n - 1; i > 0; i--) {
		int j = (int)draw(0, i), other = places[i];

		places[i] = places[j];
		places[j] = other;
	}
}

/* The places from low to high are taken by turns in this direction, 1 or -1; the others by chance.
 */
static void
arrange(int n, int places[n], int low, int high, int step)
{
	int next = step > 0 ? low : high;

	for (int i = 0; i < n; i++) {
		if (places[i] < low || places[i] > high)
			continue;
		places[i] = next;
		next += step;
	}
}

/*
 * "behind all that are due earlier". For: pushed at the front or the end; compared by seconds
 * only, or by nanoseconds only; one list for everybody.
 */
void
timeout_order(void **state)
{
	(void)state;
	struct trial *t = trial("timeouts");
	struct when start = drawn_time();
	int n = (int)draw(8, 12), at[MOST], order[MOST];

	shuffle(n, at);
	arrange(n, at, 0, 1, 1);
	arrange(n, at, 2, 4, -1); /* in the same second, the last one first */
	trial_start(t);
	for (int i = 0; i < n; i++) { /* number i has place at[i] */
		insert(t, 0, i,
		    plus(start, at[i] / 3 + (at[i] % 3 == 2), at[i] % 3 == 2 ? -900 : at[i] % 3));
		order[at[i]] = i;
	}
	expect_order(t, 0, n, order, "timeout-order", _("the earliest moment comes first"));
	insert(t, 0, 0, plus(start, 1, 0));
	insert(t, 1, 1, start);
	expect_order(t, 0, 1, (int[]){0}, "timeout-two-lists", _("each list has its own"));
	expect_order(t, 1, 1, (int[]){1}, "timeout-two-lists", _("each list has its own"));
	trial_finish(t);
}

/* "behind all that are due at the same moment and came before". For: <= in place of <. */
void
timeout_equal(void **state)
{
	(void)state;
	struct trial *t = trial("timeouts");
	struct when early = drawn_time(), late = plus(early, 0, draw(1, 900));

	trial_start(t);
	insert(t, 0, 0, late);
	insert(t, 0, 1, early);
	insert(t, 0, 2, late);
	insert(t, 0, 3, early);
	insert(t, 0, 4, early);
	insert(t, 0, 5, late);
	expect_order(t, 0, 6, (int[]){1, 3, 4, 0, 2, 5}, "timeout-equal",
	    _("of the same moments, the one that came first comes first"));
	trial_finish(t);
}

/* "The others keep their order". For: the first or the last forgotten; the links of a neighbour. */
void
timeout_removed(void **state)
{
	(void)state;
	struct trial *t = trial("timeouts");
	struct when start = drawn_time();
	const char *expected = _("who is taken out is gone, the others keep their order");

	trial_start(t);
	for (int i = 0; i < 7; i++)
		insert(t, 0, i, plus(start, i, 0));
	take_out(t, 0, 3);
	take_out(t, 0, 0);
	take_out(t, 0, 6);
	insert(t, 0, 7, plus(start, 9, 0));  /* behind the last, */
	insert(t, 0, 8, plus(start, -9, 0)); /* before the first, */
	insert(t, 0, 3, plus(start, 1, 5));  /* and once more, elsewhere */
	expect_order(t, 0, 7, (int[]){8, 1, 3, 2, 4, 5, 7}, "timeout-remove", expected);
	insert(t, 0, 2, start);
	take_out(t, 0, 2);
	expect_order(t, 0, 0, NULL, "timeout-remove", expected);
	insert(t, 0, 1, plus(start, 1, 0)); /* empty, and as good as new */
	insert(t, 0, 0, start);
	expect_order(t, 0, 2, (int[]){0, 1}, "timeout-remove", expected);
	insert(t, 0, 2, start);
	insert(t, 0, 4, plus(start, 1, 0));
	insert(t, 0, 5, plus(start, 2, 0));
	take_out(t, 0, 5);
	take_out(t, 0, 4);
	insert(t, 0, 5, plus(start, 3, 0));
	expect_order(t, 0, 2, (int[]){2, 5}, "timeout-remove", expected);
	trial_finish(t);
}

static void
expect_due(struct trial *t, int list, struct when now, long long number, const char *expected)
{
	long long got = due_at(t, list, now);

	if (got == -1)
		expect(number == got, "timeout-due", expected, _("timeout_due returned NULL"));
	expect(number == got, "timeout-due", expected, _("timeout_due returned number %lld"), got);
}

/* "now is that moment or later". For: < in place of <=; due taken out; only seconds compared. */
void
timeout_is_due(void **state)
{
	(void)state;
	struct trial *t = trial("timeouts");
	struct when first = drawn_time();

	trial_start(t);
	insert(t, 0, 2, plus(first, draw(2, 90), -draw(1, 900)));
	insert(t, 0, 1, first);
	expect_due(t, 1, plus(first, 1, 0), -1, _("nobody is due in an empty list"));
	expect_due(t, 0, plus(first, 0, -1), -1, _("a nanosecond before, nobody is due"));
	expect_due(t, 0, plus(first, -1, 500), -1, _("a second before, nobody is due"));
	expect_due(t, 0, first, 1, _("at its moment, number 1 is due"));
	expect_due(t, 0, plus(first, 0, 1), 1, _("number 1 is due, and it stays in the list"));
	expect_due(t, 0, plus(first, 1, -500), 1, _("number 1 is due, and it stays in the list"));
	take_out(t, 0, 1);
	expect_due(t, 0, plus(first, 0, 1), -1, _("when it is taken out, nobody is due"));
	trial_finish(t);
}

static void
expect_left(struct trial *t, struct when now, long long sec, long long nsec, const char *key)
{
	const struct answer *a = ask(t, "left", word(0), word(now.sec), word(now.nsec));

	expect(answer_int(a, "null") == 0 && answer_int(a, "same") == 1, key,
	    _("timeout_left returns left"), _("it returned something else"));
	expect(answer_int(a, "sec") == sec && answer_int(a, "nsec") == nsec, key,
	    words(_("%lld s, %lld ns are left"), sec, nsec), _("it says %lld s, %lld ns"),
	    answer_int(a, "sec"), answer_int(a, "nsec"));
}

/*
 * "How long it is ... 0, never less". For: no second borrowed; the last one's moment; a negative
 * timeout; 0 in place of NULL.
 */
void
timeout_is_left(void **state)
{
	(void)state;
	struct trial *t = trial("timeouts");
	struct when due = {draw(1000, 9000), draw(1000, NSEC / 2)};
	long long sec = draw(1, 90), nsec = draw(1, 900);
	const struct answer *a;

	trial_start(t);
	a = ask(t, "left", word(0), word(due.sec), word(0));
	expect(answer_int(a, "null") == 1 && answer_int(a, "sec") == -1, "timeout-none",
	    _("an empty list has nothing to wait for: NULL, and *left is left alone"),
	    _("it did something else"));
	insert(t, 0, 1, plus(due, 500, 7));
	insert(t, 0, 0, due);
	expect_left(t, plus(due, -sec, -nsec), sec, nsec, "timeout-left");
	expect_left(t, plus(due, 0, -nsec), 0, nsec, "timeout-left");
	expect_left(t, plus(due, -sec, 0), sec, 0, "timeout-left");
	expect_left(t, plus(due, -sec, nsec), sec - 1, NSEC - nsec, "timeout-borrow");
	expect_left(t, due, 0, 0, "timeout-past");
	expect_left(t, plus(due, 0, nsec), 0, 0, "timeout-past");
	expect_left(t, plus(due, sec, 0), 0, 0, "timeout-past");
	expect_left(t, plus(due, sec, -nsec), 0, 0, "timeout-past");
	trial_finish(t);
}
