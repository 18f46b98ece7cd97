#include "result.h"

#include <errno.h>
#include <stdlib.h>

struct result *
result_new(void)
{
	struct result *r = calloc(1, sizeof *r);

	if (r != NULL)
		r->status = RESULT_GRADED;
	return r;
}

static void
check_result_clear(struct check_result *c)
{
	free(c->id);
	free(c->title);
	free(c->key);
	free(c->message);
	free(c->expected);
	free(c->seen);
	free(c->why);
	free(c->hint);
	free(c->more);
	free(c->man);
	free(c->lecture);
	free(c->ran);
	json_decref(c->arguments);
	json_decref(c->faults);
}

void
result_free(struct result *r)
{
	int keep = errno;

	if (r == NULL)
		return;
	for (size_t i = 0; i < r->n_checks; i++)
		check_result_clear(&r->checks[i]);
	free(r->checks);
	free(r->lab);
	free(r->title);
	free(r->kit_version);
	free(r->isolation);
	free(r->language);
	free(r->submission);
	free(r->reason);
	free(r->compiler);
	json_decref(r->files_missing);
	json_decref(r->files_ignored);
	json_decref(r->isolation_lost);
	free(r);
	errno = keep;
}
