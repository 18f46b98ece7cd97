/* page.c - see page.h. */
#include "page.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "template.h"
#include "words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *
page_class(enum verdict v)
{
	if (v == PASSED)
		return "passed";
	if (v == GRADER_FAULT)
		return "ours";
	return v == NOT_REACHED ? "skipped" : "failed";
}

const char *
page_sign(enum verdict v)
{
	static const char *const signs[] = {
	    [PASSED] = "✓",
	    [FAILED] = "✗",
	    [CRASHED] = "†",
	    [TIMED_OUT] = "∞",
	    [OUT_OF_MEMORY] = "▲",
	    [LEFT_PROCESSES] = "+",
	    [DOES_NOT_BUILD] = "□",
	    [NOT_REACHED] = "–",
	    [GRADER_FAULT] = "!",
	};

	return signs[v];
}

int
page_put(json_t *object, const char *key, const char *text)
{
	struct text clean = {0};
	int result = -1;

	if (text == NULL)
		return 0;
	text_put_foreign(&clean, text, strlen(text));
	if (!text_failed(&clean))
		result = json_object_set_new(object, key, json_string(text_string(&clean)));
	text_free(&clean);
	if (result < 0)
		errno = ENOMEM;
	return result;
}

int
page_put_count(json_t *object, const char *key, unsigned long n)
{
	return json_object_set_new(object, key, json_integer((json_int_t)n));
}

/* The same, and takes text over; NULL is a failure unless errno is 0. */
static int
put_made(json_t *object, const char *key, char *text)
{
	int result = text == NULL && errno != 0 ? -1 : page_put(object, key, text);

	free(text);
	return result;
}

/* ---- a check ------------------------------------------------------------------------- */

/* {"label": "Seen:", "text": ...}; NULL with errno 0 when there is no text. */
static json_t *
field(enum label label, const char *text)
{
	json_t *values;

	errno = 0;
	if (text == NULL || *text == '\0')
		return NULL;
	values = json_object();
	if (values && (page_put(values, "label", words_label(label)) < 0 ||
			  page_put(values, "text", text) < 0)) {
		json_decref(values);
		values = NULL;
	}
	if (values == NULL)
		errno = ENOMEM;
	return values;
}

/* Sets object[key] to a field, when there is text. */
static int
put_field(json_t *object, const char *key, enum label label, const char *text)
{
	json_t *values = field(label, text);

	if (values == NULL)
		return errno == 0 ? 0 : -1;
	return json_object_set_new(object, key, values);
}

/* The same with a text of words.h, which it takes over. */
static int
put_made_field(json_t *object, const char *key, enum label label, char *text)
{
	int result = text == NULL && errno != 0 ? -1 : put_field(object, key, label, text);

	free(text);
	return result;
}

static int
append_field(json_t *list, enum label label, const char *text)
{
	json_t *values = field(label, text);

	if (values == NULL)
		return errno == 0 ? 0 : -1;
	return json_array_append_new(list, values);
}

static int
put_explanation(json_t *values, const struct result *r, const struct check_result *c,
    const struct report_options *o)
{
	json_t *fields = json_array();
	char *faults = words_faults(c);
	int failed = (faults == NULL && errno != 0) || append_field(fields, RAN, c->ran) < 0 ||
		     append_field(fields, EXPECTED, c->expected) < 0 ||
		     append_field(fields, SEEN, c->seen ? c->seen : c->message) < 0 ||
		     append_field(fields, FAULTS, faults) < 0 ||
		     append_field(fields, WHY, c->why) < 0 ||
		     append_field(fields, HINT, c->hint) < 0;

	free(faults);
	/* The second step stands folded: the reader opens it when the first was not enough. */
	if (json_object_set_new(values, "fields", fields) < 0 || failed ||
	    json_object_set_new(values, "explained", json_true()) < 0 ||
	    put_field(values, "more", MORE, c->more) < 0 ||
	    put_made_field(values, "read", READ, words_reading(c, o->root)) < 0)
		return -1;
	return put_made_field(values, "command", NEXT, words_replay(r, c, o));
}

/* What is said about a check beside its line in the table. */
static int
put_remarks(json_t *values, const struct result *r, const struct check_result *c,
    const struct report_options *o)
{
	bool told = c->verdict == DOES_NOT_BUILD || c->verdict == NOT_REACHED;

	if (c->verdict == GRADER_FAULT) {
		if (page_put(values, "ours",
			_("The grader failed here, not your work: these points do not count.")) < 0)
			return -1;
		told = true;
	}
	if (c->verdict == PASSED)
		return 0;
	if (json_object_set_new(values, "remarks", json_true()) < 0)
		return -1;
	if (told)
		return page_put(values, "note", c->message);
	if (c->hidden)
		return put_field(values, "rule", WHY, c->why);
	return put_explanation(values, r, c, o);
}

static int
put_check(json_t *values, const struct result *r, const struct check_result *c)
{
	char points[32];

	if (c->verdict == GRADER_FAULT)
		snprintf(points, sizeof points, "–/%u", c->max_points);
	else
		snprintf(points, sizeof points, "%u/%u", c->points, c->max_points);
	if (c->hidden && page_put(values, "hidden", _(" (hidden)")) < 0)
		return -1;
	if (put_made(values, "anchor", text_format("%s-%s", r->lab ? r->lab : "", c->id)) < 0)
		return -1;
	return page_put(values, "title", c->title) < 0 || page_put(values, "points", points) < 0 ||
		       page_put(values, "verdict", words_verdict(c->verdict)) < 0 ||
		       page_put(values, "class", page_class(c->verdict)) < 0 ||
		       page_put(values, "sign", page_sign(c->verdict)) < 0
		   ? -1
		   : 0;
}

