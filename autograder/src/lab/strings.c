/* strings.c - see strings.h. */
#include "strings.h"
#include "../base/files.h"
#include "../base/text.h"
#include "lab.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One entry. Where a text stands twice, both places come before it. */
static void
put_entry(FILE *out, const struct lab *lab, const char *text, int title_line)
{
	if (title_line > 0)
		fprintf(out, "\n#: labs/%s/lab.yaml:%d\n", lab->name, title_line);
	else
		fputc('\n', out);
	for (size_t i = 0; i < lab->n_checks; i++)
		if (strcmp(lab->checks[i].title, text) == 0)
			fprintf(
			    out, "#: labs/%s/lab.yaml:%d\n", lab->name, lab->checks[i].title_line);
	fputs("msgid \"", out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputs("\"\nmsgstr \"\"\n", out);
}

static bool
stood_before(const struct lab *lab, size_t i)
{
	if (strcmp(lab->checks[i].title, lab->title) == 0)
		return true;
	for (size_t j = 0; j < i; j++)
		if (strcmp(lab->checks[j].title, lab->checks[i].title) == 0)
			return true;
	return false;
}

static int
put_all(FILE *out, const struct lab *lab)
{
	fputs("msgid \"\"\nmsgstr \"\"\n\"MIME-Version: 1.0\\n\"\n"
	      "\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
	      "\"Content-Transfer-Encoding: 8bit\\n\"\n",
	    out);
	put_entry(out, lab, lab->title, lab->title_line);
	for (size_t i = 0; i < lab->n_checks; i++)
		if (!stood_before(lab, i))
			put_entry(out, lab, lab->checks[i].title, 0);
	if (fflush(out) == EOF || ferror(out)) {
		errno = errno ? errno : EIO;
		return -1;
	}
	return 0;
}

int
lab_strings(const char *root, const char *lab_name, FILE *out, FILE *errors)
{
	char *directory = join_path(root, "labs", lab_name, NULL);
	struct lab *lab = directory ? lab_load(directory, errors) : NULL;
	int result = -1, error;

	if (lab)
		result = put_all(out, lab);
	error = errno;
	lab_free(lab);
	free(directory);
	errno = error;
	return result;
}
