/* handover_checks.c - handover_new(), handover_send(), handover_receive(), handover_free(). */
#include "checks.h"
#include "handover.h"
#include <errno.h>
#include <string.h>

/* A text that nobody can know beforehand. */
static const char *
drawn_text(size_t n)
{
	char text[HANDOVER_MAX + 2];

	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + draw(0, 25));
	text[n] = '\0';
	return words("%s", text);
}

/* Calls in which a receiver may wait for a signal. */
static const enum call doors[] = {CALL_SIGSUSPEND, CALL_SIGWAIT, CALL_PAUSE};
enum { DOORS = sizeof doors / sizeof *doors };

static struct trial *
started(void)
{
	struct trial *t = trial("handover");

	trial_watch(t, CALL_FORK);
	trial_watch(t, CALL_KILL);
	trial_watch(t, CALL_MMAP);
	trial_watch(t, CALL_UNMAP);
	for (size_t i = 0; i < DOORS; i++)
		trial_watch(t, doors[i]);
	trial_start(t);
	expect_new(ask(t, "new"), "handover_new");
	return t;
}

static void
expect_text(const struct answer *a, const char *text, const char *key)
{
	expect(answer_int(a, "n") == (long long)strlen(text), key,
	    words(_("%zu bytes are received"), strlen(text)), _("handover_receive returned %lld"),
	    answer_int(a, "n"));
	expect(strcmp(answer_text(a, "text"), text) == 0 && answer_int(a, "beyond") == 0, key,
	    _("the message arrives as it was sent"), _("other bytes have arrived"));
}

static void
receive(struct trial *t, const char *text, const char *key)
{
	ask_begin(t, "receive");
	expect_text(answer_or(t, key, _("the message arrives")), text, key);
}

static void
hold_doors(struct trial *t, enum fault_action action, fault_id holds[])
{
	for (size_t i = 0; i < DOORS; i++)
		holds[i] = trial_fault(t, (struct fault){.call = doors[i],
					      .action = action,
					      .who = FIRST,
					      .nth = 1,
					      .optional = true});
}

static void
release_doors(struct trial *t, const fault_id holds[])
{
	for (size_t i = 0; i < DOORS; i++)
		release(t, holds[i], false);
}

/*
 * The receiver sleeps; then a worker sends, and has done all that it does when
 * the receiver sees the signal. It is the n-th worker of this trial.
 */
static const struct answer *
wake_receiver(struct trial *t, fault_id sender, unsigned n, const char *key)
{
	fault_id holds[DOORS];

	hold_doors(t, HOLD_AFTER, holds);
	ask_begin(t, "receive");
	expect_asleep(t, "asleep", _("handover_receive sleeps until there is a message"));
	release(t, sender, false);
	await_exits(t, n);
	release_doors(t, holds);
	return answer_or(t, key, _("the message arrives"));
}

/* Task 3: "Sleeps until there is a message". For: a message that is no shared memory. */
void
handover_arrives(void **state)
{
	(void)state;
	struct trial *t = started();

	for (unsigned i = 1; i <= 2; i++) {
		const char *text = drawn_text((size_t)draw(1, HANDOVER_MAX));

		expect_text(wake_receiver(t, late_worker(t, text), i, "arrives"), text, "arrives");
		expect(lines(t, "sent 0 0\n") == i, "arrives", _("handover_send returns 0"),
		    _("the senders wrote: %s"), trial_output(t));
	}
	expect(shared_now(t) > 0, "map-shared", _("the message is in shared memory"),
	    _("the process has no shared memory"));
	expect_result(ask(t, "free"), "handover_free", 0, "unmapped");
	expect(shared_now(t) == 0, "unmapped", _("no shared memory is left"),
	    _("mappings that are left: %u"), shared_now(t));
	expect_new(ask(t, "new"), "handover_new");
	free_tells_failure(t, "handover_free");
	trial_finish(t);
}

/*
 * Task 3: "A signal that comes before anybody waits for it must not be lost".
 * For: the signal blocked too late; a handler and pause().
 */
