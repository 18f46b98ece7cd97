/* pass_checks.c - send_descriptor() and receive_descriptor(). */
#include "answers.h"
#include "checks.h"
#include "memory.h"
#include <errno.h>
#include <signal.h>

static int channel_end[2], passed; /* numbers in the probe */

static struct trial *
channel(const char *kind)
{
	struct trial *t = trial("pass");
	const struct answer *a;

	trial_watch(t, CALL_WRITE);
	trial_start(t);
	a = ask(t, "pair", kind);
	channel_end[0] = (int)answer_int(a, "zero");
	channel_end[1] = (int)answer_int(a, "one");
	passed = (int)answer_int(ask(t, "pipe"), "fd");
	return t;
}

static size_t
open_now(struct trial *t)
{
	return first_process(look(t))->n_fds;
}

static uint64_t
inode_of(struct trial *t, int number)
{
	const struct descriptor *d = fd_of(first_process(look(t)), number);

	return d != NULL ? d->inode : 0;
}

static void
sends(struct trial *t, const char *key)
{
	ask_begin(t, "send", word(passed));
	expect_result(answer_or(t, key, _("send_descriptor returns")), "send_descriptor", 0, key);
}

/* Of all bytes that went over sockets, at least one goes with each descriptor. */
static void
expect_byte(struct trial *t)
{
	size_t n;
	const struct event *e = events(t, &n);

	for (size_t i = 0; i < n; i++)
		expect(e[i].kind != EVENT_CALL || e[i].call != CALL_WRITE ||
			   e[i].args[0] != channel_end[0] || e[i].result == 1,
		    "data-byte", _("one byte goes with the descriptor"), _("%ld bytes went"),
		    e[i].result);
}

static int
receives(struct trial *t, const char *key)
{
	const struct answer *a;

	ask_begin(t, "receive");
	a = answer_or(t, key, _("receive_descriptor returns the descriptor that was sent"));
	expect(answer_int(a, "result") >= 0, key,
	    _("receive_descriptor returns the descriptor that was sent"),
	    _("it returned %lld with errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
	return (int)answer_int(a, "result");
}

static void
passes(const char *kind)
{
	struct trial *t = channel(kind);
	uint64_t pipe = inode_of(t, passed);
	bool still_open;
	int here;

	sends(t, "not-passed");
	expect_byte(t);
	still_open = inode_of(t, passed) == pipe; /* whether it should be, another check asks */
	here = receives(t, "not-passed");
	expect((here != passed || !still_open) && inode_of(t, here) == pipe && pipe != 0,
	    "same-file",
	    _("what is returned is open here, for the same file, and is not the number that was "
	      "sent"),
	    _("%d was sent and %d returned"), passed, here);
	trial_finish(t);
}

/*
 * Task 1: "one byte, and with it exactly one descriptor". For: a message without data, the
 * number sent as data, the number of the sender's returned.
 */
void
pass_descriptor(void **state)
{
	(void)state;
	passes("stream");
	passes("datagram");
}

/*
 * Task 1: "fd stays open". For: a sender that closes it, a descriptor that is made and forgotten,
 * a channel that is closed.
 */
void
pass_owner(void **state)
{
	(void)state;
	struct trial *t = channel(draw(0, 1) == 0 ? "stream" : "datagram");
	size_t before = open_now(t);

	for (int i = 0; i < 5; i++) {
		int here;

		sends(t, "not-passed");
		expect(inode_of(t, passed) != 0, "sender-closes",
		    _("the descriptor that was sent stays open in the sender"), _("it is closed"));
		here = receives(t, "not-passed");
		ask(t, "close", word(here));
		expect(open_now(t) == before, "descriptor-left",
		    _("after each message one descriptor more is open: the one that was returned"),
		    _("%zu are open where there were %zu, and that one is closed"), open_now(t),
		    before);
	}
	trial_finish(t);
}

static void
receive_fails(struct trial *t, int error, const char *key)
{
	ask_begin(t, "receive");
	expect_failure(
	    answer_or(t, key, _("receive_descriptor returns")), "receive_descriptor", error, key);
}

static void
the_end(void)
{
	struct trial *t = channel("stream");

	ask(t, "close", word(channel_end[0]));
	receive_fails(t, EPIPE, "channel-end");
	trial_finish(t);
	t = channel("stream");
	ask(t, "close", word(channel_end[1]));
	ask_begin(t, "send", word(passed));
	if (!await_rest(t)) {
		trial_end(t);
		expect(trial_term_signal(t) != SIGPIPE, "sigpipe",
		    _("sending to nobody fails with EPIPE"),
		    _("the process was killed by SIGPIPE"));
	}
	expect_failure(ask_end(t), "send_descriptor", EPIPE, "channel-end");
	trial_finish(t);
}

static void
would_block(void)
{
	struct trial *t = channel("datagram");

	ask(t, "nonblock", word(channel_end[1]));
	receive_fails(t, EAGAIN, "pass-failure");
	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .fd = FD_SOCKET,
			   .nth = 1,
			   .error = EAGAIN});
	ask_begin(t, "send", word(passed));
	expect_failure(answer_or(t, "pass-failure", _("send_descriptor returns")),
	    "send_descriptor", EAGAIN, "pass-failure");
	trial_finish(t);
}

