/*
 * Grading a class with a grader of the test's own, which does what the name
 * of the student says: crash, fail, wait, leave a process behind. Whether a
 * process is left is told by a pipe whose write end all of them inherit: it
 * ends when the last one is gone. No test waits for time to pass.
 */
#define _GNU_SOURCE
#include "../src/base/files.h"
#include "../src/base/messages.h"
#include "../src/base/text.h"
#include "../src/class/class.h"
#include "../src/class/digest.h"
#include "../src/class/roster.h"
#include "../src/class/workers.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <errno.h>
#include <expat.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILE_MAX = 8 << 20 };

/* A class to grade, and what grading it said. */
struct scene {
	char *folder; /* everything of the test's lies below it */
	char *class, *out, *kit, *temporary;
	char *calls; /* a line for each submission that was graded */
	struct class_options options;
	char *table, *errors; /* of the last run */
};

/* ---- the grader of the test's -----------------------------------------------------------------
 */

static void
add_checks(struct result *r, unsigned score)
{
	r->n_checks = 2;
	r->checks = calloc(2, sizeof *r->checks);
	for (unsigned i = 0; r->checks && i < 2; i++) {
		struct check_result *c = &r->checks[i];

		c->id = strdup(i ? "second" : "first");
		c->title = strdup(i ? "The <second>" : "The first");
		c->max_points = 50;
		c->verdict = score > 50 * i ? PASSED : FAILED;
		c->points = c->verdict == PASSED ? 50 : 0;
	}
}

static struct result *
bare_result(const struct class_work *work)
{
	struct result *r = result_new();

	if (r == NULL)
		return NULL;
	r->lab = strdup(work->lab);
	r->title = strdup("Processes");
	r->submission = strdup(work->student);
	r->language = strdup("en");
	r->seed = work->seed;
	r->max_score = r->points_gradable = 100;
	return r;
}

static struct result *
good_result(const struct class_work *work, unsigned score)
{
	struct result *r = bare_result(work);

	if (r) {
		r->score = score;
		add_checks(r, score);
	}
	return r;
}

/* A process in a session of its own, which its parent does not wait for. */
static void
leave_a_process(void)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0)
			for (;;)
				pause();
		_exit(0);
	}
}

static void
remember_call(const struct scene *s, const struct class_work *work)
{
	int fd = open(s->calls, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || dprintf(fd, "%s\n", work->student) < 0)
		abort();
	close(fd);
}

static struct result *
act(const struct class_work *work, void *context)
{
	const struct scene *s = context;
	static const struct rlimit none = {0};

	remember_call(s, work);
	if (strstr(work->student, "crashes"))
		kill(getpid(), SIGKILL);
	if (strstr(work->student, "exits"))
		_exit(5);
	if (strstr(work->student, "leaves")) {
		leave_a_process();
		kill(getpid(), SIGKILL);
	}
	if (strstr(work->student, "interrupts")) {
		leave_a_process();
		kill(getppid(), SIGINT);
		for (;;)
			pause();
	}
	if (strstr(work->student, "kills")) {
		kill(getppid(), SIGKILL);
		for (;;)
			pause();
	}
	if (strstr(work->student, "fails")) {
		errno = EIO;
		return NULL;
	}
	if (strstr(work->student, "fills")) {
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &none);
	}
	if (strstr(work->student, "refused")) {
		struct result *r = bare_result(work);

		r->status = RESULT_CANNOT_BE_GRADED;
		r->reason = strdup("\033[31m<b>no</b>");
		return r;
	}
	return good_result(work, strstr(work->student, "half") ? 50 : 100);
}

/* The same, when whatever made trouble is mended. */
static struct result *
act_well(const struct class_work *work, void *context)
{
	remember_call(context, work);
	return good_result(work, strstr(work->student, "half") ? 50 : 100);
}

/* ---- the scene
 * ------------------------------------------------------------------------------------ */

static void
make(const char *path)
{
	assert_int_equal(make_path(path, 0777), 0);
}

static void
put(const char *folder, const char *name, const char *text)
{
	char *path = join_path(folder, name, NULL);

	assert_int_equal(write_file_atomic(path, text, strlen(text), 0644), 0);
	free(path);
}

/* A student with one file for a lab; lab "" means the student's folder itself. */
static void
hand_in(const struct scene *s, const char *student, const char *lab, const char *text)
{
	char *folder =
	    *lab ? join_path(s->class, student, lab, NULL) : join_path(s->class, student, NULL);

	make(folder);
	put(folder, "children.c", text);
	free(folder);
}

