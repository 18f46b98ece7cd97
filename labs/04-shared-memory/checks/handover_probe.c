/*
 * handover_probe.c - a receiver, and senders that are its children. A sender
 * writes "sent RESULT ERRNO" and a newline to standard output.
 */
#include "handover.h"

#include "workers.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct handover *h;

static void
do_new(void)
{
	errno = 0;
	h = handover_new();
	answer_put_int("result", h != NULL);
	answer_put_int("errno", errno);
}

/* "send PID TEXT"; the text's length is what is sent, or "send PID TEXT N" */
static void
do_send(void)
{
	char text[HANDOVER_MAX + 2] = "";
	size_t n = strlen(request_word(2));

	memcpy(text, request_word(2), n < sizeof text ? n : sizeof text);
	if (request_count() > 3)
		n = (size_t)request_int(3);
	errno = 0;
	answer_put_int("result", handover_send(h, (pid_t)request_int(1), text, n));
	answer_put_int("errno", errno);
}

static void
send_to_parent(const char *word)
{
	int result;

	errno = 0;
	result = handover_send(h, getppid(), word, strlen(word));
	dprintf(STDOUT_FILENO, "sent %d %d\n", result, result == 0 ? 0 : errno);
}

static void
do_work(void)
{
	start_workers(send_to_parent);
}

static void
do_receive(void)
{
	char text[HANDOVER_MAX + 2];
	size_t n;

	memset(text, '#', sizeof text);
	n = handover_receive(h, text);
	answer_put_int("n", (long long)n);
	answer_put_int("beyond", n <= HANDOVER_MAX && text[HANDOVER_MAX] != '#');
	text[n <= HANDOVER_MAX ? n : 0] = '\0';
	answer_put_text("text", text);
}

/* Pending for the thread; what kill() sends is pending for the process, beside it. */
static void
do_raise(void)
{
	answer_put_int("result", raise(HANDOVER_SIGNAL));
}

static void
do_free(void)
{
	errno = 0;
	answer_put_int("result", handover_free(h));
	answer_put_int("errno", errno);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"new", do_new},
	    {"send", do_send},
	    {"work", do_work},
	    {"receive", do_receive},
	    {"raise", do_raise},
	    {"free", do_free},
	    {"handle", probe_handle},
	    {0},
	};

	return probe_serve(verbs);
}
