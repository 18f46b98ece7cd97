/*
 * record.c - keeps what the eye saw of a trial, for whoever draws it later:
 * one JSON object a line in RECORD/CHECK-N.jsonl, the first about the trial,
 * one for each event after it.
 */
#define _GNU_SOURCE
#include "inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
kind_name(enum event_kind kind)
{
	static const char *const names[] = {[EVENT_START] = "start",
	    [EVENT_FORK] = "fork",
	    [EVENT_THREAD] = "thread",
	    [EVENT_EXEC] = "exec",
	    [EVENT_CALL] = "call",
	    [EVENT_SIGNAL] = "signal",
	    [EVENT_STOP] = "stop",
	    [EVENT_CONTINUE] = "continue",
	    [EVENT_FAULT] = "fault",
	    [EVENT_HELD] = "held",
	    [EVENT_EXIT] = "exit",
	    [EVENT_REAPED] = "reaped",
	    [EVENT_QUIET] = "quiet",
	    [EVENT_SETTLED] = "settled"};

	return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "?";
}

static void
set_int(json_t *line, const char *name, long long value)
{
	json_object_set_new(line, name, json_integer(value));
}

static json_t *
line_of(const struct event *e)
{
	json_t *line = json_object();
	struct text shown = {0};

	json_object_set_new(line, "event", json_string(kind_name(e->kind)));
	set_int(line, "us", (long long)e->at_us);
	set_int(line, "pid", e->pid);
	if (e->other != 0)
		set_int(line, "other", e->other);
	if (e->kind == EVENT_CALL) {
		json_object_set_new(line, "call", json_string(call_name(e->call)));
		set_int(line, "argument", e->args[0]);
		set_int(line, "result", e->result);
		if (e->timeout_ms >= 0)
			set_int(line, "timeout_ms", e->timeout_ms);
	}
	if (e->kind == EVENT_EXIT || e->kind == EVENT_REAPED)
		set_int(line, "status", e->status);
	if (e->signal != 0)
		json_object_set_new(line, "signal", json_string(signal_name(e->signal)));
	if (e->fault != 0)
		set_int(line, "fault", e->fault);
	if (e->text[0] != '\0') {
		text_put_name(&shown, e->text);
		json_object_set_new(line, "text", json_string(text_string(&shown)));
		text_free(&shown);
	}
	return line;
}

static void
write_line(FILE *out, json_t *line)
{
	json_dumpf(line, out, JSON_COMPACT);
	putc('\n', out);
	json_decref(line);
}

static json_t *
head_of(const struct trial *t, const char *check)
{
	json_t *head = json_pack("{s:s, s:s, s:s, s:I}", "event", "trial", "check", check,
	    "program", t->program, "seed", (json_int_t)settings()->seed);
	json_t *faults = json_array();

	json_object_set_new(head, "ran", json_string(trial_ran(t)));
	for (size_t i = 0; i < t->n_faults; i++)
		json_array_append_new(faults, json_string(fault_sentence(&t->faults[i].fault)));
	json_object_set_new(head, "faults", faults);
	return head;
}

void
record_trial(const struct trial *t, const char *check)
{
	static unsigned n;
	char *path;
	FILE *out;

	if (settings()->record == NULL || !t->started)
		return;
	path = text_format("%s/%s-%u.jsonl", settings()->record, check, ++n);
	out = path == NULL ? NULL : fopen(path, "we");
	if (out == NULL) {
		fprintf(
		    stderr, "judge: %s: %s\n", path == NULL ? "recording" : path, strerror(errno));
		free(path);
		return;
	}
	write_line(out, head_of(t, check));
	for (size_t i = 0; i < t->n_events; i++)
		write_line(out, line_of(&t->events[i]));
	if (fclose(out) != 0)
		fprintf(stderr, "judge: %s: %s\n", path, strerror(errno));
	free(path);
}
