/* interleave.c - see interleave.h. The hold is one of the eye's; only its order is ours. */
#define _GNU_SOURCE
#include "interleave.h"

#include "inside.h"

enum { PARTICIPANTS = 8, TURN = 100 /* accesses of one who spins until the other may go on */ };

void
trial_interleave(struct trial *t)
{
	if (t->started)
		grader_fault("trial_interleave() after trial_start()");
	t->interleaved = true;
	t->births = trial_fault(
	    t, (struct fault){
		   .call = CALL_FORK, .action = HOLD_CHILD, .who = ANYBODY, .optional = true});
	t->accesses = trial_fault(t,
	    (struct fault){
		.call = CALL_SHARED, .action = HOLD_BEFORE, .who = DESCENDANTS, .optional = true});
}

/* ---- where somebody stands ------------------------------------------------------------ */

/* How many events there were when it was last allowed to make an access. */
static size_t *
released_at(struct trial *t, pid_t pid)
{
	struct release_mark *m = &t->marks[(size_t)pid % TRIAL_MARKS];

	if (m->pid != pid)
		*m = (struct release_mark){pid, 0};
	return &m->events;
}

/* The hold at which it stands: at its birth, or before an access; 0: it does not. */
static fault_id
stands_at(struct trial *t, pid_t pid)
{
	for (size_t i = *released_at(t, pid); i < t->n_events; i++) {
		const struct event *e = &t->events[i];

		if (e->kind == EVENT_HELD && e->pid == pid &&
		    (e->fault == t->accesses || e->fault == t->births))
			return e->fault;
	}
	return 0;
}

static bool
stands(struct trial *t, pid_t pid)
{
	return stands_at(t, pid) != 0;
}

static bool
has_ended(const struct trial *t, pid_t pid)
{
	for (size_t i = t->n_events; i-- > 0;) {
		if (t->events[i].kind == EVENT_EXIT && t->events[i].pid == pid)
			return true;
		if (t->events[i].kind == EVENT_FORK && t->events[i].other == pid)
			return false;
	}
	return false;
}

static bool
stands_or_has_ended(struct trial *t, void *with)
{
	pid_t pid = *(pid_t *)with;

	return stands(t, pid) || has_ended(t, pid);
}

static void
until(struct trial *t, bool (*yes)(struct trial *, void *), void *with)
{
	enum outcome outcome = session_until(t, yes, with);

	if (outcome == TOO_LONG || outcome == FLOODED)
		trial_went_wrong(t, outcome, G_("the processes come to an end"));
}

/* Until it stands before an access, has ended, or everybody rests. Does it stand there? */
static bool
come_to_stand(struct trial *t, pid_t pid)
{
	until(t, stands_or_has_ended, &pid);
	return stands(t, pid);
}

/*
 * It makes the access before which it stands; from its birth it makes none, but
 * comes to its first one. Does it then stand before another one?
 */
static bool
step(struct trial *t, pid_t pid)
{
	fault_id at = stands_at(t, pid);

	*released_at(t, pid) = t->n_events;
	release_one(t, at, pid);
	return come_to_stand(t, pid);
}

unsigned
accesses_make(struct trial *t, pid_t pid, unsigned n)
{
	bool at_one = come_to_stand(t, pid);
	unsigned made;

	if (at_one && stands_at(t, pid) == t->births)
		at_one = step(t, pid);
	for (made = 0; made < n && at_one; made++)
		at_one = step(t, pid);
	return made;
}

/* ---- schedules ------------------------------------------------------------------------- */

/* With how many accesses each preemption was tried last, and whether it came. */
static bool
choose_next(struct schedule *s)
{
	if (s->number++ == 0)
		return true; /* first of all, no preemption */
	if (s->number > SCHEDULES_MOST)
		return false;
	/* Preempted after its last access, the other one would do what it did by itself. */
	if (s->after[0] != 0 && s->preempted[0] && s->after[1] + 1 < s->others &&
	    s->after[1] < SCHEDULE_ACCESSES) {
		s->after[1]++;
		return true;
	}
	s->after[1] = 0;
	if ((s->after[0] == 0 || s->preempted[0]) && s->after[0] < SCHEDULE_ACCESSES) {
		s->after[0]++;
		return true;
	}
	s->after[0] = 0;
	return ++s->begins < (s->alike ? 1 : 2);
}

