/* html.c - the page of one submission. */
#include "../base/text.h"
#include "page.h"

#include <errno.h>
#include <stdlib.h>

static json_t *
submission_values(const struct result *r, const struct report_options *o)
{
	char *title = text_format("%s: %s", r->lab ? r->lab : "Gabel", r->title ? r->title : "");
	json_t *values = title ? page_frame(title) : NULL;
	json_t *labs = values ? json_pack("[o]", page_result(r, o)) : NULL;

	if (values &&
	    (labs == NULL || json_object_set_new(values, "labs", labs) < 0 ||
		page_put(values, "submission", r->submission ? r->submission : title) < 0)) {
		json_decref(values);
		values = NULL;
		errno = ENOMEM;
	}
	free(title);
	return values;
}

int
report_html(const struct result *r, FILE *out, const struct report_options *o)
{
	return page_write(o->root, "submission.html", submission_values(r, o), out);
}
