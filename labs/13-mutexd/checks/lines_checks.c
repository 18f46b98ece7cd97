/* lines_checks.c - requests as bytes: in pieces, too long, and from clients that do nothing. */
#include "checks.h"
#include "lockset.h"
#include "mutexd.h"
#include "mxp.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* Every read of a session moves a few bytes, every write one. */
static void
in_small_pieces(void)
{
	struct trial *t = prepared();
	struct peer *p;

	trial_fault(t, (struct fault){.call = CALL_READ,
			   .action = FAULT_CUT,
			   .who = DESCENDANTS,
			   .fd = FD_SOCKET,
			   .bytes = (size_t)draw(1, 3),
			   .optional = true});
	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_CUT,
			   .who = DESCENDANTS,
			   .fd = FD_SOCKET,
			   .bytes = 1,
			   .optional = true});
	start(t);
	p = client(t);
	(void)peer_line(p);
	asks(t, p, "id anna", "S welcome", "pieces");
	asks(t, p, "lock a", "S locked", "pieces");
	asks(t, p, "release a", "S", "pieces");
	hears_nothing(t, p, "pieces");
}

static void
fails_once(struct trial *t, enum call call, enum fd_kind fd, unsigned nth)
{
	trial_fault(t, (struct fault){.call = call,
			   .action = FAULT_FAIL,
			   .who = DESCENDANTS,
			   .fd = fd,
			   .nth = nth,
			   .error = EINTR,
			   .optional = true});
}

/* A signal's handler has run meanwhile. */
static void
interrupted(void)
{
	struct trial *t = prepared();
	struct peer *p;

	for (unsigned i = 1; i < 20; i += 4) {
		fails_once(t, CALL_READ, FD_SOCKET, i);
		fails_once(t, CALL_WRITE, FD_SOCKET, i);
		fails_once(t, CALL_POLL, FD_ANY, i);
	}
	start(t);
	p = client(t);
	(void)peer_line(p);
	asks(t, p, "id anna", "S welcome", "interrupted");
	for (int i = 0; i < 5; i++) {
		asks(t, p, words("lock a%d", i), "S locked", "interrupted");
		asks(t, p, words("release a%d", i), "S", "interrupted");
	}
	peer_shutdown(p);
	rests(t); /* errno is still what it was: no reason to read again at the end of file */
}

/*
 * "keyword [SP name] [CR] LF"; "a client may send more before the answers to those before have
 * come"; "Calls that a signal interrupts are made again, short reads and writes go on". For: one
 * read taken for a line; what stands behind the first line and is forgotten; one write.
 */
void
pieces(void **state)
{
	(void)state;
	struct trial *t = serving();
	struct peer *p = client(t);

	(void)peer_say(p, "id anna\r\nlock a\r\nlock b\nrelease a\r\nlo");
	(void)peer_line(p); /* the greeting is the business of another check */
	hears(t, p, "S welcome", "pieces");
	hears(t, p, "S locked", "pieces");
	hears(t, p, "S locked", "pieces");
	hears(t, p, "S", "pieces");
	hears_nothing(t, p, "pieces");
	for (const char *c = "ck c\r\nlock d"; *c != '\0'; c++) {
		(void)peer_send(p, c, 1);
		rests(t);
	}
	hears(t, p, "S locked", "pieces");
	hears_nothing(t, p, "pieces");
	(void)peer_say(p, "\nrelease d\nlock e\nlock f");
	peer_shutdown(p);
	hears(t, p, "S locked", "pieces");
	hears(t, p, "S", "pieces");
	hears(t, p, "S locked", "pieces");
	hears_no_more(t, p, "pieces");
	in_small_pieces();
	interrupted();
}

/* A line of n bytes, its newline among them, that begins as a request does. */
static const char *
line_of(size_t n)
{
	return words("stat %.*s\n", (int)(n - 6), letters(n));
}

/* So many bytes of the line first, and the rest when everybody rests. */
static void
says_in_two(struct trial *t, struct peer *p, const char *line, size_t first)
{
	(void)peer_send(p, line, first);
	rests(t);
	(void)peer_say(p, line + first);
}

