#define _GNU_SOURCE
#include "inside.h"

#include <ctype.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

const char *
signal_name(int signal)
{
	const char *name = sigabbrev_np(signal);

	return name == NULL ? keep_format("%d", signal) : keep_format("SIG%s", name);
}

/* One argument of a printf directive, as JSON. */
static json_t *
argument(const char *length, char type, va_list *values)
{
	bool is_long = strcmp(length, "l") == 0, is_long_long = strcmp(length, "ll") == 0;

	if (type == 's') {
		const char *s = va_arg(*values, const char *);

		return json_words(s == NULL ? "" : s);
	}
	if (strcmp(length, "z") == 0)
		return json_integer((json_int_t)va_arg(*values, size_t));
	if (is_long_long)
		return json_integer(va_arg(*values, long long));
	if (is_long)
		return json_integer(va_arg(*values, long));
	if (type == 'u')
		return json_integer(va_arg(*values, unsigned));
	return json_integer(va_arg(*values, int));
}

/*
 * The values behind the directives of a format, in order. A translation may
 * reorder them ("%2$s"): then the sentence has them, the list does not.
 */
static json_t *
arguments_of(const char *format, va_list *values)
{
	json_t *list = json_array();

	for (const char *p = format; (p = strchr(p, '%')) != NULL; p++) {
		char length[3] = "";
		size_t n = 0;

		p++;
		if (*p == '%')
			continue;
		if (isdigit((unsigned char)*p))
			break;
		while ((*p == 'l' || *p == 'z') && n < 2)
			length[n++] = *p++;
		if (strchr("duxcs", *p) == NULL || *p == '\0')
			grader_fault(
			    "the directive %%%s%c is not allowed in \"%s\"", length, *p, format);
		json_array_append_new(list, argument(length, *p, values));
	}
	return list;
}

void
check_fail(const char *key, const char *expected, const char *seen, ...)
{
	struct failure f = {.verdict = "failed", .key = key, .expected = expected};
	va_list values, again;
	char *sentence;

	va_start(values, seen);
	va_copy(again, values);
	f.arguments = arguments_of(seen, &again);
	va_end(again);
	if (vasprintf(&sentence, seen, values) < 0)
		grader_fault("out of memory");
	va_end(values);
	f.seen = keep_text(sentence);
	free(sentence);
	report_end(&f);
	judge_stop_check();
}

void
check_ends(const char *verdict, const char *key, const char *expected, const char *seen)
{
	struct failure f = {.verdict = verdict, .key = key, .expected = expected, .seen = seen};

	report_end(&f);
	judge_stop_check();
}

void
grader_fault(const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	if (!report_is_open()) {
		fprintf(stderr, "judge: %s\n", text);
		exit(3);
	}
	report_fault(text);
	judge_stop_check();
}

/* ---- a trial that could not go on ------------------------------------------------------ */

static const char *
how_it_ended(struct trial *t)
{
	if (t->end == END_EXITED)
		return keep_format(
		    G_("the program had ended with exit status %d"), trial_exit_status(t));
	return keep_format(G_("the program was killed by %s"), signal_name(trial_term_signal(t)));
}

static bool
ended_by_itself(const struct trial *t)
{
	return t->end == END_EXITED ||
	       (t->end == END_SIGNALED && WTERMSIG(t->status) != SIGSEGV &&
		   WTERMSIG(t->status) != SIGABRT && WTERMSIG(t->status) != SIGBUS &&
		   WTERMSIG(t->status) != SIGFPE && WTERMSIG(t->status) != SIGILL &&
		   WTERMSIG(t->status) != SIGSYS);
}

void
trial_went_wrong(struct trial *t, enum outcome outcome, const char *waited_for)
{
	switch (outcome) {
	case BLOCKED:
		check_ends("timed out", "blocked-for-ever", waited_for, where_everybody_is(t));
	case TOO_LONG:
		trial_ended_badly(t, END_WALL);
	case FLOODED:
		trial_ended_badly(t, END_OUTPUT);
	case GONE:
	case CAME_TRUE:
		break;
	}
	if (ended_by_itself(t))
		check_ends("failed", "ended-too-early", waited_for, how_it_ended(t));
	trial_ended_badly(t, t->end);
}

static const char *
woken_in_vain(const struct trial *t)
{
	unsigned long n = t->limits[LIMIT_WAKES];

	return keep_format(
	    dngettext("gabel", "it was woken %lu time by %s and always went back to sleep",
		"it was woken %lu times by %s and always went back to sleep", n),
	    n, signal_name(t->wake_signal));
}