/* How many messages have gone. */
static unsigned
sent(struct trial *t)
{
	size_t n;
	const struct event *e = events(t, &n);
	unsigned found = 0;

	for (size_t i = 0; i < n; i++)
		found += e[i].kind == EVENT_CALL && e[i].call == CALL_WRITE &&
			 e[i].args[0] == channel_end[0] && e[i].result >= 0;
	return found;
}

static void
interrupted(void)
{
	struct trial *t = channel("stream");

	ask(t, "handle");
	ask_begin(t, "receive");
	await_quiet(t);
	trial_kill(t, 0, SIGUSR1);
	expect_asleep(t, "pass-eintr", _("a receive that a signal interrupts is made again"));
	t = channel("stream");
	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .fd = FD_SOCKET,
			   .nth = 1,
			   .error = EINTR});
	sends(t, "pass-eintr");
	expect(sent(t) == 1, "pass-eintr", _("a send that a signal interrupts is made again"),
	    _("it is not"));
	trial_finish(t);
}

/*
 * Task 1: what the functions return. For: the end of the channel taken for a descriptor, SIGPIPE,
 * EINTR handed on, EAGAIN tried again and again.
 */
void
pass_failures(void **state)
{
	(void)state;
	the_end();
	would_block();
	interrupted();
}

/* Of two descriptors there is a number free for one: what has come of the message is closed. */
static void
stray_is_cut_off(void)
{
	struct trial *t = channel("stream");
	size_t before = open_now(t);

	ask(t, "stray", word(2));
	ask(t, "crowd");
	receive_fails(t, EBADMSG, "stray");
	expect(open_now(t) == before, "descriptor-left",
	    _("whatever came with a bad message is closed"),
	    _("with %d descriptors in the message, %zu are open where there were %zu"), 2,
	    open_now(t), before);
	trial_finish(t);
}

/*
 * Task 1: "EBADMSG when no descriptor came or more than one". For: a number that nobody set, the
 * second descriptor that fits into the padding and stays open, a message that is taken together
 * with the one before it.
 */
void
pass_stray(void **state)
{
	static const int strays[] = {0, 2, 4};

	(void)state;
	struct trial *t = channel("stream");
	size_t before = open_now(t);

	for (size_t i = 0; i < sizeof strays / sizeof *strays; i++) {
		ask(t, "stray", word(strays[i]));
		receive_fails(t, EBADMSG, "stray");
		expect(open_now(t) == before, "descriptor-left",
		    _("whatever came with a bad message is closed"),
		    _("with %d descriptors in the message, %zu are open where there were %zu"),
		    strays[i], open_now(t), before);
	}
	for (int n = 0; n < 2; n++) /* the second is as it should be, and both wait */
		ask(t, "stray", word(n));
	receive_fails(t, EBADMSG, "stray");
	receives(t, "stray");
	trial_finish(t);
	stray_is_cut_off();
}

/*
 * Task 1: "Every byte that is handed to the kernel has a value." For: an unset data byte, or
 * another one than 0.
 */
void
pass_memory(void **state)
{
	(void)state;
	struct trial *t = trial("pass");
	const char *fd;
	int byte;

	memory_watch(t);
	trial_start(t);
	ask(t, "pair", "stream");
	fd = word(answer_int(ask(t, "pipe"), "fd"));
	ask(t, "send", fd);
	ask(t, "receive");
	ask(t, "send", fd);
	byte = (int)answer_int(ask(t, "byte"), "byte");
	trial_finish(t);
	memory_verdict(t, "unset-byte", "leak");
	expect(byte == 0, "data-byte", _("the byte that goes with the descriptor is 0"),
	    _("it is %d"), byte);
}
