/*
 * report.c - the channel to gabel: one JSON object a line (check/channel there).
 *
 * Student code never holds this descriptor: it is close-on-exec, and a sandbox
 * gets only what arrange_descriptors() gives it.
 */
#define _GNU_SOURCE
#include "inside.h"
#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
	bool open;
	const char *id;
	uint64_t since_us;
} check;

/* Without gabel (a check run by hand) the lines go to standard output. */
static void
say_line(json_t *object)
{
	int fd = settings()->channel < 0 ? STDOUT_FILENO : settings()->channel;
	char *line = json_dumps(object, JSON_COMPACT);
	struct text text = {0};

	if (line == NULL) { /* a value that is not UTF-8 would have failed earlier: no memory */
		fprintf(stderr, "judge: out of memory\n");
		exit(3);
	}
	text_put(&text, line);
	text_put(&text, "\n");
	if (write_all(fd, text_string(&text), text.n) < 0) {
		fprintf(stderr, "judge: the channel is gone: %s\n", strerror(errno));
		exit(3);
	}
	text_free(&text);
	free(line);
	json_decref(object);
}

json_t *
json_words(const char *text)
{
	struct text shown = {0};
	json_t *value;

	if (text == NULL)
		return json_null();
	text_put_foreign(&shown, text, strlen(text));
	value = json_string(text_string(&shown));
	text_free(&shown);
	return value;
}

static void
set(json_t *object, const char *name, const char *text)
{
	if (text != NULL)
		json_object_set_new(object, name, json_words(text));
}

static void
set_sentence(json_t *object, const char *name, const char *text)
{
	set(object, name, text == NULL ? NULL : newlines_shown(text));
}

void
report_plan(const char *const ids[], size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(ids[i]));
	say_line(json_pack("{s:s, s:o}", "type", "plan", "checks", list));
}

void
report_begin(const char *id)
{
	check.open = true;
	check.id = id;
	check.since_us = clock_us();
	say_line(json_pack("{s:s, s:s}", "type", "begin", "check", id));
}

bool
report_is_open(void)
{
	return check.open;
}

const struct hint *
hint_find(const char *key, bool *ours)
{
	extern const struct hint hints[];
	const struct hint *const tables[] = {hints, common_hints};

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		for (const struct hint *h = tables[i]; h->key != NULL; h++) {
			if (strcmp(h->key, key) == 0) {
				*ours = tables[i] == common_hints;
				return h;
			}
		}
	}
	return NULL;
}

json_t *
hint_json(const char *key)
{
	json_t *object = json_object();
	bool ours;
	const struct hint *h = hint_find(key, &ours);

	set(object, "key", key);
	if (h == NULL)
		return object;
	set(object, "why", ours ? G_(h->rule) : _(h->rule));
	set(object, "hint", ours ? G_(h->nudge) : _(h->nudge));
	set(object, "more", ours ? G_(h->more) : _(h->more));
	set(object, "man", h->man);
	set(object, "lecture", h->lecture);
	return object;
}

static const char *
ran_so_far(void)
{
	return trials == NULL ? NULL : trial_ran(trials);
}

static void
add_failure(json_t *line, const struct failure *f)
{
	json_t *hint = hint_json(f->key);

	json_object_update(line, hint);
	json_decref(hint);
	set_sentence(line, "expected", f->expected);
	set_sentence(line, "seen", f->seen);
	set_sentence(line, "message", f->seen);
	if (f->arguments != NULL)
		json_object_set_new(line, "arguments", f->arguments);
}

void
report_end(const struct failure *failure)
{
	json_t *line = json_object();

	if (!check.open)
		return;
	check.open = false;
	set(line, "type", "end");
	set(line, "check", check.id);
	set(line, "verdict", failure == NULL ? "passed" : failure->verdict);
	if (failure != NULL)
		add_failure(line, failure);
	set(line, "ran", ran_so_far());
	json_object_set_new(line, "faults", faults_json(failure != NULL));
	json_object_set_new(
	    line, "seconds", json_real((double)(clock_us() - check.since_us) / 1000000.0));
	say_line(line);
}

void
report_fault(const char *text)
{
	json_t *line;

	if (!check.open)
		return;
	check.open = false;
	line = json_object();
	set(line, "type", "fault");
	set(line, "check", check.id);
	set(line, "text", text);
	say_line(line);
}