/* A request is answered, however: it must not be answered again in place of what follows. */
static void
is_told(struct trial *t, struct peer *p)
{
	size_t n;

	(void)peer_say(p, "stat a\n");
	rests(t);
	while (peer_unread(p, &n) != NULL && n > 0 && peer_line(p) != NULL)
		;
}

/*
 * "A line has at most MXP_LINE bytes, with its LF. One that is longer is answered with one F, and
 * skipped up to its LF; the session goes on". For: a buffer that is left; a rest that is taken for
 * a request; a session that ends; several failures for one line; the longest line that is refused;
 * a read() of more than there is room for; a line that is taken for the one before.
 */
void
too_long(void **state)
{
	(void)state;
	static const size_t lengths[] = {
	    MXP_LINE + 1, MXP_LINE + 2, 2 * MXP_LINE, MXP_AHEAD, MXP_AHEAD + 1, 3 * MXP_AHEAD};
	struct trial *t = serving();
	struct peer *p = holds(t, "anna", "a");
	const char *longest = line_of(MXP_LINE);

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		const char *line = line_of(lengths[i]);

		(void)peer_say(p, line);
		hears_failure(t, p, "too-long");
		is_free(t, p, words("b%zu", i), "too-long");
		says_in_two(
		    t, p, words("%slock c%zu\n", line, i), (size_t)draw(1, (long long)lengths[i]));
		hears_failure(t, p, "too-long");
		hears(t, p, "S locked", "too-long");
		hears_nothing(t, p, "too-long");
	}
	/* a part of it is there, when more comes than there is room for */
	says_in_two(t, p, line_of(3 * MXP_AHEAD), MXP_LINE - 100);
	hears_failure(t, p, "too-long");
	(void)peer_say(p, words("%s%slock b\n", line_of(700), line_of(800)));
	hears_failure(t, p, "too-long");
	hears_failure(t, p, "too-long");
	hears(t, p, "S locked", "too-long");
	for (size_t first = MXP_LINE - 2; first <= MXP_LINE; first++) {
		says_in_two(t, p, longest, first);
		hears(t, p, "F unable to check lock status", "longest-line");
	}
	hears_nothing(t, p, "too-long");
	for (size_t n = MXP_LINE; n < 3 * MXP_LINE; n += MXP_LINE) {
		is_told(t, p);
		says_in_two(t, p, line_of(4 * MXP_LINE), n);
		hears_failure(t, p, "too-long");
		hears_nothing(t, p, "too-long");
	}
	peer_shutdown(p);
	rests(t);
	refute_killed(t, "memory");
}

/* One that says nothing, one in the middle of a line, and one that waits. */
static void
silent_clients(void)
{
	struct trial *t = serving();
	struct peer *silent = client(t), *half = client(t), *p;

	(void)peer_say(half, "id ha");
	p = holds(t, "anna", "a");
	holds(t, "carl", "c");
	asks(t, p, "release a", "S", "stalled");
	(void)peer_line(silent);
	hears_nothing(t, silent, "stalled");
	(void)peer_say(half, "lf\n");
	(void)peer_line(half);
	hears(t, half, "S welcome", "stalled");
}

/* It does not read, and then it does for a while; at last it goes. */
static void
deaf_client(void)
{
	struct trial *t = unwatched();
	struct peer *deaf, *p;

	start(t);
	deaf = stalls(t, "deaf");
	p = holds(t, "anna", "a");
	held_by(t, "deaf", "deaf", "stalled");
	goes_on(t, deaf);
	peer_reset(deaf);
	rests(t);
	asks(t, p, "lock deaf", "S locked", "stalled-end");
}

/*
 * "None hinders another one: not when its client is silent, sends half a line, does not read what
 * it is answered". For: a daemon that serves one after the other; one that waits for an id before
 * it accepts the next; a stalled session that cannot end.
 */
void
stalled(void **state)
{
	(void)state;

	silent_clients();
	deaf_client();
}
