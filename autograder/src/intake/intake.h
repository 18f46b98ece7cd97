/*
 * intake.h - turns what a student handed in into a clean directory.
 *
 * Takes a directory, a tar (plain, gzip, bzip2, xz, zstd) or a zip. Copies
 * only the files that lab.yaml names; nothing is followed, executed or kept
 * with its mode, owner or time. The files may lie at the top or in one folder
 * there (archives usually carry one); when one of them lies at the top, the top
 * it is. Everything else is listed, never used; but for files of the kit beside
 * the lab's, as a working copy has them, which are worth a word only when they
 * were changed. A single file is taken where the
 * lab asks for a single file of that name.
 *
 * Refused, each with its sentence: a symbolic link in place of the submission,
 * links, devices and pipes in place of a lab's file, a path that leads out of
 * an archive, the same file twice, an encrypted or damaged archive, and
 * anything beyond the bounds below.
 */
#ifndef GABEL_INTAKE_H
#define GABEL_INTAKE_H

#include "../lab/lab.h"

struct intake {
	struct strings taken;   /* names from lab.yaml that were found */
	struct strings missing; /* names from lab.yaml that were not */
	struct strings ignored; /* everything else but the kit's own as it gave them, at most
				   INTAKE_LIST, escaped for display */
	size_t n_ignored;       /* how many there were */
};

/* What lies beside the lab's files in a working copy that gabel start makes. */
struct intake_kit {
	const char *directory;       /* has each of the files */
	const struct strings *files; /* none of them is among the lab's files */
};

enum {
	INTAKE_LIST = 20,
	INTAKE_FILE_MAX = 1 << 20,      /* bytes of one file */
	INTAKE_ENTRIES_MAX = 10000,     /* entries looked at */
	INTAKE_UNPACKED_MAX = 64 << 20, /* bytes an archive may unpack to, all entries */
};

/*
 * Fills directory (existing, empty) from submission. kit may be NULL. Returns 0 when it is a
 * submission, even one with files missing (but not all of them): why is then
 * "", or one sentence about the missing ones and what lies there instead.
 * Returns -1 when it cannot be graded, with directory empty: why gets one sentence in the reader's
 * language that says what is wrong and what to do; errno is EINVAL for a bad submission, else the
 * system's own failure (ENOSPC, EIO, ENOMEM ...), which is the grader's fault.
 */
int intake(const char *submission, const struct strings *files, const struct intake_kit *kit,
    const char *directory, struct intake *taken, char *why, size_t size);
void intake_free(struct intake *taken);

#endif
