/*
 * probe_test.c - a probe answers exactly what was asked, once, from the
 * process that took the request, and disturbs nothing that a student sees.
 *
 * Each test forks a probe whose verbs stand in for a student's functions; only
 * the parent asserts.
 */
#include "../judge/probe.c"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ANSWER_MAX = 32 * 1024 };

/* ---- the probe's side -------------------------------------------------------- */

static int tick_pipe[2];

static void
do_words(void)
{
	answer_put_int("count", request_count());
	answer_put_text("first", request_word(1));
	answer_put_int("second", request_int(2));
	answer_put_int("third", request_int(3));
	answer_put_text("beyond", request_word(99));
	answer_put_int("below", request_int(-1));
}

static void
do_escape(void)
{
	answer_put_text("text", "a\\b\nc=\x01\xC3\xA4");
	answer_put_text("null", NULL);
	answer_put_at("status", 3, -7);
}

static void
do_errno(void)
{
	answer_put_int("before", errno);
	errno = ECHILD;
	answer_put_int("result", request_int(1));
	answer_put_text("text", request_word(1));
	answer_put_at("at", 0, request_count());
	answer_put_int("errno", errno);
}

/* The child does what a student's child must not: it returns. */
static void
do_stray(void)
{
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		answer_put_text("from", "child");
		return;
	}
	waitpid(child, &status, 0);
	answer_put_int("child", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void
do_overflow(void)
{
	static char big[ANSWER_MAX / 2];

	memset(big, 'x', sizeof big - 1);
	answer_put_int("small", 1);
	answer_put_text("fits", big);
	answer_put_text("too-big", big);
	answer_put_int("after", 2);
}

/* Leaves request_int(1) bytes of the packet free. */
static void
do_brim(void)
{
	static char value[ANSWER_MAX];
	size_t n = ANSWER_MAX - strlen("brim=\n") - (size_t)request_int(1);

	memset(value, 'x', n);
	value[n] = '\0';
	answer_put_text("brim", value);
}

static void
do_flags(void)
{
	answer_put_int("flags", fcntl(PROBE_FD, F_GETFD));
}

static void
do_nothing(void)
{
}

static void
on_tick(int signal)
{
	int saved = errno;

	(void)signal;
	(void)!write(tick_pipe[1], "t", 1);
	errno = saved;
}

/* A handler of the student's, without SA_RESTART, goes off while the probe waits. */
static void
do_tick(void)
{
	struct sigaction action = {.sa_handler = on_tick};
	struct itimerval often = {{0, 2000}, {0, 2000}};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

static void
do_close(void)
{
	close(PROBE_FD);
}

static const struct verb verbs[] = {
    {"words", do_words},
    {"escape", do_escape},
    {"errno", do_errno},
    {"stray", do_stray},
    {"overflow", do_overflow},
    {"brim", do_brim},
    {"flags", do_flags},
    {"nothing", do_nothing},
    {"tick", do_tick},
    {"close", do_close},
    {NULL, NULL},
};

/* ---- the judge's side --------------------------------------------------------- */

struct peer {
	pid_t pid;
	int fd;
	char answer[ANSWER_MAX + 1];
};

static _Noreturn void
run_probe(int fd)
{
	if (dup2(fd, PROBE_FD) < 0)
		_exit(90);
	for (int other = 3; other < PROBE_FD; other++)
		if (other != tick_pipe[1])
			close(other);
	_exit(probe_serve(verbs));
}

static int
start(void **state)
{
	static struct peer peer;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) < 0 || pipe(tick_pipe) < 0)
		return -1;
	peer.pid = fork();
	if (peer.pid < 0)
		return -1;
	if (peer.pid == 0)
		run_probe(ends[1]);
	close(ends[1]);
	close(tick_pipe[1]);
	peer.fd = ends[0];
	*state = &peer;
	return 0;
}

static int
stop(void **state)
{
	struct peer *peer = *state;

	close(peer->fd);
	close(tick_pipe[0]);
	if (peer->pid > 0 && waitpid(peer->pid, NULL, 0) != peer->pid)
		return -1;
	return 0;
}

/* Sends a request (its length counts the NULs between the words). Returns the answer's length. */
static ssize_t
ask(struct peer *peer, const char *request, size_t n)
{
	ssize_t got;

	assert_int_equal(send(peer->fd, request, n, MSG_NOSIGNAL), n);
	got = recv(peer->fd, peer->answer, ANSWER_MAX, 0);
	peer->answer[got > 0 ? got : 0] = '\0';
	return got;
}

#define ASK(peer, request) ask(peer, request, sizeof request - 1)

/* ---- tests --------------------------------------------------------------------- */

static void
gives_the_words_of_the_request(void **state)
{
	struct peer *peer = *state;

	ASK(peer, "words\0one two\0-12\0007x");
	assert_string_equal(
	    peer->answer, "count=4\nfirst=one two\nsecond=-12\nthird=7\nbeyond=\nbelow=0\n");
	ASK(peer, "words\0\0-9223372036854775808\0009223372036854775807\0");
	assert_string_equal(peer->answer,
	    "count=4\nfirst=\nsecond=-9223372036854775808\nthird=9223372036854775807\n"
	    "beyond=\nbelow=0\n");
}

