#define _GNU_SOURCE
#include "cases.h"

#include "../src/base/files.h"
#include "../src/base/text.h"
#include "program.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOURCE_MAX = 1 << 20 };

const char *
case_kind_name(enum case_kind kind)
{
	static const char *const names[] = {
	    "solution", "skeleton", "empty", "alternative", "mistake", "without", "only"};

	return names[kind];
}

static struct proof_case *
add_case(struct cases *cases, enum case_kind kind, const char *name)
{
	struct proof_case *more = realloc(cases->at, (cases->n + 1) * sizeof *more);
	struct proof_case *c;

	if (more == NULL)
		return NULL;
	cases->at = more;
	c = &more[cases->n];
	memset(c, 0, sizeof *c);
	c->kind = kind;
	c->name = strdup(name);
	if (c->name == NULL)
		return NULL;
	cases->n++;
	return c;
}

static void
trouble(struct proof_case *c, const char *what)
{
	free(c->directory);
	c->directory = NULL;
	c->trouble = strdup(what);
}

/* Runs patch(1) in directory; what it says goes to log. */
static bool
run_patch(const char *directory, const char *patch, const char *log)
{
	char *const argv[] = {"patch", "--batch", "--no-backup-if-mismatch", "--fuzz=0", "-p1",
	    "-i", (char *)patch, NULL};

	return program_logged(directory, argv, log);
}

/* work/KIND-NAME */
static char *
case_directory(const char *work, const struct proof_case *c)
{
	char *name = text_format("%s-%s", case_kind_name(c->kind), c->name);
	char *path = name == NULL ? NULL : join_path(work, name, NULL);

	free(name);
	return path;
}

/* A case whose files lie ready below the root. */
static int
copied_case(
    struct cases *cases, enum case_kind kind, const char *name, const char *from, const char *work)
{
	struct proof_case *c = add_case(cases, kind, name);

	if (c == NULL || (c->directory = case_directory(work, c)) == NULL)
		return -1;
	if (copy_tree(from, c->directory, SOURCE_MAX) < 0)
		trouble(c, strerror(errno));
	return 0;
}

static int
empty_case(struct cases *cases, const struct lab *lab, const char *work)
{
	struct proof_case *c = add_case(cases, CASE_EMPTY, "files");

	if (c == NULL || (c->directory = case_directory(work, c)) == NULL ||
	    make_path(c->directory, 0700) < 0)
		return -1;
	for (size_t i = 0; i < lab->files.n; i++) {
		char *path = join_path(c->directory, lab->files.at[i], NULL);

		if (path == NULL || write_file_atomic(path, "", 0, 0600) < 0) {
			free(path);
			return -1;
		}
		free(path);
	}
	return 0;
}

static int
alternatives(struct cases *cases, const struct lab *lab, const char *work)
{
	char *directory = join_path(lab->directory, "alternatives", NULL);
	char **names = NULL;
	size_t n = 0;
	int result = 0;

	if (directory == NULL)
		return -1;
	if (list_directory(directory, &names, &n) < 0 && errno != ENOENT)
		result = -1;
	for (size_t i = 0; i < n && result == 0; i++) {
		char *from = join_path(directory, names[i], NULL);

		if (from == NULL)
			result = -1;
		else if (is_directory(from))
			result = copied_case(cases, CASE_ALTERNATIVE, names[i], from, work);
		free(from);
	}
	free_names(names, n);
	free(directory);
	return result;
}

/* A file that is missing on one side, or cannot be read, has changed. */
static bool
same_text(const char *a, const char *b)
{
	size_t n, m;
	char *one = read_file(a, SOURCE_MAX, &n), *other = read_file(b, SOURCE_MAX, &m);
	bool same = one != NULL && other != NULL && n == m && memcmp(one, other, n) == 0;

	free(one);
	free(other);
	return same;
}

static int
note_changed(struct proof_case *c, const struct lab *lab, const char *solution)
{
	int result = 0;

	for (size_t i = 0; i < lab->files.n && result == 0; i++) {
		char *before = join_path(solution, lab->files.at[i], NULL);
		char *after = join_path(c->directory, lab->files.at[i], NULL);

		if (before == NULL || after == NULL)
			result = -1;
		else if (!same_text(before, after))
			result = strings_add(&c->changed, lab->files.at[i]);
		free(before);
		free(after);
	}
	return result;
}

