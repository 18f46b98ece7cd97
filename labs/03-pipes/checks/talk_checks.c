/* talk_checks.c - start_partner(), exchange(), end_partner(). */
#include "checks.h"
#include "memory.h"
#include "pattern.h"
#include "talk.h"
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

/* A partner as the probe knows it. */
struct known {
	int i;
	enum link link;
	pid_t pid;
	long long ends[2]; /* from, to */
};

#define start(t, i, link, ...)                                                                     \
	start_words(t, i, ask(t, "start", word(i), name_of(link), __VA_ARGS__), link)

static const char *
name_of(enum link link)
{
	return link == TWO_PIPES ? "TWO_PIPES" : "SOCKET_PAIR";
}

static struct known
start_words(struct trial *t, int i, const struct answer *a, enum link link)
{
	struct known k = {.i = i,
	    .link = link,
	    .pid = (pid_t)answer_int(a, "pid"),
	    .ends = {answer_int(a, "from"), answer_int(a, "to")}};

	look(t); /* events up to now are heard of */
	expect_result(a, "start_partner", 0, "no-partner");
	expect(forks(t) > 0 && k.pid > 0, "no-partner", _("a process is made for the partner"),
	    _("%u were made, and p->pid is %d"), forks(t), k.pid);
	return k;
}

static void
exchange_begin(struct trial *t, const struct known *k, size_t n, unsigned key, size_t room)
{
	ask_begin(t, "exchange", word(k->i), word((long long)n), word(key), word((long long)room));
}

/* Does somebody else wait for more input, or for its end? Then no pipe is full. */
static bool
input_is_missing(const struct look *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (&l->processes[i] != first_process(l) &&
		    l->processes[i].blocked_in == CALL_READ && l->processes[i].blocked_fd == 0)
			return true;
	return false;
}

/* The answer; a hang has many reasons, and each has its key. */
static const struct answer *
exchange_end(struct trial *t, const struct known *k)
{
	if (!answered(t) && input_is_missing(look(t)))
		return answer_of_flow(t, 2, k->ends, "no-answer-got",
		    _("the partner reads the end of the file when all the text is sent"));
	return answer_of_flow(t, 2, k->ends, "deadlock",
	    _("exchange returns: it sends and receives at the same time"));
}

static const struct answer *
exchange_all(struct trial *t, const struct known *k, size_t n, unsigned key, size_t room)
{
	exchange_begin(t, k, n, key, room);
	return exchange_end(t, k);
}

/* To the question that has been asked: end this one. */
static void
expect_status_told(struct trial *t, int status, const char *key)
{
	const struct answer *a =
	    answer_or(t, key, _("end_partner closes both ends, and the partner ends"));
	expect((int)answer_int(a, "status") == status, key,
	    words(_("the status of the partner: %s"), ending_of(status)), _("it is: %s"),
	    ending_of((int)answer_int(a, "status")));
}

static void
expect_status_of(struct trial *t, const struct known *k, int status, const char *key)
{
	ask_begin(t, "end", word(k->i));
	expect_status_told(t, status, key);
}

static void
expect_end(struct trial *t, const struct known *k, int status, const char *key)
{
	expect_status_of(t, k, status, key);
	expect_nothing_left(t);
}

/* What the partner must have answered: so many zeros, then the text, in capitals or not. */
static long long
sum_expected(size_t zeros, size_t n, unsigned key, bool capitals)
{
	unsigned char *text = malloc(zeros + n + 1);
	long long sum;

	if (text == NULL)
		grader_fault("out of memory");
	for (size_t i = 0; i < zeros; i++)
		text[i] = 0;
	fill_letters(text + zeros, n, key);
	for (size_t i = zeros; capitals && i < zeros + n; i++)
		text[i] = (unsigned char)toupper(text[i]);
	sum = sum_of(text, zeros + n, SUM_OF_NOTHING);
	free(text);
	return sum;
}

