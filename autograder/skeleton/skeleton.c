/*
 * skeleton - makes what a student starts from out of the reference solution
 *
 *	skeleton SOLUTION_FILE >SKELETON_FILE
 *	skeleton --check SOLUTION_DIR SKELETON_DIR
 *	skeleton --write SOLUTION_DIR SKELETON_DIR
 *
 * A solution marks what the student is to write:
 *
 *	/ * STUDENT: one sentence that says what to write here * /
 *	the solution's lines
 *	/ * INSTEAD
 *	lines that stand in the skeleton, so that it compiles
 *	* /
 *	/ * END * /
 *
 * (without the blanks inside of the comment signs). In the skeleton, a comment
 * "YOUR WORK: that sentence" and the lines of INSTEAD, which may be absent,
 * take the place of all this; they are indented like the STUDENT line. The
 * rest is copied. Blocks do not nest. Every mistake is reported as FILE:LINE.
 *
 * With directories, every .c and .h file below SOLUTION_DIR has its skeleton at
 * the same place below SKELETON_DIR. --check compares, --write brings up to
 * date; neither removes anything.
 *
 * Exit status: 0 fine, 1 a mistake in a solution, a stale skeleton or a system
 * error, 2 wrong usage.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	COLUMNS = 100, /* as in .clang-format */
	TAB = 8,
	WORDS_MIN = 3 /* fewer words are no sentence */
};

struct source {
	const char *name;
	size_t n;
	char **line; /* without their newlines */
};

enum kind { CODE, STUDENT, INSTEAD, END };

/* Where the generator stands in a solution. Line numbers count from 1. */
struct place {
	const struct source *source;
	size_t line;
	size_t student; /* line of the block's STUDENT; 0 outside of blocks */
	size_t blocks;
	bool instead; /* the block had its INSTEAD */
	unsigned mistakes;
	FILE *out;
};

static void *
allocate(void *old, size_t size)
{
	void *p = realloc(old, size);

	if (p == NULL) {
		perror("skeleton");
		exit(1);
	}
	return p;
}

static void
mistake(struct place *at, size_t line, const char *text)
{
	fprintf(stderr, "%s:%zu: %s\n", at->source->name, line, text);
	at->mistakes++;
}

