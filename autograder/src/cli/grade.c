/* grade.c - gabel grade: a class. */
#include "../base/messages.h"
#include "../class/class.h"
#include "command.h"
#include "grade_one.h"
#include "supervise.h"
#include "version.h"

#include <stdio.h>

/* One submission, in a worker of the class. */
static struct result *
grade_work(const struct class_work *work, void *context)
{
	const struct class_options *options = context;
	int status;
	struct lab *lab = load_lab(options->root, work->lab, &status);
	struct grading g = {
	    .root = options->root,
	    .lab = lab,
	    .submission = work->path,
	    .name = work->student,
	    .seed = work->seed,
	};
	struct result *r;

	if (lab == NULL)
		return NULL;
	if (options->isolation != isolation_token(ISOLATION_SANDBOX))
		g.isolation = ISOLATION_CONTAINER;
	r = grade_one(&g);
	lab_free(lab);
	return r;
}

static int
work(void *with)
{
	return class_grade(with, stdout);
}

int
command_grade(const char *root, struct options *o, size_t n, char **operands)
{
	const struct command *self = find_command("grade");
	struct class_options options = {
	    .root = root,
	    .out = o->out,
	    .labs = (const char *const *)o->labs.at,
	    .n_labs = o->labs.n,
	    .jobs = o->jobs,
	    .resume = o->resume,
	    .kit_version = GABEL_VERSION,
	    .isolation = isolation_token(o->isolation),
	    .grade = grade_work,
	    .context = &options,
	};

	if (!has_operands(self, n, 1, _("the folder of submissions")))
		return CANNOT;
	if (o->out == NULL) {
		complain(_("say with --out where the results go; call it as: gabel %s %s"),
		    self->name, self->synopsis);
		return CANNOT;
	}
	options.submissions = operands[0];
	if (o->isolation == ISOLATION_SANDBOX && !sandbox_works(root))
		return FAULT;
	/* A class ends its workers itself and keeps what is finished. */
	return supervise(work, &options, INTERRUPT_FORWARDS);
}
