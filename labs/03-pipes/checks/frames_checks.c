/* frames_checks.c - send_frame() and receive_frame(). */
#include "checks.h"
#include "frames.h"
#include "memory.h"
#include "pattern.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

enum { HEAD = 2, SPACE = 2 * (2 + FRAME_MAX) };

/* Frames as they are on the way: what is to arrive, or what is to be read. */
struct wire {
	size_t n;
	unsigned char bytes[SPACE];
};

static struct wire *
new_wire(void)
{
	static struct wire wire;

	wire.n = 0;
	return &wire;
}

static void
put_frame(struct wire *w, size_t n, unsigned key)
{
	w->bytes[w->n++] = (unsigned char)(n >> 8);
	w->bytes[w->n++] = (unsigned char)n;
	fill_bytes(w->bytes + w->n, n, key);
	w->n += n;
}

static unsigned
draw_key(void)
{
	return (unsigned)draw(1, 1000000);
}

static const struct answer *
send_one(struct trial *t, size_t n, unsigned key)
{
	return ask(t, "send", word((long long)n), word(key));
}

/* Fails unless a is the answer for this frame, complete and no byte more. */
static void
expect_frame(const struct answer *a, size_t n, unsigned key, const char *hint)
{
	static unsigned char payload[FRAME_MAX];

	expect_result(a, "receive_frame", 1, hint);
	expect(answer_int(a, "n") == (long long)n, hint, words(_("the payload has %zu bytes"), n),
	    _("*n is %lld"), answer_int(a, "n"));
	fill_bytes(payload, n, key);
	expect(answer_int(a, "sum") == sum_of(payload, n, SUM_OF_NOTHING), hint,
	    words(_("the %zu bytes of the payload arrive as they were sent"), n),
	    _("other bytes have arrived"));
	expect(answer_int(a, "beyond") == 0, "beyond-room", _("nothing is written behind the room"),
	    _("bytes behind it have changed"));
}

/* "*n is set only when the result is 1": the probe has put this number there. */
static void
expect_untouched(const struct answer *a, const char *key)
{
	expect(answer_int(a, "n") == 123456, key, _("*n is left alone"), _("*n is %lld now"),
	    answer_int(a, "n"));
}

static const struct answer *
receive_one(struct trial *t, size_t room)
{
	return ask(t, "receive", word((long long)room));
}

/* Fails unless what came out is what is on the wire. */
static void
expect_wire(struct trial *t, const struct wire *w, const char *key)
{
	const unsigned char *out = (const unsigned char *)trial_output(t);
	size_t n = trial_output_size(t);

	for (size_t i = 0; i < n && i < w->n; i++)
		expect(out[i] == w->bytes[i], key,
		    words(_("byte %zu of what is written is 0x%x"), i, (unsigned)w->bytes[i]),
		    _("it is 0x%x"), (unsigned)out[i]);
	expect(n == w->n, key, words(_("%zu bytes are written"), w->n), _("it was %zu bytes"), n);
}

/*
 * "2 bytes, high byte first, then the payload"; "greater than FRAME_MAX: nothing
 * was written". For: the machine's own byte order, sizeof (size_t) as length.
 */
void
frame_format(void **state)
{
	(void)state;
	struct trial *t = trial("frames");
	struct wire *w = new_wire();
	size_t sizes[] = {(size_t)draw(3, 200), (size_t)draw(300, 5000), 0, 256, FRAME_MAX};

	trial_start(t);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		unsigned key = draw_key();

		put_frame(w, sizes[i], key);
		expect_result(send_one(t, sizes[i], key), "send_frame", 0, "frame-format");
	}
	expect_failure(send_one(t, FRAME_MAX + 1, 1), "send_frame", EMSGSIZE, "frame-limit");
	expect_failure(send_one(t, FRAME_MAX + 2 + (size_t)draw(0, 900), 1), "send_frame", EMSGSIZE,
	    "frame-limit");
	trial_finish(t);
	expect_wire(t, w, "frame-format");
}

/* "all of it and nothing of what comes after it", whoever reads that. For: a buffer of one's own.
 */
static void
leaves_the_rest(void)
{
	struct trial *t = trial("frames");
	struct wire *w = new_wire();
	unsigned key = draw_key();
	size_t n = (size_t)draw(1, 50);
	int byte = (int)draw('a', 'z');

	put_frame(w, n, key);
	w->bytes[w->n++] = (unsigned char)byte;
	trial_input(t, w->bytes, w->n);
	trial_start(t);
	expect_frame(receive_one(t, n + 9), n, key, "frame-read");
	expect(answer_int(ask(t, "rest"), "byte") == byte, "frame-rest",
	    _("what comes after the frame is still to be read"),
	    _("receive_frame has read more than the frame"));
	trial_finish(t);
}

