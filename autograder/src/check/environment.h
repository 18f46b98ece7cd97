/*
 * environment.h - what a judge is told: the only variables it gets.
 */
#ifndef GABEL_ENVIRONMENT_H
#define GABEL_ENVIRONMENT_H

#include "check.h"

/*
 * A NULL-terminated environment for a judge of these checks, all of it
 * malloc'd; NULL with errno. ids is a comma separated list.
 */
char **judge_environment(const struct checking *c, const struct result *r, const char *ids);
void judge_environment_free(char **environment);

#endif
