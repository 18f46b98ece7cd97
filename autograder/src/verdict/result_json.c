/*
 * The result as a JSON document and back. Both directions walk the same two
 * tables of fields, so that they cannot drift apart.
 */
#include "../base/text.h"
#include "result.h"
#include "verdict.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA = 1 };

enum kind { TEXT, COUNT, SEED, FLAG, REAL, LIST, STATUS, VERDICT };

struct field {
	const char *name;
	enum kind kind;
	size_t at;
	bool needed; /* a document without it, or with null, is refused */
};

#define IN_RESULT(member) offsetof(struct result, member)
#define IN_CHECK(member) offsetof(struct check_result, member)

static const struct field result_fields[] = {
    {"kit_version", TEXT, IN_RESULT(kit_version), false},
    {"lab", TEXT, IN_RESULT(lab), true},
    {"title", TEXT, IN_RESULT(title), false},
    {"submission", TEXT, IN_RESULT(submission), false},
    {"language", TEXT, IN_RESULT(language), false},
    {"seed", SEED, IN_RESULT(seed), true},
    {"status", STATUS, IN_RESULT(status), true},
    {"reason", TEXT, IN_RESULT(reason), false},
    {"isolation", TEXT, IN_RESULT(isolation), false},
    {"isolation_lost", LIST, IN_RESULT(isolation_lost), false},
    {"score", COUNT, IN_RESULT(score), true},
    {"max_score", COUNT, IN_RESULT(max_score), true},
    {"points_gradable", COUNT, IN_RESULT(points_gradable), true},
    {"compiler", TEXT, IN_RESULT(compiler), false},
    {"files_missing", LIST, IN_RESULT(files_missing), false},
    {"files_ignored", LIST, IN_RESULT(files_ignored), false},
    {"seconds", REAL, IN_RESULT(seconds), false},
    {NULL, TEXT, 0, false},
};

static const struct field check_fields[] = {
    {"id", TEXT, IN_CHECK(id), true},
    {"title", TEXT, IN_CHECK(title), true},
    {"points", COUNT, IN_CHECK(points), true},
    {"max_points", COUNT, IN_CHECK(max_points), true},
    {"verdict", VERDICT, IN_CHECK(verdict), true},
    {"hidden", FLAG, IN_CHECK(hidden), false},
    {"key", TEXT, IN_CHECK(key), false},
    {"arguments", LIST, IN_CHECK(arguments), false},
    {"message", TEXT, IN_CHECK(message), false},
    {"expected", TEXT, IN_CHECK(expected), false},
    {"seen", TEXT, IN_CHECK(seen), false},
    {"why", TEXT, IN_CHECK(why), false},
    {"hint", TEXT, IN_CHECK(hint), false},
    {"more", TEXT, IN_CHECK(more), false},
    {"man", TEXT, IN_CHECK(man), false},
    {"lecture", TEXT, IN_CHECK(lecture), false},
    {"ran", TEXT, IN_CHECK(ran), false},
    {"faults", LIST, IN_CHECK(faults), false},
    {"seconds", REAL, IN_CHECK(seconds), false},
    {NULL, TEXT, 0, false},
};

/* ---- out --------------------------------------------------------------------- */

json_t *
json_from_text(const char *text)
{
	struct text clean = {0};
	size_t n, left = text == NULL ? 0 : strlen(text);
	unsigned code;
	json_t *json;

	if (text == NULL)
		return NULL;
	for (; left > 0; text += n, left -= n) {
		n = utf8_length(text, left, &code);
		if (n == 0)
			text_put(&clean, "\xEF\xBF\xBD");
		else
			text_put_bytes(&clean, text, n);
		n = n == 0 ? 1 : n;
	}
	json = text_failed(&clean) ? NULL : json_stringn(text_string(&clean), clean.n);
	text_free(&clean);
	if (json == NULL)
		errno = ENOMEM;
	return json;
}

static json_t *
text_or_null(const char *text)
{
	return text == NULL ? json_null() : json_from_text(text);
}

static json_t *
value_of(const struct field *f, const char *base)
{
	const void *at = base + f->at;
	json_t *list;

	switch (f->kind) {
	case TEXT:
		return text_or_null(*(char *const *)at);
	case COUNT:
		return json_integer(*(const unsigned *)at);
	case SEED:
		return json_integer((json_int_t)(*(const uint64_t *)at & INT64_MAX));
	case FLAG:
		return json_boolean(*(const bool *)at);
	case REAL:
		return json_real(*(const double *)at);
	case LIST:
		list = *(json_t *const *)at;
		return list == NULL ? json_array() : json_deep_copy(list);
	case STATUS:
		return json_string(result_status_token(*(const enum result_status *)at));
	case VERDICT:
		return json_string(verdict_token(*(const enum verdict *)at));
	}
	return NULL;
}