/* "However it returns, p->to is -1." */
static void
expect_to_is_gone(const struct answer *a)
{
	expect(answer_int(a, "to") == -1, "to-stays", _("p->to is -1 afterwards"), _("it is %lld"),
	    answer_int(a, "to"));
}

static void
expect_exchanged(const struct answer *a, size_t n, long long sum, const char *key)
{
	expect_result(a, "exchange", 0, key);
	expect(answer_int(a, "got") == (long long)n, key, words(_("the answer has %zu bytes"), n),
	    _("*got is %lld"), answer_int(a, "got"));
	expect(answer_int(a, "sum") == sum, key, _("the answer arrives as the partner wrote it"),
	    _("other bytes have arrived"));
}

/* Both ends must be what the link promises. */
static void
expect_link(struct trial *t, const struct known *k)
{
	const struct process *p = first_process(look(t));
	const struct descriptor *from = fd_of(p, (int)k->ends[0]), *to = fd_of(p, (int)k->ends[1]);
	enum fd_kind kind = k->link == TWO_PIPES ? FD_PIPE : FD_SOCKET;

	expect(from != NULL && to != NULL && from->kind == kind && to->kind == kind, "wrong-link",
	    kind == FD_PIPE ? _("p->from and p->to are ends of pipes")
			    : _("p->from and p->to are a socket"),
	    _("they are %lld and %lld, and not that"), k->ends[0], k->ends[1]);
	expect((k->link == SOCKET_PAIR) == (k->ends[0] == k->ends[1]), "wrong-link",
	    kind == FD_PIPE ? _("p->from and p->to differ") : _("p->from and p->to are the same"),
	    _("they are %lld and %lld"), k->ends[0], k->ends[1]);
}

/* "each descriptor once": a second close() may hit what somebody else has opened since. */
static void
expect_closed_once(struct trial *t)
{
	size_t n;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		expect(happened[i].kind != EVENT_CALL || happened[i].call != CALL_CLOSE ||
			   happened[i].pid != first_process(look_at_end(t))->pid ||
			   happened[i].result != -EBADF,
		    "closed-twice", _("each descriptor is closed once"),
		    _("close(%ld) failed: it was not open"), happened[i].args[0]);
}

static void
a_conversation(enum link link, size_t n, int status)
{
	struct trial *t = trial("talk");
	unsigned key = (unsigned)draw(1, 1000000);
	const char *command = words("tr a-z A-Z; exit %d", status);
	int i = (int)draw(0, 3);
	const struct answer *a;
	struct known k;

	trial_watch(t, CALL_CLOSE);
	trial_start(t);
	k = start(t, i, link, "sh", "-c", command);
	expect_link(t, &k);
	a = exchange_all(t, &k, n, key, n + 10);
	expect_exchanged(a, n, sum_expected(0, n, key, true), "no-answer-got");
	expect_to_is_gone(a);
	expect_end(t, &k, status << 8, "partner-status");
	trial_finish(t);
	expect_closed_once(t);
}

/* A partner that is not asked reads the end of the file when both ends are closed. */
static void
nothing_said(enum link link)
{
	struct trial *t = trial("talk");
	struct known k;

	trial_watch(t, CALL_CLOSE);
	trial_start(t);
	k = start(t, 0, link, "cat");
	expect_end(t, &k, 0, "partner-status");
	trial_finish(t);
	expect_closed_once(t);
}

/*
 * "Waits for nobody else": the second partner has ended when the first one is waited for, and the
 * first one does not end before the caller sleeps: who takes anybody meets the second.
 */
