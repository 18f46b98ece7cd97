/* designs.c - see designs.h. */
#include "designs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column {
	ID,
	ROW,
	COLUMN,
	LOAD,
	STOP,
	COMMAND,
	LAB,
	SOURCES,
	NAMES,
	COLUMNS = NAMES + LANGUAGES
};

/* Cuts blanks off both ends. */
static char *
trim(char *s)
{
	char *end = s + strlen(s);

	while (*s == ' ' || *s == '\t')
		s++;
	while (end > s && strchr(" \t\n", end[-1]))
		end--;
	*end = '\0';
	return s;
}

/* Cuts the line at its bars. Returns how many parts there are, counting those without a place. */
static size_t
split(char *line, char *parts[COLUMNS])
{
	size_t n = 0;

	for (char *at = line, *next; at != NULL; at = next) {
		next = strchr(at, '|');
		if (next != NULL)
			*next++ = '\0';
		if (n < COLUMNS)
			parts[n] = trim(at);
		n++;
	}
	return n;
}

static int
set_load(struct design *d, const char *word)
{
	static const struct {
		const char *word;
		enum load_kind load;
		bool herd, lean;
	} kinds[] = {
	    {"all", LOAD_ALL, false, false},
	    {"one", LOAD_ONE, false, false},
	    {"none", LOAD_NONE, false, false},
	    {"herd", LOAD_ALL, true, false},
	    {"herd-none", LOAD_NONE, true, false},
	    {"lean", LOAD_ALL, false, true},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].word, word) == 0) {
			d->load = kinds[i].load;
			d->herd = kinds[i].herd;
			d->lean = kinds[i].lean;
			return 0;
		}
	return -1;
}

static int
set_stop(struct design *d, const char *word)
{
	d->stop = strcmp(word, "INT") == 0 ? SIGINT : strcmp(word, "TERM") == 0 ? SIGTERM : 0;
	return d->stop == 0 ? -1 : 0;
}

static int
set_command(struct design *d, char *words)
{
	char *rest = NULL;
	size_t n = 0;

	for (char *w = strtok_r(words, " \t", &rest); w; w = strtok_r(NULL, " \t", &rest)) {
		if (n + 1 == WORDS_MAX)
			return -1;
		d->words[n++] = w;
	}
	d->words[n] = NULL;
	return n == 0 ? -1 : 0;
}

/* Takes the line over. Returns NULL, or what is wrong with it. */
static const char *
parse(struct design *d, char *line)
{
	char *part[COLUMNS];

	*d = (struct design){.line = line};
	if (split(line, part) != COLUMNS)
		return "a line has eleven columns";
	if (set_load(d, part[LOAD]) < 0)
		return "load is all, one, none, herd, herd-none or lean";
	if (set_stop(d, part[STOP]) < 0)
		return "stop is INT or TERM";
	if (set_command(d, part[COMMAND]) < 0)
		return "a command has one to seven words";
	d->id = part[ID];
	d->row = part[ROW];
	d->column = part[COLUMN];
	d->lab = part[LAB];
	for (size_t i = 0; i < LANGUAGES; i++)
		d->names[i] = part[NAMES + i];
	return NULL;
}

/* Adds the line to the designs, who own it then. Returns NULL, or what is wrong. */
static const char *
add(struct design designs[DESIGNS_MAX], size_t *n, const char *line)
{
	char *own;

	if (*n == DESIGNS_MAX)
		return "too many designs";
	own = strdup(line);
	if (own == NULL)
		return strerror(errno);
	return parse(&designs[(*n)++], own);
}

static long
read_lines(FILE *file, const char *path, struct design designs[DESIGNS_MAX])
{
	const char *wrong = NULL;
	char *line = NULL;
	size_t room = 0, n = 0;

	for (unsigned number = 1; wrong == NULL && getline(&line, &room, file) > 0; number++) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		wrong = add(designs, &n, line);
		if (wrong != NULL)
			fprintf(stderr, "bench: %s:%u: %s\n", path, number, wrong);
	}
	free(line);
	if (wrong == NULL)
		return (long)n;
	designs_free(designs, n);
	return -1;
}

long
designs_read(const char *path, struct design designs[DESIGNS_MAX])
{
	FILE *file = fopen(path, "r");
	long n;

	if (file == NULL) {
		fprintf(stderr, "bench: %s: %s\n", path, strerror(errno));
		return -1;
	}
	n = read_lines(file, path, designs);
	fclose(file);
	return n;
}

void
designs_free(struct design *designs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(designs[i].line);
}
