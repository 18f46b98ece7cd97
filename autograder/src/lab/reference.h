/*
 * reference.h - the files of other labs' solutions that a lab's programs are linked with.
 *
 * A lab that builds on others (lab.yaml: reference) has a folder reference/ with symbolic links:
 * service.c -> ../../../solutions/08-service/service.c, and links to the headers that these files
 * include. Where a link points says which lab's file it is; the solution need not be there, for
 * students have none.
 */
#ifndef GABEL_LAB_REFERENCE_H
#define GABEL_LAB_REFERENCE_H

#include "lab.h"

struct reference {
	char *name; /* "service.c" */
	char *lab;  /* "08-service"; NULL for a header */
};

struct references {
	size_t n;
	struct reference *at; /* by name */
};

/*
 * Reads the folder of lab. None when it has no such folder. Returns 0, or -1 with errno: EINVAL
 * when something lies there that is neither a header nor a link to a file of the same name in
 * solutions/NN-name; wrong (malloc'd, may be NULL) is its name then, otherwise NULL.
 */
int references_read(const struct lab *lab, struct references *references, char **wrong);
void references_free(struct references *references);

/*
 * Where a student has her own file of this name: in the folder around/08-service, or 08, as
 * make start LAB=08 calls it. Returns the folder (malloc'd), or NULL with errno: ENOENT when
 * it is in neither.
 */
char *reference_own_folder(const struct reference *reference, const char *around);

/* Is any program of the lab's linked with other labs' solutions? */
bool lab_has_references(const struct lab *lab);

#endif
