/*
 * roster.h - who handed in what: the submissions of a class, sorted by student
 * and lab, the same list however the file system orders them.
 */
#ifndef GABEL_ROSTER_H
#define GABEL_ROSTER_H

#include "../lab/lab.h"
#include "../verdict/result.h"
#include "digest.h"
#include <stdbool.h>
#include <stdint.h>

/* What became of a submission: as much as the class table needs. */
struct outcome {
	bool known;
	enum result_status status;
	unsigned score, max_score, points_gradable;
	size_t n_checks;
	unsigned char *verdicts; /* enum verdict, of each check */
	char *reason;            /* why there are no points, or NULL */
};

struct submission {
	char *student; /* the name of the folder or archive: foreign bytes */
	char *shown;   /* the same, escaped: one harmless line */
	char *file;    /* a safe name for files of this student's */
	char *lab;     /* "01-processes" */
	char *path;
	uint64_t seed;
	char digest[DIGEST_TEXT];
	struct outcome outcome;
};

struct roster {
	size_t n;
	struct submission *at;
	struct strings labs;  /* those that were handed in, sorted */
	struct strings notes; /* what is not graded and why, one sentence each, escaped */
};

/*
 * Reads the folder submissions. wanted: full names of the labs to grade; none
 * for all. out is left out when it lies there. Returns 0, or -1 with errno and
 * a sentence in why; EINVAL when there is nothing to grade.
 */
int roster_read(struct roster *roster, const char *root, const char *submissions,
    const struct strings *wanted, const char *out, char *why, size_t size);
void roster_free(struct roster *roster);

/* Does the submission i belong to another student than the one before? */
bool roster_begins_student(const struct roster *roster, size_t i);

/*
 * A file name for a student: letters and digits of any script, dot, hyphen and
 * underscore; everything else becomes an underscore. NULL with errno ENOMEM.
 */
char *safe_name(const char *student);

/* Gives every student of a sorted roster a file name of her own. 0, or -1 with errno. */
int roster_name_files(struct roster *roster);

#endif
