/* start.c - gabel start: a fresh working copy, never over somebody's work. */
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = 1 << 20 };

/* Copies each file of names from one folder to the other. */
static int
copy_files(const struct strings *names, const char *from, const char *to)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < names->n; i++) {
		char *source = join_path(from, names->at[i], NULL);
		char *target = join_path(to, names->at[i], NULL);

		result = source == NULL || target == NULL
			     ? -1
			     : copy_file(source, target, 0644, FILE_MAX);
		free(source);
		free(target);
	}
	return result;
}

/* A folder that is empty, or made now. */
static int
make_empty(const char *directory)
{
	char **names;
	size_t n;

	if (make_path(directory, 0755) < 0 || list_directory(directory, &names, &n) < 0)
		return -1;
	free_names(names, n);
	if (n == 0)
		return 0;
	errno = ENOTEMPTY;
	return -1;
}

static int
start(const char *root, const struct lab *lab, const char *directory)
{
	char *skeleton = join_path(root, "skeletons", lab->name, NULL);
	char *task = text_format("%s/task.%s.adoc", lab->directory, messages_language());
	int status = FAULT;

	if (skeleton == NULL || task == NULL) {
		complain("%s", strerror(errno));
	} else if (!is_directory(skeleton)) {
		complain(_("%s has no skeleton"), lab->name);
	} else if (make_empty(directory) < 0) {
		if (errno == ENOTEMPTY)
			complain(_("%s is not empty: nothing was changed; name another folder"),
			    directory);
		else
			complain("%s: %s", directory, strerror(errno));
		status = CANNOT;
	} else if (copy_files(&lab->files, skeleton, directory) < 0 ||
		   copy_files(&lab->contract, lab->directory, directory) < 0) {
		complain("%s: %s", directory, strerror(errno));
	} else {
		printf(_("%s is in %s; the task is in %s\n"), lab->name, directory, task);
		status = FULL_POINTS;
	}
	free(skeleton);
	free(task);
	return status;
}

int
command_start(const char *root, struct options *o, size_t n, char **operands)
{
	const struct command *self = find_command("start");
	struct lab *lab;
	int status = CANNOT;

	if (o->labs.n != 1) {
		complain(_("say with --lab which lab it is, once; call it as: gabel %s %s"),
		    self->name, self->synopsis);
		return CANNOT;
	}
	if (!has_operands(self, n, 1, _("the folder to make")))
		return CANNOT;
	lab = load_lab(root, o->labs.at[0], &status);
	if (lab == NULL)
		return status;
	status = start(root, lab, operands[0]);
	lab_free(lab);
	return status;
}
