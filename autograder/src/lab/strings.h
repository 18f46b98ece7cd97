/*
 * strings.h - the texts of a lab.yaml for its translators.
 */
#ifndef GABEL_LAB_STRINGS_H
#define GABEL_LAB_STRINGS_H

#include <stdio.h>

/*
 * Writes the title of the lab and those of its checks to out as a template of
 * gettext's (.pot, UTF-8) in which each text says where it stands; a text that
 * stands there twice is one entry. Mistakes of lab.yaml go to errors.
 * Returns 0, or -1 with errno (EINVAL when lab.yaml has mistakes).
 */
int lab_strings(const char *root, const char *lab_name, FILE *out, FILE *errors);

#endif