void
handover_early(void **state)
{
	(void)state;
	struct trial *t = started();

	for (unsigned i = 1; i <= 2; i++) {
		const char *text = drawn_text((size_t)draw(5, 50));

		worker(t, text);
		await_exits(t, i); /* it has sent, and is gone */
		receive(t, text, "signal-lost");
	}
	trial_finish(t);
}

/*
 * The same at the worst moment: the receiver has looked, found nothing, and is
 * about to wait. For: a mask that is opened before pause().
 */
void
handover_at_the_door(void **state)
{
	(void)state;
	struct trial *t = trial("handover");
	const char *text = drawn_text((size_t)draw(5, 50));
	fault_id sender, holds[DOORS];

	trial_watch(t, CALL_FORK);
	hold_doors(t, HOLD_OUTSIDE, holds);
	trial_start(t);
	expect_new(ask(t, "new"), "handover_new");
	sender = late_worker(t, text);
	ask_begin(t, "receive");
	expect_asleep(t, "asleep", _("handover_receive sleeps until there is a message"));
	release(t, sender, false);
	await_exits(t, 1);
	release_doors(t, holds);
	expect_text(answer_or(t, "signal-lost", _("the message arrives")), text, "signal-lost");
	trial_finish(t);
}

/*
 * Task 3: "Puts a message into the place, and then sends the signal". For: the
 * signal first; a length that is set before the bytes are there.
 */
void
handover_message_first(void **state)
{
	(void)state;
	struct trial *t = started();
	const char *old = drawn_text(20), *text = drawn_text(20);
	fault_id hold, sender;

	expect_text(wake_receiver(t, late_worker(t, old), 1, "arrives"), old, "arrives");
	sender = late_worker(t, text);
	hold = trial_fault(t,
	    (struct fault){.call = CALL_KILL, .action = HOLD_AFTER, .who = DESCENDANTS, .nth = 1});
	ask_begin(t, "receive");
	await_quiet(t);
	release(t, sender, false);
	await_held(t, hold); /* the signal is sent; the sender does nothing more */
	expect_text(answer_or(t, "message-first", _("the message arrives")), text, "message-first");
	release(t, hold, false);
	await_exits(t, 2);
	trial_finish(t);
}

/*
 * Task 3: "The signal alone is no message". For: a receiver that believes any
 * signal; EINTR.
 */
void
handover_signal_alone(void **state)
{
	(void)state;
	struct trial *t = started();
	const char *text = drawn_text(20), *other = drawn_text(30);
	fault_id sender, second, holds[DOORS];

	ask(t, "handle");
	sender = late_worker(t, text);
	second = late_worker(t, other);
	ask_begin(t, "receive");
	await_quiet(t);
	trial_kill(t, 0, HANDOVER_SIGNAL);
	expect_asleep(t, "signal-alone", _("handover_receive sleeps on when only a signal comes"));
	hold_doors(t, HOLD_AFTER, holds);
	trial_kill(t, 0, SIGUSR1); /* it comes by the doors again */
	expect_asleep(t, "signal-alone", _("handover_receive sleeps on when a handler has run"));
	release(t, sender, false);
	await_exits(t, 1);
	release_doors(t, holds);
	expect_text(answer_or(t, "signal-alone", _("the message arrives")), text, "signal-alone");
	trial_kill(t, 0, HANDOVER_SIGNAL); /* pending, and stale, when the next wait begins */
	expect_text(wake_receiver(t, second, 2, "signal-alone"), other, "signal-alone");
	trial_finish(t);
}

static uint64_t
mask_now(struct trial *t)
{
	return first_now(t)->blocked & STANDARD_SIGNALS;
}

static void
expect_mask(struct trial *t, uint64_t mask, const char *when)
{
	uint64_t now = mask_now(t);

	expect(now == mask, "mask", words(_("%s: blocked are: %s"), when, signal_names(mask)),
	    _("blocked are: %s"), signal_names(now));
}

