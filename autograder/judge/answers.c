/* answers.c - see answers.h. */
#include "answers.h"

#include "inside.h"
#include "probe.h"
#include "words.h"

bool
answered(struct trial *t)
{
	const struct process *first;

	await_quiet(t);
	first = first_process(look(t));
	return first != NULL && first->blocked_fd == PROBE_FD;
}

const struct answer *
answer_or(struct trial *t, const char *key, const char *expected)
{
	if (answered(t))
		return ask_end(t);
	check_fail(key, expected, "%s", where_everybody_is(t));
}

static const char *
error_in(const struct answer *a)
{
	return answer_has(a, "errno") ? error_name(answer_int(a, "errno")) : "0";
}

void
expect_asleep(struct trial *t, const char *key, const char *expected)
{
	const struct answer *a;

	if (!answered(t))
		return;
	a = ask_end(t);
	if (!answer_has(a, "result"))
		check_fail(key, expected, G_("it has returned"));
	check_fail(key, expected, G_("it returned %lld with errno %s"), answer_int(a, "result"),
	    error_in(a));
}

void
expect_result(const struct answer *a, const char *name, long long result, const char *key)
{
	expect(answer_int(a, "result") == result, key,
	    keep_format(G_("%s returns %lld"), name, result), G_("it returned %lld with errno %s"),
	    answer_int(a, "result"), error_in(a));
}

void
expect_failure(const struct answer *a, const char *name, int error, const char *key)
{
	expect(answer_int(a, "result") == -1 && answer_int(a, "errno") == error, key,
	    keep_format(G_("%s returns -1 with errno %s"), name, error_name(error)),
	    G_("it returned %lld with errno %s"), answer_int(a, "result"), error_in(a));
}
