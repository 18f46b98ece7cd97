/* class.c - see class.h. */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "class.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "../lab/lab.h"
#include "../sandbox/sandbox.h"
#include "progress.h"
#include "roster.h"
#include "store.h"
#include "tally.h"
#include "workers.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WHY = 1024, USAGE = 2, FAULT = 3, INTERRUPTED = 128 };

/* How a worker ends. */
enum { WROTE = 0, NOT_WRITTEN = 1 };

struct class
{
	const struct class_options *options;
	struct strings wanted; /* full names of the labs asked for; none: all */
	struct roster roster;
	struct store store;
	size_t *pending; /* indices of what is to be graded now */
	size_t n_pending;
	struct progress progress;
	int *write_error; /* shared with the workers: why a result could not be written */
};

/* What is wrong with the arguments is for the user to mend, the rest is a fault. */
static int
status_of(int error)
{
	return error == ENOMEM || error == ENOSPC || error == EIO || error == EDQUOT ||
		       error == EMFILE || error == ENFILE
		   ? FAULT
		   : USAGE;
}

/* ---- what is to be graded ------------------------------------------------------------ */

static void
complain_about_lab(const char *root, const char *name)
{
	struct strings labs = {0};
	struct text list = {0}, shown = {0};

	text_put_name(&shown, name);
	if (lab_list(root, &labs) == 0)
		for (size_t i = 0; i < labs.n; i++)
			text_printf(&list, "%s%s", i ? ", " : "", labs.at[i]);
	complain(_("there is no lab %s; there are: %s"), text_string(&shown), text_string(&list));
	strings_free(&labs);
	text_free(&list);
	text_free(&shown);
}

static int
find_labs(struct class *c)
{
	const struct class_options *o = c->options;

	for (size_t i = 0; i < o->n_labs; i++) {
		char *lab = lab_find(o->root, o->labs[i]);
		int result = 0;

		if (lab == NULL) {
			complain_about_lab(o->root, o->labs[i]);
			return USAGE;
		}
		if (!strings_have(&c->wanted, lab))
			result = strings_add(&c->wanted, lab);
		free(lab);
		if (result < 0) {
			complain("%s", strerror(errno));
			return FAULT;
		}
	}
	return 0;
}

static void
complain_about_folder(const char *path)
{
	struct text shown = {0};
	bool there = access(path, F_OK) == 0;

	text_put_name(&shown, path);
	complain("%s: %s", text_string(&shown),
	    there ? _("a class is a folder with a folder for each student") : strerror(errno));
	text_free(&shown);
}

static int
read_roster(struct class *c)
{
	const struct class_options *o = c->options;
	char why[WHY];

	if (!is_directory(o->submissions)) {
		complain_about_folder(o->submissions);
		return USAGE;
	}
	if (roster_read(&c->roster, o->root, o->submissions, &c->wanted, o->out, why, sizeof why) ==
	    0)
		return 0;
	complain("%s", why);
	for (size_t i = 0; i < c->roster.notes.n; i++)
		complain("%s", c->roster.notes.at[i]);
	return status_of(errno);
}

/* What the submission is, and whether its result is there already. */
static void
prepare(struct class *c, size_t i)
{
	struct submission *s = &c->roster.at[i];

	s->seed = store_seed(&c->store, s->student, s->lab);
	/* What cannot be read has no digest and is never taken for known; grading says why. */
	if (digest_path(s->path, s->digest) < 0)
		s->digest[0] = '\0';
	if (c->options->resume && s->digest[0] && store_is_current(&c->store, s))
		return;
	c->pending[c->n_pending++] = i;
}

static int
prepare_all(struct class *c)
{
	c->pending = calloc(c->roster.n, sizeof *c->pending);
	c->write_error = mmap(NULL, sizeof *c->write_error, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c->write_error == MAP_FAILED)
		c->write_error = NULL;
	if (c->pending == NULL || c->write_error == NULL ||
	    store_take_roster(&c->store, &c->roster) < 0) {
		complain("%s", strerror(errno));
		return FAULT;
	}
	for (size_t i = 0; i < c->roster.n; i++)
		prepare(c, i);
	return 0;
}

/* ---- grading -------------------------------------------------------------------------- */

/* The result when grading itself failed. Takes over reason. */
static struct result *
fault_result(const struct class *c, const struct submission *s, char *reason)
{
	struct result *r = result_new();

	if (r == NULL) {
		free(reason);
		return NULL;
	}
	r->status = RESULT_GRADER_FAULT;
	r->reason = reason;
	r->seed = s->seed;
	r->lab = strdup(s->lab);
	r->submission = strdup(s->shown);
	r->kit_version = strdup(c->options->kit_version);
	r->isolation = strdup(c->options->isolation);
	r->language = strdup(messages_language());
	if (r->lab && r->submission && r->kit_version && r->isolation && r->language && r->reason)
		return r;
	result_free(r);
	errno = ENOMEM;
	return NULL;
}

/* In a worker. */
static int
grade(size_t piece, void *with)
{
	const struct class *c = with;
	const struct submission *s = &c->roster.at[c->pending[piece]];
	const struct class_work work = {
	    .lab = s->lab, .path = s->path, .student = s->shown, .seed = s->seed};
	struct result *r = c->options->grade(&work, c->options->context);
	int status = NOT_WRITTEN;

	if (r == NULL)
		r = fault_result(c, s, text_format(_("grading failed: %s"), strerror(errno)));
	workers_hold_signals();
	if (r && store_write(&c->store, s, r) == 0)
		status = WROTE;
	else
		*c->write_error = errno;
	result_free(r);
	return status;
}