static void
another_has_ended(void)
{
	struct trial *t = trial("talk");
	int status = (int)draw(1, 99);
	struct known one, two;
	fault_id hold;

	trial_watch(t, CALL_EXIT);
	trial_start(t);
	one = start(t, 0, TWO_PIPES, "cat");
	two = start(t, 1, TWO_PIPES, "sh", "-c", words("exit %d", status));
	await_exits(t, 1);
	await_quiet(t);
	hold = trial_fault(
	    t, (struct fault){
		   .call = CALL_EXIT, .action = HOLD_BEFORE, .who = DESCENDANTS, .optional = true});
	ask_begin(t, "end", word(one.i));
	await_quiet(t);
	release(t, hold, false);
	expect_status_told(t, 0, "partner-status");
	expect_end(t, &two, status << 8, "partner-status");
	trial_finish(t);
}

/*
 * Task 2: "receives all that it answers, up to the end of the file". For: no
 * end of file for the partner, one read() only, the exit code in place of the
 * status, wait() for anybody.
 */
void
partner_answers(void **state)
{
	(void)state;
	a_conversation(TWO_PIPES, (size_t)draw(20, 900), (int)draw(1, 99));
	a_conversation(TWO_PIPES, 0, (int)draw(1, 99));
	nothing_said(TWO_PIPES);
	another_has_ended();
}

/* The same over a socket. For: close() for the end of the text, which ends both directions. */
void
partner_over_socket(void **state)
{
	(void)state;
	a_conversation(SOCKET_PAIR, (size_t)draw(20, 900), (int)draw(1, 99));
	a_conversation(SOCKET_PAIR, 0, (int)draw(1, 99));
	nothing_said(SOCKET_PAIR);
}

static void
expect_own_ends_only(struct trial *t, const struct known *one, const struct known *two)
{
	const long long ours[] = {one->ends[0], one->ends[1], two->ends[0], two->ends[1]};
	const struct look *l;

	await_quiet(t);
	l = look(t);
	for (size_t i = 0; i < l->n; i++)
		expect_no_end_but(
		    &l->processes[i], &l->processes[i] == first_process(l) ? 4 : 0, ours);
}

static void
two_partners(enum link link)
{
	struct trial *t = trial("talk");
	struct known one, two;

	trial_start(t);
	one = start(t, 0, link, "cat");
	two = start(t, 1, link, "cat");
	expect_own_ends_only(t, &one, &two);
	ask_begin(t, "end", word(0));
	answer_of_flow(t, 2, two.ends, "unused-ends",
	    _("the first partner ends when the caller has closed its ends"));
	expect_end(t, &two, 0, "partner-status");
	trial_finish(t);
}

/*
 * Task 2: "Nobody holds an end that he does not need." For: no close() after
 * fork(), on either side; ends that a second partner inherits.
 */
void
partner_unused_ends(void **state)
{
	(void)state;
	two_partners(TWO_PIPES);
	two_partners(SOCKET_PAIR);
}

/* The partner writes zeros first, more than a pipe holds, then reads; and a point at the end. */
static void
much_text(enum link link, size_t zeros)
{
	struct trial *t = trial("talk");
	size_t n = (size_t)draw(400000, 600000);
	unsigned key = (unsigned)draw(1, 1000000);
	const char *command = words("head -c %zu /dev/zero; cat; printf .", zeros);
	struct known k;
	long long sum;

	trial_start(t);
	k = start(t, 0, link, "sh", "-c", command);
	sum = sum_of(".", 1, (uint32_t)sum_expected(zeros, n, key, false));
	expect_exchanged(
	    exchange_all(t, &k, n, key, zeros + n + 1), zeros + n + 1, sum, "deadlock");
	expect_end(t, &k, 0, "partner-status");
	trial_finish(t);
}

/* Task 2: "nobody waits for ever". For: first all the text, then the answer; the other way round.
 */
void
partner_no_deadlock(void **state)
{
	(void)state;
	much_text(TWO_PIPES, 0);
	much_text(TWO_PIPES, 300000);
	much_text(SOCKET_PAIR, 0);
	much_text(SOCKET_PAIR, 400000);
}

