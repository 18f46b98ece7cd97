/*
 * class.json: the seed, the labs with their checks, and what became of every
 * submission. The whole of each result lies in results/.
 */
#include "../base/files.h"
#include "../base/text.h"
#include "tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static json_t *
checks_of(const struct lab_tally *lab)
{
	json_t *checks = json_array();

	for (size_t i = 0; i < lab->n; i++) {
		const struct column *c = &lab->columns[i];
		json_t *check = json_pack("{s:s, s:s, s:i, s:b}", "id", c->id, "title", c->title,
		    "points", (int)c->points, "hidden", (int)c->hidden);

		if (json_array_append_new(checks, check) < 0) {
			json_decref(checks);
			return NULL;
		}
	}
	return checks;
}

static json_t *
labs_of(const struct tally *tally)
{
	json_t *labs = json_array();

	for (size_t i = 0; i < tally->roster->labs.n; i++) {
		const struct lab_tally *lab = &tally->labs[i];
		json_t *entry = json_pack("{s:s, s:s, s:i, s:o}", "lab", lab->name, "title",
		    lab->title ? lab->title : "", "max_score", (int)lab->max_score, "checks",
		    checks_of(lab));

		if (json_array_append_new(labs, entry) < 0) {
			json_decref(labs);
			return NULL;
		}
	}
	return labs;
}

/* {"check id": "verdict", ...} */
static json_t *
verdicts_of(const struct tally *tally, const struct submission *s)
{
	const struct lab_tally *lab = tally_lab(tally, s->lab);
	json_t *verdicts = json_object();

	for (size_t i = 0; i < s->outcome.n_checks; i++)
		if (json_object_set_new(verdicts, lab->columns[i].id,
			json_string(verdict_token((enum verdict)s->outcome.verdicts[i]))) < 0) {
			json_decref(verdicts);
			return NULL;
		}
	return verdicts;
}

static json_t *
submission_of(const struct tally *tally, const struct submission *s)
{
	const struct outcome *o = &s->outcome;
	char *file = text_format("results/%s/%s.json", s->file, s->lab);
	json_t *entry = NULL;

	if (file && !o->known)
		entry = json_pack("{s:s, s:n}", "lab", s->lab, "status");
	else if (file)
		entry = json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:o}", "lab", s->lab, "result",
		    file, "status", result_status_token(o->status), "score", (int)o->score,
		    "max_score", (int)o->max_score, "points_gradable", (int)o->points_gradable,
		    "checks", verdicts_of(tally, s));
	free(file);
	return entry;
}

static json_t *
students_of(const struct tally *tally)
{
	const struct roster *roster = tally->roster;
	json_t *students = json_array(), *labs = NULL;
	int result = students ? 0 : -1;

	for (size_t i = 0; i < roster->n && result == 0; i++) {
		const struct submission *s = &roster->at[i];

		if (roster_begins_student(roster, i)) {
			json_t *student;

			labs = json_array();
			student = json_pack("{s:s, s:s, s:o}", "student", s->shown, "file", s->file,
			    "submissions", labs);
			result = json_array_append_new(students, student);
		}
		if (result == 0)
			result = json_array_append_new(labs, submission_of(tally, s));
	}
	if (result == 0)
		return students;
	json_decref(students);
	return NULL;
}

static json_t *
notes_of(const struct tally *tally)
{
	json_t *notes = json_array();

	for (size_t i = 0; i < tally->roster->notes.n; i++)
		if (json_array_append_new(notes, json_string(tally->roster->notes.at[i])) < 0) {
			json_decref(notes);
			return NULL;
		}
	return notes;
}

json_t *
tally_to_json(const struct tally *tally, const struct store *store)
{
	char seed[DIGEST_TEXT];
	json_t *class;

	digest_text(store->seed, seed);
	class = json_pack("{s:i, s:b, s:s, s:s, s:s, s:o, s:o, s:o}", "schema", 1, "complete",
	    tally->missing == 0, "seed", seed, "kit_version", store->options->kit_version,
	    "isolation", store->options->isolation, "labs", labs_of(tally), "students",
	    students_of(tally), "notes", notes_of(tally));
	if (class == NULL)
		errno = ENOMEM;
	return class;
}

int
tally_write(const struct tally *tally, const struct store *store)
{
	json_t *class = tally_to_json(tally, store);
	char *bytes = class ? json_dumps(class, JSON_INDENT(1)) : NULL;
	char *path = store_path(store, "class.json", NULL);
	int result = -1, error;

	if (bytes && path)
		result = write_file_atomic(path, bytes, strlen(bytes), 0600);
	else
		errno = ENOMEM;
	error = errno;
	free(path);
	free(bytes);
	json_decref(class);
	errno = error;
	return result;
}
