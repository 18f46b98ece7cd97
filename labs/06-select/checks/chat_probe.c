/* chat_probe.c - calls serve_chat(), with many descriptors open if that is asked for. */
#include "chat.h"
#include "listener.h"
#include "probe.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int listener = -1;

static void
do_listen(void)
{
	listener = open_listener("127.0.0.1:0");
	/* a flag that changes nothing here, and is to stay */
	fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_APPEND);
	answer_put_int("fd", listener);
}

/* Opens descriptors until the next one has this number. */
static void
do_fill(void)
{
	int next = (int)request_int(1), fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd < next - 1);
	answer_put_int("fd", fd);
}

/* The next descriptor that is opened has the number 0. */
static void
do_close_input(void)
{
	answer_put_int("result", close(STDIN_FILENO));
}

static void
do_serve(void)
{
	errno = 0;
	answer_put_int("result", serve_chat(listener, (long)request_int(1)));
	answer_put_int("errno", errno);
	answer_put_int("flag", (fcntl(listener, F_GETFL) & O_APPEND) != 0);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"listen", do_listen},
	    {"fill", do_fill},
	    {"close-input", do_close_input},
	    {"serve", do_serve},
	    {"handle", probe_handle},
	    {0},
	};

	return probe_serve(verbs);
}
