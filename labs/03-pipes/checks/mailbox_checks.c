/* mailbox_checks.c - mailbox_open(), mailbox_close(), mailbox_send(). */
#include "checks.h"
#include "memory.h"
#include "pattern.h"
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char box[] = "box";

static unsigned
draw_key(void)
{
	return (unsigned)draw(1, 1000000);
}

static void
open_box(struct trial *t)
{
	const struct answer *a;

	ask_begin(t, "open", box);
	a = answer_or(t, "open-waits", _("mailbox_open returns at once, though nobody sends"));
	expect_result(a, "mailbox_open", 0, "open-waits");
}

/* A child that sends when it has read a byte. */
static pid_t
new_sender(struct trial *t, size_t n, unsigned key)
{
	return (pid_t)answer_int(ask(t, "sender", box, word((long long)n), word(key)), "pid");
}

static void
let_send(struct trial *t)
{
	trial_send(t, "!", 1);
}

static void
expect_message(const struct answer *a, size_t n, unsigned key, const char *hint)
{
	char text[PIPE_BUF];

	expect(answer_int(a, "got") == (long long)n, hint,
	    words(_("a message of %zu bytes arrives"), n), _("%lld bytes arrived, then %lld"),
	    answer_int(a, "got"), answer_int(a, "last"));
	fill_letters(text, n, key);
	expect(answer_int(a, "sum") == sum_of(text, n, SUM_OF_NOTHING), hint,
	    _("the message arrives as it was sent"), _("other bytes have arrived"));
}

/* The receiver waits; then a sender comes, and goes. */
static void
one_message(struct trial *t)
{
	size_t n = (size_t)draw(5, 500);
	unsigned key = draw_key();
	const struct answer *a;

	new_sender(t, n, key);
	ask_begin(t, "receive", word((long long)n));
	if (answered(t)) {
		a = ask_end(t);
		check_fail(answer_int(a, "last") < 0 ? "mailbox-flags" : "mailbox-end",
		    _("reading sleeps until somebody sends"),
		    _("read() returned %lld with errno %s"), answer_int(a, "last"),
		    error_name(answer_int(a, "errno")));
	}
	let_send(t);
	expect_message(
	    answer_or(t, "mailbox-end", _("the message arrives")), n, key, "mailbox-end");
}

/*
 * Task 4: "sleeps until there is something to read, however many senders have
 * come and gone." For: open() that waits for a sender; the end of the file when
 * the last one has gone; O_NONBLOCK that stays.
 */
void
mailbox_late_sender(void **state)
{
	(void)state;
	struct trial *t = trial("mailbox");
	const struct answer *a;

	trial_open_input(t);
	trial_start(t);
	open_box(t);
	a = ask(t, "mode", box);
	expect(answer_int(a, "mode") == (0600 & ~answer_int(a, "mask")), "mailbox-mode",
	    words(_("its permissions are 0600 less the umask, %04o"),
		0600U & ~(unsigned)answer_int(a, "mask")),
	    _("they are %04o"), (unsigned)answer_int(a, "mode"));
	one_message(t);
	one_message(t);
	ask(t, "close");
	expect_no_end_but(first_process(look(t)), 0, NULL);
	open_box(t); /* it is there already */
	one_message(t);
	trial_close_input(t);
	trial_finish(t);
}

/* Fails unless the sender sleeps; one that has ended has said what mailbox_send() returned. */
static void
expect_sender_waits(struct trial *t, const char *key, const char *expected)
{
	int result, error;

	await_quiet(t);
	if (exits(t) == 0)
		return;
	if (sscanf(trial_output(t), "sent %d %d", &result, &error) == 2)
		check_fail(key, expected, _("mailbox_send returned %d with errno %s"), result,
		    error_name(error));
	check_fail(key, expected, _("it has ended before"));
}

/*
 * Task 4: "When nobody has opened it for reading, it sleeps until somebody
 * does." For: O_NONBLOCK and ENXIO; trying again and again; EINTR.
 */
void
mailbox_late_receiver(void **state)
{
	(void)state;
	struct trial *t = trial("mailbox");
	size_t n = (size_t)draw(5, 500);
	unsigned key = draw_key();
	pid_t sender;

	trial_open_input(t);
	trial_start(t);
	ask(t, "mkfifo", box);
	ask(t, "handle");
	sender = new_sender(t, n, key);
	let_send(t);
	expect_sender_waits(t, "sender-gave-up", _("the sender waits for a receiver"));
	trial_kill(t, sender, SIGUSR1);
	expect_sender_waits(t, "eintr", _("the sender goes on waiting when a handler has run"));
	open_box(t);
	ask_begin(t, "receive", word((long long)n));
	expect_message(
	    answer_or(t, "sender-gave-up", _("the message arrives")), n, key, "sender-gave-up");
	trial_close_input(t);
	await_exits(t, 1);
	await_output(t, "sent 0 0\n");
	trial_finish(t);
}

