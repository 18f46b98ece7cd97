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
	return answer_int(a, say("status[%zu]", i));
}

void
expect_started(struct trial *t, const struct plan *p)
{
	expect(forks(t) >= p->n, "nothing-started",
	    say(_("run_children starts %zu children"), p->n), _("%u processes were started"),
	    forks(t));
}

void
expect_statuses(const struct answer *a, const struct plan *p, const char *key)
{
	expect(answer_int(a, "result") == 0, key, _("run_children returns 0"),
	    _("it returned %lld with errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
	for (size_t i = 0; i < p->n; i++)
		expect(status_at(a, i) == p->status[i], key,
		    say(_("status[%zu] says how child %zu ended: %s"), i, i, ending(p->status[i])),
		    _("status[%zu] says: %s"), i, ending((int)status_at(a, i)));
}

void
expect_failure(const struct answer *a, int error, const char *key)
{
	expect(answer_int(a, "result") == -1, key, _("run_children returns -1"),
	    _("it returned %lld"), answer_int(a, "result"));
	expect(answer_int(a, "errno") == error, key, say(_("errno is %s"), error_name(error)),
	    _("errno is %s"), error_name(answer_int(a, "errno")));
}

static bool
somebody_stopped(struct trial *t, void *with)
{
	pid_t *pid = with;
	size_t n;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_STOP)
			*pid = happened[i].pid;
	return *pid != 0;
}

pid_t
await_stopped(struct trial *t)
{
	pid_t pid = 0;

	await(t, somebody_stopped, &pid, _("a child is stopped by SIGSTOP"));
	return pid;
}
