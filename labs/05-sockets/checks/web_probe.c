/* web_probe.c - a session of the web server, and the count of a request. */
#include "web.h"

#include "probe.h"
#include "where.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* "count TEXT" */
static void
do_count(void)
{
	const char *text = request_word(1);

	answer_put_int("result", parse_count(text, strlen(text)));
}

/* "child ADDRESS": serves the peer that listens there. */
static void
do_child(void)
{
	union where to;
	socklen_t size = where_is(&to, request_word(1));
	int fd = socket(to.any.sa_family, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, &to.any, size) < 0)
		return;
	errno = 0;
	answer_put_int("result", web_child(fd));
	answer_put_int("errno", errno);
	answer_put_int("fd", fd);
}

int
main(void)
{
	static const struct verb verbs[] = {{"count", do_count}, {"child", do_child}, {0}};

	signal(SIGPIPE, SIG_IGN);
	return probe_serve(verbs);
}