static void
make_kit(struct scene *s)
{
	static const char *const labs[] = {"01-processes", "02-signals"};
	char *templates = realpath("autograder", NULL), *link;

	s->kit = join_path(s->folder, "kit", NULL);
	for (size_t i = 0; i < 2; i++) {
		char *lab = join_path(s->kit, "labs", labs[i], NULL);

		make(lab);
		put(lab, "lab.yaml", "schema: 1\n");
		free(lab);
	}
	link = join_path(s->kit, "autograder", NULL);
	assert_non_null(templates);
	assert_int_equal(symlink(templates, link), 0);
	free(link);
	free(templates);
}

static int
scene_begin(void **state)
{
	char name[] = "/tmp/gabel-class.XXXXXX";
	struct scene *s = calloc(1, sizeof *s);

	assert_non_null(mkdtemp(name));
	s->folder = strdup(name);
	s->class = join_path(name, "class", NULL);
	s->out = join_path(name, "out", NULL);
	s->calls = join_path(name, "calls", NULL);
	s->temporary = join_path(name, "tmp", NULL);
	make(s->class);
	make(s->temporary);
	make_kit(s);
	assert_int_equal(messages_init(".", "en"), 0);
	assert_int_equal(setenv("TMPDIR", s->temporary, 1), 0);
	s->options = (struct class_options){.root = s->kit,
	    .submissions = s->class,
	    .out = s->out,
	    .jobs = 2,
	    .kit_version = "1.0",
	    .isolation = "sandbox",
	    .grade = act,
	    .context = s};
	*state = s;
	return 0;
}

static int
scene_end(void **state)
{
	struct scene *s = *state;
	int result = remove_tree(s->folder);

	unsetenv("TMPDIR");
	free(s->folder);
	free(s->class);
	free(s->out);
	free(s->kit);
	free(s->temporary);
	free(s->calls);
	free(s->table);
	free(s->errors);
	free(s);
	return result;
}

static char *
contents(const char *folder, const char *name)
{
	char *path = join_path(folder, name, NULL);
	char *text = read_file(path, FILE_MAX, NULL);

	free(path);
	return text;
}

/* What grades in the child; its output goes to files below the scene's folder. */
static _Noreturn void
run_here(const struct scene *s)
{
	char *errors = join_path(s->folder, "errors", NULL);
	FILE *table;
	int status;

	if (freopen(errors, "we", stderr) == NULL)
		_exit(99);
	free(errors);
	errors = join_path(s->folder, "table", NULL);
	table = fopen(errors, "we");
	free(errors);
	if (table == NULL)
		_exit(99);
	status = class_grade(&s->options, table);
	fclose(table);
	exit(status); /* not _exit(): the leak checker looks at the parent of the workers too */
}

/*
 * Grades in a child. Returns its wait status when it, every worker and
 * whatever they left behind have ended: all of them hold the pipe's write end.
 */
static int
run(struct scene *s)
{
	int ends[2], status;
	char byte;
	pid_t child;

	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		run_here(s);
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	while (waitpid(-1, NULL, 0) > 0) /* orphans of a run that was killed */
		;
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	free(s->table);
	free(s->errors);
	s->table = contents(s->folder, "table");
	s->errors = contents(s->folder, "errors");
	return status;
}

static void
assert_status(int status, int expected)
{
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), expected);
}

/* Runs and expects this exit status. */
static void
grade(struct scene *s, int expected)
{
	assert_status(run(s), expected);
}

/* Does the last table say this, wherever its lines were broken? */
static bool
table_says(const struct scene *s, const char *words)
{
	struct text t = {0};
	bool gap = false, found;

	for (const char *c = s->table; *c; c++) {
		if (*c == ' ' || *c == '\n') {
			gap = true;
			continue;
		}
		if (gap)
			text_put_char(&t, ' ');
		gap = false;
		text_put_char(&t, *c);
	}
	found = strstr(text_string(&t), words) != NULL;
	text_free(&t);
	return found;
}

/* The students graded since the last look, as "a b ", sorted. */
static char *
graded_now(const struct scene *s)
{
	char *text = read_file(s->calls, FILE_MAX, NULL), *rest = text, *line;
	struct text sorted = {0};
	char *names[64];
	size_t n = 0;

	while (text && (line = strsep(&rest, "\n")) != NULL && n < 64) {
		size_t at = n;

		if (*line == '\0')
			continue;
		for (; at > 0 && strcmp(names[at - 1], line) > 0; at--)
			names[at] = names[at - 1];
		names[at] = line;
		n++;
	}
	for (size_t i = 0; i < n; i++)
		text_printf(&sorted, "%s ", names[i]);
	free(text);
	unlink(s->calls);
	return text_take(&sorted);
}

static void
assert_graded(const struct scene *s, const char *expected)
{
	char *names = graded_now(s);

	assert_string_equal(names, expected);
	free(names);
}

