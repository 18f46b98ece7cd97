/* hostport_probe.c - calls parse_hostport(). */
#include "hostport.h"
#include "probe.h"
#include <errno.h>
#include <stdlib.h>
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

/* "bare TEXT DEFAULT": for valgrind, which watches what is behind the text and behind *hp. */
static void
do_bare(void)
{
	char *text = strdup(request_word(1));
	struct hostport *hp = malloc(sizeof *hp);

	if (text != NULL && hp != NULL && parse_hostport(text, hp, (uint16_t)request_int(2)) == 0) {
		answer_put_text("host", hp->host);
		answer_put_int("port", hp->port);
	}
	free(text);
	free(hp);
}

int
main(void)
{
	static const struct verb verbs[] = {{"parse", do_parse}, {"bare", do_bare}, {0}};

	return probe_serve(verbs);
}