bool
schedule_next(struct trial *t, struct schedule *s)
{
	bool another = choose_next(s);

	session_listen(t);
	t->mark = t->n_events;
	s->accesses = 0;
	s->preempted[0] = s->preempted[1] = false;
	return another;
}

/* Those who were made since the run began, in that order. */
struct run {
	size_t n;
	pid_t pids[PARTICIPANTS];
};

static void
find_participants(const struct trial *t, struct run *r)
{
	r->n = 0;
	for (size_t i = t->mark; i < t->n_events && r->n < PARTICIPANTS; i++)
		if (t->events[i].kind == EVENT_FORK)
			r->pids[r->n++] = t->events[i].other;
}

static size_t
how_many_stand(struct trial *t, struct run *r, size_t *last)
{
	size_t n = 0;

	find_participants(t, r);
	for (size_t i = r->n; i-- > 0;)
		if (stands(t, r->pids[i])) {
			*last = i;
			n++;
		}
	return n;
}

static bool
two_stand(struct trial *t, void *with)
{
	size_t who;

	return how_many_stand(t, with, &who) >= 2;
}

static bool
one_stands(struct trial *t, void *with)
{
	size_t who;

	return how_many_stand(t, with, &who) >= 1;
}

/*
 * Whose turn it is goes on if it can. Otherwise (it sleeps, or has ended) the
 * first who can; false when there is nobody, and nobody is on the way.
 */
static bool
who_goes_on(struct trial *t, struct run *r, size_t turn, size_t *who)
{
	*who = turn;
	find_participants(t, r);
	if (turn < r->n && come_to_stand(t, r->pids[turn]))
		return true;
	until(t, one_stands, r);
	return how_many_stand(t, r, who) > 0;
}

void
schedule_run(struct trial *t, struct schedule *s)
{
	struct run r;
	size_t turn = s->begins, who;
	unsigned phase = 0, made = 0;
	bool born, to_the_end = s->after[1] == 0;

	if (to_the_end)
		s->others = 0;
	until(t, two_stand, &r);
	while (who_goes_on(t, &r, turn, &who)) {
		if (who != turn) { /* not a preemption: he could not go on */
			turn = who;
			made = 0;
			phase++;
		}
		born = stands_at(t, r.pids[turn]) == t->births;
		if (!born && phase == 1 && to_the_end)
			s->others++;
		if (!born && ++s->accesses > ALL_ACCESSES)
			trial_went_wrong(t, TOO_LONG, G_("the processes come to an end"));
		if (!step(t, r.pids[turn]) || born)
			continue;
		if (phase < 2 && ++made == s->after[phase])
			s->preempted[phase] = true;
		else if (phase < 2 || ++made % TURN != 0)
			continue;
		turn = turn == 0 ? 1 : 0;
		made = 0;
		phase++;
	}
}

const char *
schedule_words(const struct schedule *s)
{
	const char *one = s->begins == 0 ? "A" : "B", *other = s->begins == 0 ? "B" : "A";

	if (s->after[0] == 0)
		/* TRANSLATORS: an order in which two processes A and B touch shared memory */
		return keep_format(
		    G_("order %u: first all of %s, then all of %s"), s->number, one, other);
	if (s->after[1] == 0)
		return keep_format(
		    G_("order %u: %u accesses of %s, then all of %s, then the rest of %s"),
		    s->number, s->after[0], one, other, one);
	return keep_format(G_("order %u: %u accesses of %s, %u of %s, the rest of %s, the rest of "
			      "%s"),
	    s->number, s->after[0], one, s->after[1], other, one, other);
}