/* Stores the fault of a worker that did not get to the end. 0, or -1 with errno. */
static int
store_death(const struct class *c, const struct submission *s, int status)
{
	char *reason;
	struct result *r;
	int result = -1, error;

	if (WIFSIGNALED(status))
		reason = text_format(_("the process that graded it was ended by signal %d (%s)"),
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		reason = text_format(
		    _("the process that graded it ended with exit status %d"), WEXITSTATUS(status));
	r = fault_result(c, s, reason);
	if (r)
		result = store_write(&c->store, s, r);
	error = errno;
	result_free(r);
	errno = error;
	return result;
}

static bool
graded(size_t piece, int status, void *with)
{
	struct class *c = with;
	const struct submission *s = &c->roster.at[c->pending[piece]];

	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_WRITTEN)
		return false;
	if (!(WIFEXITED(status) && WEXITSTATUS(status) == WROTE) && store_death(c, s, status) < 0) {
		*c->write_error = errno;
		return false;
	}
	progress_step(&c->progress);
	return true;
}

static int
grade_all(struct class *c)
{
	char *temporary = stage_create();
	const struct workers workers = {.n = c->n_pending,
	    .jobs = c->options->jobs ? c->options->jobs : 1,
	    .temporary = temporary,
	    .work = grade,
	    .done = graded,
	    .with = c};
	int result;

	if (temporary == NULL) {
		complain(_("cannot make a temporary directory in %s: %s"), stage_parent(),
		    strerror(errno));
		return -1;
	}
	progress_begin(&c->progress, c->n_pending);
	result = workers_run(&workers);
	progress_end(&c->progress);
	if (result < 0)
		complain(_("cannot start a process: %s"), strerror(errno));
	stage_remove(temporary);
	free(temporary);
	return result;
}

/* ---- what is shown ------------------------------------------------------------------------ */

/* Reads the results of the student whose first submission is i, n of them, and makes her page. */
static int
take_student(struct class *c, struct tally *tally, size_t i, size_t n)
{
	struct result **results = calloc(n, sizeof *results);
	int result = results ? 0 : -1;

	for (size_t k = 0; k < n && result == 0; k++) {
		results[k] = store_read(&c->store, &c->roster.at[i + k]);
		result = tally_add(tally, &c->roster.at[i + k], results[k]);
	}
	if (result == 0)
		result = student_page(
		    c->options, &c->roster.at[i], (const struct result *const *)results, n);
	for (size_t k = 0; results && k < n; k++)
		result_free(results[k]);
	free(results);
	return result;
}

static int
take_students(struct class *c, struct tally *tally)
{
	for (size_t i = 0, n; i < c->roster.n; i += n) {
		n = 1;
		while (i + n < c->roster.n && !roster_begins_student(&c->roster, i + n))
			n++;
		if (take_student(c, tally, i, n) < 0)
			return -1;
	}
	return 0;
}

static int
show(struct class *c, FILE *table)
{
	struct tally tally = {0};
	int status = FAULT;

	if (tally_begin(&tally, &c->roster) < 0 || take_students(c, &tally) < 0 ||
	    tally_write(&tally, &c->store) < 0 || tally_page(&tally, c->options) < 0 ||
	    tally_print(&tally, c->options, table) < 0)
		complain(
		    _("cannot write what is to be shown of the class: %s. The results are kept; "
		      "--resume makes the rest."),
		    strerror(errno));
	else if (tally.faults == 0 && tally.missing == 0)
		status = 0;
	tally_free(&tally);
	return status;
}

static int
grade_and_show(struct class *c, FILE *table)
{
	int result = grade_all(c);

	if (*c->write_error != 0) {
		complain(
		    _("a result could not be written to %s: %s. What was graded before is kept; "
		      "make room and go on with --resume."),
		    c->options->out, strerror(*c->write_error));
		return result > 0 ? INTERRUPTED + result : FAULT;
	}
	if (result > 0) {
		complain(_("interrupted; %zu of %zu submissions are judged and kept. Go on with "
			   "--resume."),
		    c->roster.n - c->n_pending + c->progress.done, c->roster.n);
		return INTERRUPTED + result;
	}
	return result < 0 ? FAULT : show(c, table);
}

static int
open_and_grade(struct class *c, FILE *table)
{
	char why[WHY];
	int held = store_open(&c->store, why, sizeof why), status;

	if (held < 0) {
		status = status_of(errno);
		complain("%s", why);
		return status;
	}
	status = prepare_all(c);
	if (status == 0)
		status = grade_and_show(c, table);
	close(held);
	return status;
}

int
class_grade(const struct class_options *options, FILE *table)
{
	struct class c = {.options = options, .store = {.options = options}};
	int status = find_labs(&c);

	if (status == 0)
		status = read_roster(&c);
	if (status == 0)
		status = open_and_grade(&c, table);
	if (c.write_error)
		munmap(c.write_error, sizeof *c.write_error);
	free(c.pending);
	store_free(&c.store);
	roster_free(&c.roster);
	strings_free(&c.wanted);
	return status;
}