static json_t *
document(const struct scene *s, const char *name)
{
	char *text = contents(s->out, name);
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;

	if (json == NULL)
		fail_msg("%s is no JSON document", name);
	free(text);
	return json;
}

static void
assert_result(const struct scene *s, const char *name, const char *status, int score)
{
	json_t *json = document(s, name);

	assert_string_equal(json_string_value(json_object_get(json, "status")), status);
	assert_int_equal(json_integer_value(json_object_get(json, "score")), score);
	json_decref(json);
}

static size_t
count_entries(const char *folder)
{
	char **names;
	size_t n;

	assert_int_equal(list_directory(folder, &names, &n), 0);
	free_names(names, n);
	return n;
}

/* Every file below folder, its name and contents, in one text. */
static void
gather(struct text *t, const char *folder, const char *below)
{
	char **names;
	size_t n;

	assert_int_equal(list_directory(folder, &names, &n), 0);
	for (size_t i = 0; i < n; i++) {
		char *path = join_path(folder, names[i], NULL);
		char *name = text_format("%s/%s", below, names[i]);

		if (is_directory(path)) {
			gather(t, path, name);
		} else {
			char *text = read_file(path, FILE_MAX, NULL);

			assert_non_null(text);
			text_printf(t, "== %s\n%s\n", name, text);
			free(text);
		}
		free(name);
		free(path);
	}
	free_names(names, n);
}

/* All of out, the graded seconds being those of the test's grader: none. */
static char *
everything(const struct scene *s)
{
	struct text t = {0};

	gather(&t, s->out, "");
	return text_take(&t);
}

static void
assert_well_formed(const char *html)
{
	XML_Parser parser = XML_ParserCreate(NULL);

	assert_non_null(html);
	if (XML_Parse(parser, html, (int)strlen(html), 1) != XML_STATUS_OK)
		fail_msg("line %lu: %s", XML_GetCurrentLineNumber(parser),
		    XML_ErrorString(XML_GetErrorCode(parser)));
	XML_ParserFree(parser);
}

/* The class's seed is for us alone. */
static void
assert_secret(const struct scene *s)
{
	char *path = join_path(s->out, "class.json", NULL);
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	free(path);
}

/* ---- what a class looks like
 * -------------------------------------------------------------------------- */

