/*
 * calls.c - OMIT_CALL: a call whose value is used is not made; its value is
 * that of success. Calls whose value nobody looks at are statements: see
 * statement.c, which takes the special ones from here.
 */
#include "operators.h"
#include <stdlib.h>
#include <string.h>

/* The calls that students leave out: they release, wait, protect, set up or clean up. */
static bool
is_worth_it(const char *name)
{
	static const char *const names[] = {"close", "fclose", "fflush", "wait", "waitpid",
	    "waitid", "sigprocmask", "sigaction", "sigemptyset", "sigfillset", "sigaddset",
	    "sigdelset", "sigsuspend", "kill", "alarm", "setitimer", "free", "munmap", "unlink",
	    "shutdown", "dup2", "fsync", "sem_post", "sem_wait", "listen", "setsid", "setpgid",
	    "tcsetpgrp", "flock", "ftruncate", "fcntl", "setvbuf"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return strncmp(name, "pthread_", 8) == 0 && strcmp(name, "pthread_create") != 0 &&
	       strcmp(name, "pthread_self") != 0 && strcmp(name, "pthread_equal") != 0;
}

static const struct node *
nothing_else_than(const struct finder *f, const struct node *n)
{
	return n == NULL || text_is(f->unit, n, "NULL") || text_is(f->unit, n, "0") ? NULL : n;
}

/*
 * A mask or an action that is asked for, but not set: what was before is told
 * to the caller all the same. Otherwise it would be restored from a variable
 * without a value.
 */
static bool
sets_nothing(
    const struct finder *f, const struct node *call, const char *name, enum operator_kind kind)
{
	const struct node *set = argument(call, 1);

	if ((strcmp(name, "sigprocmask") != 0 && strcmp(name, "pthread_sigmask") != 0 &&
		strcmp(name, "sigaction") != 0) ||
	    nothing_else_than(f, set) == NULL || nothing_else_than(f, argument(call, 2)) == NULL)
		return false;
	propose(f, kind, set->begin, set->end, say("NULL"), say("%s() sets nothing", name));
	return true;
}

/*
 * A set that is not emptied holds anything. Most often that is nothing, and the
 * mutant were the same program; so it holds everything.
 */
static bool
fills_wrongly(
    const struct finder *f, const struct node *call, const char *name, enum operator_kind kind)
{
	bool empties = strcmp(name, "sigemptyset") == 0;

	if (!empties && strcmp(name, "sigfillset") != 0)
		return false;
	propose(f, kind, call->begin, call->begin + strlen(name),
	    say(empties ? "sigfillset" : "sigemptyset"),
	    say(empties ? "the set is not emptied and holds every signal"
			: "the set is not filled and holds no signal"));
	return true;
}

/* The process that was to be waited for, or 0 when it could be any: that ends loops. */
static char *
waited_for(const struct finder *f, const struct node *call, const char *name)
{
	const struct node *who = argument(call, 0);
	const struct node *whoever = who == NULL ? NULL : stripped(who);

	if (strcmp(name, "waitpid") != 0 || whoever == NULL || is_prefixed(f->unit, whoever, "-") ||
	    has_effects(f->unit, who))
		return say("0");
	return text_of(f->unit, who);
}

/* Not waited for: as if the child had ended with exit status 0. */
static bool
waits_not(
    const struct finder *f, const struct node *call, const char *name, enum operator_kind kind)
{
	bool any = strcmp(name, "wait") == 0;
	const struct node *status = argument(call, any ? 0 : 1);
	char *who, *where;

	if ((!any && strcmp(name, "waitpid") != 0) || status == NULL)
		return false;
	who = waited_for(f, call, name);
	where = text_of(f->unit, status);
	propose(f, kind, call->begin, call->end,
	    *where == '&' ? say("(*(%s) = 0, %s)", where, who) : say("%s", who),
	    say("%s() is not called", name));
	free(who);
	free(where);
	return true;
}

bool
leave_out_specially(const struct finder *f, const struct node *call, enum operator_kind kind)
{
	char *name = callee_of(call);
	bool special = sets_nothing(f, call, name, kind) || fills_wrongly(f, call, name, kind) ||
		       waits_not(f, call, name, kind);

	free(name);
	return special;
}

static void
with_value_of_success(const struct finder *f, const struct node *call, const char *name)
{
	const struct node *result = strcmp(name, "dup2") == 0 ? argument(call, 1) : NULL;
	char *value = result == NULL ? say("0") : text_of(f->unit, result);

	propose(f, OMIT_CALL, call->begin, call->end, value, say("%s() is not called", name));
}

bool
is_omitted(const struct finder *f, const struct node *n)
{
	bool omitted;
	char *name;

	if (!is_call(f->unit, n) || is_in_statement_place(n) ||
	    (n->parent->kind == CXCursor_CStyleCastExpr && is_in_statement_place(n->parent)))
		return false;
	name = callee_of(n);
	omitted = is_worth_it(name);
	free(name);
	return omitted;
}

/* Every test for failure is false then, and so is "> 0" after waiting for anybody. */
bool
omission_makes_false(const struct finder *f, const struct node *condition)
{
	const struct node *n = stripped(condition), *call;

	if (operator_is(f->unit, n, "&&"))
		return omission_makes_false(f, n->first) || omission_makes_false(f, last_child(n));
	if (failure_test(f, n, NULL) <= 0 && !operator_is(f->unit, n, ">"))
		return false;
	call = stripped(n->first);
	if (operator_is(f->unit, call, "="))
		call = stripped(last_child(call));
	return is_omitted(f, call);
}

void
mutate_calls(const struct finder *f, const struct node *n)
{
	char *name;

	if (!is_omitted(f, n))
		return;
	name = callee_of(n);
	if (!leave_out_specially(f, n, OMIT_CALL))
		with_value_of_success(f, n, name);
	free(name);
}