static bool
one_has_ended(struct trial *t, void *with)
{
	(void)with;
	return exits(t) >= 1;
}

/* Are the bytes one message, and then the other? */
static bool
one_then_other(const struct answer *a, size_t n, unsigned one, unsigned other)
{
	char text[2 * PIPE_BUF];

	fill_letters(text, n, one);
	fill_letters(text + n, n, other);
	return answer_int(a, "sum") == sum_of(text, 2 * n, SUM_OF_NOTHING);
}

/* The first one that has written is held; meanwhile the other sends its message. */
static void
two_send(size_t n)
{
	struct trial *t = trial("mailbox");
	unsigned one = draw_key(), other = one + 1;
	const struct answer *a;
	fault_id hold;

	trial_open_input(t);
	hold = trial_fault(t, (struct fault){.call = CALL_WRITE,
				  .action = HOLD_AFTER,
				  .who = DESCENDANTS,
				  .fd = FD_FIFO,
				  .nth = 1});
	trial_start(t);
	open_box(t);
	new_sender(t, n, one);
	new_sender(t, n, other);
	trial_send(t, "!!", 2);
	await_held(t, hold);
	await(t, one_has_ended, NULL, "the other sender has sent its message");
	release(t, hold, false);
	await_exits(t, 2);
	ask_begin(t, "receive", word(2 * (long long)n));
	a = answer_or(t, "mixed-messages", _("both messages arrive"));
	expect(answer_int(a, "got") == 2 * (long long)n, "mixed-messages",
	    words(_("two messages of %zu bytes arrive"), n), _("%lld bytes arrived"),
	    answer_int(a, "got"));
	expect(one_then_other(a, n, one, other) || one_then_other(a, n, other, one),
	    "mixed-messages", _("one message arrives whole, then the other"),
	    _("their bytes are mixed"));
	trial_close_input(t);
	trial_finish(t);
}

/* "EMSGSIZE: n is 0 or greater than PIPE_BUF." */
static void
sizes_of_messages(void)
{
	struct trial *t = trial("mailbox");
	unsigned key = draw_key();

	trial_start(t);
	open_box(t);
	expect_failure(ask(t, "send", box, word(PIPE_BUF + 1), word(1)), "mailbox_send", EMSGSIZE,
	    "message-size");
	expect_failure(
	    ask(t, "send", box, word(0), word(1)), "mailbox_send", EMSGSIZE, "message-size");
	expect_result(
	    ask(t, "send", box, word(PIPE_BUF), word(key)), "mailbox_send", 0, "message-size");
	expect_message(ask(t, "receive", word(PIPE_BUF)), PIPE_BUF, key, "message-size");
	expect_result(ask(t, "send", box, word(1), word(key)), "mailbox_send", 0, "message-size");
	expect_message(ask(t, "receive", word(1)), 1, key, "message-size");
	trial_finish(t);
}

/*
 * Task 4: "The message arrives in one piece, however many send at the same
 * time." For: several write() calls for one message.
 */
void
mailbox_whole_messages(void **state)
{
	(void)state;
	two_send((size_t)draw(50, PIPE_BUF));
	sizes_of_messages();
}

/* ---- failures --------------------------------------------------------------------------- */

/* Fails unless the answer is this failure and nothing stays open. */
static void
expect_refusal(struct trial *t, const struct answer *a, const char *name, int error)
{
	const struct process *p = first_process(look(t));

	expect_failure(a, name, error, "mailbox-failure");
	expect_no_end_but(p, 0, NULL);
	expect(fd_of(p, 2) != NULL, "mailbox-failure", _("only what was opened is closed"),
	    _("standard error is closed, too"));
}

static void
wrong_paths(void)
{
	struct trial *t = trial("mailbox");
	const char *content;
	size_t n;

	trial_file(t, "file", "text", 4, 0600);
	trial_start(t);
	expect_refusal(t, ask(t, "open", "file"), "mailbox_open", EEXIST);
	expect_refusal(t, ask(t, "open", "."), "mailbox_open", EEXIST);
	expect_refusal(t, ask(t, "open", "no/box"), "mailbox_open", ENOENT);
	expect_refusal(t, ask(t, "send", box, word(5), word(1)), "mailbox_send", ENOENT);
	content = trial_read_file(t, "file", &n);
	expect(content != NULL && n == 4 && memcmp(content, "text", 4) == 0, "mailbox-failure",
	    _("a file that is no FIFO is left as it is"), _("it has changed"));
	expect(trial_read_file(t, box, &n) == NULL, "mailbox-failure",
	    _("mailbox_send creates nothing"), _("there is a file now"));
	trial_finish(t);
}

