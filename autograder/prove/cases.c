#define _GNU_SOURCE
#include "cases.h"

#include "../src/base/files.h"
#include "../src/base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SOURCE_MAX = 1 << 20 };

extern char **environ;

const char *
case_kind_name(enum case_kind kind)
{
	static const char *const names[] = {
	    "solution", "skeleton", "empty", "alternative", "mistake"};

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

/* Runs patch(1) in directory; what it says goes to log. Returns 0 when it succeeded. */
static int
run_patch(const char *directory, const char *patch, const char *log)
{
	char *const argv[] = {"patch", "--batch", "--no-backup-if-mismatch", "--fuzz=0", "-p1",
	    "-d", (char *)directory, "-i", (char *)patch, NULL};
	posix_spawn_file_actions_t actions;
	int status = -1;
	pid_t pid;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return -1;
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_adddup2(&actions, 1, 2);
	if (posix_spawnp(&pid, "patch", &actions, NULL, argv, environ) == 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
	posix_spawn_file_actions_destroy(&actions);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
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
	if (run_patch(c->directory, patch, log) < 0) {
		char *said = read_file(log, SOURCE_MAX, NULL);

		trouble(c, said == NULL ? "patch(1) could not be run" : said);
		free(said);
	}
	free(log);
	return 0;
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

int
cases_make(const char *root, const struct lab *lab, const char *work, struct cases *cases)
{
	char *solution = join_path(root, "solutions", lab->name, NULL);
	char *skeleton = join_path(root, "skeletons", lab->name, NULL);
	int result = -1;

	if (solution != NULL && skeleton != NULL && make_path(work, 0700) == 0 &&
	    copied_case(cases, CASE_SOLUTION, "solution", solution, work) == 0 &&
	    copied_case(cases, CASE_SKELETON, "skeleton", skeleton, work) == 0 &&
	    empty_case(cases, lab, work) == 0 && alternatives(cases, lab, work) == 0)
		result = mistakes(cases, lab, solution, work);
	free(solution);
	free(skeleton);
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
	}
	free(cases->at);
	cases->at = NULL;
	cases->n = 0;
}

/* ---- what must become of each --------------------------------------------------------- */

static void
describe(const struct check_result *check, const char *but, FILE *words)
{
	fprintf(words, "%s: %s%s%s%s, %s\n", check->id, verdict_token(check->verdict),
	    check->key == NULL ? "" : " (", check->key == NULL ? "" : check->key,
	    check->key == NULL ? "" : ")", but);
	if (check->expected != NULL)
		fprintf(words, "  expected: %s\n", check->expected);
	if (check->message != NULL)
		fprintf(words, "  seen: %s\n", check->message);
}

static void
all_points(const struct result *r, struct finding *f, FILE *words)
{
	for (size_t i = 0; i < r->n_checks; i++)
		if (r->checks[i].verdict != PASSED)
			describe(&r->checks[i], "but must pass", words);
	f->fair = r->status == RESULT_GRADED && r->score == r->max_score;
}

static void
no_points(const struct result *r, struct finding *f, FILE *words)
{
	for (size_t i = 0; i < r->n_checks; i++)
		if (r->checks[i].points > 0)
			describe(&r->checks[i], "but must earn nothing", words);
	f->fair = r->score == 0 && r->status != RESULT_CANNOT_BE_GRADED;
}

static bool
is_named(const struct strings *ids, const char *id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (strcmp(ids->at[i], id) == 0)
			return true;
	return false;
}

/* The named check must have looked and refused: not built or not reached is no answer. */
static void
named_check(
    const struct mistake *m, const struct check_result *check, struct finding *f, FILE *words)
{
	f->by_named = check->verdict != PASSED && check->verdict != NOT_REACHED &&
		      check->verdict != DOES_NOT_BUILD && check->verdict != GRADER_FAULT;
	f->hint_right = f->by_named && check->key != NULL && strcmp(check->key, m->hint) == 0;
	if (!f->by_named)
		describe(check, "but must catch the mistake", words);
	else if (!f->hint_right)
		describe(check, "but must name another key", words);
}

static void
named_points_only(const struct mistake *m, const struct result *r, struct finding *f, FILE *words)
{
	f->fair = true;
	for (size_t i = 0; i < r->n_checks; i++) {
		const struct check_result *check = &r->checks[i];
		bool lost = check->verdict != PASSED, named = is_named(&m->also_fails, check->id);

		f->caught = f->caught || lost;
		if (strcmp(check->id, m->caught_by) == 0) {
			named_check(m, check, f, words);
		} else if (lost && !named) {
			describe(check, "but has nothing to do with the mistake", words);
			f->fair = false;
		} else if (!lost && named) {
			describe(check, "but Also-fails names it", words);
			f->fair = false;
		}
	}
	f->fair = f->fair && f->hint_right;
}

struct finding
case_judge(const struct proof_case *c, const struct result *r, FILE *words)
{
	struct finding f = {0};

	if (r->reason != NULL && r->status != RESULT_GRADED)
		fprintf(words, "%s\n", r->reason);
	for (size_t i = 0; i < r->n_checks; i++) {
		if (r->checks[i].verdict != GRADER_FAULT)
			continue;
		f.grader_fault = true;
		describe(&r->checks[i], "which must never be", words);
	}
	if (c->kind == CASE_MISTAKE)
		named_points_only(&c->mistake, r, &f, words);
	else if (c->kind == CASE_SKELETON || c->kind == CASE_EMPTY)
		no_points(r, &f, words);
	else
		all_points(r, &f, words);
	f.grader_fault = f.grader_fault || r->status == RESULT_GRADER_FAULT;
	f.fair = f.fair && !f.grader_fault;
	return f;
}
