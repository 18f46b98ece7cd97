/* lines_checks.c - what is said, and who hears it. */
#include "chat.h"
#include "checks.h"
#include <string.h>

enum { LONGEST = 50 * LINE_LIMIT };

/* "Each line goes ... to its sender too, as NUMBER: and the line". For: no number, no newline. */
void
chat_echo(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);
	struct peer *p;

	r->numbers_count = true;
	open_room(r);
	p = comes(r, "echo");
	for (int i = 0; i < 3; i++) {
		const char *line = words("%s %s", drawn_word(), drawn_word());

		says(p, line);
		hears(r, p, "echo", said_by(r, p, line));
	}
}

/*
 * "Each line goes to everybody"; "1 for the first that comes". For: all but the sender; a number
 * that is a descriptor or a place in an array; select() without + 1.
 */
void
chat_everybody(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);

	r->numbers_count = true;
	open_room(r);
	for (int i = 0; i < 4; i++)
		comes_in(r, "everybody");
	for (size_t i = 0; i < r->n; i++) {
		struct peer *p = r->clients[draw(0, (long long)r->n - 1)];
		const char *first = drawn_word(), *second = drawn_word();

		peer_say(p, words("%s\n%s\n", first, second));
		all_hear(r, "everybody", said_by(r, p, first));
		all_hear(r, "everybody", said_by(r, p, second));
	}
}

/* Every read brings one byte, and the lines of two clients come by turns. */
static void
byte_by_byte(void)
{
	struct room *r = room(IDLE_FOR_EVER);
	const char *begin = drawn_word(), *end = drawn_word(), *other = drawn_word();
	struct peer *one, *two;

	trial_fault(r->t, (struct fault){.call = CALL_READ,
			      .action = FAULT_CUT,
			      .fd = FD_SOCKET,
			      .bytes = 1,
			      .optional = true}); /* who reads single bytes cannot be cut */
	open_room(r);
	one = comes_in(r, "pieces");
	peer_say(one, begin);
	two = comes_in(r, "pieces");
	says(two, other);
	all_hear(r, "pieces", said_by(r, two, other));
	says(one, end);
	all_hear(r, "pieces", said_by(r, one, words("%s%s", begin, end)));
}

/*
 * "A line may come in any pieces, and many lines in one". For: one read() is one line; one buffer
 * for all clients; what follows a newline thrown away.
 */
void
chat_pieces(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);
	const char *lines[5];
	const char *all = "";
	struct peer *p;

	open_room(r);
	p = comes(r, "pieces");
	for (int i = 0; i < 5; i++) {
		lines[i] = drawn_word();
		all = words("%s%s%s", all, i == 0 ? "" : "\n", lines[i]);
	}
	peer_say(p, all);
	for (int i = 0; i < 4; i++)
		hears(r, p, "pieces", said_by(r, p, lines[i]));
	says(p, lines[0]);
	hears(r, p, "pieces", said_by(r, p, words("%s%s", lines[4], lines[0])));
	byte_by_byte();
}

/*
 * "What is left without a newline when the client closes is dropped"; "disconnected when all lines
 * before it have gone out". For: the rest taken for a line; a buffer that the next client inherits;
 * end of file not noticed.
 */
void
chat_half_line(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);
	const char *whole = drawn_word(), *next = drawn_word();
	struct peer *stays, *goes, *late;

	open_room(r);
	stays = comes_in(r, "echo");
	goes = comes(r, "half-line");
	peer_say(goes, words("%s\n%s", whole, drawn_word()));
	peer_shutdown(goes);
	all_hear(r, "half-line", said_by(r, goes, whole));
	is_disconnected(r, goes, "half-line",
	    _("a client that sends the end of file is "
	      "disconnected, and nothing more goes out"));
	late = comes(r, "half-line");
	says(late, next);
	hears(r, late, "half-line", said_by(r, late, next));
	hears(r, stays, "half-line", said_by(r, late, next));
}

/* Client one says a line of n bytes, which is too long, and then one that is not. */
static void
say_too_much(struct room *r, struct peer *one, size_t n)
{
	const char *next = drawn_word();

	says(one, letters(n));
	hears(r, one, "long-line", "! line too long");
	says(one, next);
	all_hear(r, "long-line", said_by(r, one, next));
}

/*
 * "goes to nobody ... once for each such line, and stays". For: cut lines; a buffer that is too
 * small by one; one answer for each part of a line.
 */
void
chat_long_lines(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);
	const char *longest = letters(LINE_LIMIT);
	struct peer *one;

	open_room(r);
	one = comes_in(r, "long-line");
	comes_in(r, "long-line");
	says(one, longest);
	all_hear(r, "long-line", said_by(r, one, longest));
	say_too_much(r, one, LINE_LIMIT + 1);
	say_too_much(r, one, LINE_LIMIT + (size_t)draw(2, 900));
	say_too_much(r, one, (size_t)draw(20 * LINE_LIMIT, LONGEST));
	says(one, longest);
	all_hear(r, "long-line", said_by(r, one, longest));
}

/* "up to LINE_LIMIT bytes of any kind but newline". For: strlen() of a line; text as a format. */
void
chat_any_bytes(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);
	unsigned char line[256], *next = line;
	const char *number = "1: ";
	struct peer *p;
	const char *got;

	open_room(r);
	p = comes(r, "any-bytes");
	says(p, "");
	hears(r, p, "any-bytes", "1: ");
	says(p, "%n%s\r");
	hears(r, p, "any-bytes", "1: %n%s\r");
	for (int byte = 0; byte < 256; byte++)
		if (byte != '\n')
			*next++ = (unsigned char)byte;
	*next++ = '\n';
	peer_send(p, line, sizeof line);
	got = peer_bytes(p, strlen(number) + sizeof line);
	expect(got != NULL, "any-bytes",
	    _("a line of all 255 bytes that are no newline comes back"), _("less comes back; %s"),
	    where(r));
	expect(memcmp(got, number, strlen(number)) == 0 &&
		   memcmp(got + strlen(number), line, sizeof line) == 0,
	    "any-bytes", _("a line of all 255 bytes that are no newline comes back"),
	    _("other bytes come back"));
}

/* "if a write takes a part of a line, the rest is sent as well". For: one send() taken for all. */
static void
with_cut_writes(unsigned nth, size_t bytes)
{
	struct room *r = room(IDLE_FOR_EVER);

	trial_fault(r->t, (struct fault){.call = CALL_WRITE,
			      .action = FAULT_CUT,
			      .fd = FD_SOCKET,
			      .nth = nth,
			      .bytes = bytes,
			      .optional = true}); /* who writes byte by byte cannot be cut */
	open_room(r);
	comes_in(r, "short-write");
	comes_in(r, "short-write");
	comes_in(r, "short-write");
}

void
chat_short_writes(void **state)
{
	(void)state;
	with_cut_writes(0, 1);
	with_cut_writes((unsigned)draw(2, 5), (size_t)draw(1, 3));
	with_cut_writes(0, 3);
}