static int
put_checks(json_t *values, const struct result *r, const struct report_options *o)
{
	json_t *checks = json_array();
	bool remarks = false;

	if (checks == NULL || json_object_set_new(values, "checks", checks) < 0)
		return -1;
	for (size_t i = 0; i < r->n_checks; i++) {
		const struct check_result *c = &r->checks[i];
		json_t *check = json_object();

		if (check == NULL || json_array_append_new(checks, check) < 0 ||
		    put_check(check, r, c) < 0 || put_remarks(check, r, c, o) < 0)
			return -1;
		remarks = remarks || c->verdict != PASSED;
	}
	return json_object_set_new(values, "any_remarks", json_boolean(remarks));
}

/* ---- a result ------------------------------------------------------------------------ */

static int
put_list(json_t *values, const char *key, const json_t *names)
{
	if (json_array_size(names) == 0)
		return 0;
	return put_made(values, key, words_list(names));
}

static int
put_state(json_t *values, const struct result *r)
{
	if (r->status == RESULT_CANNOT_BE_GRADED) {
		if (page_put(values, "trouble", _("This submission cannot be graded.")) < 0)
			return -1;
		return page_put(values, "reason", r->reason);
	}
	if (r->status == RESULT_GRADER_FAULT) {
		if (page_put(values, "fault",
			_("A fault of the grader, not of your work. It costs you nothing.")) < 0 ||
		    put_made(values, "whom", words_whom_to_tell(r)) < 0 ||
		    page_put(values, "reason", r->reason) < 0)
			return -1;
	}
	if (r->n_checks == 0)
		return 0;
	/* The number stands large beside the title; the sentence only adds what does not count. */
	if (r->max_score > r->points_gradable && put_made(values, "sum", words_points(r)) < 0)
		return -1;
	return json_object_set_new(values, "scored", json_true());
}

static int
put_result(json_t *values, const struct result *r, const struct report_options *o)
{
	const char *compiler = r->compiler ? r->compiler : "";
	bool said = compiler[strspn(compiler, " \n")] != '\0';

	if (page_put(values, "lab", r->lab ? r->lab : "") < 0 ||
	    page_put(values, "title", r->title ? r->title : "") < 0 ||
	    page_put(values, "text_lang", r->language ? r->language : messages_language()) < 0 ||
	    put_made(values, "seed",
		/* TRANSLATORS: the number from which all inputs and faults of a run are drawn. */
		text_format(_("seed %llu"), (unsigned long long)r->seed)) < 0)
		return -1;
	if (r->n_checks > 0 && (page_put_count(values, "score", r->score) < 0 ||
				   page_put_count(values, "gradable", r->points_gradable) < 0))
		return -1;
	if (put_list(values, "lost", r->isolation_lost) < 0 ||
	    put_list(values, "missing", r->files_missing) < 0 ||
	    put_list(values, "ignored", r->files_ignored) < 0 ||
	    page_put(values, "compiler", said ? compiler : NULL) < 0)
		return -1;
	return put_state(values, r) < 0 ? -1 : put_checks(values, r, o);
}

/* Hands values out when all went well. */
static json_t *
finished(json_t *values, int result)
{
	if (result == 0)
		return values;
	json_decref(values);
	errno = ENOMEM;
	return NULL;
}

json_t *
page_result(const struct result *r, const struct report_options *o)
{
	json_t *values = json_object();

	return finished(values, values ? put_result(values, r, o) : -1);
}

/* ---- a page ---------------------------------------------------------------------------- */

static int
put_words(json_t *words)
{
	const struct {
		const char *key, *text;
	} list[] = {
	    {"check", _("Check")},
	    {"points", _("Points")},
	    {"verdict", _("Verdict")},
	    {"details", _("What to mend")},
	    {"compiler", _("The compiler says:")},
	    {"lost", _("Isolation is weaker than in the sandbox; lost:")},
	    {"missing", _("Not handed in:")},
	    {"ignored", _("Not used:")},
	    {"student", _("Student")},
	    {"students", _("Students")},
	    {"class", _("Class")},
	    {"lab", _("Lab")},
	    {"labs", _("Labs")},
	    {"sum", _("Sum")},
	    {"passed", _("Passed")},
	    {"legend", _("Signs")},
	    {"notes", _("Notes")},
	    {"not_judged", _("Not judged")},
	    {"back", _("All students")},
	    {"more", _("Show the second hint")},
	};

	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
		if (page_put(words, list[i].key, list[i].text) < 0)
			return -1;
	return 0;
}

static int
put_frame(json_t *values, const char *title)
{
	json_t *words = json_object();

	if (words == NULL || json_object_set_new(values, "say", words) < 0)
		return -1;
	if (put_words(words) < 0 || page_put(values, "lang", messages_language()) < 0)
		return -1;
	return page_put(values, "page_title", title);
}

json_t *
page_frame(const char *title)
{
	json_t *values = json_object();

	return finished(values, values ? put_frame(values, title) : -1);
}

int
page_write(const char *root, const char *template, json_t *values, FILE *out)
{
	char *directory = root ? join_path(root, "autograder/templates", NULL) : NULL;
	struct text page = {0};
	int result = -1;

	if (root == NULL)
		errno = EINVAL;
	if (directory && values && template_fill(directory, template, values, &page) == 0 &&
	    fwrite(text_string(&page), 1, page.n, out) == page.n && fflush(out) == 0)
		result = 0;
	text_free(&page);
	free(directory);
	json_decref(values);
	return result;
}
