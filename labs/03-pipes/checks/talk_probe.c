/* talk_probe.c - has conversations, at most PARTNERS of them. */
#include "talk.h"

#include "guard.h"
#include "pattern.h"
#include "probe.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PARTNERS = 4, WORDS = 8, NOT_SET = -2 };

static struct partner partners[PARTNERS];

static struct partner *
asked_for(void)
{
	return &partners[request_int(1) % PARTNERS];
}

/* "start I LINK WORD...": a child of the student's that comes back must not go on here. */
static void
do_start(void)
{
	struct partner *p = asked_for();
	char *argv[WORDS] = {NULL};
	int result;

	for (int i = 0; i + 1 < WORDS && i + 3 < request_count(); i++)
		argv[i] = (char *)request_word(i + 3);
	p->pid = p->from = p->to = NOT_SET;
	errno = 0;
	result = start_partner(
	    p, strcmp(request_word(2), "TWO_PIPES") == 0 ? TWO_PIPES : SOCKET_PAIR, argv);
	answer_put_int("result", result);
	answer_put_int("errno", errno);
	answer_put_int("pid", p->pid);
	answer_put_int("from", p->from);
	answer_put_int("to", p->to);
}

/*
 * "exchange I N KEY ROOM"; with "bare" behind it for valgrind, which watches itself what is behind
 * the text and behind the room.
 */
static void
do_exchange(void)
{
	struct partner *p = asked_for();
	size_t n = (size_t)request_int(2), room = (size_t)request_int(4), got = 12345;
	char *text = malloc(n);
	struct guarded answer;
	int result;

	if (!guarded_get(&answer, room, strcmp(request_word(5), "bare") == 0) || text == NULL) {
		free(text);
		guarded_free(&answer);
		return;
	}
	fill_letters(text, n, (unsigned)request_int(3));
	errno = 0;
	result = exchange(p, text, n, answer.at, room, &got);
	answer_put_int("errno", errno);
	answer_put_int("result", result);
	answer_put_int("got", (long long)got);
	if (result == 0 && got <= room)
		answer_put_int("sum", sum_of(answer.at, got, SUM_OF_NOTHING));
	answer_put_int("beyond", guarded_is_touched(&answer));
	answer_put_int("to", p->to);
	free(text);
	guarded_free(&answer);
}

/* "end I" */
static void
do_end(void)
{
	int status = NOT_SET;

	end_partner(asked_for(), &status);
	answer_put_int("status", status);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"start", do_start},
	    {"exchange", do_exchange},
	    {"end", do_end},
	    {"handle", probe_handle},
	    {0},
	};

	signal(SIGPIPE, SIG_IGN);
	return probe_serve(verbs);
}