static void
folder_for_each_lab(void **state)
{
	struct scene *s = *state;
	json_t *class, *students, *submissions;
	struct stat status;

	hand_in(s, "student-01", "1", "a");
	hand_in(s, "student-01", "02-signals", "b");
	hand_in(s, "half", "01", "c");
	grade(s, 0);
	assert_graded(s, "half student-01 student-01 ");
	assert_result(s, "results/student-01/01-processes.json", "graded", 100);
	assert_result(s, "results/student-01/02-signals.json", "graded", 100);
	assert_result(s, "results/half/01-processes.json", "graded", 50);
	assert_true(table_says(s, "student-01"));
	assert_true(table_says(s, "200"));
	assert_secret(s);
	class = document(s, "class.json");
	students = json_object_get(class, "students");
	submissions = json_object_get(json_array_get(students, 1), "submissions");
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(submissions, 0), "lab")),
	    "01-processes");
	json_decref(class);
	assert_int_equal(stat(s->out, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
	assert_int_equal(count_entries(s->temporary), 0);
}

static void
one_lab_for_everybody(void **state)
{
	static const char *const labs[] = {"1"};
	struct scene *s = *state;

	s->options.labs = labs;
	s->options.n_labs = 1;
	hand_in(s, "a", "", "files at the top");
	hand_in(s, "b", "01", "in a folder of the lab");
	hand_in(s, "b", "02", "of another lab");
	hand_in(s, "no", "02", "of another lab only");
	put(s->class, "c.tar.gz", "an archive");
	put(s->class, "half.zip", "another");
	put(s->class, "half.tar", "one more of the same name");
	put(s->class, "README.txt", "not for us");
	grade(s, 0);
	assert_graded(s, "a b c half half.zip ");
	assert_true(table_says(s, "no: nothing for this lab in this folder"));
	assert_true(table_says(s, "README.txt: is neither a folder nor an archive"));
	assert_result(s, "results/half/01-processes.json", "graded", 50);
	assert_result(s, "results/half.zip/01-processes.json", "graded", 50);
}

static void
chosen_labs_only(void **state)
{
	static const char *const labs[] = {"02", "02-signals", "1"};
	struct scene *s = *state;

	hand_in(s, "a", "01", "x");
	hand_in(s, "b", "02", "y");
	s->options.labs = labs;
	s->options.n_labs = 2;
	grade(s, 0);
	assert_graded(s, "b ");
	s->options.n_labs = 3;
	grade(s, 0);
	assert_graded(s, "a b ");
}

static void
says_what_is_not_graded(void **state)
{
	struct scene *s = *state;
	char *link = join_path(s->class, "link", NULL);
	char *inner = join_path(s->class, "a/02", NULL);
	char *secret = join_path(s->folder, "secret", NULL);

	hand_in(s, "a", "01", "x");
	hand_in(s, "a", "01-processes", "twice");
	hand_in(s, "a", "99-nothing", "y");
	hand_in(s, "a", ".git", "z");
	hand_in(s, "nothing", "", "no lab here");
	make(secret);
	assert_int_equal(symlink(secret, link), 0);
	assert_int_equal(symlink(secret, inner), 0);
	grade(s, 0);
	assert_graded(s, "a ");
	assert_true(table_says(s, "link: is a symbolic link"));
	assert_true(table_says(s, "a/02: is a symbolic link"));
	assert_true(table_says(s, "a/99-nothing: there is no lab of this name"));
	assert_true(table_says(s, "a/01-processes: this lab is already there"));
	assert_true(table_says(s, "nothing: nothing to grade in this folder"));
	assert_null(strstr(s->table, ".git"));
	free(link);
	free(inner);
	free(secret);
}

static void
results_among_the_submissions(void **state)
{
	struct scene *s = *state;

	free(s->out);
	s->out = join_path(s->class, "out", NULL);
	s->options.out = s->out;
	hand_in(s, "a", "01", "x");
	grade(s, 0);
	grade(s, 0);
	assert_graded(s, "a a ");
	assert_null(strstr(s->table, "out:"));
}

static void
nothing_to_grade(void **state)
{
	static const char *const labs[] = {"77"};
	struct scene *s = *state;
	char *file = join_path(s->folder, "calls", NULL);

	grade(s, 2);
	assert_non_null(strstr(s->errors, "nothing to grade here"));
	assert_false(is_directory(s->out));
	s->options.labs = labs;
	s->options.n_labs = 1;
	grade(s, 2);
	assert_non_null(
	    strstr(s->errors, "there is no lab 77; there are: 01-processes, 02-signals"));
	s->options.n_labs = 0;
	s->options.submissions = "/nowhere";
	grade(s, 2);
	assert_non_null(strstr(s->errors, "/nowhere: No such file"));
	put(s->folder, "calls", "a file");
	s->options.submissions = file;
	grade(s, 2);
	assert_non_null(strstr(s->errors, "a class is a folder"));
	assert_false(is_directory(s->out));
	free(file);
}

static void
out_is_no_use(void **state)
{
	struct scene *s = *state;
	char *path = join_path(s->out, "class.json", NULL), *text;
	int fd;

	hand_in(s, "a", "01", "x");
	put(s->folder, "out", "a file");
	grade(s, 2);
	assert_int_equal(unlink(s->out), 0);
	/* Not ours: not touched. */
	make(s->out);
	put(s->out, "class.json", "{\"pupils\": []}");
	grade(s, 2);
	assert_non_null(strstr(s->errors, "holds no seed"));
	text = read_file(path, FILE_MAX, NULL);
	assert_string_equal(text, "{\"pupils\": []}");
	free(text);
	assert_int_equal(unlink(path), 0);
	/* Somebody else is writing there. */
	fd = open(s->out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_SH), 0);
	grade(s, 2);
	assert_non_null(strstr(s->errors, "another gabel"));
	close(fd);
	assert_null(read_file(s->calls, FILE_MAX, NULL));
	grade(s, 0);
	free(path);
}

/* ---- seeds
 * --------------------------------------------------------------------------------------------------
 */

static json_int_t
seed_in(const struct scene *s, const char *name)
{
	json_t *json = document(s, name);
	json_int_t seed = json_integer_value(json_object_get(json, "seed"));

	json_decref(json);
	return seed;
}

static void
everybody_has_a_seed(void **state)
{
	struct scene *s = *state;
	char *path = join_path(s->out, "class.json", NULL);
	json_int_t a, other_lab, b, again;

	hand_in(s, "a", "01", "x");
	hand_in(s, "a", "02", "x");
	hand_in(s, "b", "01", "x");
	grade(s, 0);
	a = seed_in(s, "results/a/01-processes.json");
	other_lab = seed_in(s, "results/a/02-signals.json");
	b = seed_in(s, "results/b/01-processes.json");
	assert_true(a > 0 && a < (json_int_t)1 << 53);
	assert_true(a != b && a != other_lab && b != other_lab);
	/* The same class keeps its seed; a new one draws another. */
	grade(s, 0);
	again = seed_in(s, "results/a/01-processes.json");
	assert_int_equal(a, again);
	assert_int_equal(unlink(path), 0);
	grade(s, 0);
	again = seed_in(s, "results/a/01-processes.json");
	assert_int_not_equal(a, again);
	free(path);
}

