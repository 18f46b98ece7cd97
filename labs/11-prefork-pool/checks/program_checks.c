/* program_checks.c - the two programs as programs: their arguments and their memory. */
#include "checks.h"
#include "memory.h"
#include "pooled.h"
#include <signal.h>
#include <string.h>

static void
says_so(struct trial *t, const char *name)
{
	const char *line;

	begins(t);
	line = words("%s: %s\n", name, where());
	expect(strcmp(trial_output(t), line) == 0, "ready-line",
	    words(_("the server writes: %s"), line), _("it has written: \"%s\""), trial_output(t));
	expect(count_all(t).timed == 0, "wakes-by-itself",
	    _("who has nothing to do sleeps until something happens"),
	    _("%u processes will wake by themselves"), count_all(t).timed);
}

/*
 * "As soon as clients can come, they write the line"; "Who has nothing to do sleeps, and does not
 * wake by itself." For: no line, another name; a look every second.
 */
void
says_ready(void **state)
{
	(void)state;
	says_so(readies(2), "preforkd");
	says_so(pool(2, 3, 4), "poolpreforkd");
}

static void
refuses(const char *program, const char *const arguments[], int status)
{
	const char *key = status == 2 ? "usage" : "bad-address";
	struct trial *t = trial(program);

	trial_limit(t, LIMIT_PROCESSES, 200);
	for (size_t i = 0; arguments[i] != NULL; i++)
		trial_argument(t, arguments[i]);
	trial_start(t);
	if (await_rest(t))
		check_fail(key, _("what cannot work is refused"), "%s", _("the server runs"));
	trial_finish(t);
	expect_exit(t, status, key);
	expect(status == 2 ? strncmp(trial_errors(t), "usage:", 6) == 0 : *trial_errors(t) != '\0',
	    key, _("standard error says what is wrong"), _("it holds: \"%s\""),
	    shown(trial_errors(t)));
}

/* "With any other arguments ... status 2". For: atoi(), no limit, no usage line, no order. */
void
usage(void **state)
{
	static const char *const ready[][4] = {{NULL}, {"127.0.0.1:0", NULL},
	    {"127.0.0.1:0", "2", "3", NULL}, {"127.0.0.1:0", "0", NULL},
	    {"127.0.0.1:0", "65", NULL}, {"127.0.0.1:0", "2x", NULL}, {"127.0.0.1:0", "2/", NULL},
	    {"127.0.0.1:0", "2:", NULL}, {"127.0.0.1:0", "", NULL}, {"127.0.0.1:0", "-2", NULL},
	    {"127.0.0.1:0", "4294967298", NULL}};
	static const char *const pooled[][6] = {{"127.0.0.1:0", "2", NULL},
	    {"127.0.0.1:0", "2", "1", "5", NULL}, {"127.0.0.1:0", "1", "4", "3", NULL},
	    {"127.0.0.1:0", "0", "1", "2", NULL}, {"127.0.0.1:0", "1", "2", "257", NULL},
	    {"127.0.0.1:0", "1", "2", "3", "4", NULL}};
	static const char *const ready_nowhere[][3] = {
	    {"nowhere", "1", NULL}, {"nowhere", "10", NULL}, {"nowhere", "64", NULL}};
	static const char *const pooled_nowhere[][5] = {
	    {"nowhere", "1", "1", "1", NULL}, {"nowhere", "256", "256", "256", NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof ready / sizeof *ready; i++)
		refuses("preforkd", ready[i], 2);
	for (size_t i = 0; i < sizeof pooled / sizeof *pooled; i++)
		refuses("poolpreforkd", pooled[i], 2);
	for (size_t i = 0; i < sizeof ready_nowhere / sizeof *ready_nowhere; i++)
		refuses("preforkd", ready_nowhere[i], 1);
	for (size_t i = 0; i < sizeof pooled_nowhere / sizeof *pooled_nowhere; i++)
		refuses("poolpreforkd", pooled_nowhere[i], 1);
}

static void
is_clean(struct trial *t)
{
	struct peer *p;

	memory_watch(t);
	trial_start(t);
	p = peer_connect(t, await_listening(t));
	is_served(t, p, "served");
	peer_shutdown(p);
	peer_end(p);
	trial_kill(t, 0, SIGTERM);
	trial_kill(
	    t, 0, SIGCHLD); /* wakes a server that has lost the other: not what this is about */
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}

/* For: memory that is used after it was given back, a value that nobody set. */
void
memory(void **state)
{
	(void)state;
	is_clean(trial("preforkd", "127.0.0.1:0", "2"));
	is_clean(trial("poolpreforkd", "127.0.0.1:0", "1", "1", "2"));
}

/*
 * "total <= POOL_MAX": as many places as there may be, of which few are taken; two clients, a
 * worker that is killed, and the end. What comes of it other checks ask. For: a step behind the
 * last place.
 */
void
pool_bounds(void **state)
{
	(void)state;
	struct trial *t = pool(1, 2, POOL_MAX);
	struct peer *p;

	trial_sanitize(t);
	begins(t);
	goes(t, next_is_served(t, "served"));
	p = next_is_served(t, "served");
	dies(t, server_of(t, p), SIGKILL);
	trial_kill(t, 0, SIGTERM);
	(void)await_rest(t);
}
