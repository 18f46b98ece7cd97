/*
 * client_probe.c - the program webclient as it is, but told late where its server is:
 * the judge's end of the connection exists only when the trial runs.
 *
 * Its main() is the student's, so that the probe's work is done before main().
 */
#include "probe.h"
#include "web.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char *argv[]);

/* "go ARGUMENT...": all of webclient, to its end. */
static void
do_go(void)
{
	char *argv[] = {(char *)"webclient", NULL, NULL, NULL};
	int argc = 1;

	for (int i = 1; i < request_count() && argc < 3; i++)
		argv[argc++] = (char *)request_word(i);
	exit(main(argc, argv));
}

/* "listen": from now on somebody has the port that nobody needs to say. */
static void
do_listen(void)
{
	struct sockaddr_in here = {.sin_family = AF_INET,
	    .sin_port = htons(WEB_PORT),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int bound = bind(fd, (const struct sockaddr *)&here, sizeof here);

	answer_put_int("result", bound < 0 ? bound : listen(fd, 1));
}

__attribute__((constructor)) static void
serve(void)
{
	static const struct verb verbs[] = {{"go", do_go}, {"listen", do_listen}, {0}};

	exit(probe_serve(verbs));
}
