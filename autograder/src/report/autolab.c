/*
 * autolab.c - for Autolab: what the terminal shows, and then one line with the scores, which is
 * what Autolab reads. The lab's name is the problem's. Without a score (the grader itself failed)
 * there is no such line, and Autolab keeps what the student had.
 */
#include "../base/text.h"
#include "plain.h"
#include "write.h"

#include <stdlib.h>

static void
put_taken(struct text *t, char *text)
{
	if (text != NULL)
		text_put(t, text);
	else
		t->failed = true;
	free(text);
}

static void
put_scores(struct text *t, const struct result *r)
{
	json_t *scores =
	    json_pack("{s:{s:i}}", "scores", r->lab != NULL ? r->lab : "gabel", (int)r->score);
	char *line = scores != NULL ? json_dumps(scores, JSON_COMPACT) : NULL;

	put_taken(t, line);
	text_put_char(t, '\n');
	json_decref(scores);
}

int
report_autolab(const struct result *r, FILE *out, const struct report_options *o)
{
	struct text t = {0};

	put_taken(&t, plain_whole(r, o));
	if (r->status != RESULT_GRADER_FAULT)
		put_scores(&t, r);
	return write_text(&t, out);
}
