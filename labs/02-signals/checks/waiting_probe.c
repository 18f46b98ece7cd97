/*
 * waiting_probe.c - calls the functions of waiting.h.
 *
 * Each verb does one thing; the judge acts from outside meanwhile. Handlers
 * count in noted[], so that every answer can say what ran.
 */
#include "waiting.h"

#include "probe.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { SIGNALS = 32 };

static volatile sig_atomic_t noted[SIGNALS];
static volatile sig_atomic_t mask_in_handler; /* bit s-1: signal s was blocked there */
static volatile sig_atomic_t flag;
static volatile sig_atomic_t flag_signal;

/* What is blocked now among the signals below 31, as a number. */
static int
blocked_now(void)
{
	sigset_t now;
	int bits = 0;

	sigemptyset(&now);
	sigprocmask(SIG_BLOCK, NULL, &now);
	for (int s = 1; s < SIGNALS - 1; s++)
		if (sigismember(&now, s) == 1)
			bits |= 1 << (s - 1);
	return bits;
}

static void
note(int signal)
{
	int saved = errno;

	noted[signal]++;
	mask_in_handler = blocked_now();
	if (signal == flag_signal)
		flag = 1;
	errno = saved;
}

/* catch SIGNAL restart|interrupt: with the student's function */
static void
do_catch(void)
{
	enum blocked_calls how =
	    strcmp(request_word(2), "restart") == 0 ? RESTART_CALLS : INTERRUPT_CALLS;

	answer_put_int("result", catch_signal((int)request_int(1), note, how));
	answer_put_int("errno", errno);
}

/* install SIGNAL: the probe's own handler, which interrupts calls */
static void
do_install(void)
{
	struct sigaction action = {.sa_handler = note};

	sigemptyset(&action.sa_mask);
	answer_put_int("result", sigaction((int)request_int(1), &action, NULL));
}

/* block SIGNAL...: for the probe itself */
static void
do_block(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (int i = 1; i < request_count(); i++)
		sigaddset(&set, (int)request_int(i));
	answer_put_int("result", sigprocmask(SIG_BLOCK, &set, NULL));
}

static void
answer_read(ssize_t result, const char *buffer)
{
	answer_put_int("result", result);
	answer_put_int("errno", errno);
	answer_put_text("text", buffer);
	answer_put_int("mask", mask_in_handler);
}

/* read: plain read() of standard input, to see what a handler makes of it */
static void
do_read(void)
{
	char buffer[64] = "";

	answer_read(read(STDIN_FILENO, buffer, sizeof buffer - 1), buffer);
}

/* read_retrying FD N */
static void
do_read_retrying(void)
{
	char buffer[64] = "";
	size_t n = (size_t)request_int(2);

	answer_read(
	    read_retrying((int)request_int(1), buffer, n < sizeof buffer ? n : sizeof buffer - 1),
	    buffer);
}

/* wait SIGNAL FLAG: the flag has this value before, and the handler of SIGNAL sets it */
static void
do_wait(void)
{
	flag_signal = (int)request_int(1);
	flag = (int)request_int(2);
	answer_put_int("result", wait_for_flag(&flag, flag_signal));
	answer_put_int("errno", errno);
	answer_put_int("flag", flag);
	answer_put_int("mask", blocked_now());
}

/* child: one that does nothing, until somebody ends it */
static void
do_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	answer_put_int("pid", pid);
}

/* noted SIGNAL: how often its handler ran */
static void
do_noted(void)
{
	answer_put_int("times", noted[request_int(1) % SIGNALS]);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"catch", do_catch},
	    {"install", do_install},
	    {"block", do_block},
	    {"read", do_read},
	    {"read_retrying", do_read_retrying},
	    {"wait", do_wait},
	    {"child", do_child},
	    {"noted", do_noted},
	    {0},
	};

	return probe_serve(verbs);
}
