/* queue_probe.c - fills queues and flushes them to standard output. */
#include "queue.h"

#include "probe.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { QUEUES = 2 };

static struct queue *queues[QUEUES];

static struct queue **
asked_for(void)
{
	return &queues[request_int(1) % QUEUES];
}

static void
answer_result(int result, const struct queue *q)
{
	answer_put_int("errno", errno);
	answer_put_int("result", result);
	answer_put_int("size", (long long)queue_size(q));
}

/* "new I LIMIT" */
static void
do_new(void)
{
	struct queue **q = asked_for();

	errno = 0;
	*q = queue_new((size_t)request_int(2));
	answer_put_int("errno", errno);
	answer_put_int("result", *q != NULL);
	if (*q != NULL)
		answer_put_int("size", (long long)queue_size(*q));
}

/* "add I TEXT": an @ stands for NUL; the copy is overwritten afterwards. */
static void
do_add(void)
{
	struct queue *q = *asked_for();
	size_t n = strlen(request_word(2));
	char *text = malloc(n + 1);

	if (text == NULL || q == NULL) {
		free(text);
		return;
	}
	for (size_t i = 0; i < n; i++)
		text[i] = request_word(2)[i] == '@' ? '\0' : request_word(2)[i];
	errno = 0;
	answer_result(queue_add(q, text, n), q);
	memset(text, '?', n);
	free(text);
}

/* "endless I": more bytes than any memory holds, of which none may be touched. */
static void
do_endless(void)
{
	struct queue *q = *asked_for();

	errno = 0;
	if (q != NULL)
		answer_result(queue_add(q, "", SIZE_MAX - (size_t)request_int(2)), q);
}

/* "flush I" */
static void
do_flush(void)
{
	struct queue *q = *asked_for();

	errno = 0;
	if (q != NULL)
		answer_result(queue_flush(q, STDOUT_FILENO), q);
}

/* "cycle I N TIMES": N bytes in, N bytes out, to where nobody reads. Answers how often it went
 * well. */
static void
do_cycle(void)
{
	struct queue *q = *asked_for();
	size_t n = (size_t)request_int(2);
	char *bytes = calloc(n, 1);
	int fd = open("/dev/null", O_WRONLY), i = 0;

	if (bytes != NULL && fd >= 0 && q != NULL)
		while (i < request_int(3) && queue_add(q, bytes, n) == 0 && queue_flush(q, fd) == 0)
			i++;
	free(bytes);
	close(fd);
	answer_put_int("times", i);
}

/* "free I", or "free NULL" */
static void
do_free(void)
{
	struct queue *none = NULL, **q = strcmp(request_word(1), "NULL") == 0 ? &none : asked_for();

	queue_free(*q);
	*q = NULL;
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"new", do_new},
	    {"add", do_add},
	    {"endless", do_endless},
	    {"flush", do_flush},
	    {"cycle", do_cycle},
	    {"free", do_free},
	    {0},
	};

	/* as the contract says */
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK) < 0)
		return 1;
	return probe_serve(verbs);
}