void
trial_ended_badly(struct trial *t, enum end end)
{
	switch (end) {
	case END_BLOCKED:
		check_ends("timed out", "blocked-for-ever", G_("the program comes to its end"),
		    where_everybody_is(t));
	case END_CPU:
		check_ends("timed out", "cpu-time", G_("the program comes to its end"),
		    keep_format(G_("it computed for more than %llu ms without end"),
			(unsigned long long)t->limits[LIMIT_CPU_MS]));
	case END_MEMORY:
		check_ends("out of memory", "out-of-memory",
		    keep_format(G_("at most %llu MiB of memory are needed"),
			(unsigned long long)t->limits[LIMIT_MEMORY_MIB]),
		    G_("the program took more"));
	case END_PROCESSES:
		check_ends("left processes", "too-many-processes",
		    keep_format(G_("at most %llu processes live at once, and %llu are made in all"),
			(unsigned long long)t->limits[LIMIT_PROCESSES],
			(unsigned long long)t->limits[LIMIT_FORKS]),
		    G_("the program went on making more"));
	case END_OUTPUT:
		check_ends("failed", "too-much-output",
		    keep_format(G_("the program writes at most %llu KiB"),
			(unsigned long long)t->limits[LIMIT_OUTPUT_KIB]),
		    G_("it writes more and more"));
	case END_WALL:
		check_ends("timed out", "no-end", G_("the program comes to its end"),
		    where_everybody_is(t));
	case END_WAKES:
		check_ends("timed out", "woken-in-vain", G_("the program comes to its end"),
		    woken_in_vain(t));
	case END_SIGNALED:
		check_ends("crashed", "crashed", G_("the program comes to its end by itself"),
		    keep_format(G_("it was killed by %s"), signal_name(WTERMSIG(t->status))));
	case END_EXITED:
	case END_RUNNING:
		break;
	}
	grader_fault("a trial ended in a way that nobody knows (%d)", (int)end);
}

/* ---- sentences that many labs need ------------------------------------------------------- */

void
expect_exit(struct trial *t, int status, const char *key)
{
	const char *expected = keep_format(G_("the program ends with exit status %d"), status);
	int is = trial_exit_status(t);

	if (is == status)
		return;
	if (is >= 0)
		check_fail(key, expected, G_("it ended with exit status %d"), is);
	check_fail(key, expected, G_("it was killed by %s"), signal_name(trial_term_signal(t)));
}

/* Enough of a text to recognise it. */
static const char *
shown(const char *text)
{
	enum { MOST = 200 };
	size_t n = strlen(text);
	char *cut;

	if (n <= MOST)
		return keep_format("\"%s\"", text);
	cut = keep_bytes(text, MOST);
	utf8_clip(cut);
	return keep_format("\"%s…\"", cut);
}

void
expect_output(struct trial *t, const char *text, const char *key)
{
	if (strcmp(trial_output(t), text) == 0 && trial_output_size(t) == strlen(text))
		return;
	check_fail(key, keep_format(G_("the program writes %s"), shown(text)), G_("it wrote %s"),
	    shown(trial_output(t)));
}

void
refute_zombies(struct trial *t, const char *key)
{
	size_t n = zombies_in(look(t));

	if (n > 0)
		check_fail(key, G_("no ended child stays a zombie"),
		    dngettext("gabel", "%zu process is a zombie: nobody has waited for it",
			"%zu processes are zombies: nobody has waited for them", n),
		    n);
}

void
refute_unwaited(struct trial *t, const char *key)
{
	if (trial_unwaited(t) > 0)
		check_fail(key, G_("the program waits for each of its children before it ends"),
		    dngettext("gabel", "it ended without having waited for %zu child",
			"it ended without having waited for %zu children", trial_unwaited(t)),
		    trial_unwaited(t));
}

void
refute_left_processes(struct trial *t, const char *key)
{
	struct failure f = {.verdict = "left processes", .key = key};
	size_t n = trial_left_processes(t);

	if (n == 0)
		return;
	f.expected = G_("no process of the program lives on after its end");
	f.seen = keep_format(
	    dngettext("gabel", "%zu process was still alive", "%zu processes were still alive", n),
	    n);
	report_end(&f);
	judge_stop_check();
}

void
refute_open_fds(struct trial *t, const char *key)
{
	const struct process *p = first_process(look_at_end(t));

	for (size_t i = 0; p != NULL && i < p->n_fds; i++)
		if (p->fds[i].number > 2)
			check_fail(key, G_("every descriptor that was opened is closed again"),
			    G_("descriptor %d (%s) is still open"), p->fds[i].number,
			    p->fds[i].path);
}

void
expect_calls(struct trial *t, enum call call, enum who who, unsigned least, const char *key)
{
	unsigned n = calls(t, call, who);

	if (n < least)
		check_fail(key,
		    keep_format(G_("%s() is called at least %u times"), call_name(call), least),
		    G_("it was called %u times"), n);
}
