/* queue_checks.c - queue_new() and its kin. */
#include "checks.h"
#include "memory.h"
#include <errno.h>
#include <limits.h>
#include <string.h>

enum { CYCLES = 800 };

static void
make(struct trial *t, int i, size_t limit)
{
	const struct answer *a = ask(t, "new", word(i), word((long long)limit));

	expect(answer_int(a, "result") == 1, "no-queue", _("queue_new returns a queue"),
	    _("it returned NULL with errno %s"), error_name(answer_int(a, "errno")));
	expect(answer_int(a, "size") == 0, "queue-size", _("a new queue is empty"),
	    _("queue_size is %lld"), answer_int(a, "size"));
}

static void
expect_size(const struct answer *a, size_t size, const char *key)
{
	expect(answer_int(a, "size") == (long long)size, key, words(_("%zu bytes wait"), size),
	    _("queue_size is %lld"), answer_int(a, "size"));
}

static void
expect_result(const struct answer *a, const char *name, int error, const char *key)
{
	int result = error == 0 ? 0 : -1;

	expect(answer_int(a, "result") == result && (error == 0 || answer_int(a, "errno") == error),
	    key,
	    error == 0 ? words(_("%s returns 0"), name)
		       : words(_("%s returns -1 with errno %s"), name, error_name(error)),
	    _("it returned %lld with errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
}

static void
add(struct trial *t, int i, const char *text, size_t size, const char *key)
{
	const struct answer *a = ask(t, "add", word(i), text);

	expect_result(a, "queue_add", 0, key);
	expect_size(a, size, key);
}

static void
refuses(struct trial *t, int i, const char *text, size_t size)
{
	const struct answer *a = ask(t, "add", word(i), text);

	expect_result(a, "queue_add", ENOBUFS, "queue-limit");
	expect_size(a, size, "queue-limit");
}

static void
flush(struct trial *t, int i, size_t left, const char *key)
{
	const struct answer *a = ask(t, "flush", word(i));

	expect_result(a, "queue_flush", 0, key);
	expect_size(a, left, key);
}

/* All that was written so far, with @ for NUL. */
static void
expect_written(struct trial *t, const char *text, const char *key)
{
	const char *out;
	size_t n = strlen(text);

	await_quiet(t);
	out = trial_output(t);
	expect(trial_output_size(t) == n, key, words(_("%zu bytes are written"), n),
	    _("%zu bytes are"), trial_output_size(t));
	for (size_t i = 0; i < n; i++)
		expect((out[i] == '\0' ? '@' : out[i]) == text[i], key,
		    _("the bytes are written in the order in which they were added"),
		    _("byte %zu of them is wrong"), i);
}

/* How often somebody has written to standard output. */
static unsigned
writes(struct trial *t)
{
	size_t n;
	const struct event *happened;
	unsigned found = 0;

	look(t);
	happened = events(t, &n);
	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_CALL && happened[i].call == CALL_WRITE &&
		    happened[i].args[0] == 1)
			found++;
	return found;
}

/*
 * Task 1: "in order, complete". For: the wrong end of the queue, text taken for a
 * string, a queue that remembers pointers or shares its memory with another.
 */
void
queue_order(void **state)
{
	(void)state;
	struct trial *t = trial("queue");
	const char *a = letters((size_t)draw(3, 9)), *b = letters((size_t)draw(3, 9));
	size_t n = strlen(a), m = strlen(b);
	unsigned before;

	trial_watch(t, CALL_WRITE);
	trial_start(t);
	make(t, 0, 100);
	make(t, 1, 100);
	add(t, 0, a, n, "queue-size");
	add(t, 1, "two", 3, "queue-size");
	add(t, 0, words("%s@@", b), n + m + 2, "queue-size");
	add(t, 0, "@end", n + m + 6, "queue-size");
	expect_written(t, "", "queue-order");
	flush(t, 0, 0, "queue-order");
	expect_written(t, words("%s%s@@@end", a, b), "queue-order");
	before = writes(t);
	flush(t, 0, 0, "queue-order");
	expect(writes(t) == before, "write-nothing", _("when nothing waits, nothing is written"),
	    _("write() was called"));
	flush(t, 1, 0, "queue-order");
	expect_written(t, words("%s%s@@@endtwo", a, b), "queue-order");
	ask(t, "free", word(0));
	ask(t, "free", "NULL"); /* "NULL is allowed" */
	trial_finish(t);
}

/* Only the first call is certain to come: who writes byte by byte, or a part of it, cannot be cut.
 */
static fault_id
fault_write(struct trial *t, enum fault_action action, unsigned nth, size_t bytes, int error)
{
	return trial_fault(t, (struct fault){.call = CALL_WRITE,
				  .action = action,
				  .fd = FD_PIPE,
				  .nth = nth,
				  .bytes = bytes,
				  .error = error,
				  .optional = nth > 1});
}

/* Flushes what has been added in all; what was not written must still wait. Returns how much. */
static size_t
flush_some(struct trial *t, int i, size_t added, const char *key)
{
	const struct answer *a = ask(t, "flush", word(i));

	expect_result(a, "queue_flush", 0, key);
	await_quiet(t);
	expect_size(a, added - trial_output_size(t), key);
	return added - trial_output_size(t);
}

/*
 * Task 1: "until fd takes no more". For: EAGAIN taken for a failure, or tried
 * again at once; the part that was written kept, or the rest lost.
 */
void
queue_full_descriptor(void **state)
{
	(void)state;
	struct trial *t = trial("queue");
	size_t n = (size_t)draw(20, 40), part = (size_t)draw(3, 9);
	const char *text = letters(n);

	fault_write(t, FAULT_FAIL, 1, 0, EAGAIN);
	fault_write(t, FAULT_CUT, 2, part, 0);
	fault_write(t, FAULT_FAIL, 3, 0, EAGAIN);
	fault_write(t, FAULT_FAIL, 4, 0, EAGAIN);
	trial_start(t);
	make(t, 0, 100);
	add(t, 0, text, n, "queue-size");
	flush(t, 0, n, "eagain");
	flush_some(t, 0, n, "eagain");
	part = flush_some(t, 0, n, "eagain");
	add(t, 0, "more", part + 4, "eagain");
	for (int i = 0; i < 3; i++) /* a fault may still be to come */
		flush_some(t, 0, n + 4, "eagain");
	expect_written(t, words("%smore", text), "eagain");
	trial_finish(t);
}

/* Task 1: "A write may take a part only, and a handler may run". For: one write(); EINTR as an end.
 */
void
queue_short_writes(void **state)
{
	(void)state;
	struct trial *t = trial("queue");
	size_t n = (size_t)draw(20, 40);
	const char *text = letters(n);

	fault_write(t, FAULT_FAIL, 1, 0, EINTR);
	fault_write(t, FAULT_CUT, 2, (size_t)draw(1, 9), 0);
	fault_write(t, FAULT_FAIL, 3, 0, EINTR);
	fault_write(t, FAULT_CUT, 4, (size_t)draw(1, 9), 0);
	trial_start(t);
	make(t, 0, 100);
	add(t, 0, text, n, "queue-size");
	flush(t, 0, 0, "short-write");
	expect_written(t, text, "short-write");
	trial_finish(t);
}

/* Parts leave at the front while others come at the end, time and again. */
static void
round_and_round(struct trial *t, size_t limit)
{
	const char *all = "";
	size_t waiting = 0;

	for (int i = 0; i < 8; i++) {
		const char *text = letters(limit - waiting);

		add(t, 0, text, limit, "queue-room");
		refuses(t, 0, "x", limit);
		all = words("%s%s", all, text);
		trial_fault(t, (struct fault){.call = CALL_WRITE,
				   .action = FAULT_CUT,
				   .fd = FD_PIPE,
				   .nth = 1,
				   .bytes = (size_t)draw(1, (long long)limit - 1),
				   .optional = true});
		fault_write(t, FAULT_FAIL, 2, 0, EAGAIN);
		waiting = flush_some(t, 0, strlen(all), "queue-room");
	}
	for (int i = 0; i < 8 && waiting > 0; i++) /* a fault may still be to come */
		waiting = flush_some(t, 0, strlen(all), "queue-room");
	expect_written(t, all, "queue-room");
}

/*
 * Task 1: "never more of it than was agreed on". For: no limit, one byte too early or
 * too late, a part that is added, room that does not come back, memory that grows.
 */
void
queue_bound(void **state)
{
	(void)state;
	struct trial *t = trial("queue");
	size_t limit = (size_t)draw(20, 60);
	const struct answer *a;

	trial_limit(t, LIMIT_MEMORY_MIB, 32);
	trial_watch(t, CALL_WRITE);
	trial_start(t);
	make(t, 0, limit);
	refuses(t, 0, letters(limit + 1), 0);
	add(t, 0, letters(limit - 5), limit - 5, "queue-limit");
	refuses(t, 0, letters(6), limit - 5);
	add(t, 0, letters(5), limit, "queue-limit");
	refuses(t, 0, "x", limit);
	ask(t, "free", word(0));
	make(t, 0, limit);
	round_and_round(t, limit);
	make(t, 1, 60000);
	a = ask(t, "cycle", word(1), word(50000), word(CYCLES));
	expect(answer_int(a, "times") == CYCLES, "queue-room",
	    _("what was written makes room for something else"),
	    _("after %lld times 50000 bytes no more could be added"), answer_int(a, "times"));
	trial_finish(t);
}

/* Another failure of the nth write(): what waits stays, and a later flush goes on. */
static void
write_fails(unsigned nth, int error)
{
	struct trial *t = trial("queue");
	size_t n = (size_t)draw(20, 40), part = nth > 1 ? (size_t)draw(3, 9) : 0;
	const char *text = letters(n);
	const struct answer *a;
	fault_id failure = fault_write(t, FAULT_FAIL, nth, 0, error);

	if (nth > 1)
		trial_fault(t, (struct fault){.call = CALL_WRITE,
				   .action = FAULT_CUT,
				   .fd = FD_PIPE,
				   .nth = 1,
				   .bytes = part,
				   .optional = true});
	trial_start(t);
	make(t, 0, 100);
	add(t, 0, text, n, "queue-size");
	a = ask(t, "flush", word(0));
	await_quiet(t);
	if (fault_delivered(t, failure) > 0) {
		expect_result(a, "queue_flush", error, "write-failure");
		expect_size(a, n - trial_output_size(t), "write-failure");
	}
	flush(t, 0, 0, "write-failure");
	expect_written(t, text, "write-failure");
	trial_finish(t);
}

/* A number of bytes that is a joke, and still an argument. */
static void
more_than_there_is(void)
{
	struct trial *t = trial("queue");
	const struct answer *a;

	trial_start(t);
	make(t, 0, 10);
	add(t, 0, "abcde", 5, "queue-size");
	for (int less = 0; less < 6; less++) {
		a = ask(t, "endless", word(0), word(less));
		expect_result(a, "queue_add", ENOBUFS, "queue-limit");
		expect_size(a, 5, "queue-limit");
	}
	flush(t, 0, 0, "queue-order");
	expect_written(t, "abcde", "queue-limit");
	trial_finish(t);
}

/* More than there is memory for; who asks for it when it is needed says nothing yet. */
static void
no_memory(void)
{
	struct trial *t = trial("queue");
	const struct answer *a;

	trial_start(t);
	a = ask(t, "new", word(0), word(LLONG_MAX / 4));
	expect(answer_int(a, "result") == 1 || answer_int(a, "errno") == ENOMEM, "no-queue",
	    words(_("%s returns NULL with errno %s"), "queue_new", error_name(ENOMEM)),
	    _("the errno is %s"), error_name(answer_int(a, "errno")));
	trial_finish(t);
}

/* Task 1: "every other failure". For: success in place of EPIPE; a sum that overflows. */
void
queue_failures(void **state)
{
	(void)state;
	write_fails(1, EPIPE);
	write_fails(2, ECONNRESET);
	write_fails(2, EIO);
	more_than_there_is();
	no_memory();
}

/* Task 1: "frees". For: a byte behind the end, memory that is not given back. */
void
queue_memory(void **state)
{
	(void)state;
	struct trial *t = trial("queue");
	size_t limit = (size_t)draw(50, 99);

	memory_watch(t);
	trial_start(t);
	for (int i = 0; i < 2; i++) {
		ask(t, "new", word(i), word((long long)limit));
		ask(t, "add", word(i), letters(limit - 9));
		ask(t, "add", word(i), letters(9));
		ask(t, "add", word(i), letters(9));
		ask(t, "flush", word(i));
		ask(t, "add", word(i), letters(limit));
		ask(t, "free", word(i));
	}
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}
