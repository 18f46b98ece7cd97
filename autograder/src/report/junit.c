/*
 * junit.c - JUnit XML, as Jenkins, GitLab and most others read it: a testsuite for the lab, a
 * testcase for each check. A check that was not reached is skipped, one that we could not judge
 * is an error, and all others that did not pass are failures.
 */
#include "../base/text.h"
#include "plain.h"
#include "template.h"
#include "write.h"

#include <stdlib.h>
#include <string.h>

static void
put_attribute(struct text *t, const char *name, const char *value)
{
	text_printf(t, " %s=\"", name);
	html_escape(t, value != NULL ? value : "");
	text_put_char(t, '"');
}

static void
put_property(struct text *t, const char *name, const char *value)
{
	text_put(t, "      <property");
	put_attribute(t, "name", name);
	put_attribute(t, "value", value);
	text_put(t, "/>\n");
}

static void
put_number(struct text *t, const char *name, unsigned long long n)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%llu", n);
	put_property(t, name, digits);
}

static const char *
element_of(enum verdict verdict)
{
	switch (verdict) {
	case PASSED:
		return NULL;
	case NOT_REACHED:
		return "skipped";
	case GRADER_FAULT:
		return "error";
	default:
		return "failure";
	}
}

/* The one sentence; of a hidden check its rule, which is all that is told. */
static const char *
sentence_of(const struct check_result *c)
{
	if (c->hidden && c->verdict != GRADER_FAULT)
		return c->why;
	return c->seen != NULL ? c->seen : c->message;
}

/* Foreign is the text for people; frees it. */
static void
put_outcome(struct text *t, const char *element, const char *type, const char *sentence, char *text)
{
	text_printf(t, "      <%s", element);
	put_attribute(t, "message", sentence);
	if (strcmp(element, "skipped") != 0)
		put_attribute(t, "type", type);
	text_put_char(t, '>');
	if (text != NULL)
		html_escape(t, text);
	else
		t->failed = true;
	text_printf(t, "</%s>\n", element);
	free(text);
}

static void
put_case(struct text *t, const struct result *r, size_t check, const struct report_options *o)
{
	const struct check_result *c = &r->checks[check];
	const char *element = element_of(c->verdict);

	text_put(t, "    <testcase");
	put_attribute(t, "classname", r->lab);
	put_attribute(t, "name", c->id);
	text_printf(t, " time=\"%.3f\"", c->seconds);
	if (element == NULL) {
		text_put(t, "/>\n");
		return;
	}
	text_put(t, ">\n");
	put_outcome(
	    t, element, verdict_token(c->verdict), sentence_of(c), plain_check(r, check, o));
	text_put(t, "    </testcase>\n");
}

/* A submission that nobody could judge is one case, and it fails. */
static void
put_no_checks(struct text *t, const struct result *r, const struct report_options *o)
{
	text_put(t, "    <testcase");
	put_attribute(t, "classname", r->lab);
	text_put(t, " name=\"submission\">\n");
	put_outcome(t, r->status == RESULT_GRADER_FAULT ? "error" : "failure",
	    result_status_token(r->status), r->reason, plain_around(r, o));
	text_put(t, "    </testcase>\n");
}

static size_t
count(const struct result *r, const char *element)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_checks; i++) {
		const char *its = element_of(r->checks[i].verdict);

		n += its != NULL && strcmp(its, element) == 0;
	}
	if (r->n_checks == 0)
		n = strcmp(element, r->status == RESULT_GRADER_FAULT ? "error" : "failure") == 0;
	return n;
}

static void
put_suite(struct text *t, const struct result *r)
{
	text_put(t, "  <testsuite");
	put_attribute(t, "name", r->lab);
	text_printf(t,
	    " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" "
	    "time=\"%.3f\">\n    <properties>\n",
	    r->n_checks == 0 ? 1 : r->n_checks, count(r, "failure"), count(r, "error"),
	    count(r, "skipped"), r->seconds);
	put_property(t, "submission", r->submission);
	put_number(t, "score", r->score);
	put_number(t, "points_gradable", r->points_gradable);
	put_number(t, "max_score", r->max_score);
	put_number(t, "seed", r->seed);
	put_property(t, "kit_version", r->kit_version);
	put_property(t, "isolation", r->isolation);
	text_put(t, "    </properties>\n");
}

int
report_junit(const struct result *r, FILE *out, const struct report_options *o)
{
	struct text t = {0};

	text_put(&t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gabel\">\n");
	put_suite(&t, r);
	for (size_t i = 0; i < r->n_checks; i++)
		put_case(&t, r, i, o);
	if (r->n_checks == 0)
		put_no_checks(&t, r, o);
	text_put(&t, "  </testsuite>\n</testsuites>\n");
	return write_text(&t, out);
}
