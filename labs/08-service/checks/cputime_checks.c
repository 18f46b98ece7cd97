/* cputime_checks.c - report_cpu_time(). */
#include "checks.h"
#include "cputime.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads digits, the point, six digits. */
static const char *
read_seconds(const char *text, long long *microseconds)
{
	char *end;
	long long seconds = strtoll(text, &end, 10);

	if (*end != '.' || strspn(end + 1, "0123456789") != 6)
		return NULL;
	*microseconds = seconds * 1000000 + strtoll(end + 1, &end, 10);
	return end;
}

bool
cpu_line(const char *line, const char *format, long long *user, long long *system)
{
	size_t start = strcspn(format, "%");
	const char *text = line + start;
	char again[200];
	int n;

	if (line == NULL || strncmp(line, format, start) != 0)
		return false;
	text = read_seconds(text, user);
	if (text == NULL || strncmp(text, " system ", 8) != 0)
		return false;
	text = read_seconds(text + 8, system);
	if (text == NULL || *text != '\n')
		return false;
	/* no blank, sign or zero too many */
	n = snprintf(again, sizeof again, "%.*suser %lld.%06lld system %lld.%06lld\n",
	    (int)(start - strlen("user ")), format, *user / 1000000, *user % 1000000,
	    *system / 1000000, *system % 1000000);
	return n > 0 && strncmp(line, again, (size_t)n) == 0;
}

const char *
line_after(const char *text)
{
	const char *end = strchr(text, '\n');

	return end == NULL ? "" : end + 1;
}

static void
expect_line(const char *line, const char *format, long long *user, long long *system)
{
	expect(cpu_line(line, format, user, system), "cpu-line",
	    words(_("a line as %s"), shown(format)), _("there stands: \"%s\""), shown(line));
}

static void
expect_between(const char *what, long long low, long long seen, long long high)
{
	expect(low <= seen && seen <= high, "cpu-numbers",
	    words(_("%s: what getrusage() says, from %lld to %lld microseconds"), what, low, high),
	    _("the line says %lld"), seen);
}

/*
 * "Two lines, by getrusage(2): RUSAGE_SELF, and RUSAGE_CHILDREN". For: self twice; user and
 * system mixed up; zeros that are missing behind the point; milliseconds; clock().
 */
void
cputime_lines(void **state)
{
	(void)state;
	struct trial *t = trial("cputime");
	long long user, system;
	const struct answer *a;

	trial_start(t);
	ask(t, "burn", "10");
	ask(t, "child", "35");
	a = ask(t, "report");
	trial_finish(t); /* what was written has come by then */
	expect_line(trial_output(t), CPU_SELF, &user, &system);
	expect_between(
	    "cpu self: user", answer_int(a, "user before"), user, answer_int(a, "user after"));
	expect_between("cpu self: system", answer_int(a, "system before"), system,
	    answer_int(a, "system after"));
	expect_line(line_after(trial_output(t)), CPU_CHILDREN, &user, &system);
	expect_between("cpu children: user", answer_int(a, "user children"), user,
	    answer_int(a, "user children"));
	expect_between("cpu children: system", answer_int(a, "system children"), system,
	    answer_int(a, "system children"));
}

static void
pretend(struct trial *t, int children, const long number[4])
{
	ask(t, "pretend", word(children), word(number[0]), word(number[1]), word(number[2]),
	    word(number[3]));
}

/* Numbers of all lengths, nought among them. For: fields that are too short, or filled up. */
void
cputime_digits(void **state)
{
	(void)state;
	const long numbers[][4] = {
	    {0, 0, 0, 0},
	    {0, 1, 9, 999999},
	    {10, 10, 100, 100},
	    {123456789, 100000, 2147483647, 99999},
	    {(long)draw(11, 99999), (long)draw(1, 999999), (long)draw(0, 9), (long)draw(0, 9999)},
	};
	enum { N = sizeof numbers / sizeof *numbers };

	for (size_t i = 0; i < N; i++) {
		const long *self = numbers[i], *children = numbers[N - 1 - i];
		struct trial *t = trial("cputime");

		trial_start(t);
		pretend(t, 0, self);
		pretend(t, 1, children);
		ask(t, "report");
		trial_finish(t);
		expect_output(t,
		    words(CPU_SELF CPU_CHILDREN, self[0], self[1], self[2], self[3], children[0],
			children[1], children[2], children[3]),
		    "cpu-digits");
	}
}

static void
expect_whole(struct trial *t, const char *key)
{
	long long user, system;
	const char *text = trial_output(t);

	expect(cpu_line(text, CPU_SELF, &user, &system) &&
		   cpu_line(line_after(text), CPU_CHILDREN, &user, &system),
	    key, _("both lines are written whole"), _("there stands: \"%s\""), text);
}

/* The first write takes only a part; a handler runs in it. */
static void
is_cut(struct fault fault)
{
	static const long nothing[4];
	struct trial *t = trial("cputime");

	fault.call = CALL_WRITE;
	fault.fd = FD_PIPE;
	fault.nth = 1;
	trial_fault(t, fault);
	trial_start(t);
	ask(t, "handle");
	pretend(t, 0, nothing);
	pretend(t, 1, nothing);
	ask(t, "report");
	trial_finish(t);
	expect_whole(t, "cpu-whole");
}

/*
 * "it calls only what signal-safety(7) lists"; "all of it is written"; "errno is as it was". For:
 * printf() and snprintf() in a handler; one write().
 */
void
cputime_safe(void **state)
{
	(void)state;
	struct trial *t = trial("cputime");
	const size_t whole = strlen(words(CPU_SELF CPU_CHILDREN, 0l, 0l, 0l, 0l, 0l, 0l, 0l, 0l));
	const struct answer *a;
	const char *trapped;

	trial_start(t);
	a = ask(t, "interrupted");
	trapped = answer_text(a, "trapped");
	expect(*trapped == '\0', "cpu-unsafe",
	    _("in a handler only functions of signal-safety(7) are called"), _("%s() is called"),
	    trapped);
	trial_finish(t);
	expect_whole(t, "cpu-line");

	is_cut((struct fault){.action = FAULT_CUT, .bytes = (size_t)draw(1, 9), .optional = true});
	is_cut((struct fault){.action = FAULT_CUT, .bytes = whole - 1, .optional = true});
	is_cut((struct fault){.action = FAULT_FAIL, .error = EINTR});

	t = trial("cputime");
	trial_start(t);
	a = ask(t, "nobody");
	expect(answer_int(a, "kept") == 1, "cpu-errno", _("errno is as it was before"),
	    _("a write() that fails has changed it"));
	trial_finish(t);
}