/*
 * "Reads one frame", also an empty one, and one that fits exactly; "0 at the end
 * of the file". For: an empty frame taken for the end, > in place of >=, a
 * length in two chars, which have a sign.
 */
void
frame_read(void **state)
{
	(void)state;
	struct trial *t = trial("frames");
	struct wire *w = new_wire();
	/* the third one has a byte that is no char of a signed kind */
	size_t sizes[] = {(size_t)draw(3, 200), 0, (size_t)draw(300, 900) | 128, 256};
	unsigned keys[4];
	const struct answer *a;

	for (size_t i = 0; i < 4; i++)
		put_frame(w, sizes[i], keys[i] = draw_key());
	trial_input(t, w->bytes, w->n);
	trial_start(t);
	for (size_t i = 0; i < 4; i++)
		expect_frame(receive_one(t, sizes[i]), sizes[i], keys[i], "frame-read");
	a = receive_one(t, 10);
	expect(answer_int(a, "result") == 0, "frame-end",
	    _("receive_frame returns 0 at the end of the file"),
	    _("it returned %lld with errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
	trial_finish(t);
	leaves_the_rest();
}

/* The frame comes in two parts; between them, the function must wait. */
static void
receive_cut_at(struct trial *t, const struct wire *w, size_t at, size_t n, unsigned key)
{
	ask_begin(t, "receive", word((long long)n));
	trial_send(t, w->bytes, at);
	expect_asleep(
	    t, "short-read", words(_("after byte %zu of the frame, it waits for the rest"), at));
	trial_send(t, w->bytes + at, w->n - at);
	expect_frame(
	    answer_or(t, "short-read", _("receive_frame returns when the whole frame has come")), n,
	    key, "short-read");
}

/* The longest frame, more than a pipe holds at once, after another one. */
static void
longest_frame(void)
{
	struct trial *t = trial("frames");
	struct wire *w = new_wire();
	unsigned key = draw_key();

	put_frame(w, 1, key);
	put_frame(w, FRAME_MAX, key);
	trial_input(t, w->bytes, w->n);
	trial_start(t);
	expect_frame(receive_one(t, 1), 1, key, "short-read");
	expect_frame(receive_one(t, FRAME_MAX), FRAME_MAX, key, "short-read");
	expect_result(receive_one(t, 10), "receive_frame", 0, "short-read");
	trial_finish(t);
}

/* Is a short frame skipped that comes whole? If not, another check says so. */
static bool
skips_short_ones(void)
{
	struct trial *t = trial("frames");
	struct wire *w = new_wire();
	bool skipped;

	put_frame(w, 9, draw_key());
	put_frame(w, 1, draw_key());
	trial_input(t, w->bytes, w->n);
	trial_start(t);
	skipped = answer_int(receive_one(t, 5), "errno") == EMSGSIZE &&
		  answer_int(receive_one(t, 5), "result") == 1;
	trial_finish(t);
	return skipped;
}

/* The longest frame is skipped. */
static void
longest_is_skipped(void)
{
	struct trial *t = trial("frames");
	struct wire *w = new_wire();

	put_frame(w, FRAME_MAX, draw_key());
	trial_input(t, w->bytes, w->n);
	trial_start(t);
	expect_failure(
	    receive_one(t, (size_t)draw(1, 900)), "receive_frame", EMSGSIZE, "short-read");
	expect_result(receive_one(t, 10), "receive_frame", 0, "short-read");
	trial_finish(t);
}

/* "A frame may arrive cut anywhere". For: one read() for the length or for the payload. */
void
frame_in_pieces(void **state)
{
	(void)state;
	struct trial *t = trial("frames");
	struct wire *w = new_wire();
	size_t n = (size_t)draw(4, 7);
	unsigned key = draw_key();

	put_frame(w, n, key);
	trial_open_input(t);
	trial_start(t);
	for (size_t at = 1; at < HEAD + n; at++)
		receive_cut_at(t, w, at, n, key);
	trial_close_input(t);
	trial_finish(t);
	longest_frame();
	if (skips_short_ones())
		longest_is_skipped();
}

static void
send_with_cut_writes(size_t n, unsigned nth, size_t bytes)
{
	struct trial *t = trial("frames");
	struct wire *w = new_wire();
	unsigned key = draw_key();

	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_CUT,
			   .fd = FD_PIPE,
			   .nth = nth,
			   .bytes = bytes,
			   .optional = true}); /* who writes byte by byte cannot be cut */
	put_frame(w, n, key);
	trial_start(t);
	expect_result(send_one(t, n, key), "send_frame", 0, "short-write");
	trial_finish(t);
	expect_wire(t, w, "short-write");
}

