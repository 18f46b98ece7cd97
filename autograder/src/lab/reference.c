/* reference.c - see reference.h. */
#include "reference.h"
#include "../base/files.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

/* "../../../solutions/08-service/service.c" -> "08-service" (malloc'd), for this name only. */
static char *
lab_of_target(const char *target, const char *name)
{
	static const char before[] = "../../../solutions/";
	const char *lab = target + sizeof before - 1, *slash;
	char *found;

	errno = EINVAL;
	if (strncmp(target, before, sizeof before - 1) != 0)
		return NULL;
	slash = strchr(lab, '/');
	if (slash == NULL || strcmp(slash + 1, name) != 0)
		return NULL;
	found = strndup(lab, (size_t)(slash - lab));
	if (found != NULL && !lab_name_is_good(found)) {
		free(found);
		errno = EINVAL;
		return NULL;
	}
	return found;
}

/* Which lab's solution has the file that this link points to? */
static char *
lab_of_link(const char *folder, const char *name)
{
	char target[PATH_MAX], *path = join_path(folder, name, NULL), *lab = NULL;
	ssize_t n = path == NULL ? -1 : readlink(path, target, sizeof target - 1);

	if (n >= 0) {
		target[n] = '\0';
		lab = lab_of_target(target, name);
	}
	free(path);
	return lab;
}

static int
read_one(struct references *references, const char *folder, const char *name)
{
	struct reference *r = &references->at[references->n];
	bool is_source = ends_with(name, ".c");

	if (!is_source && !ends_with(name, ".h")) {
		errno = EINVAL;
		return -1;
	}
	*r = (struct reference){.name = strdup(name)};
	if (r->name == NULL)
		return -1;
	references->n++;
	if (is_source && (r->lab = lab_of_link(folder, name)) == NULL)
		return -1;
	return 0;
}

int
references_read(const struct lab *lab, struct references *references, char **wrong)
{
	char *folder = join_path(lab->directory, "reference", NULL), **names = NULL;
	int result = folder == NULL ? -1 : 0, error;
	size_t n = 0;

	*references = (struct references){0};
	*wrong = NULL;
	if (result == 0 && list_directory(folder, &names, &n) < 0)
		result = errno == ENOENT ? 0 : -1;
	if (result == 0 && (references->at = calloc(n + 1, sizeof *references->at)) == NULL)
		result = -1;
	for (size_t i = 0; i < n && result == 0; i++) {
		result = read_one(references, folder, names[i]);
		error = errno;
		if (result < 0)
			*wrong = strdup(names[i]);
		errno = error;
	}
	error = errno;
	free_names(names, n);
	free(folder);
	if (result < 0)
		references_free(references);
	errno = error;
	return result;
}

void
references_free(struct references *references)
{
	for (size_t i = 0; references->at != NULL && i < references->n; i++) {
		free(references->at[i].name);
		free(references->at[i].lab);
	}
	free(references->at);
	*references = (struct references){0};
}

/* around/name, if the file is in there. */
static char *
folder_with(const char *around, const char *name, const char *file)
{
	char *folder = join_path(around, name, NULL);
	char *path = folder == NULL ? NULL : join_path(folder, file, NULL);

	errno = path == NULL ? ENOMEM : ENOENT;
	if (path == NULL || !is_file(path)) {
		free(folder);
		folder = NULL;
	}
	free(path);
	return folder;
}

char *
reference_own_folder(const struct reference *reference, const char *around)
{
	const char number[] = {reference->lab[0], reference->lab[1], '\0'};
	char *folder = folder_with(around, reference->lab, reference->name);

	return folder != NULL ? folder : folder_with(around, number, reference->name);
}

bool
lab_has_references(const struct lab *lab)
{
	for (size_t i = 0; i < lab->n_programs; i++)
		if (lab->programs[i].reference.n > 0)
			return true;
	return false;
}
