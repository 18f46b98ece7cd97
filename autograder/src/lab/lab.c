/* lab.c - see lab.h: which labs there are, and what a loaded one holds. */
#include "lab.h"
#include "../base/files.h"
#include "../base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct limits lab_default_limits = {
    .cpu_ms = 2000,
    .memory_mib = 256,
    .processes = 64,
    .descriptors = 64,
    .file_kib = 8192,
    .output_kib = 256,
    .wall_ms = 10000,
};

int
strings_add(struct strings *s, const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		return -1;
	/* Full when n is 0 or a power of two: the array doubles. */
	if ((s->n & (s->n - 1)) == 0) {
		char **more = realloc(s->at, (s->n ? 2 * s->n : 1) * sizeof *more);

		if (more == NULL) {
			free(copy);
			return -1;
		}
		s->at = more;
	}
	s->at[s->n++] = copy;
	return 0;
}

bool
strings_have(const struct strings *s, const char *text)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->at[i], text) == 0)
			return true;
	return false;
}

void
strings_free(struct strings *s)
{
	free_names(s->at, s->n);
	*s = (struct strings){0};
}

bool
lab_name_is_good(const char *name)
{
	if (!isdigit((unsigned char)name[0]) || !isdigit((unsigned char)name[1]) || name[2] != '-')
		return false;
	return name[3] != '\0' && strlen(name) <= 60 &&
	       name[3 + strspn(name + 3, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

/* Appends the name when it is that of a lab's folder. */
static int
add_lab(struct strings *names, const char *labs, const char *name)
{
	char *file = join_path(labs, name, "lab.yaml", NULL);
	int result = -1;

	if (file)
		result = lab_name_is_good(name) && is_file(file) ? strings_add(names, name) : 0;
	free(file);
	return result;
}

int
lab_list(const char *root, struct strings *names)
{
	char *labs = join_path(root, "labs", NULL);
	char **entries = NULL;
	size_t n = 0;
	int result = -1, error;

	*names = (struct strings){0};
	if (labs && list_directory(labs, &entries, &n) == 0)
		result = 0;
	for (size_t i = 0; i < n && result == 0; i++)
		result = add_lab(names, labs, entries[i]);
	error = errno;
	if (result < 0)
		strings_free(names);
	free_names(entries, n);
	free(labs);
	errno = error;
	return result;
}

/* Does name ("1", "01", "01-processes") mean this lab? */
static bool
means(const char *name, const char *lab)
{
	size_t digits = strspn(name, "0123456789");

	if (strcmp(name, lab) == 0)
		return true;
	if (digits == 0 || name[digits] != '\0' || digits > 2)
		return false;
	return strtol(name, NULL, 10) == strtol(lab, NULL, 10);
}

char *
lab_find(const char *root, const char *name)
{
	struct strings names;
	char *found = NULL;
	int error = ENOENT;

	if (lab_list(root, &names) < 0)
		return NULL;
	for (size_t i = 0; i < names.n; i++) {
		if (!means(name, names.at[i]))
			continue;
		if (found) {
			free(found);
			found = NULL;
			error = EEXIST;
			break;
		}
		found = strdup(names.at[i]);
		error = errno;
	}
	strings_free(&names);
	if (found == NULL)
		errno = error;
	return found;
}

static void
program_free(struct program *p)
{
	free(p->name);
	free(p->probe);
	strings_free(&p->student);
	strings_free(&p->symbols);
	strings_free(&p->reference);
}

static void
check_free(struct check_spec *c)
{
	free(c->id);
	free(c->title);
	free(c->judge);
	free(c->lecture);
	strings_free(&c->programs);
	strings_free(&c->requires);
}

void
lab_free(struct lab *lab)
{
	if (lab == NULL)
		return;
	for (size_t i = 0; i < lab->n_programs; i++)
		program_free(&lab->programs[i]);
	for (size_t i = 0; i < lab->n_checks; i++)
		check_free(&lab->checks[i]);
	free(lab->programs);
	free(lab->checks);
	strings_free(&lab->files);
	strings_free(&lab->contract);
	free(lab->name);
	free(lab->directory);
	free(lab->title);
	free(lab);
}

const struct program *
lab_program(const struct lab *lab, const char *name)
{
	for (size_t i = 0; i < lab->n_programs; i++)
		if (strcmp(lab->programs[i].name, name) == 0)
			return &lab->programs[i];
	return NULL;
}

const struct check_spec *
lab_check(const struct lab *lab, const char *id)
{
	for (size_t i = 0; i < lab->n_checks; i++)
		if (strcmp(lab->checks[i].id, id) == 0)
			return &lab->checks[i];
	return NULL;
}
