/* starved_checks.c - what becomes of a server when memory runs out. */
#include "checks.h"
#include "server.h"
#include <errno.h>
#include <string.h>

/*
 * Each allocation is a mapping of its own, so that the one that is to fail can be chosen: there is
 * never a heap that could grow by so much more than it needs.
 */
static struct trial *
starving(const char *program)
{
	struct trial *t = server(program);

	trial_env(t, "MALLOC_MMAP_THRESHOLD_", "1");
	trial_env(t, "MALLOC_TOP_PAD_", "1125899906842624");
	trial_watch(t, CALL_MMAP);
	may_call(t, 3000);
	return t;
}

/* The nth allocation from now on fails. Nobody need make it. */
static fault_id
fail_allocation(struct trial *t, unsigned nth)
{
	return trial_fault(t, (struct fault){.call = CALL_MMAP,
				  .action = FAULT_FAIL,
				  .nth = nth,
				  .error = ENOMEM,
				  .optional = true});
}

static void
echoes(struct trial *t, struct peer *p, const char *key)
{
	const char *line = letters((size_t)draw(1, 20));

	asks(t, p, line, line, key);
}

/*
 * A server for which there is no memory when it starts says so, or goes on without. Returns whether
 * there was such an allocation.
 */
static bool
starts_starved(unsigned nth)
{
	struct trial *t = starving("echo");
	fault_id door = trial_fault(
		     t, (struct fault){.call = CALL_LISTEN, .action = HOLD_BEFORE, .nth = 1}),
		 failure;

	trial_start(t);
	await_held(t, door);
	failure = fail_allocation(t, nth);
	release(t, door, false);
	if (!await_rest(t)) {
		trial_finish(t);
		expect_exit(t, 1, "no-memory");
		expect(strstr(trial_errors(t), "127.0.0.1:0") != NULL &&
			   strstr(trial_errors(t), error_text(0)) == NULL,
		    "usage", _("the reason stands on standard error"), _("there stands \"%s\""),
		    trial_errors(t));
		return true;
	}
	rests(t);
	if (fault_delivered(t, failure) == 0)
		return false;
	echoes(t, peer_connect(t, await_listening(t)), "no-memory");
	return true;
}

/*
 * The nth allocation for a new client fails: it is closed, or is served nevertheless. Returns
 * whether there was such an allocation; if not, it may still come, and no more can be asked.
 */
static bool
comes_starved(struct trial *t, struct peer *other, unsigned nth)
{
	size_t before = connections(t);
	fault_id failure = fail_allocation(t, nth);
	struct peer *p = client(t);

	peer_say(p, "a line\n");
	rests(t);
	if (fault_delivered(t, failure) == 0)
		return false;
	if (connections(t) > before)
		hears(t, p, "a line", "no-memory");
	else
		is_put_out(t, p, "no-memory");
	echoes(t, other, "no-memory");
	return true;
}

enum { ALLOCATIONS = 12 }; /* of one client; more are not asked about */

static void
echo_without_memory(void)
{
	struct trial *t = starving("echo");
	struct peer *other;
	unsigned nth = 1;

	start_serving(t);
	other = client(t);
	echoes(t, other, "echo");
	rests(t);
	while (nth <= ALLOCATIONS && comes_starved(t, other, nth))
		nth++;
}

/*
 * The first allocation for a line that would be answered "ok" fails. Returns whether there was one,
 * and the client is still there: its line has been taken at once, or refused first and then taken.
 */
static bool
asks_starved(struct trial *t, struct peer *p, const char *line)
{
	fault_id failure = fail_allocation(t, 1);
	const char *heard;

	say(t, p, words("%s\n", line), "no-memory");
	heard = next_line(t, p);
	rests(t);
	if (fault_delivered(t, failure) == 0 || peer_state(p) != PEER_OPEN)
		return false;
	expect(heard != NULL, "no-memory", words(_("the client hears \"%s\""), "error no memory"),
	    "%s", _("it hears nothing, and the server rests"));
	if (strcmp(heard, "ok") == 0)
		return true;
	expect(strcmp(heard, "error no memory") == 0, "no-memory",
	    words(_("the client hears \"%s\""), "error no memory"), _("it hears \"%s\""), heard);
	asks(t, p, line, "ok", "no-memory");
	return true;
}

static void
bus_without_memory(void)
{
	struct trial *t = starving("bus");
	struct peer *a, *b;

	start_serving(t);
	a = client(t);
	asks(t, a, "name a", "ok", "bus-name");
	b = client(t);
	rests(t);
	if (!asks_starved(t, b, "name b"))
		return;
	hears(t, a, "joined b", "joined");
	if (!asks_starved(t, b, "subscribe t"))
		return;
	asks(t, a, "publish t x", "ok", "publish");
	hears(t, b, "published t a x", "no-memory");
	hears_nothing(t, a, "joined");
}

/*
 * Task 3: "for which there is no memory", task 4: "error no memory". For: an allocation whose
 * result nobody looks at, a server that ends for the sake of one client, a name that is half taken.
 */
void
without_memory(void **state)
{
	(void)state;
	for (unsigned nth = 1; nth <= ALLOCATIONS && starts_starved(nth); nth++)
		;
	echo_without_memory();
	bus_without_memory();
}
