/* validate.c - see validate.h. */
#include "validate.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "loading.h"
#include "validation.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- files ------------------------------------------------------------------------- */

int
source_read(struct validation *v, struct source *s, ...)
{
	struct text path = {0};
	const char *part;
	char *whole;
	va_list parts;

	va_start(parts, s);
	while ((part = va_arg(parts, const char *)) != NULL)
		text_printf(&path, "%s%s", path.n ? "/" : "", part);
	va_end(parts);
	*s = (struct source){.path = text_take(&path)};
	whole = s->path ? join_path(v->root, s->path, NULL) : NULL;
	if (whole == NULL) {
		v->failed = true;
		return -1;
	}
	s->text = read_file(whole, SOURCE_MAX, &s->n);
	free(whole);
	if (s->text)
		return 0;
	if (errno == ENOMEM)
		v->failed = true;
	else if (errno == ENOENT || errno == ENOTDIR)
		findings_add(&v->findings, s->path, 0, _("is missing; write it"));
	else
		findings_add(&v->findings, s->path, 0, _("cannot be read: %s"), strerror(errno));
	return -1;
}

void
source_free(struct source *s)
{
	free(s->path);
	free(s->text);
	*s = (struct source){0};
}

struct strings
names_in(struct validation *v, const char *first, const char *second, const char *third)
{
	char *path = join_path(v->root, first, second, third, NULL);
	struct strings names = {0};

	if (path == NULL || (list_directory(path, &names.at, &names.n) < 0 && errno == ENOMEM))
		v->failed = true;
	free(path);
	return names;
}

bool
next_line(const char *text, struct line *line)
{
	const char *at = line->at ? line->at + line->n : text;

	if (line->at && *at == '\n')
		at++;
	if (*at == '\0' && (line->at || *text == '\0'))
		return false;
	line->at = at;
	line->n = strcspn(at, "\n");
	line->number++;
	return true;
}

bool
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

/* ---- what must lie where --------------------------------------------------------------- */

/* Has the folder every file that lab.yaml names? folder is relative to root. */
static void
expect_files(struct validation *v, const char *folder, const char *whose)
{
	for (size_t i = 0; i < v->lab->files.n; i++) {
		char *relative = join_path(folder, v->lab->files.at[i], NULL);
		char *path = relative ? join_path(v->root, relative, NULL) : NULL;

		if (path == NULL)
			v->failed = true;
		else if (!is_file(path))
			findings_add(&v->findings, relative, 0,
			    _("is missing: %s has every file that lab.yaml names"), whose);
		free(relative);
		free(path);
	}
}

static bool
has_marker(struct validation *v, const char *file)
{
	char *path = join_path(v->root, "solutions", v->name, file, NULL);
	char *text = path ? read_file(path, SOURCE_MAX, NULL) : NULL;
	bool found = text && strstr(text, "/* STUDENT:");

	v->failed |= text == NULL && errno == ENOMEM;
	free(path);
	free(text);
	return found;
}

static void
validate_solution(struct validation *v)
{
	char *solution = join_path("solutions", v->name, NULL);
	char *skeleton = join_path("skeletons", v->name, NULL);
	bool marked = false;

	if (solution && skeleton) {
		expect_files(v, solution, _("the solution"));
		expect_files(v, skeleton, _("the skeleton (make skeletons writes it)"));
		for (size_t i = 0; i < v->lab->files.n; i++)
			marked |= has_marker(v, v->lab->files.at[i]);
		if (!marked)
			findings_add(&v->findings, solution, 0,
			    _("nothing is marked as the student's work (/* STUDENT: ... */), so "
			      "that the "
			      "skeleton would be the solution"));
	}
	v->failed |= solution == NULL || skeleton == NULL;
	free(solution);
	free(skeleton);
}

/* The first file of an alternative says at its top what is different. */
static void
expect_explanation(struct validation *v, const char *folder)
{
	struct source s = {0};
	char *path = join_path(v->root, folder, v->lab->files.at[0], NULL);

	if (path && is_file(path) && source_read(v, &s, folder, v->lab->files.at[0], NULL) == 0 &&
	    strncmp(s.text, "/*", 2) != 0)
		findings_add(&v->findings, s.path, 1,
		    _("begin with a comment that says what this answer does differently"));
	v->failed |= path == NULL;
	free(path);
	source_free(&s);
}

static void
validate_alternatives(struct validation *v)
{
	struct strings names = names_in(v, "labs", v->name, "alternatives");
	char *all = join_path("labs", v->name, "alternatives", NULL);
	size_t n = 0;

	for (size_t i = 0; i < names.n && all; i++) {
		char *folder = join_path(all, names.at[i], NULL);
		char *path = folder ? join_path(v->root, folder, NULL) : NULL;

		v->failed |= path == NULL;
		if (path && names.at[i][0] != '.' && is_directory(path)) {
			n++;
			expect_files(v, folder, _("an alternative"));
			expect_explanation(v, folder);
		}
		free(folder);
		free(path);
	}
	if (all && n < LAB_ALTERNATIVES_MIN)
		findings_add(&v->findings, all, 0,
		    _("alternatives that are there: %zu; a lab has at least %d: write more answers "
		      "that are right and different"),
		    n, LAB_ALTERNATIVES_MIN);
	v->failed |= all == NULL;
	free(all);
	strings_free(&names);
}

