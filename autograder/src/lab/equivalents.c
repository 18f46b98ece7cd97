/* equivalents.c - see equivalents.h. */
#include "equivalents.h"

#include "../base/files.h"
#include "../base/messages.h"
#include "validation.h"
#include "yaml.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 20, WORDS_IN_A_SENTENCE = 3 };

struct reader {
	struct yaml yaml;
	const char *file;
	struct findings *findings;
	bool failed; /* no memory */
};

/* Every key of an entry, all required. */
static char **
place_of(struct equivalent *e, const char *key)
{
	const struct {
		const char *key;
		char **place;
	} places[] = {{"mutant", &e->mutant}, {"file", &e->file}, {"line", &e->line},
	    {"change", &e->change}, {"why", &e->why}};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (strcmp(places[i].key, key) == 0)
			return places[i].place;
	return NULL;
}

static bool
is_sentence(const char *words)
{
	size_t n = 1;

	for (; *words != '\0'; words++)
		n += *words == ' ';
	return n >= WORDS_IN_A_SENTENCE;
}

static void
read_pair(struct reader *r, int entry, size_t i, struct equivalent *e)
{
	int key = yaml_key(&r->yaml, entry, i), value = yaml_value(&r->yaml, entry, i);
	const char *name = yaml_word(&r->yaml, key), *word = yaml_word(&r->yaml, value);
	char **place = name == NULL ? NULL : place_of(e, name);

	if (place == NULL) {
		findings_add(r->findings, r->file, yaml_line(&r->yaml, key),
		    "an equivalent mutant has mutant, file, line, change and why, but no \"%s\"",
		    name == NULL ? "?" : name);
		return;
	}
	if (word == NULL || word[0] == '\0' || *place != NULL) {
		findings_add(r->findings, r->file, yaml_line(&r->yaml, value),
		    "\"%s\" is given once, as one line of text", name);
		return;
	}
	*place = strdup(word);
	r->failed = r->failed || *place == NULL;
}

static void
read_entry(struct reader *r, int entry, struct equivalent *e)
{
	e->at = yaml_line(&r->yaml, entry);
	for (size_t i = 0; i < yaml_size(&r->yaml, entry); i++)
		read_pair(r, entry, i, e);
	if (e->mutant == NULL || e->file == NULL || e->line == NULL || e->change == NULL ||
	    e->why == NULL)
		findings_add(r->findings, r->file, e->at,
		    "an equivalent mutant needs mutant, file, line, change and why");
	else if (!is_sentence(e->why))
		findings_add(
		    r->findings, r->file, e->at, "why is one sentence, not \"%s\"", e->why);
}

static void
read_list(struct reader *r, int root, struct equivalents *e)
{
	size_t n = yaml_size(&r->yaml, root);

	if (root == 0)
		return;
	if (yaml_type(&r->yaml, root) != YAML_SEQUENCE_NODE) {
		findings_add(r->findings, r->file, 1, "this file is a list of equivalent mutants");
		return;
	}
	e->all = calloc(n + 1, sizeof *e->all);
	r->failed = e->all == NULL;
	for (; !r->failed && e->n < n; e->n++)
		read_entry(r, yaml_item(&r->yaml, root, e->n), &e->all[e->n]);
}

int
equivalents_read(
    const char *path, const char *bytes, size_t n, struct equivalents *e, struct findings *findings)
{
	struct reader r = {.file = path, .findings = findings};

	*e = (struct equivalents){0};
	read_list(&r, yaml_open(&r.yaml, path, bytes, n, findings), e);
	yaml_close(&r.yaml);
	return r.failed || findings->failed ? -1 : 0;
}

int
equivalents_load(const char *lab_directory, struct equivalents *e, FILE *errors)
{
	char *path = join_path(lab_directory, "equivalents.yaml", NULL);
	struct findings findings = {0};
	char *bytes;
	size_t n;
	int error = 0;

	*e = (struct equivalents){0};
	bytes = path == NULL ? NULL : read_file(path, FILE_MAX, &n);
	if (bytes == NULL) {
		free(path);
		return errno == ENOENT ? 0 : -1;
	}
	if (equivalents_read(path, bytes, n, e, &findings) < 0)
		error = ENOMEM;
	else if (findings.n > 0)
		error = EINVAL;
	findings_print(&findings, errors);
	findings_free(&findings);
	free(bytes);
	free(path);
	errno = error;
	return error == 0 ? 0 : -1;
}

void
equivalents_free(struct equivalents *e)
{
	for (size_t i = 0; i < e->n; i++) {
		free(e->all[i].mutant);
		free(e->all[i].file);
		free(e->all[i].line);
		free(e->all[i].change);
		free(e->all[i].why);
	}
	free(e->all);
	*e = (struct equivalents){0};
}

struct equivalent *
equivalents_find(const struct equivalents *e, const char *mutant)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->all[i].mutant != NULL && strcmp(e->all[i].mutant, mutant) == 0)
			return &e->all[i];
	return NULL;
}

/* ---- validation ---------------------------------------------------------------------- */

/* Does the text have a line that says this, blanks around it aside? */
static bool
has_line(const char *text, const char *wanted)
{
	struct line line = {0};

	while (next_line(text, &line)) {
		size_t skip = strspn(line.at, " \t");

		if (skip <= line.n && line.n - skip >= strlen(wanted) &&
		    strncmp(line.at + skip, wanted, strlen(wanted)) == 0)
			return true;
	}
	return false;
}

static void
validate_entry(struct validation *v, const char *path, const struct equivalent *e)
{
	struct source source = {0};

	if (e->file == NULL || e->line == NULL)
		return; /* said already */
	if (!strings_have(&v->lab->files, e->file))
		findings_add(&v->findings, path, e->at, _("%s is no file of this lab"), e->file);
	else if (source_read(v, &source, "solutions", v->name, e->file, NULL) == 0 &&
		 !has_line(source.text, e->line))
		findings_add(&v->findings, path, e->at,
		    _("no line of %s says this any more: the entry is stale"), source.path);
	source_free(&source);
}

/* In a list of its own: what cannot be read as YAML is known by its findings. */
static void
validate_list(struct validation *v, const struct source *source)
{
	struct equivalents e = {0};
	struct findings findings = {0};

	v->failed |= equivalents_read(source->path, source->text, source->n, &e, &findings) < 0;
	for (size_t i = 0; i < findings.n; i++)
		findings_add(&v->findings, findings.at[i].file, findings.at[i].line, "%s",
		    findings.at[i].sentence);
	for (size_t i = 0; i < e.n; i++)
		validate_entry(v, source->path, &e.all[i]);
	findings_free(&findings);
	equivalents_free(&e);
}

void
validate_equivalents(struct validation *v)
{
	struct strings names = names_in(v, "labs", v->name, NULL);
	struct source source = {0};

	if (strings_have(&names, "equivalents.yaml") &&
	    source_read(v, &source, "labs", v->name, "equivalents.yaml", NULL) == 0)
		validate_list(v, &source);
	source_free(&source);
	strings_free(&names);
}