/* "a write may take a part of it only", at every byte. For: one write() taken for all. */
void
frame_short_writes(void **state)
{
	(void)state;
	send_with_cut_writes((size_t)draw(5, 20), 0, 1);
	send_with_cut_writes((size_t)draw(500, 9000), 1, (size_t)draw(3, 400));
	send_with_cut_writes((size_t)draw(500, 9000), 2, (size_t)draw(1, 400));
}

/* A handler runs while nothing, and then a part of a frame has come. */
static void
interrupted_receive(void)
{
	struct trial *t = trial("frames");
	struct wire *w = new_wire();
	size_t n = (size_t)draw(4, 9), cuts[] = {0, 1, HEAD, (size_t)draw(HEAD + 1, HEAD + 3)};
	unsigned key = draw_key();
	size_t sent = 0;

	put_frame(w, n, key);
	trial_open_input(t);
	trial_start(t);
	ask(t, "handle");
	ask_begin(t, "receive", word((long long)n));
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; sent = cuts[i++]) {
		trial_send(t, w->bytes + sent, cuts[i] - sent);
		expect_asleep(t, "short-read", _("it waits for the rest of the frame"));
		trial_kill(t, 0, SIGUSR1);
		expect_asleep(t, "eintr", _("it goes on waiting when a handler has run"));
	}
	trial_send(t, w->bytes + sent, w->n - sent);
	expect_frame(answer_or(t, "eintr", _("receive_frame returns when the frame has come")), n,
	    key, "eintr");
	trial_close_input(t);
	trial_finish(t);
}

/* The end comes after a handler has run: errno is EINTR still, but nothing was interrupted. */
static void
end_after_handler(void)
{
	struct trial *t = trial("frames");

	trial_open_input(t);
	trial_start(t);
	ask(t, "handle");
	ask_begin(t, "receive", word(10));
	await_quiet(t);
	trial_kill(t, 0, SIGUSR1);
	expect_asleep(t, "eintr", _("it goes on waiting when a handler has run"));
	trial_close_input(t);
	expect_result(ask_end(t), "receive_frame", 0, "eintr");
	trial_finish(t);
}

static void
interrupted_send(unsigned nth, bool optional)
{
	struct trial *t = trial("frames");
	struct wire *w = new_wire();
	size_t n = (size_t)draw(5, 20);
	unsigned key = draw_key();

	put_frame(w, n, key);
	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .fd = FD_PIPE,
			   .nth = nth,
			   .error = EINTR,
			   .optional = optional});
	trial_start(t);
	expect_result(send_one(t, n, key), "send_frame", 0, "eintr");
	trial_finish(t);
	expect_wire(t, w, "eintr");
}

/* "neither of them fails with EINTR". For: EINTR taken for a failure or for the end. */
void
frame_interrupted(void **state)
{
	(void)state;
	interrupted_receive();
	end_after_handler();
	interrupted_send(1, false);
	interrupted_send(2, true);
}

/* The input ends after so many bytes of a frame, for which there is this room. */
static const struct answer *
receive_until(const struct wire *w, size_t bytes, size_t room)
{
	struct trial *t = trial("frames");
	const struct answer *a;

	trial_input(t, w->bytes, bytes);
	trial_start(t);
	a = receive_one(t, room);
	trial_finish(t);
	return a;
}

/*
 * Fails unless the end is a failure, with this errno or the other. Whether a frame
 * is skipped when there is too little room, is a question of another check.
 */
static void
end_after(const struct wire *w, size_t bytes, size_t room, int other)
{
	const struct answer *a = receive_until(w, bytes, room);
	long long error = answer_int(a, "errno");

	expect(answer_int(a, "result") == -1 && (error == EPROTO || error == other), "end-inside",
	    words(_("with room for %zu bytes, the end after byte %zu of a frame of %zu is a "
		    "failure, EPROTO"),
		room, bytes, w->n),
	    _("it returned %lld with errno %s"), answer_int(a, "result"), error_name(error));
	expect_untouched(a, "n-too-early");
}

/*
 * "EPROTO: the end of the file came inside of a frame", at every byte, and also of
 * one that is skipped. For: 0 wherever the end comes; errno left as it was; *n
 * set before the payload has come.
 */
void
frame_end_inside(void **state)
{
	(void)state;
	struct wire *w = new_wire();
	size_t n = (size_t)draw(3, 5);

	put_frame(w, n, draw_key());
	for (size_t bytes = 1; bytes < w->n; bytes++)
		end_after(w, bytes, n + 1, EPROTO);
	end_after(w, HEAD, n - 1, EMSGSIZE);
	end_after(w, w->n - 1, n - 1, EMSGSIZE);
}

