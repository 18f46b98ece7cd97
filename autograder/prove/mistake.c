#define _GNU_SOURCE
#include "mistake.h"

#include "../src/base/files.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATCH_MAX = 1 << 20 };

/* The words after "NAME:" on a line of its own in the head; malloc'd, NULL when there is no such
 * line. */
static char *
field(const char *head, const char *name)
{
	size_t n = strlen(name);

	for (const char *line = head; line != NULL; line = strchr(line, '\n')) {
		const char *end;

		line += *line == '\n';
		if (*line == '\n' || *line == '\0')
			return NULL; /* the head ends with an empty line */
		if (strncmp(line, name, n) != 0 || line[n] != ':')
			continue;
		line += n + 1 + strspn(line + n + 1, " \t");
		end = strchrnul(line, '\n');
		while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
			end--;
		return strndup(line, (size_t)(end - line));
	}
	return NULL;
}

/* "a, b": the ids between commas. */
static int
split(char *words, struct strings *list)
{
	char *word;

	while ((word = strsep(&words, ", ")) != NULL)
		if (*word != '\0' && strings_add(list, word) < 0)
			return -1;
	return 0;
}

static const char *
unknown_check(const struct mistake *m, const struct lab *lab)
{
	if (lab_check(lab, m->caught_by) == NULL)
		return m->caught_by;
	for (size_t i = 0; i < m->also_fails.n; i++)
		if (lab_check(lab, m->also_fails.at[i]) == NULL)
			return m->also_fails.at[i];
	return NULL;
}

int
mistake_read(const char *path, const struct lab *lab, struct mistake *m, char *why, size_t size)
{
	char *text = read_file(path, PATCH_MAX, NULL);
	char *also;
	const char *unknown;

	memset(m, 0, sizeof *m);
	if (text == NULL) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		return -1;
	}
	m->who = field(text, "Mistake");
	m->caught_by = field(text, "Caught-by");
	m->hint = field(text, "Hint");
	also = field(text, "Also-fails");
	free(text);
	errno = EINVAL;
	if (m->who == NULL || m->caught_by == NULL || m->hint == NULL || also == NULL) {
		snprintf(
		    why, size, "%s: the head needs Mistake, Caught-by, Hint and Also-fails", path);
		free(also);
		return -1;
	}
	if (split(also, &m->also_fails) < 0) {
		snprintf(why, size, "out of memory");
		free(also);
		return -1;
	}
	free(also);
	unknown = unknown_check(m, lab);
	if (unknown != NULL) {
		snprintf(why, size, "%s: lab.yaml has no check \"%s\"", path, unknown);
		errno = EINVAL;
		return -1;
	}
	return 0;
}

void
mistake_free(struct mistake *m)
{
	free(m->who);
	free(m->caught_by);
	free(m->hint);
	strings_free(&m->also_fails);
}