/* ---- faults of the grader
 * --------------------------------------------------------------------------------------- */

static void
survives_its_workers(void **state)
{
	struct scene *s = *state;

	hand_in(s, "a", "01", "x");
	hand_in(s, "b-crashes", "01", "x");
	hand_in(s, "c-exits", "01", "x");
	hand_in(s, "d-leaves", "01", "x");
	hand_in(s, "e-fails", "01", "x");
	hand_in(s, "f", "01", "x");
	grade(s, 3);
	assert_graded(s, "a b-crashes c-exits d-leaves e-fails f ");
	assert_result(s, "results/a/01-processes.json", "graded", 100);
	assert_result(s, "results/b-crashes/01-processes.json", "grader fault", 0);
	assert_result(s, "results/c-exits/01-processes.json", "grader fault", 0);
	assert_result(s, "results/d-leaves/01-processes.json", "grader fault", 0);
	assert_result(s, "results/e-fails/01-processes.json", "grader fault", 0);
	assert_result(s, "results/f/01-processes.json", "graded", 100);
	assert_true(table_says(s, "ended by signal 9"));
	assert_true(table_says(s, "ended with exit status 5"));
	assert_true(table_says(s, "Input/output error"));
	assert_true(table_says(s, "2 submissions judged"));
	assert_int_equal(count_entries(s->temporary), 0);
	/* What was a fault is tried again, and only that. */
	s->options.resume = true;
	s->options.grade = act_well;
	grade(s, 0);
	assert_graded(s, "b-crashes c-exits d-leaves e-fails ");
	assert_result(s, "results/b-crashes/01-processes.json", "graded", 100);
}

static void
a_refused_submission_is_judged(void **state)
{
	struct scene *s = *state;
	char *html;

	hand_in(s, "a", "01", "x");
	hand_in(s, "refused", "01", "x");
	hand_in(s, "refused", "02", "x");
	grade(s, 0);
	assert_true(table_says(s, "cannot be graded: \\x1b[31m<b>no</b>"));
	html = contents(s->out, "index.html");
	assert_non_null(strstr(html, "cannot be graded: \\x1b[31m&lt;b&gt;no"));
	free(html);
}

static void
keeps_all_when_the_disk_is_full(void **state)
{
	struct scene *s = *state;

	s->options.jobs = 1;
	hand_in(s, "a", "01", "x");
	hand_in(s, "b-fills", "01", "x");
	hand_in(s, "c", "01", "x");
	grade(s, 3);
	assert_non_null(strstr(s->errors, "File too large"));
	assert_non_null(strstr(s->errors, "--resume"));
	assert_graded(s, "a b-fills ");
	assert_result(s, "results/a/01-processes.json", "graded", 100);
	{
		char *folder = join_path(s->out, "results/b-fills", NULL);

		assert_int_equal(count_entries(folder), 0); /* nothing half-written */
		free(folder);
	}
	s->options.resume = true;
	s->options.grade = act_well;
	grade(s, 0);
	assert_graded(s, "b-fills c ");
}

/* ---- going on
 * --------------------------------------------------------------------------------------------------------
 */

static void
resumes_what_changed(void **state)
{
	struct scene *s = *state;
	char *lab = join_path(s->kit, "labs/01-processes", NULL);

	hand_in(s, "a", "01", "x");
	hand_in(s, "b", "01", "x");
	grade(s, 0);
	assert_graded(s, "a b ");
	s->options.resume = true;
	grade(s, 0);
	assert_graded(s, "");
	assert_true(table_says(s, "2 submissions judged"));
	hand_in(s, "b", "01", "y");
	hand_in(s, "c", "01", "x");
	grade(s, 0);
	assert_graded(s, "b c ");
	put(lab, "lab.yaml", "schema: 1 # changed\n");
	grade(s, 0);
	assert_graded(s, "a b c ");
	s->options.kit_version = "1.1";
	grade(s, 0);
	assert_graded(s, "a b c ");
	s->options.isolation = "container";
	grade(s, 0);
	assert_graded(s, "a b c ");
	assert_int_equal(messages_init(".", "de"), 0);
	grade(s, 0);
	assert_graded(s, "a b c ");
	grade(s, 0);
	assert_graded(s, "");
	s->options.resume = false;
	grade(s, 0);
	assert_graded(s, "a b c ");
	free(lab);
}

static void
a_damaged_result_is_made_again(void **state)
{
	static const char *const damage[] = {"", "{", "{\"schema\": 1}", "[]", "\xff"};
	struct scene *s = *state;
	char *folder = join_path(s->out, "results/a", NULL);

	hand_in(s, "a", "01", "x");
	grade(s, 0);
	assert_graded(s, "a ");
	s->options.resume = true;
	for (size_t i = 0; i < sizeof damage / sizeof damage[0]; i++) {
		put(folder, "01-processes.json", damage[i]);
		grade(s, 0);
		assert_graded(s, "a ");
	}
	free(folder);
}

