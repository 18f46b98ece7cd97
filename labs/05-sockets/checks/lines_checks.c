/* lines_checks.c - read_line() and write_all(). */
#include "checks.h"
#include "lines.h"
#include "memory.h"
#include "pattern.h"
#include "probe.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

enum { NOT_SET = 123456, MOST_WRITTEN = 200000 };

static const struct answer *
line_of(struct trial *t, size_t room)
{
	return ask(t, "line", word((long long)room));
}

static void
line_begin(struct trial *t, size_t room)
{
	ask_begin(t, "line", word((long long)room));
}

/* The answer to line_begin(); it must have come, for the newline has. */
static const struct answer *
line_end(struct trial *t, const char *key)
{
	expect(answered(t), key, _("read_line returns as soon as the newline has come"),
	    _("it waits for more, in %s()"), call_name(first_process(look(t))->blocked_in));
	return ask_end(t);
}

/* What cannot be seen becomes a dot, as in the probe's answer. */
static const char *
visible(const char *line, size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n; i++)
		text = words("%s%c", text, line[i] < ' ' || line[i] > '~' ? '.' : line[i]);
	return text;
}

static void
expect_line_bytes(const struct answer *a, const char *line, size_t n, const char *key)
{
	expect_result(a, "read_line", 1, key);
	expect(answer_int(a, "n") == (long long)n, key, words(_("the line has %zu bytes"), n),
	    _("*n is %lld"), answer_int(a, "n"));
	expect(answer_int(a, "sum") == sum_of(line, n, SUM_OF_NOTHING), key,
	    words(_("the line is \"%s\""), visible(line, n)), _("it is \"%s\""),
	    answer_text(a, "text"));
	expect(answer_int(a, "last") == 0, "line-nul", _("a NUL stands behind the line"),
	    _("it is 0x%x"), (unsigned)answer_int(a, "last") & 0xff);
	expect(answer_int(a, "beyond") == 0, "beyond-room", _("nothing is written behind the room"),
	    _("bytes behind it have changed"));
}

static void
expect_line(const struct answer *a, const char *line, const char *key)
{
	expect_line_bytes(a, line, strlen(line), key);
}

static void
expect_no_line(const struct answer *a, int error, const char *key)
{
	if (error == 0)
		expect_result(a, "read_line", 0, key);
	else
		expect_failure(a, "read_line", error, key);
	expect(answer_int(a, "n") == NOT_SET, key, _("*n is set only when the result is 1"),
	    _("*n is %lld"), answer_int(a, "n"));
	expect(answer_int(a, "beyond") == 0, "beyond-room", _("nothing is written behind the room"),
	    _("bytes behind it have changed"));
}

static void
send_text(struct trial *t, const char *text)
{
	trial_send(t, text, strlen(text));
}

/*
 * "one read() may return three lines": they come one by one, without another read().
 * "0 at the end of the file", as often as it is asked. For: a buffer that is thrown
 * away after each line; an empty line taken for the end.
 */
void
line_by_line(void **state)
{
	(void)state;
	struct trial *t = trial("lines");
	const char *one = words("one %lld", draw(10, 99)), *two = words("two %lld", draw(10, 99));

	trial_open_input(t);
	trial_start(t);
	line_begin(t, 100);
	send_text(t, words("%s\n\n%s\nlast", one, two));
	expect_line(line_end(t, "line"), one, "line");
	line_begin(t, 100);
	expect_line(line_end(t, "line-kept"), "", "line-kept");
	line_begin(t, 100);
	expect_line(line_end(t, "line-kept"), two, "line-kept");
	line_begin(t, 100);
	expect(!answered(t), "line-kept", _("half a line is no line: read_line waits for the rest"),
	    _("it returned %lld"), answer_int(ask_end(t), "result"));
	send_text(t, " one\n");
	expect_line(line_end(t, "line-kept"), "last one", "line-kept");
	trial_close_input(t);
	expect_no_line(line_of(t, 100), 0, "line-end");
	expect_no_line(line_of(t, 100), 0, "line-end");
	trial_finish(t);
}

