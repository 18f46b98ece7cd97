/* roster.c - see roster.h. */
#include "roster.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const suffixes[] = {
    ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".zip"};

/* One reading of a class. */
struct reading {
	struct roster *roster;
	const char *root;
	const char *submissions;
	const struct strings *wanted;
	struct stat out; /* st_nlink is 0 when it is not there */
};

/* The length of name without an archive's suffix; 0 when it has none. */
static size_t
stem_of_archive(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
		size_t m = strlen(suffixes[i]);

		if (n > m && strcmp(name + n - m, suffixes[i]) == 0)
			return n - m;
	}
	return 0;
}

/* What tools leave in folders: nobody handed it in, and nobody wants to read of it. */
static bool
is_of_a_tool(const char *name)
{
	static const char *const names[] = {".git", ".gitignore", ".gitattributes", ".gitkeep",
	    ".DS_Store", "__MACOSX", "Thumbs.db"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Remembers a sentence about what is not graded; where is foreign. */
static int
note(struct reading *r, const char *student, const char *name, const char *sentence)
{
	struct text t = {0};
	int result = -1;

	text_put_name(&t, student);
	if (name) {
		text_put(&t, "/");
		text_put_name(&t, name);
	}
	text_printf(&t, ": %s", sentence);
	if (!text_failed(&t))
		result = strings_add(&r->roster->notes, text_string(&t));
	text_free(&t);
	return result;
}

/* Takes over path. */
static int
add(struct reading *r, const char *student, const char *lab, char *path)
{
	struct roster *roster = r->roster;
	struct submission *s;
	struct text shown = {0};

	if ((roster->n & (roster->n + 1)) == 0) { /* the capacity is one less than a power of two */
		s = realloc(roster->at, (2 * roster->n + 1) * sizeof *s);
		if (s == NULL || path == NULL) {
			roster->at = s ? s : roster->at;
			free(path);
			return -1;
		}
		roster->at = s;
	}
	s = &roster->at[roster->n];
	text_put_name(&shown, student);
	*s = (struct submission){.student = strdup(student),
	    .shown = text_take(&shown),
	    .lab = strdup(lab),
	    .path = path};
	roster->n++;
	if (s->student == NULL || s->shown == NULL || s->lab == NULL || path == NULL)
		return -1;
	return strings_have(&roster->labs, lab) ? 0 : strings_add(&roster->labs, lab);
}

static const struct submission *
find(const struct roster *roster, const char *student, const char *lab)
{
	for (size_t i = 0; i < roster->n; i++)
		if (strcmp(roster->at[i].student, student) == 0 &&
		    (lab == NULL || strcmp(roster->at[i].lab, lab) == 0))
			return &roster->at[i];
	return NULL;
}

/* ---- a student's folder with a folder or archive for each lab ------------------------- */

/* The full name of the lab that a folder or archive of this name is for; NULL if none. */
static char *
lab_named(const struct reading *r, const char *name)
{
	size_t n = stem_of_archive(name);
	char *stem = n ? strndup(name, n) : strdup(name);
	char *lab = stem ? lab_find(r->root, stem) : NULL;

	free(stem);
	return lab;
}

static bool
is_wanted(const struct reading *r, const char *lab)
{
	return r->wanted->n == 0 || strings_have(r->wanted, lab);
}

/* Why an entry of this kind cannot be a submission; NULL when it can. */
static const char *
objection(const char *name, const struct stat *status)
{
	if (S_ISLNK(status->st_mode))
		return _("is a symbolic link and is not followed");
	if (S_ISDIR(status->st_mode))
		return NULL;
	if (S_ISREG(status->st_mode) && stem_of_archive(name) > 0)
		return NULL;
	return _("is neither a folder nor an archive");
}

static int
take_lab(struct reading *r, const char *student, const char *folder, const char *name)
{
	char *path = join_path(folder, name, NULL), *lab = NULL;
	struct stat status;
	int result = -1;

	if (path && lstat(path, &status) == 0) {
		const char *why = objection(name, &status);

		errno = 0;
		lab = why ? NULL : lab_named(r, name);
		if (why == NULL && lab == NULL)
			why = _("there is no lab of this name");
		if (lab && !is_wanted(r, lab)) {
			result = 0;
		} else if (lab && find(r->roster, student, lab)) {
			result = note(
			    r, student, name, _("this lab is already there; not graded twice"));
		} else if (lab) {
			result = add(r, student, lab, path);
			path = NULL;
		} else {
			result = note(r, student, name, why);
		}
	}
	free(lab);
	free(path);
	return result;
}

/* The labs in a student's folder. Returns 0 when there was nothing to take or to say, -1 on
 * failure. */
static int
take_student(struct reading *r, const char *student, const char *folder)
{
	char **names;
	size_t n, before = r->roster->n;
	int result = 0;

	if (list_directory(folder, &names, &n) < 0) {
		if (errno == ENOMEM || errno == EMFILE || errno == ENFILE)
			return -1;
		return note(r, student, NULL, strerror(errno)) < 0 ? -1 : 1;
	}
	for (size_t i = 0; i < n && result == 0; i++)
		if (!is_of_a_tool(names[i]))
			result = take_lab(r, student, folder, names[i]);
	free_names(names, n);
	return result < 0 ? -1 : (int)(r->roster->n - before);
}

/* ---- one lab: a folder or archive for each student -------------------------------------- */

/* Where a student's work for the one lab lies. */
enum place { IN_FOLDER, IN_FOLDER_OF_LAB, NOWHERE };

/*
 * A folder may hold the files themselves or folders for labs, however their
 * names are shortened; path gets the one of this lab, malloc'd. In a folder
 * that is for other labs only, there is nothing for this one.
 */
static enum place
find_place(const struct reading *r, const char *folder, const char *lab, char **path)
{
	char **names;
	enum place place = IN_FOLDER;
	size_t n;

	*path = NULL;
	if (list_directory(folder, &names, &n) < 0)
		return IN_FOLDER; /* grading will say what is wrong with it */
	for (size_t i = 0; i < n && place != IN_FOLDER_OF_LAB; i++) {
		char *named = lab_named(r, names[i]);
		char *inner = named ? join_path(folder, names[i], NULL) : NULL;
		struct stat status;

		if (inner && lstat(inner, &status) == 0 && objection(names[i], &status) == NULL)
			place = strcmp(named, lab) == 0 ? IN_FOLDER_OF_LAB : NOWHERE;
		if (place == IN_FOLDER_OF_LAB)
			*path = inner;
		else
			free(inner);
		free(named);
	}
	free_names(names, n);
	return place;
}

/* Takes over path. */
static int
take_folder(struct reading *r, const char *student, char *path)
{
	const char *lab = r->wanted->at[0];
	char *inner;
	enum place place = find_place(r, path, lab, &inner);

	if (place == IN_FOLDER)
		return add(r, student, lab, path);
	free(path);
	if (place == IN_FOLDER_OF_LAB)
		return add(r, student, lab, inner);
	return note(r, student, NULL, _("nothing for this lab in this folder"));
}

/* Takes over path. An archive a.zip beside a folder a or an archive a.tar is told apart. */
static int
take_archive(struct reading *r, const char *name, char *path)
{
	const char *lab = r->wanted->at[0];
	char *student = strndup(name, stem_of_archive(name));
	char *folder = student ? join_path(r->submissions, student, NULL) : NULL;
	int result = -1;

	if (folder == NULL)
		free(path);
	else
		result =
		    add(r, find(r->roster, student, lab) || is_directory(folder) ? name : student,
			lab, path);
	free(folder);
	free(student);
	return result;
}

/* ---- the class ------------------------------------------------------------------------------ */

static int
take_entry(struct reading *r, const char *folder, const char *name)
{
	char *path = join_path(folder, name, NULL);
	struct stat status;
	const char *why;
	int result = -1;

	if (path == NULL || lstat(path, &status) < 0) {
		free(path);
		return -1;
	}
	why = objection(name, &status);
	if (r->out.st_nlink > 0 && status.st_dev == r->out.st_dev &&
	    status.st_ino == r->out.st_ino) {
		result = 0;
	} else if (why) {
		result = note(r, name, NULL, why);
	} else if (r->wanted->n == 1) {
		return S_ISDIR(status.st_mode) ? take_folder(r, name, path)
					       : take_archive(r, name, path);
	} else if (!S_ISDIR(status.st_mode)) {
		result = note(r, name, NULL, _("an archive for each student needs one --lab"));
	} else {
		int taken = take_student(r, name, path);

		result = taken < 0 ? -1 : 0;
		if (taken == 0)
			result = note(r, name, NULL, _("nothing to grade in this folder"));
	}
	free(path);
	return result;
}

static int
by_student_and_lab(const void *a, const void *b)
{
	const struct submission *x = a, *y = b;
	int order = strcmp(x->student, y->student);

	return order ? order : strcmp(x->lab, y->lab);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
take_all(struct reading *r, const char *submissions)
{
	char **names;
	size_t n;
	int result = 0;

	if (list_directory(submissions, &names, &n) < 0)
		return -1;
	for (size_t i = 0; i < n && result == 0; i++)
		if (!is_of_a_tool(names[i]))
			result = take_entry(r, submissions, names[i]);
	free_names(names, n);
	return result;
}

int
roster_read(struct roster *roster, const char *root, const char *submissions,
    const struct strings *wanted, const char *out, char *why, size_t size)
{
	struct reading r = {
	    .roster = roster, .root = root, .submissions = submissions, .wanted = wanted};
	struct text shown = {0};
	int result = -1;

	*roster = (struct roster){0};
	if (stat(out, &r.out) < 0)
		r.out.st_nlink = 0;
	text_put_name(&shown, submissions);
	if (take_all(&r, submissions) < 0) {
		say(why, size, "%s: %s", text_string(&shown), strerror(errno));
	} else if (roster->n == 0) {
		say(why, size,
		    _("%s: nothing to grade here; expected are folders STUDENT/LAB, or with one "
		      "--lab a folder or archive for each student"),
		    text_string(&shown));
		errno = EINVAL;
	} else {
		qsort(roster->at, roster->n, sizeof *roster->at, by_student_and_lab);
		qsort(roster->labs.at, roster->labs.n, sizeof *roster->labs.at, by_text);
		result = roster_name_files(roster);
	}
	text_free(&shown);
	return result;
}

bool
roster_begins_student(const struct roster *roster, size_t i)
{
	return i == 0 || strcmp(roster->at[i - 1].student, roster->at[i].student) != 0;
}

void
roster_free(struct roster *roster)
{
	for (size_t i = 0; i < roster->n; i++) {
		struct submission *s = &roster->at[i];

		free(s->student);
		free(s->shown);
		free(s->file);
		free(s->lab);
		free(s->path);
		free(s->outcome.verdicts);
		free(s->outcome.reason);
	}
	free(roster->at);
	strings_free(&roster->labs);
	strings_free(&roster->notes);
	*roster = (struct roster){0};
}