static fault_id
at_our_ends(struct trial *t, enum link link, enum call call, struct fault fault)
{
	fault.call = call;
	fault.who = FIRST;
	if (call == CALL_READ || call == CALL_WRITE)
		fault.fd = link == TWO_PIPES ? FD_PIPE : FD_SOCKET;
	fault.optional = true; /* threads, children, other calls may do it */
	return trial_fault(t, fault);
}

/* The partner has ended, or ends when it has read a few bytes of many. */
static void
not_all_is_read(enum link link)
{
	struct trial *t = trial("talk");
	unsigned key = (unsigned)draw(1, 1000000);
	size_t n = (size_t)draw(400000, 500000);
	struct known k;

	trial_start(t);
	k = start(t, 0, link, "sh", "-c", "echo ready; exit 4");
	await_exits(t, 1);
	expect_result(exchange_all(t, &k, n, key, 6), "exchange", 0, "partner-gone");
	expect_end(t, &k, 4 << 8, "partner-gone");
	k = start(t, 0, link, "head", "-c", "5");
	expect_exchanged(
	    exchange_all(t, &k, n, key, 100), 5, sum_expected(0, 5, key, false), "partner-gone");
	expect_end(t, &k, 0, "partner-gone");
	trial_finish(t);
}

/* The first read() brings a part; what is free then is less than room. */
static void
a_long_answer_in_pieces(enum link link)
{
	struct trial *t = trial("talk");
	size_t room = (size_t)draw(20, 90);
	const struct answer *a;
	struct known k;

	trial_watch(t, CALL_READ);
	trial_start(t);
	k = start(t, 0, link, "cat");
	at_our_ends(t, link, CALL_READ, (struct fault){.action = FAULT_CUT, .nth = 1, .bytes = 10});
	a = exchange_all(t, &k, room + 40, 1, room);
	expect_failure(a, "exchange", EMSGSIZE, "answer-too-long");
	expect(answer_int(a, "beyond") == 0, "beyond-room", _("nothing is written behind the room"),
	    _("bytes behind it have changed"));
	ask(t, "end", word(0));
	trial_finish(t);
}

/* "EMSGSIZE: the answer is longer than room", which may be needed to the last byte. */
static void
too_much_answer(enum link link)
{
	struct trial *t = trial("talk");
	size_t n = (size_t)draw(20, 90);
	const struct answer *a;
	struct known k;

	trial_start(t);
	k = start(t, 0, link, "cat");
	a = exchange_all(t, &k, n, 1, n - 1);
	expect_failure(a, "exchange", EMSGSIZE, "answer-too-long");
	expect(answer_int(a, "beyond") == 0, "beyond-room", _("nothing is written behind the room"),
	    _("bytes behind it have changed"));
	expect_to_is_gone(a);
	ask(t, "end", word(0));
	expect_nothing_left(t);
	k = start(t, 0, link, "tr", "a-z", "A-Z");
	expect_exchanged(
	    exchange_all(t, &k, n, 1, n), n, sum_expected(0, n, 1, true), "answer-too-long");
	ask(t, "end", word(0));
	trial_finish(t);
}

/* "The partner starts with the default action for SIGPIPE." */
static void
starts_with_default_action(enum link link)
{
	struct trial *t = trial("talk");
	const struct look *l;
	struct known k;

	trial_start(t);
	k = start(t, 0, link, "cat");
	await_quiet(t);
	l = look(t);
	expect(process_of(l, k.pid) != NULL, "no-partner", _("p->pid is the partner's process"),
	    _("there is no process %d"), k.pid);
	expect(!in_set(process_of(l, k.pid)->ignored, SIGPIPE), "sigpipe-inherited",
	    _("the partner starts with the default action for SIGPIPE"), _("it ignores SIGPIPE"));
	ask(t, "end", word(0));
	trial_finish(t);
}

/*
 * Task 2: "A partner that does not read all of text is no failure." For: EPIPE
 * or ECONNRESET taken for a failure; SIGPIPE that stays ignored.
 */