/* One call fails in mailbox_open: what it has opened is closed again. */
static void
open_fails(unsigned nth)
{
	struct trial *t = trial("mailbox");
	fault_id fault;
	const struct answer *a;

	trial_watch(t, CALL_OPEN);
	trial_start(t);
	ask(t, "mkfifo", box);
	fault = trial_fault(t, (struct fault){.call = CALL_OPEN,
				   .action = FAULT_FAIL,
				   .who = FIRST,
				   .nth = nth,
				   .error = EMFILE,
				   .optional = nth > 1});
	a = ask(t, "open", box);
	look(t); /* what was delivered is known now */
	if (fault_delivered(t, fault) > 0)
		expect_refusal(t, a, "mailbox_open", EMFILE);
	trial_finish(t);
}

/* The FIFO cannot be made. */
static void
mkfifo_fails(void)
{
	struct trial *t = trial("mailbox");

	trial_fault(t, (struct fault){.call = CALL_MKFIFO,
			   .action = FAULT_FAIL,
			   .who = FIRST,
			   .nth = 1,
			   .error = ENOSPC});
	trial_start(t);
	expect_refusal(t, ask(t, "open", box), "mailbox_open", ENOSPC);
	trial_finish(t);
}

/* A call of the sender fails, or is interrupted. */
static void
send_fails(enum call call, int error)
{
	struct trial *t = trial("mailbox");
	const struct answer *a;
	unsigned key = draw_key();
	const struct process *p;
	long long fds[16];
	size_t n = 0;

	trial_watch(t, call);
	trial_start(t);
	open_box(t);
	p = first_process(look(t));
	for (size_t i = 0; i < p->n_fds && n < 16; i++)
		fds[n++] = p->fds[i].number;
	trial_fault(t, (struct fault){.call = call,
			   .action = FAULT_FAIL,
			   .who = FIRST,
			   .fd = call == CALL_WRITE ? FD_FIFO : FD_ANY,
			   .nth = 1,
			   .error = error});
	a = ask(t, "send", box, word(30), word(key));
	if (error == EINTR) {
		expect_result(a, "mailbox_send", 0, "eintr");
		expect_message(ask(t, "receive", word(30)), 30, key, "eintr");
	} else {
		expect_failure(a, "mailbox_send", error, "mailbox-failure");
	}
	expect_no_end_but(first_process(look(t)), n, fds);
	trial_finish(t);
}

/* "No descriptor of the mailbox survives an exec." */
static void
closed_on_exec(void)
{
	struct trial *t = trial("mailbox");
	const struct process *p;

	trial_start(t);
	open_box(t);
	p = first_process(look(t));
	for (size_t i = 0; i < p->n_fds; i++)
		expect(p->fds[i].number <= 2 || p->fds[i].close_on_exec, "mailbox-exec",
		    _("the mailbox is closed on exec"), _("descriptor %d is not"),
		    p->fds[i].number);
	trial_finish(t);
}

/*
 * Task 4: "Returns -1 with errno; no descriptor stays open." For: a file that is
 * opened whatever it is; descriptors left open; an errno that close() or stat() set.
 */
void
mailbox_failures(void **state)
{
	(void)state;
	wrong_paths();
	mkfifo_fails();
	open_fails(1);
	open_fails(2);
	open_fails(3);
	send_fails(CALL_OPEN, EACCES);
	send_fails(CALL_OPEN, EINTR);
	send_fails(CALL_WRITE, EPIPE);
	send_fails(CALL_WRITE, EINTR);
	closed_on_exec();
}

/* "is freed". For: a byte behind the message, a copy of message or path that is lost. */
void
mailbox_memory(void **state)
{
	(void)state;
	struct trial *t = trial("mailbox");
	size_t n = (size_t)draw(20, 900);

	memory_watch(t);
	trial_start(t);
	for (int i = 0; i < 2; i++) { /* a pointer that has stayed in a register is only one */
		ask(t, "open", ".");
		ask(t, "open", box);
		ask(t, "bare", "no-box", word((long long)n));
		ask(t, "bare", box, word((long long)n));
		ask(t, "bare", box, word(PIPE_BUF + 1));
		ask(t, "receive", word((long long)n));
		ask(t, "close");
	}
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}