static void
validate_catalogs(struct validation *v)
{
	static const char *const catalogs[] = {"de.po", "ru.po"};

	for (size_t i = 0; i < 2; i++) {
		char *relative = join_path("labs", v->name, "po", catalogs[i], NULL);
		char *path = relative ? join_path(v->root, relative, NULL) : NULL;

		if (path && !is_file(path))
			findings_add(&v->findings, relative, 0,
			    _("is missing; make po makes it from the lab's texts, then translate "
			      "them"));
		v->failed |= path == NULL;
		free(relative);
		free(path);
	}
}

/* ---- what is referred to in the notes ------------------------------------------------------ */

/* Is the anchor set in this text: [[wait]], [[wait,title]], [#wait], [#wait.role]? */
static bool
sets_anchor(const char *text, const char *anchor)
{
	static const char *const openings[] = {"[[", "[#"};
	size_t n = strlen(anchor);

	for (size_t i = 0; i < 2; i++)
		for (const char *at = strstr(text, openings[i]); at;
		     at = strstr(at + 1, openings[i]))
			if (strncmp(at + 2, anchor, n) == 0 && strchr("],.%", at[2 + n]) &&
			    at[2 + n])
				return true;
	return false;
}

/* Looks in one language. chapter is the two digits. */
static void
expect_anchor(
    struct validation *v, const char *language, const char *path, int line, const char *reference)
{
	struct strings names = names_in(v, "lectures", language, "");
	const char *anchor = reference + 3;
	bool chapter = false, found = false;

	for (size_t i = 0; i < names.n; i++) {
		struct source s;

		if (strncmp(names.at[i], reference, 2) != 0 || names.at[i][2] != '-' ||
		    !ends_in(names.at[i], ".adoc"))
			continue;
		chapter = true;
		found |= source_read(v, &s, "lectures", language, names.at[i], NULL) == 0 &&
			 sets_anchor(s.text, anchor);
		source_free(&s);
	}
	strings_free(&names);
	if (!chapter)
		findings_add(&v->findings, path, line,
		    _("refers to %s, but there is no lectures/%s/%.2s-*.adoc"), reference, language,
		    reference);
	else if (!found)
		findings_add(&v->findings, path, line,
		    _("refers to %s, but lectures/%s/%.2s-*.adoc sets no anchor [#%s]"), reference,
		    language, reference, anchor);
}

void
validate_lecture(struct validation *v, const char *path, int line, const char *reference)
{
	static const char *const languages[] = {"de", "ru"};

	/* Many hints share an anchor; what is wrong with it is said once. */
	if (strings_have(&v->anchors, reference))
		return;
	v->failed |= strings_add(&v->anchors, reference) < 0;
	for (size_t i = 0; i < 2; i++)
		expect_anchor(v, languages[i], path, line, reference);
}

static void
validate_lectures_of_checks(struct validation *v, const char *yaml)
{
	for (size_t i = 0; i < v->lab->n_checks; i++)
		if (v->lab->checks[i].lecture)
			validate_lecture(
			    v, yaml, v->lab->checks[i].line, v->lab->checks[i].lecture);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void
validate_all(struct validation *v, const char *yaml)
{
	validate_sheets(v);
	validate_headers(v);
	validate_lectures_of_checks(v, yaml);
	validate_checks(v);
	validate_mistakes(v);
	validate_equivalents(v);
	validate_alternatives(v);
	validate_solution(v);
	validate_catalogs(v);
}

int
lab_validate(const char *root, const char *lab_name, FILE *out)
{
	struct validation v = {.root = root, .name = lab_name};
	char *directory = join_path(root, "labs", lab_name, NULL);
	char *yaml = join_path("labs", lab_name, "lab.yaml", NULL);
	int result = -1, error;

	if (directory && yaml) {
		v.lab = load_and_find(directory, yaml, &v.findings);
		error = errno;
		if (v.lab)
			validate_all(&v, yaml);
		v.failed |= v.findings.failed || (v.lab == NULL && error == ENOMEM);
		if (!v.failed)
			result = (int)v.findings.n;
	}
	findings_print(&v.findings, out);
	findings_free(&v.findings);
	strings_free(&v.keys);
	strings_free(&v.anchors);
	lab_free(v.lab);
	free(directory);
	free(yaml);
	if (result < 0)
		errno = ENOMEM;
	return result;
}
