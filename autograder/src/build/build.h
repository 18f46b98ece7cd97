/*
 * build.h - compiles a submission inside the sandbox, with the kit's own
 * makefile (submission.mk) and contract headers, never the student's.
 */
#ifndef GABEL_BUILD_H
#define GABEL_BUILD_H

#include "../lab/lab.h"
#include "../sandbox/sandbox.h"
#include <stdint.h>

struct program_built {
	const char *name; /* of the lab's */
	bool built;
};

struct build {
	struct program_built *programs; /* n_programs of the lab, in its order */
	size_t n;
	char *compiler; /* what the compiler and linker said, at most 64 KiB; "" when silent */
	bool timed_out, out_of_memory; /* the compile itself ran into its limits */
};

/*
 * Compiles source (a clean directory from intake) for every program that one
 * of the profiles in use needs. own, unless NULL, is a folder with folders of
 * other labs, whose files are linked instead of the reference solutions. Binaries go to stage/bin
 * (graded and valgrind) and stage/asan. Returns 0 when the build could be tried, whatever became of
 * it; -1 on a grader fault, with a sentence in why.
 */
int build_submission(const struct lab *lab, const char *root, const char *source, const char *own,
    const char *stage, enum isolation isolation, struct build *build, char *why, size_t size);
void build_free(struct build *build);

#endif
