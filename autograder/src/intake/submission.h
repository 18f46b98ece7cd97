/*
 * submission.h - what the parts of intake() share. Nobody else includes it.
 *
 * The way: list what is there (folder.c, archive.c), choose where the lab's
 * files lie (choose.c), copy them (folder.c, archive.c), list the rest (ignored.c). A name from
 * outside is only ever compared; the names that are opened or made are lab.yaml's own, and that of
 * the one folder they lie in.
 */
#ifndef GABEL_SUBMISSION_H
#define GABEL_SUBMISSION_H

#include "../base/text.h"
#include "intake.h"

enum entry_kind { ENTRY_FILE, ENTRY_FOLDER, ENTRY_LINK, ENTRY_OTHER };

struct entry {
	char *path; /* relative, without "." and empty parts */
	enum entry_kind kind;
	bool unread; /* a folder that was not looked into */
	bool locked; /* a folder that we may not look into */
	bool kits;   /* a file of the kit's, as the kit has it */
	bool unlike; /* one that was changed */
};

struct submission {
	const char *path; /* as given */
	char *shown;      /* the same, harmless on a terminal */
	int fd;           /* open, never through a link */
	const struct strings *files;
	const struct intake_kit *kit; /* or NULL */
	size_t n;
	struct entry *entries;
	char *base; /* the folder in it that holds the lab's files; "" is the top */
	int target; /* the clean directory */
	struct intake *taken;
	char *why;
	size_t size;
};

/* The submission is at fault: a sentence for why. Returns -1 with errno EINVAL. */
int refuse(struct submission *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* It holds too many entries. */
int refuse_crowd(struct submission *s);

/* The system is at fault (errno), while it did what. Returns -1 with the same errno. */
int system_failed(struct submission *s, const char *what);

/*
 * Notes an entry; path is copied. Returns 0, or -1 when there are too many or
 * memory ran out.
 */
int note_entry(struct submission *s, const char *path, enum entry_kind kind);

/*
 * Decides where the lab's files lie: base. Fills taken with what is there and
 * what is not. Returns -1 when nothing is, or it is not clear which.
 */
int choose(struct submission *s);

/* Is path (as noted) that of a lab's file in the chosen folder? Returns its name or NULL. */
const char *chosen_name(const struct submission *s, const char *path);

/* Is path that of a file of the kit's beside those? Returns its name or NULL. */
const char *kit_name(const struct submission *s, const char *path);

/*
 * Notes whether these n bytes are what the kit has under this path. Of several
 * entries of one path in an archive each must be.
 */
void compare_with_kit(struct submission *s, const char *path, const void *bytes, size_t n);

/* Fills taken with what is not used. */
int list_ignored(struct submission *s);

int list_folder(struct submission *s);
int copy_from_folder(struct submission *s);

int list_archive(struct submission *s);
int copy_from_archive(struct submission *s);

/* Makes the file name in the clean directory; what is there is never replaced. */
int put_file(struct submission *s, const char *name, const void *bytes, size_t n);

/* Reads what fd, opened without following links, holds, and puts it there as name. */
int put_from_descriptor(struct submission *s, const char *name, int fd);

/* "children.c, runner.c" of the lab's files; valid until the next call with the same text. */
const char *list_names(struct text *t, const struct strings *names);

#endif
