/*
 * tap.c - TAP 14 (testanything.org): a test point for each check, and what the result says of it
 * as its YAML block. JSON strings are YAML, too (YAML 1.2, 1.2), and no foreign text can leave one.
 */
#include "../base/text.h"
#include "report.h"
#include "write.h"

#include <stdlib.h>
#include <string.h>

/* A description ends at "#", where a directive begins. */
static void
put_description(struct text *t, const char *s)
{
	struct text line = {0};

	text_put_name(&line, s);
	for (const char *c = text_string(&line); *c != '\0'; c++) {
		if (*c == '#')
			text_put_char(t, '\\');
		text_put_char(t, *c);
	}
	t->failed |= text_failed(&line);
	text_free(&line);
}

static void
put_value(struct text *t, const char *key, json_t *value)
{
	char *bytes = json_dumps(value, JSON_ENCODE_ANY);

	if (bytes == NULL)
		t->failed = true;
	else
		text_printf(t, "  %s: %s\n", key, bytes);
	free(bytes);
	json_decref(value);
}

static void
put_string(struct text *t, const char *key, const char *s)
{
	if (s != NULL)
		put_value(t, key, json_from_text(s));
}

static void
put_number(struct text *t, const char *key, unsigned n)
{
	put_value(t, key, json_integer((json_int_t)n));
}

static void
put_check(struct text *t, const struct check_result *c, size_t number)
{
	text_printf(t, "%sok %zu - ", c->verdict == PASSED ? "" : "not ", number);
	put_description(t, c->id);
	text_put(t, ": ");
	put_description(t, c->title);
	text_put(t, "\n  ---\n");
	put_string(t, "verdict", verdict_token(c->verdict));
	put_number(t, "points", c->points);
	put_number(t, "max_points", c->max_points);
	put_string(t, "key", c->key);
	if (!c->hidden || c->verdict == GRADER_FAULT) {
		put_string(t, "message", c->message);
		put_string(t, "ran", c->ran);
		put_string(t, "expected", c->expected);
		put_string(t, "seen", c->seen);
	}
	put_string(t, "why", c->why);
	text_put(t, "  ...\n");
}

/* Of a submission that nobody could judge there is one test point, and it is not ok. */
static void
put_no_checks(struct text *t, const struct result *r)
{
	text_put(t, "1..1\nnot ok 1 - submission\n  ---\n");
	put_string(t, "verdict", result_status_token(r->status));
	put_string(t, "message", r->reason);
	put_string(t, "compiler", r->compiler);
	text_put(t, "  ...\n");
}

int
report_tap(const struct result *r, FILE *out, const struct report_options *o)
{
	struct text t = {0};

	(void)o;
	text_put(&t, "TAP version 14\n# ");
	put_description(&t, r->lab != NULL ? r->lab : "");
	text_printf(&t, ", seed %llu, %u of %u points\n", (unsigned long long)r->seed, r->score,
	    r->points_gradable);
	if (r->n_checks == 0) {
		put_no_checks(&t, r);
		return write_text(&t, out);
	}
	text_printf(&t, "1..%zu\n", r->n_checks);
	for (size_t i = 0; i < r->n_checks; i++)
		put_check(&t, &r->checks[i], i + 1);
	return write_text(&t, out);
}