void
partner_leaves_early(void **state)
{
	(void)state;
	for (enum link link = TWO_PIPES; link <= SOCKET_PAIR; link++) {
		not_all_is_read(link);
		too_much_answer(link);
		a_long_answer_in_pieces(link);
		starts_with_default_action(link);
	}
}

/* end_partner has no result that an answer could show. */
static void
expect_waiting(struct trial *t, const char *key)
{
	expect(!answered(t), key, _("end_partner waits until the partner has ended"),
	    _("it has returned before"));
}

/* The partner is held before exec; handlers run meanwhile. */
static void
handler_in_exchange(enum link link)
{
	struct trial *t = trial("talk");
	size_t n = (size_t)draw(20, 90);
	struct known k;
	fault_id hold = trial_fault(t,
	    (struct fault){.call = CALL_EXEC, .action = HOLD_BEFORE, .who = DESCENDANTS, .nth = 1});

	trial_start(t);
	ask(t, "handle");
	k = start(t, 0, link, "cat");
	exchange_begin(t, &k, n, 1, n);
	expect_asleep(t, "no-answer-got", _("exchange waits for the answer"));
	trial_kill(t, 0, SIGUSR1);
	expect_asleep(t, "eintr", _("exchange goes on waiting when a handler has run"));
	release(t, hold, false);
	expect_exchanged(exchange_end(t, &k), n, sum_expected(0, n, 1, false), "eintr");
	expect_end(t, &k, 0, "partner-status");
	trial_finish(t);
}

/* The same in end_partner: the partner is held before its end. */
static void
handler_in_end(enum link link)
{
	struct trial *t = trial("talk");
	fault_id hold = trial_fault(t,
	    (struct fault){.call = CALL_EXIT, .action = HOLD_BEFORE, .who = DESCENDANTS, .nth = 1});

	trial_start(t);
	ask(t, "handle");
	start(t, 0, link, "cat");
	ask_begin(t, "end", word(0));
	expect_waiting(t, "partner-status");
	trial_kill(t, 0, SIGUSR1);
	expect_waiting(t, "eintr");
	release(t, hold, false);
	expect((int)answer_int(answer_or(t, "eintr", _("end_partner returns")), "status") == 0,
	    "eintr", _("the status of the partner arrives"), _("another one was stored"));
	expect_nothing_left(t);
	trial_finish(t);
}

/* Reads and writes that take a few bytes only, and that a signal interrupts. */
static void
short_calls(enum link link)
{
	struct trial *t = trial("talk");
	size_t n = (size_t)draw(20, 60);
	struct known k;

	trial_watch(t, CALL_READ);
	trial_watch(t, CALL_WRITE);
	trial_start(t);
	k = start(t, 0, link, "cat");
	at_our_ends(t, link, CALL_WRITE, (struct fault){.action = FAULT_CUT, .nth = 1, .bytes = 3});
	at_our_ends(
	    t, link, CALL_WRITE, (struct fault){.action = FAULT_FAIL, .nth = 2, .error = EINTR});
	at_our_ends(
	    t, link, CALL_READ, (struct fault){.action = FAULT_FAIL, .nth = 2, .error = EINTR});
	expect_exchanged(
	    exchange_all(t, &k, n, 1, n), n, sum_expected(0, n, 1, false), "short-write");
	expect_end(t, &k, 0, "partner-status");
	trial_finish(t);
}

/* A failure that cannot be mended. */
static void
a_call_fails(enum link link, enum call call)
{
	struct trial *t = trial("talk");
	const struct answer *a;
	struct known k;
	fault_id fault;

	trial_watch(t, call);
	trial_start(t);
	k = start(t, 0, link, "cat");
	fault = at_our_ends(
	    t, link, call, (struct fault){.action = FAULT_FAIL, .nth = 1, .error = EIO});
	a = exchange_all(t, &k, 50, 1, 50);
	look(t); /* what was delivered is known now */
	if (fault_delivered(t, fault) > 0) {
		expect_failure(a, "exchange", EIO, "io-failure");
		expect_to_is_gone(a);
	}
	ask(t, "end", word(0));
	expect_nothing_left(t);
	trial_finish(t);
}

