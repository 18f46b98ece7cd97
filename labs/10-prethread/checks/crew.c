/* crew.c - threads of a probe that use a queue, step by step. */
#include "checks.h"
#include <errno.h>

static fault_id leaving, napping;

void
makes(struct trial *t, int queue, int places)
{
	const struct answer *a = ask(t, "new", word(queue), word(places));

	expect(answer_int(a, "result") == 1, "no-queue", _("queue_new returns a queue"),
	    _("it returned NULL with errno %s"), error_name(answer_int(a, "errno")));
}

struct trial *
crew(int threads, int places)
{
	struct trial *t = trial("queue");

	trial_clock(t);
	trial_watch(t, CALL_FUTEX);
	trial_watch(t, CALL_SLEEP);
	leaving = trial_fault(
	    t, (struct fault){.call = CALL_EXIT, .action = HOLD_BEFORE, .optional = true});
	napping = trial_fault(
	    t, (struct fault){.call = CALL_SLEEP, .action = HOLD_BEFORE, .optional = true});
	trial_start(t);
	if (answer_int(ask(t, "crew", word(threads)), "n") != threads)
		grader_fault("the probe has not got its threads");
	await_quiet(t);
	makes(t, 0, places);
	return t;
}

void
puts_in(struct trial *t, int who, int fd)
{
	ask(t, "put", word(who), "0", word(fd));
}

void
takes(struct trial *t, int who, int n)
{
	ask(t, "take", word(who), "0", word(n));
}

pid_t
tid_of(struct trial *t, int who)
{
	return (pid_t)answer_int(ask(t, "tid", word(who)), "tid");
}

void
dismiss(struct trial *t)
{
	release(t, leaving, false);
	trial_finish(t);
}

static const struct answer *
report(struct trial *t, int who)
{
	await_quiet(t);
	expect(fault_delivered(t, leaving) == 0, "queue-exits",
	    _("the functions of a queue return to their caller"), "%s", _("one ends the program"));
	expect(fault_delivered(t, napping) == 0, "polls", _("who waits sleeps until it is woken"),
	    "%s", _("it takes a nap and looks again"));
	return ask(t, "report", word(who));
}

int
came_back(struct trial *t, int who)
{
	return (int)answer_int(report(t, who), "n");
}

int
result_of(struct trial *t, int who, int i)
{
	const struct answer *a = report(t, who);

	return i < answer_int(a, "n") ? (int)answer_int(a, words("result[%d]", i)) : -1;
}

void
has_put(struct trial *t, int who, const char *key)
{
	expect(came_back(t, who) == 1, key, _("queue_put returns when there is room"), "%s",
	    _("the thread that puts sleeps"));
	expect(result_of(t, who, 0) == 0, key, _("queue_put returns 0"), _("it returned %d"),
	    result_of(t, who, 0));
}

void
has_taken(struct trial *t, int who, int fd, const char *key)
{
	expect(came_back(t, who) == 1, key, _("queue_take returns when there is something"), "%s",
	    _("the thread that takes sleeps"));
	expect(result_of(t, who, 0) == fd, key, words(_("queue_take returns %d"), fd),
	    _("it returned %d"), result_of(t, who, 0));
}

void
has_been_refused(struct trial *t, int who, const char *key)
{
	const struct answer *a = report(t, who);

	expect(answer_int(a, "n") == 1, key, _("a closed queue lets nobody wait"), "%s",
	    _("the thread sleeps"));
	expect(answer_int(a, "result[0]") == -1 && answer_int(a, "errno[0]") == EPIPE, key,
	    _("the call returns -1 with errno EPIPE"), _("it returned %lld with errno %s"),
	    answer_int(a, "result[0]"), error_name(answer_int(a, "errno[0]")));
}

void
sleeps_in(struct trial *t, int who, const char *key)
{
	expect(came_back(t, who) == 0, key, _("the call waits"), _("it returned %d"),
	    result_of(t, who, 0));
}

void
draws(int fd[3])
{
	fd[0] = (int)draw(1, 99);
	fd[1] = (int)draw(100, 199);
	fd[2] = (int)draw(200, 999);
}

fault_id
holds_futex(struct trial *t, enum fault_action action, unsigned nth)
{
	return trial_fault(
	    t, (struct fault){.call = CALL_FUTEX, .action = action, .nth = nth, .optional = true});
}
