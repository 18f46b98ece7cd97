/* plan.c - what the children of a run do, and how each must end. */
#include "checks.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

void
plan_add(struct plan *p, char deed, int value)
{
	size_t used = strlen(p->deeds);
	bool killed = deed == 'k' || deed == 'p';

	snprintf(
	    p->deeds + used, sizeof p->deeds - used, "%s%c%d", used == 0 ? "" : " ", deed, value);
	p->status[p->n++] = killed ? value : value << 8;
}

struct plan
plan_drawn(char deed)
{
	struct plan p = {0};
	int n = (int)draw(FEWEST, MOST);
	int value = (int)draw(1, 90);

	for (int i = 0; i < n; i++) {
		plan_add(&p, deed, value);
		value += (int)draw(1, 25);
	}
	return p;
}

void
plan_begin(struct trial *t, const struct plan *p)
{
	ask_begin(t, "run", word((long long)p->n), p->deeds);
}

const struct answer *
plan_run(struct trial *t, const struct plan *p)
{
	trial_start(t);
	plan_begin(t, p);
	return ask_end(t);
}

long long
status_at(const struct answer *a, size_t i)
{
	return answer_int(a, words("status[%zu]", i));
}

void
expect_started(struct trial *t, size_t n)
{
	look(t); /* what happened before is known when it has come back */
	expect(forks(t) >= n, "nothing-started", words(_("%zu processes are started"), n),
	    _("%u were started"), forks(t));
}

void
expect_success(const struct answer *a, const char *key)
{
	expect(answer_int(a, "result") == 0, key, _("run_children returns 0"),
	    _("it returned %lld with errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
}

/* "status[0]: exit status 3; status[1]: ..." */
static const char *
all_endings(const struct answer *a, size_t n)
{
	const char *all = "";

	for (size_t i = 0; i < n; i++)
		all = words("%s%sstatus[%zu]: %s", all, i == 0 ? "" : "; ", i,
		    ending((int)status_at(a, i)));
	return all;
}

/* How often this status is in the answer, less how often it is planned. */
static int
surplus(const struct answer *a, const struct plan *p, int status)
{
	int more = 0;

	for (size_t i = 0; i < p->n; i++)
		more += (status_at(a, i) == status) - (p->status[i] == status);
	return more;
}

void
expect_statuses(const struct answer *a, const struct plan *p, const char *key)
{
	expect_success(a, key);
	for (size_t i = 0; i < p->n; i++)
		expect(surplus(a, p, p->status[i]) >= 0, key,
		    words(_("status[] says how child %zu ended: %s"), i, ending(p->status[i])),
		    "%s", all_endings(a, p->n));
}

void
expect_in_order(const struct answer *a, const struct plan *p, const char *key)
{
	expect_success(a, key);
	for (size_t i = 0; i < p->n; i++)
		expect(status_at(a, i) == p->status[i], key,
		    words(
			_("status[%zu] says how child %zu ended: %s"), i, i, ending(p->status[i])),
		    "%s", all_endings(a, p->n));
}

void
expect_failure(const struct answer *a, int error, const char *key)
{
	expect(answer_int(a, "result") == -1, key, _("run_children returns -1"),
	    _("it returned %lld"), answer_int(a, "result"));
	expect(answer_int(a, "errno") == error, key, words(_("errno is %s"), error_name(error)),
	    _("errno is %s"), error_name(answer_int(a, "errno")));
}

pid_t
await_stopped(struct trial *t)
{
	size_t n;
	const struct event *happened;

	await_quiet(t);
	happened = events(t, &n);
	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_STOP)
			return happened[i].pid;
	check_fail("nothing-started", _("the child that stops itself is started"),
	    _("no process was stopped"));
}
