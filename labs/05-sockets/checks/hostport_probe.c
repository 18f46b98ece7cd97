/* hostport_probe.c - calls parse_hostport(). */
#include "hostport.h"
#include "probe.h"
#include <errno.h>
#include <string.h>

/* "parse TEXT DEFAULT" */
static void
do_parse(void)
{
	struct hostport hp;

	memset(&hp, 'u', sizeof hp);
	strcpy(hp.host, "untouched");
	hp.port = 1;
	errno = 0;
	answer_put_int("result", parse_hostport(request_word(1), &hp, (uint16_t)request_int(2)));
	answer_put_int("errno", errno);
	hp.host[HOST_MAX] = '\0';
	answer_put_text("host", hp.host);
	answer_put_int("port", hp.port);
}

int
main(void)
{
	static const struct verb verbs[] = {{"parse", do_parse}, {0}};

	return probe_serve(verbs);
}