static void
an_interruption_loses_nothing(void **state)
{
	struct scene *s = *state;
	char *undisturbed, *resumed, *folder = join_path(s->out, "results/b-interrupts", NULL);

	s->options.jobs = 1;
	hand_in(s, "a", "01", "x");
	hand_in(s, "b-interrupts", "01", "x");
	hand_in(s, "c", "01", "x");
	grade(s, 128 + SIGINT);
	assert_graded(s, "a b-interrupts ");
	assert_non_null(strstr(s->errors, "1 of 3 submissions are judged"));
	assert_result(s, "results/a/01-processes.json", "graded", 100);
	assert_false(is_directory(folder));
	assert_int_equal(count_entries(s->temporary), 0);
	assert_secret(s);
	s->options.resume = true;
	s->options.grade = act_well;
	grade(s, 0);
	assert_graded(s, "b-interrupts c ");
	resumed = everything(s);
	s->options.resume = false;
	grade(s, 0);
	undisturbed = everything(s);
	assert_string_equal(resumed, undisturbed);
	free(undisturbed);
	free(resumed);
	free(folder);
}

/* Nobody is left to end the workers then: they notice by themselves. */
static void
a_killed_run_loses_nothing(void **state)
{
	struct scene *s = *state;
	char *undisturbed, *resumed;
	int status;

	s->options.jobs = 1;
	hand_in(s, "a", "01", "x");
	hand_in(s, "b-kills", "01", "x");
	hand_in(s, "c", "01", "x");
	status = run(s);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_graded(s, "a b-kills ");
	s->options.resume = true;
	s->options.grade = act_well;
	grade(s, 0);
	assert_graded(s, "b-kills c ");
	resumed = everything(s);
	s->options.resume = false;
	grade(s, 0);
	undisturbed = everything(s);
	assert_string_equal(resumed, undisturbed);
	free(undisturbed);
	free(resumed);
}

/* ---- workers by themselves
 * ---------------------------------------------------------------------------------------------- */

/* Interrupts its parent, and ends only when the answer to that has come. */
static int
work_through(size_t i, void *with)
{
	sigset_t set;

	(void)i;
	(void)with;
	workers_hold_signals();
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	kill(getppid(), SIGINT);
	return sigwaitinfo(&set, NULL) == SIGTERM ? 7 : 8;
}

static bool
remember_status(size_t i, int status, void *with)
{
	int *seen = with;

	(void)i;
	*seen = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return true;
}

static void
what_is_being_written_is_written(void **state)
{
	struct scene *s = *state;
	int seen = -2;
	const struct workers workers = {.n = 3,
	    .jobs = 1,
	    .temporary = s->temporary,
	    .work = work_through,
	    .done = remember_status,
	    .with = &seen};

	assert_int_equal(workers_run(&workers), SIGINT);
	assert_int_equal(seen, 7);
}

/* Leaves a file behind. Its status: how many folders of workers there are. */
static int
work_untidily(size_t i, void *with)
{
	const struct scene *s = with;

	(void)i;
	put(getenv("TMPDIR"), "left", "x");
	return (int)count_entries(s->temporary);
}

static bool
only_one_folder(size_t i, int status, void *with)
{
	struct scene *s = with;

	(void)i;
	s->options.jobs += WIFEXITED(status) && WEXITSTATUS(status) == 1;
	return true;
}

static void
temporary_files_go_at_once(void **state)
{
	struct scene *s = *state;
	const struct workers workers = {.n = 3,
	    .jobs = 1,
	    .temporary = s->temporary,
	    .work = work_untidily,
	    .done = only_one_folder,
	    .with = s};

	s->options.jobs = 0;
	assert_int_equal(workers_run(&workers), 0);
	assert_int_equal(s->options.jobs, 3);
	assert_int_equal(count_entries(s->temporary), 0);
}

/* ---- in parallel
 * ----------------------------------------------------------------------------------------------------------
 */

/* The first student's worker ends last: it waits for the word of the last one's. */
static struct result *
act_in_reverse(const struct class_work *work, void *context)
{
	const struct scene *s = context;
	char *fifo = join_path(s->folder, "fifo", NULL), byte = 'x';
	int fd;

	if (strcmp(work->student, "a") == 0) {
		fd = open(fifo, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || read(fd, &byte, 1) != 1)
			abort();
		close(fd);
	} else if (strcmp(work->student, "d") == 0) {
		fd = open(fifo, O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, &byte, 1) != 1)
			abort();
		close(fd);
	}
	free(fifo);
	return good_result(work, strcmp(work->student, "c") == 0 ? 50 : 100);
}

