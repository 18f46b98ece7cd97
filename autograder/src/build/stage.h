/*
 * stage.h - what the compile needs, copied to where the sandbox may read it:
 *
 *	STAGE/src              the student's files
 *	STAGE/kit              submission.mk, programs.mk, contract/, probes/, probe.o,
 *	                       interleave.o
 *	STAGE/bin, STAGE/asan,
 *	STAGE/interleave       made empty; the programs come here
 *	STAGE/work             made empty; the compile's directory without namespaces
 *	STAGE/keeper           for this sandbox and all later ones
 *
 * A sandbox runs as an ordinary user even when the grader is root, and the
 * kit may lie where others cannot go.
 */
#ifndef GABEL_BUILD_STAGE_H
#define GABEL_BUILD_STAGE_H

#include "../lab/lab.h"

/* Is this program run by any check? */
bool program_needed(const struct lab *lab, const struct program *program);

/* A program may be built in other ways as well, each for checks of its own profile. */
struct build_set {
	const char *name; /* of its directory, and of its variables in submission.mk */
	enum profile profile;
};
extern const struct build_set build_sets[]; /* ends with a name that is NULL */
bool program_needs_set(
    const struct lab *lab, const struct program *program, const struct build_set *set);

/* The kit's part; with own, without other labs' solutions. Returns 0, or -1 with a sentence in why.
 */
int stage_kit(const struct lab *lab, const char *root, const char *own, const char *stage,
    char *why, size_t size);

/*
 * What takes the place of other labs' solutions in STAGE/kit/own: the student's own files, from
 * the folders of those labs in own, and the headers that they include. Returns as stage_kit().
 */
int stage_own(const struct lab *lab, const char *own, const char *stage, char *why, size_t size);

/* The student's part: the lab's files that are there. Returns as stage_kit(). */
int stage_source(
    const struct lab *lab, const char *source, const char *stage, char *why, size_t size);

#endif