/* Task 2: "no function fails with EINTR", and what cannot be mended is reported. */
void
partner_interrupted(void **state)
{
	(void)state;
	for (enum link link = TWO_PIPES; link <= SOCKET_PAIR; link++) {
		handler_in_exchange(link);
		handler_in_end(link);
		short_calls(link);
		a_call_fails(link, CALL_WRITE);
		a_call_fails(link, CALL_READ);
		a_call_fails(link, CALL_POLL);
		a_call_fails(link, CALL_SELECT);
	}
}

static void
cannot_start(enum link link, enum call call, unsigned nth, int error)
{
	struct trial *t = trial("talk");

	trial_watch(t, call);
	trial_start(t);
	trial_fault(
	    t, (struct fault){
		   .call = call, .action = FAULT_FAIL, .who = FIRST, .nth = nth, .error = error});
	expect_failure(ask(t, "start", word(0), name_of(link), "cat"), "start_partner", error,
	    "start-failure");
	expect_nothing_left(t);
	trial_finish(t);
}

/* One of the two dup2() calls of the child fails. */
static void
no_place(enum link link, unsigned nth)
{
	struct trial *t = trial("talk");
	struct known k;

	trial_fault(t, (struct fault){.call = CALL_DUP,
			   .action = FAULT_FAIL,
			   .who = DESCENDANTS,
			   .nth = nth,
			   .error = EBUSY});
	trial_start(t);
	k = start(t, 0, link, "true");
	expect_end(t, &k, 127 << 8, "no-exec");
	trial_finish(t);
}

static void
no_such_program(enum link link)
{
	struct trial *t = trial("talk");
	struct known k;

	trial_start(t);
	k = start(t, 0, link, words("no-such-%d", (int)draw(10, 99)));
	expect_end(t, &k, 127 << 8, "no-exec");
	trial_finish(t);
}

/*
 * Task 2: "no process was started then, and no descriptor is open." For: the
 * first pipe that stays when the second fails, fork's -1 taken for a child.
 */
void
partner_cannot_start(void **state)
{
	(void)state;
	cannot_start(TWO_PIPES, CALL_PIPE, 1, EMFILE);
	cannot_start(TWO_PIPES, CALL_PIPE, 2, ENFILE);
	cannot_start(TWO_PIPES, CALL_FORK, 1, EAGAIN);
	cannot_start(SOCKET_PAIR, CALL_PIPE, 1, EMFILE);
	cannot_start(SOCKET_PAIR, CALL_FORK, 1, EAGAIN);
	no_such_program(TWO_PIPES);
	no_such_program(SOCKET_PAIR);
	no_place(TWO_PIPES, 1);
	no_place(SOCKET_PAIR, 2);
}

/* A conversation under valgrind, with so much room for an answer. */
static void
bare_exchange(struct trial *t, enum link link, size_t n, size_t room)
{
	ask(t, "start", word(0), word(link), "cat");
	ask(t, "exchange", word(0), word((long long)n), word(1), word((long long)room), "bare");
	ask(t, "end", word(0));
}

/*
 * "room for room bytes, not more"; "is freed". For: a byte behind the text or the room, a copy that
 * is lost. Each kind comes twice: a pointer that has stayed in a register is only one.
 */
void
partner_memory(void **state)
{
	(void)state;
	struct trial *t = trial("talk");
	size_t n = (size_t)draw(100, 900);

	memory_watch(t);
	trial_start(t);
	for (int i = 0; i < 2; i++) {
		bare_exchange(t, TWO_PIPES, n, n);
		bare_exchange(t, SOCKET_PAIR, n, n);
		bare_exchange(t, TWO_PIPES, n, n - 1);
	}
	bare_exchange(t, SOCKET_PAIR, 0, 0);
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}