static void
forgets_the_last_request(void **state)
{
	struct peer *peer = *state;

	ASK(peer, "words\0long enough\0001\0002");
	ASK(peer, "words");
	assert_string_equal(peer->answer, "count=1\nfirst=\nsecond=0\nthird=0\nbeyond=\nbelow=0\n");
}

static void
escapes_what_would_end_a_line(void **state)
{
	struct peer *peer = *state;

	ASK(peer, "escape");
	assert_string_equal(peer->answer, "text=a\\\\b\\nc=\\x01\\xC3\\xA4\nnull=\nstatus[3]=-7\n");
}

static void
leaves_errno_alone(void **state)
{
	struct peer *peer = *state;
	char expected[32];

	ASK(peer, "errno\00099");
	assert_non_null(strstr(peer->answer, "before=0\n"));
	snprintf(expected, sizeof expected, "\nerrno=%d\n", ECHILD);
	assert_non_null(strstr(peer->answer, expected));
	ASK(peer, "errno\0x");
	assert_non_null(strstr(peer->answer, "before=0\n"));
}

static void
a_child_that_returns_never_answers(void **state)
{
	struct peer *peer = *state;

	ASK(peer, "stray");
	assert_string_equal(peer->answer, "child=99\n");
	ASK(peer, "nothing");
	assert_null(strstr(peer->answer, "child"));
}

static void
an_answer_that_is_too_long_says_so(void **state)
{
	struct peer *peer = *state;
	ssize_t n = ASK(peer, "overflow");

	assert_in_range(n, ANSWER_MAX / 2, ANSWER_MAX);
	assert_memory_equal(peer->answer, "small=1\nfits=x", 14);
	assert_null(strstr(peer->answer, "too-big"));
	assert_string_equal(strrchr(peer->answer, 'x') + 1, "\noverflow=1\n");
	ASK(peer, "flags");
	assert_null(strstr(peer->answer, "overflow"));
}

static void
room_for_saying_so_is_kept(void **state)
{
	struct peer *peer = *state;

	assert_int_equal(ASK(peer, "brim\00011"), ANSWER_MAX - 11);
	assert_int_equal(ASK(peer, "brim\00010"), strlen("overflow=1\n"));
	assert_string_equal(peer->answer, "overflow=1\n");
}

static void
programs_that_it_starts_do_not_inherit_the_line(void **state)
{
	struct peer *peer = *state;

	ASK(peer, "flags");
	assert_string_equal(peer->answer, "flags=1\n");
}

static void
an_empty_answer_is_not_the_end(void **state)
{
	struct peer *peer = *state;

	assert_true(ASK(peer, "nothing") > 0);
	assert_string_equal(peer->answer, "answered=1\n");
}

static void
names_an_unknown_verb(void **state)
{
	struct peer *peer = *state;

	ASK(peer, "no such verb");
	assert_string_equal(peer->answer, "unknown=no such verb\n");
}

static void
a_handler_does_not_end_the_waiting(void **state)
{
	struct peer *peer = *state;
	char tick;

	ASK(peer, "tick");
	for (int i = 0; i < 5; i++)
		assert_int_equal(read(tick_pipe[0], &tick, 1), 1);
	ASK(peer, "nothing");
	assert_string_equal(peer->answer, "answered=1\n");
}

static int
status_of(struct peer *peer)
{
	int status;

	assert_int_equal(waitpid(peer->pid, &status, 0), peer->pid);
	peer->pid = 0;
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
ends_with_0_when_the_judge_has_gone(void **state)
{
	struct peer *peer = *state;

	ASK(peer, "nothing");
	assert_int_equal(shutdown(peer->fd, SHUT_WR), 0);
	assert_int_equal(status_of(peer), 0);
}

static void
ends_when_its_line_is_closed_under_it(void **state)
{
	struct peer *peer = *state;

	assert_int_equal(ASK(peer, "close"), 0);
	assert_int_equal(status_of(peer), 98);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)
	const struct CMUnitTest tests[] = {
	    TEST(gives_the_words_of_the_request),
	    TEST(forgets_the_last_request),
	    TEST(escapes_what_would_end_a_line),
	    TEST(leaves_errno_alone),
	    TEST(a_child_that_returns_never_answers),
	    TEST(an_answer_that_is_too_long_says_so),
	    TEST(room_for_saying_so_is_kept),
	    TEST(programs_that_it_starts_do_not_inherit_the_line),
	    TEST(an_empty_answer_is_not_the_end),
	    TEST(names_an_unknown_verb),
	    TEST(a_handler_does_not_end_the_waiting),
	    TEST(ends_with_0_when_the_judge_has_gone),
	    TEST(ends_when_its_line_is_closed_under_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