static void
expect_skipped(const struct answer *a)
{
	expect(answer_int(a, "beyond") == 0, "beyond-room", _("nothing is written behind the room"),
	    _("bytes behind it have changed"));
	expect_failure(a, "receive_frame", EMSGSIZE, "too-long");
	expect_untouched(a, "too-long");
}

/* A frame that is skipped breaks off: its end was not read, and that is not EMSGSIZE. */
static void
end_in_skipped(void)
{
	struct wire *w = new_wire();
	size_t n = (size_t)draw(3, 5);
	const struct answer *a;

	put_frame(w, n, draw_key());
	for (size_t bytes = HEAD; bytes < w->n; bytes++) {
		a = receive_until(w, bytes, n - 1);
		expect(answer_int(a, "errno") != EMSGSIZE, "too-long",
		    words(_("with room for %zu bytes, the end after byte %zu of a frame of %zu is "
			    "a failure, EPROTO"),
			n - 1, bytes, w->n),
		    _("it returned %lld with errno %s"), answer_int(a, "result"),
		    error_name(answer_int(a, "errno")));
	}
}

/*
 * "EMSGSIZE: it was read and thrown away: the next call reads the next frame."
 * For: a length from the stream that is believed; a payload that stays.
 */
void
frame_too_long(void **state)
{
	(void)state;
	struct trial *t = trial("frames");
	struct wire *w = new_wire();
	size_t n = (size_t)draw(300, 900), last = (size_t)draw(1, 90);
	unsigned key = draw_key();

	put_frame(w, n, key);
	put_frame(w, 1, key);
	put_frame(w, last, key);
	trial_input(t, w->bytes, w->n);
	trial_start(t);
	expect_skipped(receive_one(t, n - 1));
	expect_skipped(receive_one(t, 0));
	expect_frame(receive_one(t, last), last, key, "too-long");
	trial_finish(t);
	end_in_skipped();
}

/* The nth such call fails. Whoever needs fewer calls is done before. */
static const struct answer *
ask_with_failure(enum call call, unsigned nth, const char *verb, long long n, size_t *delivered)
{
	struct trial *t = trial("frames");
	struct wire *w = new_wire();
	const struct answer *a;
	fault_id fault;

	put_frame(w, 20, 1);
	trial_input(t, w->bytes, w->n);
	fault = trial_fault(t, (struct fault){.call = call,
				   .action = FAULT_FAIL,
				   .fd = FD_PIPE,
				   .nth = nth,
				   .error = EIO,
				   .optional = nth > 1});
	if (nth > 1) /* a part has come already */
		trial_fault(t, (struct fault){.call = call,
				   .action = FAULT_CUT,
				   .fd = FD_PIPE,
				   .nth = nth - 1,
				   .bytes = 1,
				   .optional = true});
	trial_start(t);
	a = ask(t, verb, word(n), word(7));
	trial_finish(t);
	*delivered = fault_delivered(t, fault);
	return a;
}

static void
read_fails(unsigned nth, long long room)
{
	size_t delivered;
	const struct answer *a = ask_with_failure(CALL_READ, nth, "receive", room, &delivered);

	if (delivered == 0)
		return;
	expect_failure(a, "receive_frame", EIO, "io-failure");
	expect_untouched(a, "n-too-early");
}

/*
 * "as read(2), as write(2)", whichever call it is; "EPIPE: nobody reads any
 * more". For: only the first call is looked at; a failure taken for the end.
 */
void
frame_errors(void **state)
{
	(void)state;
	struct trial *t = trial("frames");
	size_t delivered;

	trial_start(t);
	expect_failure(
	    ask(t, "nobody", word(draw(5, 500)), word(1)), "send_frame", EPIPE, "io-failure");
	trial_finish(t);
	for (unsigned nth = 1; nth <= 5; nth++) {
		const struct answer *a;

		read_fails(nth, 5); /* the payload is skipped */
		read_fails(nth, 30);
		a = ask_with_failure(CALL_WRITE, nth, "send", 20, &delivered);
		if (delivered > 0)
			expect_failure(a, "send_frame", EIO, "io-failure");
	}
}

/* "room for room bytes, not more". For: a buffer that is one byte too short, or not freed. */
void
frame_memory(void **state)
{
	(void)state;
	struct trial *t = trial("frames");
	struct wire *w = new_wire();
	size_t n = (size_t)draw(10, 900);

	put_frame(w, n, 1);
	put_frame(w, n, 2);
	trial_input(t, w->bytes, w->n);
	memory_watch(t);
	trial_start(t);
	ask(t, "receive", word((long long)n), "bare");
	ask(t, "receive", word((long long)n / 2), "bare");
	ask(t, "receive", word((long long)n), "bare");
	ask(t, "send", word((long long)n), word(3));
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}
