/*
 * expect.h - how a check speaks: the fact, the rule, the hint.
 *
 * A failing check says what was expected and what was seen, in the student's
 * language, and names a key. The key finds, in the lab's hints table, the
 * rule that was broken, a hint in two steps, the man page and the section of
 * the notes. Keys are fixed English tokens: tests, mistakes and scripts name
 * them.
 */
#ifndef GABEL_JUDGE_EXPECT_H
#define GABEL_JUDGE_EXPECT_H

#include "observe.h"
#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) text

struct hint {
	const char *key;     /* [a-z0-9-]+ */
	const char *rule;    /* N_(): the rule that was broken, one sentence */
	const char *nudge;   /* N_(): the first step: where to look */
	const char *more;    /* N_(): the second step, on request: what to do */
	const char *man;     /* "waitpid(2)" */
	const char *lecture; /* "01#zombies": an anchor in lectures/de and lectures/ru */
};

/*
 * Ends the check as failed. expected and the format seen are already in the
 * student's language; the numbers in it also go to the result as "arguments".
 * Of printf's directives only %d %u %ld %lu %lld %llu %zu %x %c %s %% are allowed.
 */
_Noreturn void check_fail(const char *key, const char *expected, const char *seen, ...)
    __attribute__((format(printf, 3, 4)));

/* Fails unless condition holds. */
#define expect(condition, key, expected, ...)                                                      \
	do {                                                                                       \
		if (!(condition))                                                                  \
			check_fail(key, expected, __VA_ARGS__);                                    \
	} while (0)

/* Sentences that many labs need; their words are the grader's own. */
void expect_exit(struct trial *t, int status, const char *key);
void expect_output(struct trial *t, const char *text, const char *key); /* all of it */
void refute_zombies(struct trial *t, const char *key);                  /* now, in a fresh look */
void refute_unwaited(struct trial *t, const char *key);       /* when the first process ended */
void refute_left_processes(struct trial *t, const char *key); /* alive after it ended */
void refute_open_fds(struct trial *t, const char *key);       /* at its end, beyond 0, 1 and 2 */
void expect_calls(struct trial *t, enum call call, enum who who, unsigned least, const char *key);

/* Ends the check as a grader fault: the check itself could not do its work. */
_Noreturn void grader_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "SIGTERM" for 15. */
const char *signal_name(int signal);

#endif
