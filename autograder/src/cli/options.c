/* options.c - the table of options; parsing and help are made from it. */
#include "../base/messages.h"
#include "../base/nearest.h"
#include "../base/text.h"
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Seeds travel through JSON, where numbers beyond 2^53 are not safe everywhere. */
#define SEED_MAX ((uint64_t)1 << 53)

enum { JOBS_MAX = 256 };

struct option_spec {
	const char *name;
	char letter;       /* or 0 */
	const char *value; /* what it takes, for the help; NULL: nothing */
	unsigned set;      /* the commands that know it */
	const char *help;  /* N_() */
	/* Returns 0, or -1: value is none that it takes (allowed says what it takes). */
	int (*take)(struct options *o, const char *value);
	const char *allowed; /* N_() */
};

/* ---- values ---------------------------------------------------------------------- */

static int
number(const char *text, uint64_t low, uint64_t high, uint64_t *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno == 0 && *end == '\0' && *value >= low && *value <= high ? 0 : -1;
}

/* The index of text among the words, or -1. */
static int
choice(const char *text, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	return -1;
}

static int
take_lab(struct options *o, const char *value)
{
	return strings_add(&o->labs, value);
}

static int
take_only(struct options *o, const char *value)
{
	return strings_add(&o->only, value);
}

static int
take_format(struct options *o, const char *value)
{
	static const char *const words[] = {
	    "terminal", "json", "html", "junit", "tap", "gradescope", "autolab", NULL};
	int i = choice(value, words);

	o->format = (enum format)i;
	return i < 0 ? -1 : 0;
}

static int
take_language(struct options *o, const char *value)
{
	static const char *const words[] = {"en", "de", "ru", NULL};

	o->language = value;
	return choice(value, words) < 0 ? -1 : 0;
}

static int
take_seed(struct options *o, const char *value)
{
	o->seeded = true;
	return number(value, 0, SEED_MAX, &o->seed);
}

static int
take_isolation(struct options *o, const char *value)
{
	static const char *const words[] = {"sandbox", "container", NULL};
	int i = choice(value, words);

	o->isolation = i == 1 ? ISOLATION_CONTAINER : ISOLATION_SANDBOX;
	return i < 0 ? -1 : 0;
}

static int
take_hints(struct options *o, const char *value)
{
	uint64_t n;

	if (number(value, 0, 2, &n) < 0)
		return -1;
	o->hints = (int)n;
	return 0;
}

static int
take_jobs(struct options *o, const char *value)
{
	uint64_t n;

	if (number(value, 1, JOBS_MAX, &n) < 0)
		return -1;
	o->jobs = (unsigned)n;
	return 0;
}

static int
take_out(struct options *o, const char *value)
{
	o->out = value;
	return *value == '\0' ? -1 : 0;
}

static int
take_resume(struct options *o, const char *value)
{
	(void)value;
	o->resume = true;
	return 0;
}

static int
take_verbose(struct options *o, const char *value)
{
	(void)value;
	o->verbose = true;
	return 0;
}

static int
take_own(struct options *o, const char *value)
{
	(void)value;
	o->own = true;
	return 0;
}

static const struct option_spec specs[] = {
    {"lab", 'l', "LAB", FOR_CHECK | FOR_GRADE | FOR_START, N_("the lab, by its name or number"),
	take_lab, N_("a lab's name or number")},
    {"format", 'f', "FORMAT", FOR_CHECK,
	N_("terminal (the default), json, html, junit, tap, gradescope or autolab"), take_format,
	N_("terminal, json, html, junit, tap, gradescope or autolab")},
    {"lang", 0, "LANGUAGE", FOR_CHECK | FOR_GRADE | FOR_START | FOR_LAB,
	N_("en, de or ru; otherwise the environment decides"), take_language, N_("en, de or ru")},
    {"seed", 's', "N", FOR_CHECK, N_("repeat a run with the seed that it printed"), take_seed,
	N_("a number from 0 to 9007199254740992")},
    {"only", 'o', "CHECK", FOR_CHECK,
	N_("only this check and those that it requires; may be given again"), take_only,
	N_("a check's id")},
    {"hints", 0, "N", FOR_CHECK, N_("0: no hints, 1: the first step (the default), 2: both"),
	take_hints, N_("0, 1 or 2")},
    {"verbose", 'v', NULL, FOR_CHECK,
	N_("also show the checks' ids and all that the compiler said"), take_verbose, NULL},
    {"own", 0, NULL, FOR_CHECK,
	N_("with your own files of the labs that this one builds on; no grade"), take_own, NULL},
    {"isolation", 0, "KIND", FOR_CHECK | FOR_GRADE,
	N_("sandbox (the default), or container, which guarantees less"), take_isolation,
	N_("sandbox or container")},
    {"out", 0, "DIR", FOR_GRADE, N_("where the results go"), take_out, N_("a folder")},
    {"jobs", 'j', "N", FOR_GRADE, N_("how many submissions are graded at a time"), take_jobs,
	N_("a number from 1 to 256")},
    {"resume", 0, NULL, FOR_GRADE, N_("keep the results that are there and still hold"),
	take_resume, NULL},
};