static const char *
skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* Does s begin with word, and the word end there? */
static bool
begins_with_word(const char *s, const char *word)
{
	size_t n = strlen(word);

	return strncmp(s, word, n) == 0 && (s[n] == '\0' || strchr(" \t:*", s[n]) != NULL);
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

/* What the line is; a marker in a wrong form or place is reported and taken as code. */
static enum kind
kind_of(struct place *at, const char *line)
{
	const char *s = skip_blanks(line);

	if (strncmp(s, "/*", 2) != 0) {
		if (strstr(s, "/* STUDENT") != NULL || strstr(s, "/* INSTEAD") != NULL ||
		    strstr(s, "/* END */") != NULL)
			mistake(at, at->line, "a marker stands on a line of its own");
		return CODE;
	}
	if (strncmp(s, "/* STUDENT: ", 12) == 0)
		return STUDENT;
	if (strcmp(s, "/* INSTEAD") == 0)
		return INSTEAD;
	if (strcmp(s, "/* END */") == 0)
		return END;
	s = skip_blanks(s + 2);
	if (begins_with_word(s, "STUDENT"))
		mistake(at, at->line, "the marker is written \"/* STUDENT: sentence */\"");
	else if (begins_with_word(s, "INSTEAD"))
		mistake(at, at->line,
		    "the marker is written \"/* INSTEAD\" and closed by \"*/\" on a line of its "
		    "own");
	else if (begins_with_word(s, "END"))
		mistake(at, at->line, "the marker is written \"/* END */\"");
	else if (begins_with_word(s, "YOUR WORK"))
		mistake(at, at->line, "\"YOUR WORK\" belongs into skeletons, not into a solution");
	return CODE;
}

static bool
is_sentence(const char *text)
{
	size_t words = 0, length = strlen(text);

	for (const char *s = text; *s != '\0'; words++) {
		s += strcspn(s, " ");
		s += strspn(s, " ");
	}
	return words >= WORDS_MIN && strchr(",;:-(", text[length - 1]) == NULL &&
	       !ends_with(text, "...");
}

/*
 * The sentence of the STUDENT marker on the current line; a comment may run
 * over several lines, and at->line then moves to its last one. Malloc'd.
 * Returns NULL after reporting a comment that does not end.
 */
static char *
sentence(struct place *at)
{
	const struct source *source = at->source;
	size_t first = at->line, length = 0;
	const char *s = strstr(source->line[first - 1], "STUDENT:") + strlen("STUDENT:");
	char *text = allocate(NULL, 1);

	for (;;) {
		s = skip_blanks(s);
		size_t n = strlen(s);
		bool last = ends_with(s, "*/");

		if (last)
			n -= 2;
		while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
			n--;
		text = allocate(text, length + n + 2);
		if (length > 0 && n > 0)
			text[length++] = ' ';
		memcpy(text + length, s, n);
		length += n;
		text[length] = '\0';
		if (last)
			return text;
		if (at->line == source->n)
			break;
		s = skip_blanks(source->line[at->line++]);
		if (*s == '*' && s[1] != '/')
			s++;
	}
	mistake(at, first, "this comment does not end");
	free(text);
	return NULL;
}

/* How many columns the first n bytes of s take; text is UTF-8. */
static size_t
columns(const char *s, size_t n)
{
	size_t column = 0;

	for (size_t i = 0; i < n && s[i] != '\0'; i++) {
		if (s[i] == '\t')
			column += TAB - column % TAB;
		else if (((unsigned char)s[i] & 0xC0) != 0x80)
			column++;
	}
	return column;
}

/* Writes text as a comment, broken into lines that clang-format leaves alone. */
static void
write_comment(FILE *out, const char *indent, const char *text)
{
	size_t margin = columns(indent, strlen(indent)) + 3, column = 0;

	if (margin + columns(text, strlen(text)) + 3 <= COLUMNS) {
		fprintf(out, "%s/* %s */\n", indent, text);
		return;
	}
	fprintf(out, "%s/*\n", indent);
	while (*text != '\0') {
		size_t n = strcspn(text, " "), width = columns(text, n);

		if (column > 0 && column + 1 + width > COLUMNS) {
			putc('\n', out);
			column = 0;
		}
		if (column == 0) {
			fprintf(out, "%s * ", indent);
			column = margin + width;
		} else {
			putc(' ', out);
			column += 1 + width;
		}
		fwrite(text, 1, n, out);
		text += n;
		text += strspn(text, " ");
	}
	fprintf(out, "\n%s */\n", indent);
}

/* A copy of the blanks that the line begins with; malloc'd. */
static char *
indentation(const char *line)
{
	size_t n = strspn(line, " \t");
	char *indent = allocate(NULL, n + 1);

	memcpy(indent, line, n);
	indent[n] = '\0';
	return indent;
}

static void
begin_block(struct place *at)
{
	size_t first = at->line;
	char *indent, *text, *work;

	if (at->student != 0) {
		mistake(at, first, "STUDENT inside of a block: blocks do not nest");
		return;
	}
	at->student = first;
	at->instead = false;
	at->blocks++;
	text = sentence(at);
	if (text == NULL)
		return;
	if (!is_sentence(text))
		mistake(at, first, "after STUDENT: comes one sentence that says what to write");
	indent = indentation(at->source->line[first - 1]);
	work = allocate(NULL, strlen("YOUR WORK: ") + strlen(text) + 1);
	strcpy(work, "YOUR WORK: ");
	strcat(work, text);
	write_comment(at->out, indent, work);
	free(work);
	free(indent);
	free(text);
}

/* How many blanks the non-empty lines from first to before last have in common. */
static size_t
common_indentation(char *const line[], size_t first, size_t last)
{
	const char *model = NULL;
	size_t common = 0;

	for (size_t i = first; i < last; i++) {
		size_t n = strspn(line[i], " \t");

		if (line[i][n] == '\0')
			continue;
		if (model == NULL) {
			model = line[i];
			common = n;
		}
		while (strncmp(line[i], model, common) != 0)
			common--;
	}
	return common;
}

/* Copies the lines of INSTEAD with the indentation of STUDENT. */
static void
copy_instead(struct place *at)
{
	char *const *line = at->source->line;
	size_t begin = at->line, end = begin, common;
	char *indent;

	if (at->student == 0)
		mistake(at, begin, "INSTEAD outside of a block: no STUDENT before it");
	else if (at->instead)
		mistake(at, begin, "a second INSTEAD in the same block");
	at->instead = true;
	while (end < at->source->n && strcmp(skip_blanks(line[end]), "*/") != 0)
		end++;
	if (end == at->source->n) {
		mistake(at, begin, "INSTEAD is not closed by \"*/\" on a line of its own");
		return;
	}
	at->line = end + 1;
	if (at->student == 0)
		return;
	indent = indentation(line[at->student - 1]);
	common = common_indentation(line, begin, end);
	for (size_t i = begin; i < end; i++) {
		bool empty = *skip_blanks(line[i]) == '\0';

		fprintf(at->out, "%s%s\n", empty ? "" : indent, empty ? "" : line[i] + common);
	}
	free(indent);
}

static void
end_block(struct place *at)
{
	if (at->student == 0)
		mistake(at, at->line, "END without STUDENT");
	at->student = 0;
}

/* Writes the skeleton of source to out. Returns whether the source had no mistake. */
static bool
write_skeleton(const struct source *source, FILE *out)
{
	struct place at = {.source = source, .out = out};

	while (at.line < source->n) {
		const char *line = source->line[at.line++];

		switch (kind_of(&at, line)) {
		case STUDENT:
			begin_block(&at);
			break;
		case INSTEAD:
			copy_instead(&at);
			break;
		case END:
			end_block(&at);
			break;
		case CODE:
			if (at.student == 0)
				fprintf(out, "%s\n", line);
			break;
		}
	}
	if (at.student != 0)
		mistake(&at, at.student, "STUDENT without END");
	if (at.blocks == 0 && ends_with(source->name, ".c"))
		mistake(
		    &at, source->n, "nothing is marked for the student: no STUDENT in this file");
	return at.mistakes == 0;
}

static void
free_source(struct source *source)
{
	for (size_t i = 0; i < source->n; i++)
		free(source->line[i]);
	free(source->line);
}

/* Returns 0, or -1 with errno. */
static int
read_source(const char *name, struct source *source)
{
	FILE *file = fopen(name, "r");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int error;

	*source = (struct source){.name = name};
	if (file == NULL)
		return -1;
	while ((n = getline(&line, &size, file)) >= 0) {
		while (n > 0 && strchr(" \t\r\n", line[n - 1]) != NULL)
			line[--n] = '\0';
		source->line = allocate(source->line, (source->n + 1) * sizeof *source->line);
		source->line[source->n++] = line;
		line = NULL;
		size = 0;
	}
	error = ferror(file) ? errno : 0;
	free(line);
	fclose(file);
	if (error == 0)
		return 0;
	free_source(source);
	errno = error;
	return -1;
}

/* The skeleton of a file as a malloc'd string, or NULL after saying why not. */
static char *
skeleton_of(const char *name)
{
	struct source source;
	char *text = NULL;
	size_t size;
	FILE *out;
	bool good;

	if (read_source(name, &source) < 0) {
		perror(name);
		return NULL;
	}
	out = open_memstream(&text, &size);
	if (out == NULL) {
		perror("skeleton");
		exit(1);
	}
	good = write_skeleton(&source, out);
	if (fclose(out) != 0) {
		perror("skeleton");
		exit(1);
	}
	free_source(&source);
	if (good)
		return text;
	free(text);
	return NULL;
}

/* Does the file hold exactly text? A file that cannot be read does not. */
static bool
file_holds(const char *name, const char *text)
{
	FILE *file = fopen(name, "r");
	size_t i = 0;
	bool same;
	int c;

	if (file == NULL)
		return false;
	while ((c = getc(file)) != EOF && text[i] != '\0' && c == (unsigned char)text[i])
		i++;
	same = c == EOF && text[i] == '\0' && !ferror(file);
	fclose(file);
	return same;
}

/* directory "/" name; malloc'd. */
static char *
join(const char *directory, const char *name)
{
	char *path = allocate(NULL, strlen(directory) + strlen(name) + 2);

	strcpy(path, directory);
	strcat(path, "/");
	return strcat(path, name);
}

/* Puts text in place of the file at once, never half. Returns 0, or -1 with errno. */
static int
replace_file(const char *name, const char *text)
{
	char *draft = allocate(NULL, strlen(name) + sizeof ".new");
	FILE *file;
	int error = 0;

	strcpy(draft, name);
	strcat(draft, ".new");
	file = fopen(draft, "w");
	if (file == NULL) {
		error = errno;
		free(draft);
		errno = error;
		return -1;
	}
	if (fputs(text, file) == EOF)
		error = errno;
	if (fclose(file) != 0 && error == 0)
		error = errno;
	if (error == 0 && rename(draft, name) < 0)
		error = errno;
	if (error != 0)
		unlink(draft);
	free(draft);
	errno = error;
	return error == 0 ? 0 : -1;
}

enum mode { CHECK, WRITE };

/* Compares or writes one skeleton. Returns whether all is well. */
static bool
settle_file(enum mode mode, const char *solution, const char *skeleton)
{
	char *text = skeleton_of(solution);
	bool good = text != NULL;

	if (good && !file_holds(skeleton, text)) {
		if (mode == CHECK) {
			fprintf(stderr, "%s: %s\n", skeleton,
			    access(skeleton, F_OK) == 0 ? "differs from its solution"
							: "is missing");
			good = false;
		} else if (replace_file(skeleton, text) < 0) {
			perror(skeleton);
			good = false;
		} else {
			printf("%s: written\n", skeleton);
		}
	}
	free(text);
	return good;
}

static int
wanted(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* What stands among the skeletons without a solution is an old one: it is only reported. */
static bool
no_leftovers(const char *solutions, const char *skeletons)
{
	struct dirent **entry;
	int n = scandir(skeletons, &entry, wanted, alphasort);
	bool good = true;

	for (int i = 0; i < n; i++) {
		char *path = join(solutions, entry[i]->d_name);

		if (access(path, F_OK) < 0) {
			fprintf(stderr, "%s/%s: has no solution; remove it\n", skeletons,
			    entry[i]->d_name);
			good = false;
		}
		free(path);
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	return good;
}

/* The same for everything below two directories. */
static bool
settle_directory(enum mode mode, const char *solutions, const char *skeletons)
{
	struct dirent **entry;
	int n = scandir(solutions, &entry, wanted, alphasort);
	bool good = n >= 0;

	if (n < 0)
		perror(solutions);
	else if (mode == WRITE && mkdir(skeletons, 0777) < 0 && errno != EEXIST) {
		perror(skeletons);
		good = false;
	}
	for (int i = 0; i < n; i++) {
		char *from = join(solutions, entry[i]->d_name);
		char *to = join(skeletons, entry[i]->d_name);
		struct stat status;

		if (lstat(from, &status) == 0 && S_ISDIR(status.st_mode))
			good = settle_directory(mode, from, to) && good;
		else if (ends_with(from, ".c") || ends_with(from, ".h"))
			good = settle_file(mode, from, to) && good;
		free(from);
		free(to);
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	return no_leftovers(solutions, skeletons) && good;
}

static int
usage(void)
{
	fputs("usage: skeleton SOLUTION_FILE >SKELETON_FILE\n"
	      "       skeleton --check|--write SOLUTION_DIR SKELETON_DIR\n",
	    stderr);
	return 2;
}

static int
print_skeleton(const char *solution)
{
	char *text = skeleton_of(solution);
	bool good = text != NULL && fputs(text, stdout) != EOF && fflush(stdout) == 0;

	if (text != NULL && !good)
		perror("skeleton");
	free(text);
	return good ? 0 : 1;
}

int
main(int argc, char *argv[])
{
	if (argc == 2 && argv[1][0] != '-')
		return print_skeleton(argv[1]);
	if (argc != 4)
		return usage();
	if (strcmp(argv[1], "--write") == 0)
		return settle_directory(WRITE, argv[2], argv[3]) ? 0 : 1;
	if (strcmp(argv[1], "--check") != 0)
		return usage();
	if (settle_directory(CHECK, argv[2], argv[3]))
		return 0;
	fprintf(stderr, "To bring stale skeletons up to date: %s --write %s %s\n", argv[0], argv[2],
	    argv[3]);
	return 1;
}