/* Adds every field of the table to object. Returns 0, or -1 when there is no memory. */
static int
put_fields(json_t *object, const struct field *fields, const void *base)
{
	for (const struct field *f = fields; f->name != NULL; f++)
		if (json_object_set_new(object, f->name, value_of(f, base)) < 0)
			return -1;
	return 0;
}

static json_t *
checks_to_json(const struct result *r)
{
	json_t *checks = json_array();

	for (size_t i = 0; checks != NULL && i < r->n_checks; i++) {
		json_t *check = json_object();

		if (check == NULL || put_fields(check, check_fields, &r->checks[i]) < 0 ||
		    json_array_append(checks, check) < 0) {
			json_decref(checks);
			checks = NULL;
		}
		json_decref(check);
	}
	return checks;
}

json_t *
result_to_json(const struct result *r)
{
	json_t *document = json_object();

	if (document == NULL || json_object_set_new(document, "schema", json_integer(SCHEMA)) < 0 ||
	    put_fields(document, result_fields, r) < 0 ||
	    json_object_set_new(document, "files_ignored_count",
		json_integer((json_int_t)r->n_files_ignored)) < 0 ||
	    json_object_set_new(document, "checks", checks_to_json(r)) < 0) {
		json_decref(document);
		errno = ENOMEM;
		return NULL;
	}
	return document;
}

/* ---- back -------------------------------------------------------------------- */

static int
refuse(void)
{
	errno = EINVAL;
	return -1;
}

static int
take_text(const json_t *value, char **text)
{
	/* A NUL inside would show less than was said. */
	if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
		return refuse();
	*text = strdup(json_string_value(value));
	return *text == NULL ? -1 : 0;
}

static int
take_number(const json_t *value, json_int_t limit, json_int_t *number)
{
	*number = json_integer_value(value);
	if (!json_is_integer(value) || *number < 0 || *number > limit)
		return refuse();
	return 0;
}

static int
take_value(const struct field *f, const json_t *value, char *base)
{
	void *at = base + f->at;
	json_int_t number;

	switch (f->kind) {
	case TEXT:
		return take_text(value, at);
	case COUNT:
		if (take_number(value, INT_MAX, &number) < 0)
			return -1;
		*(unsigned *)at = (unsigned)number;
		return 0;
	case SEED:
		if (take_number(value, INT64_MAX, &number) < 0)
			return -1;
		*(uint64_t *)at = (uint64_t)number;
		return 0;
	case FLAG:
		*(bool *)at = json_is_true(value);
		return json_is_boolean(value) ? 0 : refuse();
	case REAL:
		*(double *)at = json_number_value(value);
		return json_is_number(value) ? 0 : refuse();
	case LIST:
		if (!json_is_array(value))
			return refuse();
		*(json_t **)at = json_deep_copy(value);
		return *(json_t **)at == NULL ? -1 : 0;
	case STATUS:
		return json_is_string(value) &&
			       result_status_from_token(json_string_value(value), at) == 0
			   ? 0
			   : refuse();
	case VERDICT:
		return json_is_string(value) &&
			       verdict_from_token(json_string_value(value), at) == 0
			   ? 0
			   : refuse();
	}
	return refuse();
}

static int
take_fields(const json_t *object, const struct field *fields, void *base)
{
	for (const struct field *f = fields; f->name != NULL; f++) {
		const json_t *value = json_object_get(object, f->name);

		if (value == NULL || json_is_null(value)) {
			if (f->needed)
				return refuse();
		} else if (take_value(f, value, base) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
take_checks(const json_t *checks, struct result *r)
{
	if (!json_is_array(checks))
		return refuse();
	r->checks = calloc(json_array_size(checks) + 1, sizeof *r->checks);
	if (r->checks == NULL)
		return -1;
	for (size_t i = 0; i < json_array_size(checks); i++) {
		r->n_checks = i + 1;
		if (take_fields(json_array_get(checks, i), check_fields, &r->checks[i]) < 0)
			return -1;
		if (r->checks[i].points > r->checks[i].max_points)
			return refuse();
	}
	return 0;
}

struct result *
result_from_json(const json_t *document)
{
	struct result *r;
	json_int_t n = 0;
	const json_t *count = json_object_get(document, "files_ignored_count");

	if (json_integer_value(json_object_get(document, "schema")) != SCHEMA) {
		errno = EINVAL;
		return NULL;
	}
	r = result_new();
	if (r == NULL)
		return NULL;
	if (take_fields(document, result_fields, r) < 0 ||
	    take_checks(json_object_get(document, "checks"), r) < 0 ||
	    (count != NULL && take_number(count, INT_MAX, &n) < 0)) {
		result_free(r);
		return NULL;
	}
	r->n_files_ignored = (size_t)n;
	return r;
}
