/* channel.c - see channel.h. */
#include "channel.h"
#include "../base/messages.h"
#include "../base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Remembers what the judge did wrong, and to which check. Always -1. */
__attribute__((format(printf, 3, 4))) static int
broken(struct channel *c, size_t blamed, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (vsnprintf(c->complaint, sizeof c->complaint, format, arguments) < 0)
		c->complaint[0] = '\0';
	va_end(arguments);
	utf8_clip(c->complaint);
	c->blamed = blamed;
	c->distrusted = true;
	return -1;
}

size_t
channel_find(const struct channel *c, const char *id)
{
	size_t i = 0;

	while (i < c->n && strcmp(c->checks[i]->id, id) != 0)
		i++;
	return i;
}

size_t
channel_open_check(const struct channel *c)
{
	size_t i = 0;

	while (i < c->n && c->progress[i] != BEGUN)
		i++;
	return i;
}

/* ---- one end ----------------------------------------------------------------- */

static const struct {
	const char *name;
	size_t at;
} end_texts[] = {
    {"key", offsetof(struct check_result, key)},
    {"expected", offsetof(struct check_result, expected)},
    {"seen", offsetof(struct check_result, seen)},
    {"message", offsetof(struct check_result, message)},
    {"why", offsetof(struct check_result, why)},
    {"hint", offsetof(struct check_result, hint)},
    {"more", offsetof(struct check_result, more)},
    {"man", offsetof(struct check_result, man)},
    {"lecture", offsetof(struct check_result, lecture)},
    {"ran", offsetof(struct check_result, ran)},
};

enum { END_TEXTS = sizeof end_texts / sizeof *end_texts };

static bool
is_absent(const json_t *value)
{
	return value == NULL || json_is_null(value);
}

/* Are they objects with a name and how often it was asked for and delivered? */
static bool
are_faults(const json_t *faults)
{
	size_t i;
	json_t *fault;

	if (!json_is_array(faults))
		return false;
	json_array_foreach(faults, i, fault)
	{
		if (!json_is_string(json_object_get(fault, "name")) ||
		    !json_is_integer(json_object_get(fault, "asked")) ||
		    !json_is_integer(json_object_get(fault, "delivered")))
			return false;
	}
	return true;
}

/* Are they numbers and words, as a message's directives take them? */
static bool
are_arguments(const json_t *arguments)
{
	size_t i;
	json_t *argument;

	if (!json_is_array(arguments))
		return false;
	json_array_foreach(arguments, i, argument)
	{
		if (!json_is_string(argument) && !json_is_number(argument))
			return false;
	}
	return true;
}

/* The name of the first field that is not what it must be, or NULL. */
static const char *
wrong_field(const json_t *line)
{
	const json_t *seconds = json_object_get(line, "seconds");
	const json_t *faults = json_object_get(line, "faults");
	const json_t *arguments = json_object_get(line, "arguments");

	for (size_t i = 0; i < END_TEXTS; i++) {
		const json_t *value = json_object_get(line, end_texts[i].name);

		if (!is_absent(value) && !json_is_string(value))
			return end_texts[i].name;
	}
	if (!is_absent(seconds) && !(json_is_number(seconds) && json_number_value(seconds) >= 0 &&
				       json_number_value(seconds) < 1e6))
		return "seconds";
	if (!is_absent(faults) && !are_faults(faults))
		return "faults";
	if (!is_absent(arguments) && !are_arguments(arguments))
		return "arguments";
	return NULL;
}

/* The verdicts that a judge may give; the others are for us to find. */
static int
judged_verdict(const json_t *line, enum verdict *v)
{
	const char *token = json_string_value(json_object_get(line, "verdict"));

	if (token == NULL || verdict_from_token(token, v) < 0 || *v > LEFT_PROCESSES)
		return -1;
	return 0;
}

static void
forget_texts(struct check_result *check)
{
	for (size_t i = 0; i < END_TEXTS; i++) {
		char **text = (char **)((char *)check + end_texts[i].at);

		free(*text);
		*text = NULL;
	}
	json_decref(check->arguments);
	json_decref(check->faults);
	check->arguments = check->faults = NULL;
}

/* Takes the fields over; returns -1 when there is no memory for them. */
static int
take_end(struct check_result *check, const json_t *line, enum verdict verdict)
{
	char *lecture = check->lecture; /* lab.yaml's, unless the judge knows better */
	int result = 0;

	check->lecture = NULL;
	forget_texts(check);
	for (size_t i = 0; i < END_TEXTS; i++) {
		const char *value = json_string_value(json_object_get(line, end_texts[i].name));
		char **text = (char **)((char *)check + end_texts[i].at);

		if (value != NULL && (*text = strdup(value)) == NULL)
			result = -1;
	}
	if (check->lecture == NULL)
		check->lecture = lecture;
	else
		free(lecture);
	if (!is_absent(json_object_get(line, "faults")))
		check->faults = json_incref(json_object_get(line, "faults"));
	if (!is_absent(json_object_get(line, "arguments")))
		check->arguments = json_incref(json_object_get(line, "arguments"));
	check->seconds = json_number_value(json_object_get(line, "seconds"));
	check->verdict = verdict;
	return result;
}