static void
mask_is_kept(uint64_t before)
{
	struct trial *t = trial("handover");
	const uint64_t during = before | SIGNAL_BIT(HANDOVER_SIGNAL);
	const char *text = drawn_text(10);

	trial_block(t, SIGTERM);
	if (in_set(before, HANDOVER_SIGNAL))
		trial_block(t, HANDOVER_SIGNAL);
	trial_watch(t, CALL_FORK);
	for (size_t i = 0; i < DOORS; i++)
		trial_watch(t, doors[i]);
	trial_start(t);
	ask(t, "handle"); /* the program has begun */
	expect_mask(t, before, _("at the start"));
	expect_new(ask(t, "new"), "handover_new");
	expect_mask(t, during, _("after handover_new"));
	expect_text(wake_receiver(t, late_worker(t, text), 1, "arrives"), text, "arrives");
	expect_mask(t, during, _("after handover_receive"));
	trial_kill(t, 0, HANDOVER_SIGNAL);
	trial_kill(t, 0, HANDOVER_SIGNAL);
	look(t); /* it is there, and pending, before the next request is */
	ask(t, "raise");
	ask_begin(t, "free");
	expect(await_rest(t), "mask", _("a signal that is pending does no harm"),
	    _("the process was ended by it"));
	expect_result(ask_end(t), "handover_free", 0, "mask");
	expect_mask(t, before, _("after handover_free"));
	trial_finish(t);
}

/* SIGTERM is blocked, and comes while the receiver sleeps. */
static void
others_stay_blocked(void)
{
	struct trial *t = trial("handover");
	const char *text = drawn_text(10);
	fault_id sender;

	trial_block(t, SIGTERM);
	trial_watch(t, CALL_FORK);
	trial_start(t);
	expect_new(ask(t, "new"), "handover_new");
	sender = late_worker(t, text);
	ask_begin(t, "receive");
	expect_asleep(t, "asleep", _("handover_receive sleeps until there is a message"));
	trial_kill(t, 0, SIGTERM);
	expect(await_rest(t), "mask-inside", _("a signal that the caller has blocked stays out"),
	    _("the process was ended by it"));
	release(t, sender, false);
	expect_text(answer_or(t, "mask-inside", _("the message arrives")), text, "mask-inside");
	trial_finish(t);
}

/*
 * Task 3: "makes the signal mask as it was before". For: unblocking; SIGUSR2 as a deadly rest; a
 * sleep that lets in everything.
 */
void
handover_mask(void **state)
{
	(void)state;
	mask_is_kept(SIGNAL_BIT(SIGTERM));
	mask_is_kept(SIGNAL_BIT(SIGTERM) | SIGNAL_BIT(HANDOVER_SIGNAL));
	others_stay_blocked();
}

/* Task 3: the failures. For: bounds; a message that is overwritten; a place that stays full. */
void
handover_refuses(void **state)
{
	(void)state;
	struct trial *t = started();
	pid_t self = first_now(t)->pid;
	const char *text = drawn_text(HANDOVER_MAX), *other = drawn_text(20), *last = drawn_text(1);
	uint64_t mask;

	expect_failed(
	    ask(t, "send", word(self), "a", word(0)), "handover_send", -1, EMSGSIZE, "bounds");
	expect_failed(ask(t, "send", word(self), drawn_text(HANDOVER_MAX + 1)), "handover_send", -1,
	    EMSGSIZE, "bounds");
	expect_failed(ask(t, "send", word(draw(20000, 30000)), other), "handover_send", -1, ESRCH,
	    "place-empty");
	expect_result(ask(t, "send", word(self), text), "handover_send", 0, "place-empty");
	expect_failed(
	    ask(t, "send", word(self), other), "handover_send", -1, EAGAIN, "overwritten");
	receive(t, text, "overwritten");
	expect_result(ask(t, "send", word(self), last), "handover_send", 0, "place-empty");
	receive(t, last, "overwritten");
	ask(t, "free");
	mask = mask_now(t);
	mapping_fails(t);
	expect_failed(ask(t, "new"), "handover_new", 0, ENOMEM, "map-failed");
	expect_mask(t, mask, _("when handover_new fails"));
	trial_finish(t);
}