/* A line that comes in two parts, and a handler that runs between them. */
static void
line_cut_at(struct trial *t, const char *line, size_t at)
{
	line_begin(t, 100);
	trial_send(t, line, at);
	expect(!answered(t), "line-pieces",
	    words(_("after %zu bytes, read_line waits for the rest"), at), _("it returned %lld"),
	    answer_int(ask_end(t), "result"));
	trial_kill(t, 0, SIGUSR1);
	expect(!answered(t), "eintr", _("a read() that a signal interrupted is made again"),
	    _("read_line returned %lld"), answer_int(ask_end(t), "result"));
	send_text(t, words("%s\n", line + at));
	expect_line(line_end(t, "line-pieces"), line, "line-pieces");
}

/* Lines longer than a reader's buffer, and one that just ends where a buffer ends. */
static void
long_lines(void)
{
	struct trial *t = trial("lines");
	size_t sizes[] = {READER_SIZE - 1, READER_SIZE, (size_t)draw(2, 5) * 1000 + READER_SIZE};

	trial_open_input(t);
	trial_start(t);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		const char *line = letters(sizes[i]);

		line_begin(t, sizes[i] + 1);
		send_text(t, line);
		send_text(t, "\n");
		expect_line(line_end(t, "line-pieces"), line, "line-pieces");
	}
	trial_close_input(t);
	trial_finish(t);
}

/* "one read() may return a part of a line". For: one read() for a line; EINTR as a failure. */
void
line_in_pieces(void **state)
{
	(void)state;
	struct trial *t = trial("lines");
	const char *line = words("pieces%lld", draw(10, 99));

	trial_open_input(t);
	trial_start(t);
	ask(t, "handle");
	for (size_t at = 0; at <= strlen(line); at += 2)
		line_cut_at(t, line, at);
	line_begin(t, 100);
	await_quiet(t);
	trial_kill(t, 0, SIGUSR1);
	await_quiet(t);
	trial_close_input(t);
	expect_no_line(line_end(t, "line-end"), 0, "line-end");
	trial_finish(t);
	long_lines();
}

/*
 * "EMSGSIZE: it was read and thrown away, however long it is". For: a rest that is taken
 * for the next line; a NUL behind the room.
 */
void
line_too_long(void **state)
{
	(void)state;
	struct trial *t = trial("lines");
	size_t room = (size_t)draw(5, 15);
	size_t sizes[] = {room, room + 1, 2 * room, 3 * READER_SIZE + (size_t)draw(0, 900)};

	trial_open_input(t);
	trial_start(t);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		const char *fits = letters(room - 1);

		send_text(t, letters(sizes[i]));
		send_text(t, words("\n%s\n", fits));
		expect_no_line(line_of(t, room), EMSGSIZE, "line-too-long");
		expect_line(line_of(t, room), fits, "line-too-long");
	}
	send_text(t, "x\n\n");
	expect_no_line(line_of(t, 1), EMSGSIZE, "line-too-long");
	expect_line(line_of(t, 1), "", "line-too-long");
	send_text(t, letters(2 * READER_SIZE));
	trial_close_input(t);
	expect_no_line(line_of(t, room), EPROTO, "half-line");
	trial_finish(t);
}

static void
failing_read(unsigned nth)
{
	struct trial *t = trial("lines");

	trial_fault(t,
	    (struct fault){
		.call = CALL_READ, .action = FAULT_FAIL, .fd = FD_PIPE, .nth = nth, .error = EIO});
	trial_open_input(t);
	trial_start(t);
	line_begin(t, 100);
	if (nth > 1) {
		send_text(t, "half a line");
		expect(!answered(t) || fault_delivered(t, 1) > 0, "half-line",
		    _("half a line is no line: read_line waits for the rest"),
		    _("it returned %lld"), answer_int(ask_end(t), "result"));
	}
	expect_no_line(line_end(t, "read-failure"), EIO, "read-failure");
	if (nth == 1) {
		send_text(t, "again\n");
		expect_line(line_of(t, 100), "again", "read-failure");
	}
	trial_close_input(t);
	trial_finish(t);
}

