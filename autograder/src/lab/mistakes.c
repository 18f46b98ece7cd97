/* mistakes.c - the head of every patch in mistakes/, and the files that it changes. */
#include "../base/messages.h"
#include "../base/nearest.h"
#include "../base/text.h"
#include "validate.h"
#include "validation.h"

#include <stdlib.h>
#include <string.h>

enum field { MISTAKE, CAUGHT_BY, HINT, ALSO_FAILS, FAULTS, FIELDS };

static const char *const fields[FIELDS] = {"Mistake", "Caught-by", "Hint", "Also-fails", "Faults"};

/* One patch, as far as it was read. */
struct patch {
	struct source source;
	char *value[FIELDS]; /* NULL: not there */
	int line[FIELDS];
	int end; /* the line behind the head */
};

/* The value of a line "Name: value", without blanks around it. */
static char *
value_in(const struct line *line, size_t name_length)
{
	const char *from = line->at + name_length + 1, *to = line->at + line->n;

	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	while (to > from && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r'))
		to--;
	return strndup(from, (size_t)(to - from));
}

static void
read_field(struct validation *v, struct patch *p, const struct line *line)
{
	size_t n = strcspn(line->at, ":\n");
	char *name = strndup(line->at, n);
	struct text shown = {0};
	const char *meant;

	if (name == NULL) {
		v->failed = true;
		return;
	}
	for (int f = 0; f < FIELDS; f++)
		if (line->at[n] == ':' && strcmp(name, fields[f]) == 0 && p->value[f] == NULL) {
			p->value[f] = value_in(line, n);
			p->line[f] = line->number;
			v->failed |= p->value[f] == NULL;
			free(name);
			return;
		}
	text_put_name(&shown, name);
	meant = nearest_word(name, fields, FIELDS);
	findings_add(&v->findings, p->source.path, line->number,
	    meant ? _("'%s' is no field of the head, or stands there twice; did you mean '%s'?")
		  : _("'%s' is no field of the head; end the head with an empty line"),
	    text_string(&shown), meant);
	text_free(&shown);
	free(name);
}

static void
read_head(struct validation *v, struct patch *p)
{
	struct line line = {0};

	while (next_line(p->source.text, &line) && line.n > 0) {
		/* Without its empty line the head would run on into the patch. */
		if (strncmp(line.at, "--- ", 4) == 0) {
			findings_add(&v->findings, p->source.path, line.number,
			    _("an empty line is missing between the head and the patch"));
			break;
		}
		read_field(v, p, &line);
	}
	p->end = line.number;
}

/* ---- what the head says ------------------------------------------------------------------ */

/* The word at a field must be among those known. */
static void
expect_known(struct validation *v, const struct patch *p, enum field f, const char *word,
    const struct strings *known, const char *sentence)
{
	const char *meant;
	struct text t = {0}, shown = {0};

	if (strings_have(known, word))
		return;
	meant = nearest_word(word, (const char *const *)known->at, known->n);
	text_put_name(&shown, word);
	text_printf(&t, sentence, text_string(&shown));
	if (meant)
		text_printf(&t, _("; did you mean '%s'?"), meant);
	findings_add(&v->findings, p->source.path, p->line[f], "%s", text_string(&t));
	v->failed |= text_failed(&t);
	text_free(&t);
	text_free(&shown);
}

/* "a, b": each must be a check, and none the one that catches it. */
static void
check_also(struct validation *v, const struct patch *p, const struct strings *ids)
{
	const char *at = p->value[ALSO_FAILS];

	while (*(at += strspn(at, ", \t"))) {
		char *id = strndup(at, strcspn(at, ", \t"));

		if (id == NULL) {
			v->failed = true;
			return;
		}
		at += strlen(id);
		expect_known(v, p, ALSO_FAILS, id, ids, _("lab.yaml has no check '%s'"));
		if (p->value[CAUGHT_BY] && strcmp(id, p->value[CAUGHT_BY]) == 0)
			findings_add(&v->findings, p->source.path, p->line[ALSO_FAILS],
			    _("'%s' is the check that catches it; name only the others here"), id);
		free(id);
	}
}

static void
check_head(struct validation *v, struct patch *p, const struct strings *ids)
{
	for (int f = 0; f < FIELDS; f++) {
		if (p->value[f] == NULL)
			findings_add(&v->findings, p->source.path, 1,
			    _("the head has no line '%s:'; gabel-lab(5) describes it"), fields[f]);
		else if (*p->value[f] == '\0' && f != ALSO_FAILS)
			findings_add(
			    &v->findings, p->source.path, p->line[f], _("%s is empty"), fields[f]);
	}
	if (p->value[CAUGHT_BY] && *p->value[CAUGHT_BY])
		expect_known(
		    v, p, CAUGHT_BY, p->value[CAUGHT_BY], ids, _("lab.yaml has no check '%s'"));
	if (p->value[HINT] && *p->value[HINT])
		expect_known(v, p, HINT, p->value[HINT], &v->keys,
		    _("checks/hints.c has no hint with the key '%s'"));
	if (p->value[ALSO_FAILS])
		check_also(v, p, ids);
}

/* ---- what it changes ------------------------------------------------------------------------ */

/* "+++ b/children.c": its name must be that of a file of the lab. */
static bool
is_change(struct validation *v, const struct patch *p, const struct line *line)
{
	char *name;
	struct text shown = {0};

	if (strncmp(line->at, "+++ ", 4) != 0)
		return false;
	name = strndup(line->at + 4, strcspn(line->at + 4, "\t\r\n"));
	if (name == NULL) {
		v->failed = true;
		return true;
	}
	text_put_name(&shown, name);
	if (strncmp(name, "b/", 2) != 0 || !strings_have(&v->lab->files, name + 2))
		findings_add(&v->findings, p->source.path, line->number,
		    _("'%s' is no file of the lab; write a/FILE and b/FILE as git diff does"),
		    text_string(&shown));
	text_free(&shown);
	free(name);
	return true;
}

static void
check_changes(struct validation *v, const struct patch *p)
{
	struct line line = {0};
	size_t n = 0;

	while (next_line(p->source.text, &line))
		if (line.number >= p->end)
			n += is_change(v, p, &line);
	if (n == 0)
		findings_add(&v->findings, p->source.path, 0,
		    _("changes nothing: no '+++ b/FILE' follows the head"));
}

static void
validate_patch(struct validation *v, const char *name, const struct strings *ids)
{
	struct patch p = {0};

	if (source_read(v, &p.source, "labs", v->name, "mistakes", name, NULL) == 0) {
		read_head(v, &p);
		check_head(v, &p, ids);
		check_changes(v, &p);
	}
	for (int f = 0; f < FIELDS; f++)
		free(p.value[f]);
	source_free(&p.source);
}

void
validate_mistakes(struct validation *v)
{
	struct strings names = names_in(v, "labs", v->name, "mistakes"), ids = {0};
	char *folder = text_format("labs/%s/mistakes", v->name);
	size_t n = 0;

	v->failed |= folder == NULL;
	for (size_t i = 0; i < v->lab->n_checks; i++)
		v->failed |= strings_add(&ids, v->lab->checks[i].id) < 0;
	for (size_t i = 0; i < names.n; i++)
		if (ends_in(names.at[i], ".patch")) {
			n++;
			validate_patch(v, names.at[i], &ids);
		}
	if (folder && n < LAB_MISTAKES_MIN)
		findings_add(&v->findings, folder, 0,
		    _("mistakes that are there: %zu; a lab has at least %d: write more wrong "
		      "answers "
		      "that students really give"),
		    n, LAB_MISTAKES_MIN);
	free(folder);
	strings_free(&names);
	strings_free(&ids);
}
