/* json.c - the document of gabel-lab(5). */
#include "report.h"

int
report_json(const struct result *r, FILE *out, const struct report_options *o)
{
	json_t *document = result_to_json(r);
	int result;

	(void)o;
	if (document == NULL)
		return -1;
	result = json_dumpf(document, out, JSON_INDENT(2) | JSON_SORT_KEYS);
	json_decref(document);
	if (result < 0 || putc('\n', out) == EOF || fflush(out) == EOF)
		return -1;
	return 0;
}
