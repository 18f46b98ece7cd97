/* lines_checks.c - lines_new() and its kin. */
#include "checks.h"
#include "memory.h"
#include <errno.h>
#include <limits.h>
#include <string.h>

static void
make(struct trial *t, int i, size_t longest)
{
	const struct answer *a = ask(t, "new", word(i), word((long long)longest));

	expect(answer_int(a, "result") == 1, "no-lines",
	    _("lines_new returns what keeps the lines"), _("it returned NULL"));
}

/* Sends bytes, with @ for NUL, and takes all lines as they come. */
static void
drinks(struct trial *t, int i, const char *sent, const char *transcript, const char *key)
{
	size_t n = strlen(sent);
	const struct answer *a;
	char bytes[4096];

	for (size_t k = 0; k < n; k++)
		bytes[k] = sent[k] == '@' ? '\0' : sent[k];
	trial_send(t, bytes, n);
	a = ask(t, "drink", word(i), word((long long)n));
	expect(strcmp(answer_text(a, "lines"), transcript) == 0, key,
	    words(_("these lines come out: %s"), transcript), _("these come out: %s"),
	    answer_text(a, "lines"));
}

/* The same text, cut in two at every place. */
static void
cut_everywhere(struct trial *t)
{
	static const char text[] = "ab\n\ncd@e\n";

	for (int cut = 1; cut < (int)sizeof text - 1; cut++) {
		const char *first = cut < 3 ? "" : cut < 4 ? "<ab>" : "<ab><>";
		const char *rest = "<ab><><cd@e>" + strlen(first);

		drinks(t, 0, words("%.*s", cut, text), first, "lines-cut");
		drinks(t, 0, text + cut, rest, "lines-cut");
	}
}

/*
 * Task 2: "any bytes up to a newline". For: one line for each read, a half line
 * taken for a line, the rest thrown away, NUL taken for the end.
 */
void
lines_split(void **state)
{
	(void)state;
	struct trial *t = trial("lines");
	const char *a = letters((size_t)draw(1, 9)), *b = letters((size_t)draw(1, 9));

	trial_open_input(t);
	trial_start(t);
	make(t, 0, 20);
	make(t, 1, 20);
	drinks(t, 0, words("%s\n", a), words("<%s>", a), "lines-split");
	drinks(t, 0, words("%s\n%s\n\n@\nhalf", b, a), words("<%s><%s><><@>", b, a), "lines-split");
	drinks(t, 1, "other\n", "<other>", "lines-split");
	drinks(t, 0, " and rest\n", "<half and rest>", "lines-cut");
	cut_everywhere(t);
	ask(t, "free", word(0));
	ask(t, "free", "NULL"); /* "NULL is allowed" */
	trial_finish(t);
}

/*
 * Task 2: "A line of more than longest bytes". For: one byte too early or too late,
 * told of more than once, the line behind it lost, memory that grows with the line.
 */
void
lines_too_long(void **state)
{
	(void)state;
	struct trial *t = trial("lines");
	size_t n = (size_t)draw(5, 30);
	const char *fits = letters(n), *long_one = letters(n + 1);
	const struct answer *a;

	trial_open_input(t);
	trial_limit(t, LIMIT_MEMORY_MIB, 32);
	trial_start(t);
	make(t, 0, n);
	drinks(t, 0, words("%s\n", fits), words("<%s>", fits), "line-limit");
	drinks(t, 0, words("a\n%s\nb\n", long_one), "<a>!<b>", "line-limit");
	drinks(t, 0, words("%s\n%s\n", fits, fits), words("<%s><%s>", fits, fits), "line-limit");
	drinks(t, 0, words("%s%s%s", long_one, long_one, long_one), "", "too-long-once");
	drinks(t, 0, words("%s\n\nc\n", long_one), "!<><c>", "too-long-once");
	drinks(t, 0, words("%s\n%s\nd\n", long_one, letters(n + 2)), "!!<d>", "too-long-once");
	drinks(t, 0, long_one, "", "too-long-once");
	drinks(t, 0, "\ne\n", "!<e>", "too-long-once");
	make(t, 1, 500);
	a = ask(t, "endless", word(1), word(40000000));
	expect(strcmp(answer_text(a, "lines"), "") == 0, "too-long-once",
	    _("a line that never ends is no line"), _("these come out: %s"),
	    answer_text(a, "lines"));
	drinks(t, 1, "\nf\n", "!<f>", "too-long-once");
	trial_finish(t);
}

static void
reads(struct trial *t, long long result, int error, const char *key)
{
	const struct answer *a = ask(t, "read", word(0));

	expect(answer_int(a, "result") == result && (error == 0 || answer_int(a, "errno") == error),
	    key,
	    error == 0 ? words(_("lines_read returns %lld"), result)
		       : words(_("lines_read returns -1 with errno %s"), error_name(error)),
	    _("it returned %lld with errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
	ask(t, "take", word(0));
}

static void
fault_read(struct trial *t, enum fault_action action, unsigned nth, size_t bytes, int error)
{
	trial_fault(t, (struct fault){.call = CALL_READ,
			   .action = action,
			   .fd = FD_PIPE,
			   .nth = nth,
			   .bytes = bytes,
			   .error = error});
}

/*
 * Task 2: "Reads once". For: reading on until EAGAIN, which keeps the others
 * waiting; EINTR, EAGAIN and errors taken for the end.
 */
void
lines_read_once(void **state)
{
	(void)state;
	struct trial *t = trial("lines");
	size_t n = (size_t)draw(4, 12);
	const struct answer *a;

	fault_read(t, FAULT_FAIL, 2, 0, EINTR);
	fault_read(t, FAULT_CUT, 3, 3, 0);
	fault_read(t, FAULT_FAIL, 5, 0, EIO);
	fault_read(t, FAULT_FAIL, 7, 0, EINTR); /* then the end: errno says nothing any more */
	trial_open_input(t);
	trial_start(t);
	make(t, 0, 30);
	trial_send(t, letters(n), n);
	reads(t, (long long)n, 0, "read-once");
	trial_send(t, letters(n), n);
	reads(t, 3, 0, "eintr");
	reads(t, (long long)n - 3, 0, "read-once");
	reads(t, -1, EIO, "read-failure");
	reads(t, -1, EAGAIN, "read-failure");
	trial_close_input(t);
	reads(t, 0, 0, "read-failure");
	a = ask(t, "new", word(1), word(LLONG_MAX / 4)); /* more than there is memory for */
	expect(answer_int(a, "result") == 1 || answer_int(a, "errno") == ENOMEM, "no-lines",
	    words(_("%s returns NULL with errno %s"), "lines_new", error_name(ENOMEM)),
	    _("the errno is %s"), error_name(answer_int(a, "errno")));
	trial_finish(t);
}

/* Task 2: "they belong to l". For: a byte behind the end, memory that is not given back. */
void
lines_memory(void **state)
{
	(void)state;
	struct trial *t = trial("lines");
	size_t n = (size_t)draw(20, 60);
	const char *text = words("%s\n\n%s\n%s\n%sx\nab\n%s", letters(n), letters(n - 1),
	    letters(n), letters(n), letters(3 * n));

	trial_input(t, text, strlen(text));
	memory_watch(t);
	trial_start(t);
	ask(t, "new", word(0), word((long long)n));
	ask(t, "new", word(1), word((long long)n));
	ask(t, "drink", word(0), word((long long)strlen(text)));
	ask(t, "free", word(0));
	ask(t, "free", word(1));
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}