static void
order_does_not_matter(void **state)
{
	struct scene *s = *state;
	char *fifo = join_path(s->folder, "fifo", NULL);
	char *one, *four, *table;

	for (const char *student = "a\0b\0c\0d\0"; *student; student += 2)
		hand_in(s, student, "01", "x");
	s->options.grade = act_well;
	s->options.jobs = 1;
	grade(s, 0);
	put(s->folder, "note", "");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	s->options.grade = act_in_reverse;
	s->options.jobs = 4;
	grade(s, 0);
	four = everything(s);
	table = strdup(s->table);
	/* One after the other, and the points of act_in_reverse(). */
	assert_int_equal(unlink(fifo), 0);
	assert_int_equal(rename(s->class, fifo), 0);
	make(s->class);
	hand_in(s, "c", "01", "x");
	s->options.jobs = 1;
	grade(s, 0);
	assert_int_equal(remove_tree(s->class), 0);
	assert_int_equal(rename(fifo, s->class), 0);
	s->options.resume = true;
	grade(s, 0);
	one = everything(s);
	assert_string_equal(one, four);
	assert_string_equal(s->table, table);
	free(one);
	free(four);
	free(table);
	free(fifo);
}

/* ---- hostile names
 * ---------------------------------------------------------------------------------------------------------------
 */

static const char *const hostile_names[] = {"a b", "a_b", "a\nb", "...", "..x", "-rf", "~root",
    "ünal", "Анна Иванова", "\xff\xfe", "<script>alert(1)<", "\"'&;$(id)`", "\033[2J", "con\r",
    "\xe2\x80\xae"
    "gpj.exe",
    "%2e%2e", "C:\\x", "{{lang}}"};

enum { HOSTILE = sizeof hostile_names / sizeof hostile_names[0] };

static void
assert_printable(const char *text)
{
	size_t n = strlen(text), length;

	for (size_t i = 0; i < n; i += length) {
		unsigned code = 0;

		length = utf8_length(text + i, n - i, &code);
		assert_true(length > 0);
		assert_true(code == '\n' || code == '\t' || (code >= ' ' && code != 0x7f));
		assert_true(code != 0x202e);
	}
}

static void
hostile_students(void **state)
{
	struct scene *s = *state;
	char longest[256], *results = join_path(s->out, "results", NULL);
	char *students = join_path(s->out, "students", NULL), **names, *html;
	json_t *class;
	size_t n;

	memset(longest, 'n', 255);
	longest[255] = '\0';
	hand_in(s, longest, "01", "x");
	longest[254] = 'm';
	hand_in(s, longest, "01", "x");
	for (size_t i = 0; i < HOSTILE; i++) {
		hand_in(s, hostile_names[i], "01", "x");
		hand_in(s, hostile_names[i], "02", "x");
	}
	grade(s, 0);
	/* Everybody has files of her own, in their place. */
	assert_int_equal(count_entries(results), HOSTILE + 2);
	assert_int_equal(count_entries(students), HOSTILE + 2);
	assert_int_equal(count_entries(s->out), 4);
	assert_printable(s->table);
	html = contents(s->out, "index.html");
	assert_well_formed(html);
	assert_printable(html);
	assert_null(strstr(html, "<script"));
	assert_null(strstr(html, "href=\"students/.."));
	free(html);
	class = document(s, "class.json");
	assert_int_equal(json_array_size(json_object_get(class, "students")), HOSTILE + 2);
	json_decref(class);
	assert_int_equal(list_directory(students, &names, &n), 0);
	for (size_t i = 0; i < n; i++) {
		html = contents(students, names[i]);
		assert_well_formed(html);
		assert_printable(html);
		assert_null(strstr(html, "<script"));
		free(html);
	}
	free_names(names, n);
	free(results);
	free(students);
}

static void
pages_are_well_formed(void **state)
{
	static const char *const languages[] = {"en", "de", "ru"};
	static const char *const files[] = {
	    "index.html", "students/half.html", "students/refused.html", "students/crashes.html"};
	struct scene *s = *state;

	hand_in(s, "half", "01", "x");
	hand_in(s, "half", "02", "x");
	hand_in(s, "refused", "01", "x");
	hand_in(s, "crashes", "02", "x");
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(messages_init(".", languages[i]), 0);
		grade(s, 3);
		for (size_t j = 0; j < sizeof files / sizeof files[0]; j++) {
			char *html = contents(s->out, files[j]);
			char *language = text_format("lang=\"%s\"", languages[i]);

			assert_well_formed(html);
			assert_non_null(strstr(html, language));
			free(language);
			free(html);
		}
	}
}

