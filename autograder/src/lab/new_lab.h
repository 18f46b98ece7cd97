/*
 * new_lab.h - a new lab to start from.
 */
#ifndef GABEL_NEW_LAB_H
#define GABEL_NEW_LAB_H

#include <stdio.h>

/*
 * Makes the lab of this name (NN-name): labs/NN-name, solutions/NN-name and
 * skeletons/NN-name below root, from autograder/templates/new-lab. It is small
 * and whole: it builds, its solution gets all points, its one mistake is
 * caught. What was made and what to do next goes to out.
 *
 * Returns 0, or -1 after complain(): with errno EINVAL when the name is none
 * for a lab, EEXIST when there is such a lab or its number is taken; otherwise
 * the system's own failure. Then nothing of it is left.
 */
int new_lab(const char *root, const char *name, FILE *out);

#endif