void
check_is_grader_fault(struct check_result *check, const char *sentence, const char *detail)
{
	forget_texts(check);
	check->verdict = GRADER_FAULT;
	check->message = strdup(sentence);
	if (detail != NULL && *detail != '\0')
		check->seen = strdup(detail);
}

/* ---- lines -------------------------------------------------------------------- */

static void
has_ended(struct channel *c, size_t check)
{
	c->progress[check] = ENDED;
	if (c->ended != NULL)
		c->ended(check, c->with);
}

/* The check that a line speaks of; n after a complaint. */
static size_t
check_of(struct channel *c, const json_t *line)
{
	const char *id = json_string_value(json_object_get(line, "check"));
	size_t i = id == NULL ? c->n : channel_find(c, id);

	if (id == NULL)
		(void)broken(c, channel_open_check(c), _("a line names no check"));
	else if (i == c->n)
		(void)broken(c, channel_open_check(c),
		    _("it speaks of the check '%.60s', which it was not asked for"), id);
	return i;
}

static int
on_plan(struct channel *c, const json_t *line)
{
	const json_t *ids = json_object_get(line, "checks");
	size_t i;
	json_t *value;

	if (c->planned)
		return broken(c, channel_open_check(c), _("it announced a plan twice"));
	c->planned = true;
	if (!json_is_array(ids))
		return broken(c, c->n, _("its plan is no list of checks"));
	json_array_foreach(ids, i, value)
	{
		const char *id = json_string_value(value);

		if (id == NULL || channel_find(c, id) == c->n)
			return broken(c, c->n, _("its plan has a check that it was not asked for"));
	}
	/* What the plan lacks, or has twice, shows when no answer or a second one comes. */
	return 0;
}

static int
on_begin(struct channel *c, const json_t *line)
{
	size_t check = check_of(c, line), open = channel_open_check(c);

	if (check == c->n)
		return -1;
	if (!c->planned && c->announced)
		return broken(c, check, _("it began a check before it announced its plan"));
	if (open != c->n)
		return broken(c, open, _("it began another check before this one had ended"));
	if (c->progress[check] != ASKED)
		return broken(c, check, _("it began this check twice"));
	c->progress[check] = BEGUN;
	return 0;
}

static int
on_end(struct channel *c, const json_t *line)
{
	size_t check = check_of(c, line);
	enum verdict verdict;
	const char *field;

	if (check == c->n)
		return -1;
	if (c->progress[check] == ENDED)
		return broken(c, check, _("it gave two verdicts on this check"));
	if (c->progress[check] == ASKED && c->announced)
		return broken(c, check, _("it ended this check without having begun it"));
	if (judged_verdict(line, &verdict) < 0)
		return broken(c, check, _("its verdict is none that a judge may give"));
	field = wrong_field(line);
	if (field != NULL)
		return broken(c, check, _("the field '%s' of its answer is wrong"), field);
	if (take_end(c->checks[check], line, verdict) < 0)
		return broken(c, check, _("there is no memory for its answer"));
	has_ended(c, check);
	return 0;
}

/* The judge itself says that it could not judge. */
static int
on_fault(struct channel *c, const json_t *line)
{
	const char *text = json_string_value(json_object_get(line, "text"));
	size_t check;

	if (text == NULL)
		text = _("the judge could not do its work and did not say why");
	if (is_absent(json_object_get(line, "check")))
		return broken(c, channel_open_check(c), "%s", text);
	check = check_of(c, line);
	if (check == c->n)
		return -1;
	check_is_grader_fault(c->checks[check], text, NULL);
	has_ended(c, check);
	return 0;
}

static int
on_line(struct channel *c, const char *bytes, size_t n)
{
	static const struct {
		const char *type;
		int (*take)(struct channel *, const json_t *);
	} types[] = {{"plan", on_plan}, {"begin", on_begin}, {"end", on_end}, {"fault", on_fault}};
	json_t *line = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, NULL);
	const char *type = json_string_value(json_object_get(line, "type"));
	int result = 1;

	for (size_t i = 0; type != NULL && i < sizeof types / sizeof *types; i++)
		if (strcmp(type, types[i].type) == 0)
			result = types[i].take(c, line);
	if (result == 1)
		result = broken(c, channel_open_check(c), _("it wrote a line that is no answer"));
	json_decref(line);
	return result;
}

int
channel_feed(struct channel *c, const char *bytes, size_t n)
{
	if (c->distrusted)
		return -1;
	c->total += n;
	if (c->total > CHANNEL_TOTAL_MAX)
		return broken(
		    c, channel_open_check(c), _("it wrote more than any judge has to say"));
	while (n > 0) {
		const char *newline = memchr(bytes, '\n', n);
		size_t part = newline == NULL ? n : (size_t)(newline - bytes);

		if (part > sizeof c->line - c->used)
			return broken(
			    c, channel_open_check(c), _("it wrote a line that is too long"));
		memcpy(c->line + c->used, bytes, part);
		c->used += part;
		if (newline == NULL)
			return 0;
		if (on_line(c, c->line, c->used) < 0)
			return -1;
		c->used = 0;
		bytes += part + 1;
		n -= part + 1;
	}
	return 0;
}

int
channel_close(struct channel *c)
{
	if (c->distrusted)
		return -1;
	if (c->used > 0)
		return broken(c, channel_open_check(c), _("it ended in the middle of a line"));
	return 0;
}