/* The solution with one patch. */
static int
mistake_case(struct cases *cases, const struct lab *lab, const char *solution, const char *patch,
    const char *name, const char *work)
{
	struct proof_case *c;
	char why[512], *log;

	if (copied_case(cases, CASE_MISTAKE, name, solution, work) < 0)
		return -1;
	c = &cases->at[cases->n - 1];
	if (c->directory == NULL)
		return 0;
	if (mistake_read(patch, lab, &c->mistake, why, sizeof why) < 0) {
		trouble(c, why);
		return 0;
	}
	log = text_format("%s.log", c->directory);
	if (log == NULL)
		return -1;
	if (!run_patch(c->directory, patch, log)) {
		char *said = read_file(log, SOURCE_MAX, NULL);

		trouble(c, said == NULL ? "patch(1) could not be run" : said);
		free(said);
	}
	free(log);
	return c->directory == NULL ? 0 : note_changed(c, lab, solution);
}

static int
mistakes(struct cases *cases, const struct lab *lab, const char *solution, const char *work)
{
	static const char suffix[] = ".patch";
	char *directory = join_path(lab->directory, "mistakes", NULL);
	char **names = NULL;
	size_t n = 0;
	int result = 0;

	if (directory == NULL)
		return -1;
	if (list_directory(directory, &names, &n) < 0 && errno != ENOENT)
		result = -1;
	for (size_t i = 0; i < n && result == 0; i++) {
		char *patch, *dot = strstr(names[i], suffix);

		if (dot == NULL || dot[strlen(suffix)] != '\0')
			continue;
		patch = join_path(directory, names[i], NULL);
		*dot = '\0';
		result =
		    patch == NULL ? -1 : mistake_case(cases, lab, solution, patch, names[i], work);
		free(patch);
	}
	free_names(names, n);
	free(directory);
	return result;
}

/* Every case that could be made gets its digest. */
static int
add_digests(struct cases *cases, size_t first)
{
	for (size_t i = first; i < cases->n; i++) {
		struct proof_case *c = &cases->at[i];

		if (c->directory != NULL && digest_path(c->directory, c->digest) < 0)
			return -1;
	}
	return 0;
}

int
cases_make(const char *root, const struct lab *lab, const char *work, struct cases *cases)
{
	char *solution = join_path(root, "solutions", lab->name, NULL);
	char *skeleton = join_path(root, "skeletons", lab->name, NULL);
	int result = -1;

	if (solution != NULL && skeleton != NULL && make_path(work, 0700) == 0 &&
	    copied_case(cases, CASE_SOLUTION, "solution", solution, work) == 0 &&
	    copied_case(cases, CASE_SKELETON, "skeleton", skeleton, work) == 0 &&
	    empty_case(cases, lab, work) == 0 && alternatives(cases, lab, work) == 0 &&
	    mistakes(cases, lab, solution, work) == 0)
		result = add_digests(cases, 0);
	free(solution);
	free(skeleton);
	return result;
}

/* ---- parts ---------------------------------------------------------------------------------- */

struct parts_source {
	const char *solution, *work;
	const struct lab *lab;
	struct cases *cases;
};

static int
part_case(const struct parts_source *s, enum case_kind kind, const char *name, uint64_t kept)
{
	struct proof_case *c = add_case(s->cases, kind, name);

	if (c == NULL || (c->directory = case_directory(s->work, c)) == NULL)
		return -1;
	c->parts = kept;
	return parts_write(s->solution, s->lab, kept, c->directory);
}

/* Each alone, and left out; and each file alone that has several. */
static int
part_cases(const struct parts_source *s, const struct parts *parts)
{
	uint64_t all = parts->n == PARTS_MAX ? UINT64_MAX : (UINT64_C(1) << parts->n) - 1;
	uint64_t files = 0;

	for (size_t i = 0; i < parts->n; i++) {
		const struct part *p = &parts->at[i];
		uint64_t one = UINT64_C(1) << i, file = parts_of_file(parts, i);

		if (part_case(s, CASE_WITHOUT, p->function, all & ~one) < 0 ||
		    part_case(s, CASE_ONLY, p->function, one) < 0)
			return -1;
		if (file != one && (files & one) == 0 && part_case(s, CASE_ONLY, p->file, file) < 0)
			return -1;
		files |= file;
	}
	return 0;
}

int
cases_add_parts(const char *root, const struct lab *lab, const struct parts *parts,
    const char *work, struct cases *cases)
{
	char *solution = join_path(root, "solutions", lab->name, NULL);
	const struct parts_source s = {
	    .solution = solution, .work = work, .lab = lab, .cases = cases};
	size_t first = cases->n;
	int result = -1;

	if (solution != NULL && part_cases(&s, parts) == 0)
		result = add_digests(cases, first);
	free(solution);
	return result;
}

void
cases_free(struct cases *cases)
{
	for (size_t i = 0; i < cases->n; i++) {
		free(cases->at[i].name);
		free(cases->at[i].directory);
		free(cases->at[i].trouble);
		mistake_free(&cases->at[i].mistake);
		strings_free(&cases->at[i].changed);
	}
	free(cases->at);
	cases->at = NULL;
	cases->n = 0;
}