enum { N_SPECS = sizeof specs / sizeof *specs, LONG_BASE = 256 };

/* ---- parsing ----------------------------------------------------------------------- */

/* The same table in getopt's form. val is LONG_BASE + the row, or the letter's. */
static void
for_getopt(const struct command *command, struct option *longs, char *shorts)
{
	/* ':' first: we say ourselves what is missing. */
	*shorts++ = ':';
	for (int i = 0; i < N_SPECS; i++) {
		int has = specs[i].value == NULL ? no_argument : required_argument;

		if ((specs[i].set & command->set) == 0)
			continue;
		*longs++ = (struct option){specs[i].name, has, NULL, LONG_BASE + i};
		if (specs[i].letter == 0)
			continue;
		*shorts++ = specs[i].letter;
		if (has == required_argument)
			*shorts++ = ':';
	}
	*longs = (struct option){NULL, 0, NULL, 0};
	*shorts = '\0';
}

static const struct option_spec *
spec_of(int val)
{
	if (val >= LONG_BASE)
		return &specs[val - LONG_BASE];
	for (int i = 0; i < N_SPECS; i++)
		if (specs[i].letter == val)
			return &specs[i];
	return NULL;
}

/* An option that this command does not know; word is as typed. */
static void
complain_unknown(const struct command *command, const char *word)
{
	const char *names[N_SPECS], *nearest = NULL;
	struct text name = {0}, shown = {0};
	size_t n = 0;

	for (int i = 0; i < N_SPECS; i++)
		if ((specs[i].set & command->set) != 0)
			names[n++] = specs[i].name;
	text_put_name(&shown, word);
	text_put_bytes(&name, word + strspn(word, "-"), strcspn(word + strspn(word, "-"), "="));
	if (strncmp(word, "--", 2) == 0)
		nearest = nearest_word(text_string(&name), names, n);
	if (nearest != NULL)
		complain(_("'gabel %s' has no option '%s'; did you mean '--%s'?"), command->name,
		    text_string(&shown), nearest);
	else
		complain(_("'gabel %s' has no option '%s'; 'gabel help %s' lists all"),
		    command->name, text_string(&shown), command->name);
	text_free(&name);
	text_free(&shown);
}

static int
take(const struct option_spec *spec, struct options *o, const char *value)
{
	struct text shown = {0};
	int result = spec->take(o, value);

	if (result < 0) {
		text_put_name(&shown, value);
		complain(_("'%s' is no value for --%s; it takes %s"), text_string(&shown),
		    spec->name, _(spec->allowed));
	}
	text_free(&shown);
	return result;
}

int
parse_options(const struct command *command, int argc, char **argv, struct options *o)
{
	struct option longs[N_SPECS + 1];
	char shorts[2 * N_SPECS + 2];
	int val;

	for_getopt(command, longs, shorts);
	*o = (struct options){.hints = 1, .jobs = 1};
	optind = 1;
	opterr = 0;
	for (;;) {
		int before = optind;

		val = getopt_long(argc, argv, shorts, longs, NULL);
		if (val == -1)
			return optind;
		if (val == ':') {
			const struct option_spec *spec = spec_of(optopt);

			complain(_("--%s needs a value: %s"), spec->name, _(spec->allowed));
			return -1;
		}
		if (val == '?') {
			char letter[] = {'-', (char)optopt, '\0'};

			/* A long one stands at the word just passed, a letter in optopt. */
			complain_unknown(
			    command, optopt > 0 && optopt < LONG_BASE
					 ? letter
					 : argv[optind > before ? optind - 1 : before]);
			return -1;
		}
		if (take(spec_of(val), o, optarg) < 0)
			return -1;
	}
}

void
options_free(struct options *o)
{
	strings_free(&o->labs);
	strings_free(&o->only);
}

void
print_options(const struct command *command)
{
	for (int i = 0; i < N_SPECS; i++) {
		struct text left = {0};

		if ((specs[i].set & command->set) == 0)
			continue;
		if (specs[i].letter != 0)
			text_printf(&left, "-%c, ", specs[i].letter);
		else
			text_put(&left, "    ");
		text_printf(&left, "--%s", specs[i].name);
		if (specs[i].value != NULL)
			text_printf(&left, " %s", specs[i].value);
		printf("  %-22s %s\n", text_string(&left), _(specs[i].help));
		text_free(&left);
	}
}
