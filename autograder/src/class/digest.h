/*
 * digest.h - a fingerprint of bytes, of a file, of a whole folder (SHA-256,
 * FIPS 180-4). Two submissions with the same digest get the same verdict from
 * the same kit with the same seed; that is what --resume relies on.
 */
#ifndef GABEL_DIGEST_H
#define GABEL_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SIZE = 32, DIGEST_TEXT = 2 * DIGEST_SIZE + 1 };

struct digest {
	uint32_t state[8];
	uint64_t length; /* bytes so far */
	unsigned char block[64];
};

void digest_begin(struct digest *d);
void digest_add(struct digest *d, const void *bytes, size_t n);
void digest_end(struct digest *d, unsigned char result[DIGEST_SIZE]);

/* Writes it as 64 hexadecimal digits and a NUL byte. */
void digest_text(const unsigned char digest[DIGEST_SIZE], char text[DIGEST_TEXT]);
/* And back: 0, or -1 with errno EINVAL when text is not 64 such digits. */
int digest_from_text(const char *text, unsigned char digest[DIGEST_SIZE]);

/*
 * The digest of what lies at path: of an archive's bytes, or of the names,
 * types and contents of everything in a folder. Nothing is followed, and only
 * regular files are opened. What grading never looks at is left out, so that
 * a hostile submission costs no more than an honest one: contents beyond
 * DIGEST_FILE_MAX, folders deeper than DIGEST_DEPTH_MAX, entries beyond
 * DIGEST_ENTRIES_MAX. Returns 0, or -1 with errno.
 */
enum {
	DIGEST_FILE_MAX = 96 << 20,
	DIGEST_DEPTH_MAX = 16,
	DIGEST_ENTRIES_MAX = 10000,
};
int digest_path(const char *path, char text[DIGEST_TEXT]);

#endif
