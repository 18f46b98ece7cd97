/* checks.c - the folder checks/: judges, bats files, hints. */
#include "../base/messages.h"
#include "../base/text.h"
#include "c_strings.h"
#include "validation.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static char *
copy_of(const struct c_string *s)
{
	return strndup(s->at, s->n);
}

static bool
looks_like_lecture(const struct c_string *s)
{
	return s->n > 3 && isdigit((unsigned char)s->at[0]) && isdigit((unsigned char)s->at[1]) &&
	       s->at[2] == '#';
}

/* ---- C files ------------------------------------------------------------------------- */

/* One string of a judge's file: an id of a check, or a place in the notes. */
static void
note_string(struct validation *v, const char *path, const struct c_string *s, struct strings *seen)
{
	char *word = copy_of(s);

	if (word == NULL) {
		v->failed = true;
		return;
	}
	if (looks_like_lecture(s))
		validate_lecture(v, path, s->line, word);
	else if (lab_check(v->lab, word) && !strings_have(seen, word))
		v->failed |= strings_add(seen, word) < 0;
	free(word);
}

/* Reads the judge's files; seen gets the ids of checks that occur in them. */
static void
read_judge(struct validation *v, const struct strings *names, struct strings *seen)
{
	for (size_t i = 0; i < names->n; i++) {
		struct c_string s;
		struct source source;

		if (!ends_in(names->at[i], ".c") || ends_in(names->at[i], "_probe.c"))
			continue;
		if (source_read(v, &source, "labs", v->name, "checks", names->at[i], NULL) == 0)
			for (struct c_reader r = {.at = source.text, .line = 1};
			     next_c_string(&r, &s);)
				note_string(v, source.path, &s, seen);
		source_free(&source);
	}
}

/* ---- hints ----------------------------------------------------------------------------- */

static bool
is_key(const char *word)
{
	return *word && word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

/* {"key", ...: every string behind a brace and before a comma begins a hint. */
static void
add_key(struct validation *v, const char *path, const struct c_string *s, struct strings *keys)
{
	char *key = copy_of(s);
	struct text shown = {0};

	if (key == NULL) {
		v->failed = true;
		return;
	}
	text_put_name(&shown, key);
	if (!is_key(key))
		findings_add(&v->findings, path, s->line,
		    _("the key '%s' is not made of small letters, digits and '-'"),
		    text_string(&shown));
	else if (strings_have(keys, key))
		findings_add(&v->findings, path, s->line,
		    _("a hint with the key '%s' stands here already; keys are unique"), key);
	else
		v->failed |= strings_add(keys, key) < 0;
	text_free(&shown);
	free(key);
}

static void
read_keys(struct validation *v, const struct source *source)
{
	struct strings keys = {0};
	struct c_string s;

	for (struct c_reader r = {.at = source->text, .line = 1}; next_c_string(&r, &s);)
		if (s.before == '{' && s.after == ',')
			add_key(v, source->path, &s, &keys);
	if (keys.n == 0)
		findings_add(&v->findings, source->path, 0,
		    _("holds no hint: {\"key\", N_(\"the rule\"), ...}"));
	/* A key of the lab's own goes before the common one of that name. */
	for (size_t i = 0; i < keys.n; i++)
		v->failed |=
		    !strings_have(&v->keys, keys.at[i]) && strings_add(&v->keys, keys.at[i]) < 0;
	strings_free(&keys);
}

static void
validate_hints(struct validation *v)
{
	struct source source;

	if (source_read(v, &source, "labs", v->name, "checks", "hints.c", NULL) == 0)
		read_keys(v, &source);
	source_free(&source);
	if (source_read(v, &source, "autograder", "judge", "common_hints.c", NULL) == 0)
		read_keys(v, &source);
	source_free(&source);
}

/* ---- bats files ------------------------------------------------------------------------- */

/* The id in '@test "id: words" {', malloc'd; NULL when the line begins no test. */
static char *
test_id(const struct line *line)
{
	const char *end = line->at + line->n, *at = line->at;

	if (line->n < 7 || strncmp(at, "@test", 5) != 0 || !isspace((unsigned char)at[5]))
		return NULL;
	at += 5;
	while (at < end && (isspace((unsigned char)*at) || *at == '"' || *at == '\''))
		at++;
	return strndup(at, strcspn(at, ":\"'\n"));
}

/* Every test of the file must belong to a check that names the file. */
static void
read_bats(struct validation *v, const char *name, struct strings *seen)
{
	struct source source;
	struct line line = {0};

	if (source_read(v, &source, "labs", v->name, "checks", name, NULL) == 0)
		while (next_line(source.text, &line)) {
			char *id = test_id(&line);
			const struct check_spec *check = id ? lab_check(v->lab, id) : NULL;
			struct text shown = {0};

			text_put_name(&shown, id ? id : "");
			if (id && (check == NULL || check->judge == NULL ||
				      strcmp(check->judge, name) != 0))
				findings_add(&v->findings, source.path, line.number,
				    _("this test belongs to no check: lab.yaml has none with the "
				      "id '%s' and "
				      "the judge %s; begin its name with \"id: \""),
				    text_string(&shown), name);
			else if (id)
				v->failed |= strings_add(seen, id) < 0;
			text_free(&shown);
			free(id);
		}
	source_free(&source);
}

static void
read_all_bats(struct validation *v, const struct strings *names, struct strings *seen)
{
	for (size_t i = 0; i < names->n; i++)
		if (ends_in(names->at[i], ".bats"))
			read_bats(v, names->at[i], seen);
}

/* ---- all ---------------------------------------------------------------------------------- */

void
validate_checks(struct validation *v)
{
	struct strings names = names_in(v, "labs", v->name, "checks");
	struct strings in_judge = {0}, in_bats = {0};
	char *yaml = text_format("labs/%s/lab.yaml", v->name);

	v->failed |= yaml == NULL;
	validate_hints(v);
	read_judge(v, &names, &in_judge);
	read_all_bats(v, &names, &in_bats);
	for (size_t i = 0; i < v->lab->n_checks && yaml; i++) {
		const struct check_spec *check = &v->lab->checks[i];

		if (check->judge == NULL && !strings_have(&in_judge, check->id))
			findings_add(&v->findings, yaml, check->line,
			    _("no C file in checks/ has a check \"%s\"; write it and name it in "
			      "the "
			      "judge's table"),
			    check->id);
		else if (check->judge && !strings_have(&in_bats, check->id))
			findings_add(&v->findings, yaml, check->line,
			    _("checks/%s has no test of this check; write @test \"%s: ...\""),
			    check->judge, check->id);
	}
	free(yaml);
	strings_free(&names);
	strings_free(&in_judge);
	strings_free(&in_bats);
}