/*
 * "any bytes, also NULs"; "EPROTO: The end of the file came inside of a line"; "any
 * other failure". For: strlen(), strchr(); a half line that is handed on.
 */
void
line_any_bytes(void **state)
{
	(void)state;
	struct trial *t = trial("lines");
	char binary[256] = "\nhalf";

	trial_open_input(t);
	trial_start(t);
	trial_send(t, "\0one\0two\0\n\0\n", 12);
	expect_line_bytes(line_of(t, 100), "\0one\0two\0", 9, "line-bytes");
	expect_line_bytes(line_of(t, 100), "\0", 1, "line-bytes");
	for (int i = 0; i < 256; i++)
		binary[i] = (char)(i == '\n' ? 0xff : i);
	binary[255] = '\n';
	trial_send(t, binary, 256);
	expect_line_bytes(line_of(t, 256), binary, 255, "line-bytes");
	send_text(t, "half");
	trial_close_input(t);
	expect_no_line(line_of(t, 100), EPROTO, "half-line");
	trial_finish(t);
	failing_read(1);
	failing_read(2);
}

static void
expect_written(struct trial *t, size_t n, unsigned key, const char *hint)
{
	static char text[MOST_WRITTEN];
	const char *out = trial_output(t);

	fill_letters(text, n, key);
	for (size_t i = 0; i < n && i < trial_output_size(t); i++)
		expect(out[i] == text[i], hint,
		    words(_("byte %zu of what is written is %c"), i, text[i]), _("it is 0x%x"),
		    (unsigned)out[i] & 0xff);
	expect(trial_output_size(t) == n, hint, words(_("%zu bytes are written"), n),
	    _("it was %zu bytes"), trial_output_size(t));
}

static void
write_with(struct fault fault, size_t n, const char *hint)
{
	struct trial *t = trial("lines");
	unsigned key = (unsigned)draw(0, 25);

	fault.call = CALL_WRITE;
	fault.fd = FD_PIPE;
	trial_fault(t, fault);
	trial_start(t);
	expect_result(ask(t, "write", word((long long)n), word(key)), "write_all", 0, hint);
	trial_finish(t);
	expect_written(t, n, key, hint);
}

/*
 * "however few each write() takes"; "EPIPE". For: one write() taken for all, a rest
 * that is written from the beginning again, a failure that is tried for ever.
 */
void
write_all_bytes(void **state)
{
	(void)state;
	struct trial *t;

	write_with((struct fault){.action = FAULT_CUT, .bytes = 1, .optional = true},
	    (size_t)draw(5, 20), "short-write");
	write_with(
	    (struct fault){
		.action = FAULT_CUT, .nth = 2, .bytes = (size_t)draw(1, 400), .optional = true},
	    (size_t)draw(90, 150) * 1000, "short-write");
	write_with((struct fault){.action = FAULT_CUT, .nth = 1, .bytes = (size_t)draw(3, 400)},
	    (size_t)draw(500, 9000), "short-write");
	write_with((struct fault){.action = FAULT_FAIL, .nth = 1, .error = EINTR},
	    (size_t)draw(500, 9000), "eintr");
	t = trial("lines");
	trial_start(t);
	expect_failure(
	    ask(t, "nobody", word(draw(1, 900)), word(1)), "write_all", EPIPE, "write-failure");
	expect_result(ask(t, "nobody", word(0), word(1)), "write_all", 0, "write-failure");
	trial_finish(t);
}

/* "line has room for room bytes", as valgrind sees it; a reader needs no other memory. */
void
lines_memory(void **state)
{
	(void)state;
	struct trial *t = trial("lines");
	const char *text = words("%s\nsix...\nseven..\n", letters(5000));

	trial_input(t, text, strlen(text));
	memory_watch(t);
	trial_start(t);
	ask(t, "line", word(5001), "bare");
	ask(t, "line", word(6), "bare"); /* no room for the NUL, */
	ask(t, "line", word(6), "bare"); /* and none for the last byte */
	ask(t, "line", word(1), "bare");
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}