static void
names_of_files(void **state)
{
	static const struct {
		const char *student, *file;
	} cases[] = {
	    {"student-01", "student-01"},
	    {"Müller", "Müller"},
	    {"Анна Иванова", "Анна_Иванова"},
	    {"..", "_."},
	    {".", "_"},
	    {"", "_"},
	    {"-x", "_x"},
	    {"a/b\nc", "a_b_c"},
	    {"\xff", "_"},
	    {"a~b", "a_b"},
	};

	(void)state;
	assert_int_equal(messages_init(".", "en"), 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *file = safe_name(cases[i].student);

		assert_string_equal(file, cases[i].file);
		free(file);
	}
}

/* ---- digests
 * ------------------------------------------------------------------------------------------------------------------------
 */

static void
digest_of(const char *bytes, size_t times, char text[DIGEST_TEXT])
{
	unsigned char result[DIGEST_SIZE];
	struct digest d;

	digest_begin(&d);
	for (size_t i = 0; i < times; i++)
		digest_add(&d, bytes, strlen(bytes));
	digest_end(&d, result);
	digest_text(result, text);
}

/* The examples that come with the standard. */
static void
digests_by_the_standard(void **state)
{
	unsigned char bytes[DIGEST_SIZE];
	char text[DIGEST_TEXT];

	(void)state;
	digest_of("abc", 1, text);
	assert_string_equal(
	    text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_of("", 1, text);
	assert_string_equal(
	    text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, text);
	assert_string_equal(
	    text, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	digest_of("aaaaaaaaaa", 100000, text);
	assert_string_equal(
	    text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	assert_int_equal(digest_from_text(text, bytes), 0);
	assert_int_equal(bytes[0], 0xcd);
	text[5] = 'x';
	assert_int_equal(digest_from_text(text, bytes), -1);
}

/* Each change of a folder must show; a FIFO in it must not block us. */
static void
digests_of_folders(void **state)
{
	struct scene *s = *state;
	char seen[8][DIGEST_TEXT];
	char *fifo = join_path(s->class, "a/fifo", NULL),
	     *link = join_path(s->class, "a/link", NULL);
	char *a = join_path(s->class, "a", NULL), *b = join_path(s->class, "a/b", NULL);
	char *inner = join_path(b, "children.c", NULL);
	size_t n = 0;

	hand_in(s, "a", "", "x");
	assert_int_equal(digest_path(a, seen[n++]), 0);
	hand_in(s, "a", "", "y");
	assert_int_equal(digest_path(a, seen[n++]), 0);
	put(a, "d", "");
	assert_int_equal(digest_path(a, seen[n++]), 0);
	make(b);
	assert_int_equal(digest_path(a, seen[n++]), 0);
	put(b, "children.c", "z");
	assert_int_equal(digest_path(a, seen[n++]), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(digest_path(a, seen[n++]), 0);
	assert_int_equal(symlink("/etc/passwd", link), 0);
	assert_int_equal(digest_path(a, seen[n++]), 0);
	assert_int_equal(chmod(inner, 0444), 0); /* no change of what is graded */
	assert_int_equal(digest_path(a, seen[n]), 0);
	assert_string_equal(seen[n], seen[n - 1]);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(seen[i], seen[j]);
	assert_int_equal(digest_path(link, seen[0]), -1);
	free(fifo);
	free(link);
	free(inner);
	free(a);
	free(b);
}

#define IN_A_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_begin, scene_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_A_SCENE(folder_for_each_lab),
	    IN_A_SCENE(one_lab_for_everybody),
	    IN_A_SCENE(chosen_labs_only),
	    IN_A_SCENE(says_what_is_not_graded),
	    IN_A_SCENE(results_among_the_submissions),
	    IN_A_SCENE(nothing_to_grade),
	    IN_A_SCENE(out_is_no_use),
	    IN_A_SCENE(everybody_has_a_seed),
	    IN_A_SCENE(survives_its_workers),
	    IN_A_SCENE(a_refused_submission_is_judged),
	    IN_A_SCENE(keeps_all_when_the_disk_is_full),
	    IN_A_SCENE(resumes_what_changed),
	    IN_A_SCENE(a_damaged_result_is_made_again),
	    IN_A_SCENE(an_interruption_loses_nothing),
	    IN_A_SCENE(a_killed_run_loses_nothing),
	    IN_A_SCENE(what_is_being_written_is_written),
	    IN_A_SCENE(temporary_files_go_at_once),
	    IN_A_SCENE(order_does_not_matter),
	    IN_A_SCENE(hostile_students),
	    IN_A_SCENE(pages_are_well_formed),
	    cmocka_unit_test(names_of_files),
	    cmocka_unit_test(digests_by_the_standard),
	    IN_A_SCENE(digests_of_folders),
	};

	/* No verdict comes from this clock: it only ends a test that hangs. */
	alarm(600);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
