/* runs.c - see runs.h. */
#include "runs.h"

#include "../src/base/text.h"
#include "../src/class/workers.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* What workers_run() is at: piece i is run todo[i]. */
struct progress {
	struct batch *b;
	size_t n, done;
	size_t *todo;
	bool failed; /* the journal could not be written; errno says why */
	int error;
};

int
batch_add(struct batch *b, char *name, uint64_t seed, size_t of, unsigned how)
{
	struct run *more = name == NULL ? NULL : realloc(b->at, (b->n + 1) * sizeof *more);

	if (more == NULL) {
		free(name);
		errno = ENOMEM;
		return -1;
	}
	b->at = more;
	b->at[b->n++] = (struct run){.name = name, .seed = seed, .of = of, .how = how};
	return 0;
}

static char *
record_path(const struct batch *b, size_t piece)
{
	return text_format("%s/record-%zu.json", b->temporary, piece);
}

/* In the worker. */
static int
work(size_t piece, void *with)
{
	const struct progress *p = with;
	json_t *record = p->b->work(&p->b->at[p->todo[piece]], p->b->with);
	char *path = record_path(p->b, piece);
	int failed = record == NULL || path == NULL || json_dump_file(record, path, 0) < 0;

	json_decref(record);
	free(path);
	return failed ? 3 : 0;
}

static void
show(const struct progress *p)
{
	if (p->b->title == NULL || !isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r%s: %zu of %zu%s", p->b->title, p->done, p->n,
	    p->done == p->n ? "\r\033[K" : "\033[K");
}

static json_t *
fault_record(int status)
{
	if (WIFSIGNALED(status))
		return json_pack("{s:o}", "fault",
		    json_sprintf("the grading was killed by signal %d", WTERMSIG(status)));
	return json_pack("{s:o}", "fault",
	    json_sprintf("the grading ended with status %d and no result", WEXITSTATUS(status)));
}

/* In the parent: what the worker found is written down at once. */
static bool
note(size_t piece, int status, void *with)
{
	struct progress *p = with;
	const char *name = p->b->at[p->todo[piece]].name;
	char *path = record_path(p->b, piece);
	json_t *record = status != 0 || path == NULL ? NULL : json_load_file(path, 0, NULL);
	int result = record != NULL
			 ? journal_add(p->b->journal, name, record)
			 : journal_add_for_now(p->b->journal, name, fault_record(status));

	if (result < 0) {
		p->failed = true;
		p->error = errno;
	}
	if (path != NULL)
		unlink(path);
	free(path);
	p->done++;
	show(p);
	return !p->failed;
}

int
batch_run(struct batch *b)
{
	struct progress p = {.b = b, .todo = calloc(b->n + 1, sizeof *p.todo)};
	struct workers workers = {.jobs = b->jobs,
	    .temporary = b->temporary,
	    .work = work,
	    .done = note,
	    .with = &p,
	    .spared = b->load};
	int result;

	if (p.todo == NULL)
		return -1;
	for (size_t i = 0; i < b->n; i++)
		if (journal_find(b->journal, b->at[i].name) == NULL)
			p.todo[p.n++] = i;
	workers.n = p.n;
	result = p.n == 0 ? 0 : workers_run(&workers);
	free(p.todo);
	if (!p.failed)
		return result;
	errno = p.error;
	return -1;
}

json_t *
batch_record(const struct batch *b, size_t i)
{
	return journal_find(b->journal, b->at[i].name);
}

void
batch_free(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		free(b->at[i].name);
	free(b->at);
	b->at = NULL;
	b->n = 0;
}
