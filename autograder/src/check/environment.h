/*
 * environment.h - what a judge is told: the only variables it gets.
 *
 *	GABEL_CHANNEL    the number of the descriptor that its answers go to
 *	GABEL_CHECKS     the ids of the checks to judge, with commas between them
 *	GABEL_SEED       what inputs and faults are drawn from
 *	GABEL_ROOT       the kit
 *	GABEL_LAB        labs/NN-name, an absolute path as all are
 *	GABEL_STAGE      where the built programs are: bin/NAME, asan/NAME
 *	GABEL_ISOLATION  sandbox or container
 *	GABEL_LIMITS     of lab.yaml: cpu-ms=5000,memory-mib=256,...
 *	GABEL_SANITIZED  if set: every trial runs asan/NAME
 *	GABEL_RECORD     where to record what was seen of each trial, if anywhere
 *	BATS_LIB_PATH    where bats_load_library finds gabel.bash
 *	LANGUAGE LC_ALL  the student's language, and a locale in which it works
 *	TMPDIR PATH HOME
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
