/* service_probe.c - calls run_service() in a process that has much to lose in its children. */
#include "service.h"
#include "sessions.h"

static void
do_serve(void)
{
	serve_with(run_service);
}

static void
say_late(void)
{
	(void)!write(STDERR_FILENO, "atexit\n", 7);
}

/* prepare: what only the caller's own end may bring about; and text that waits in a buffer */
static void
do_prepare(void)
{
	static char room[BUFSIZ];
	FILE *file = fopen("buffered", "w");

	answer_put_int("result", file == NULL ? -1 : atexit(say_late));
	if (file != NULL) {
		setvbuf(file, room, _IOFBF, sizeof room);
		fputs("once\n", file);
	}
}

static void
say_signal(int signal)
{
	int error = errno;

	(void)signal;
	(void)!write(STDERR_FILENO, "handler\n", 8);
	errno = error;
}

/* catch SIGNAL: with a handler that says so */
static void
do_catch(void)
{
	struct sigaction action = {.sa_handler = say_signal};

	sigemptyset(&action.sa_mask);
	answer_put_int("result", sigaction((int)request_int(1), &action, NULL));
}

int
main(void)
{
	static const struct verb verbs[] = {{"serve", do_serve}, {"prepare", do_prepare},
	    {"catch", do_catch}, {"handle", probe_handle}, {"lend", do_lend}, {0}};

	return probe_serve(verbs);
}
