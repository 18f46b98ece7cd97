/*
 * journal.h - what the proof of one lab has found so far.
 *
 * A file of JSON lines, DIRECTORY/LAB.journal. The first names the kit (a
 * digest of everything that a verdict depends on except the answers judged)
 * and the seed; each other one is a run that was finished. Lines are only
 * appended, so that a proof that was killed loses nothing but the runs it was
 * at. A journal of another kit is begun anew: its results are no longer true.
 */
#ifndef GABEL_PROVE_JOURNAL_H
#define GABEL_PROVE_JOURNAL_H

#include <jansson.h>
#include <stdint.h>

struct journal;

/*
 * Opens, and locks it against a second proof at the same time. Without a
 * directory (NULL) it lives in memory only. seed: what a new journal begins
 * with; an old one has its own. Returns NULL with errno; EWOULDBLOCK when
 * somebody else has locked it.
 */
struct journal *journal_open(
    const char *directory, const char *lab, const char *kit, uint64_t seed);
void journal_close(struct journal *j);

uint64_t journal_seed(const struct journal *j);

/* The record of a finished run (the journal's own), or NULL. */
json_t *journal_find(const struct journal *j, const char *run);

/* A run is finished. Takes the reference. Returns 0, or -1 with errno. */
int journal_add(struct journal *j, const char *run, json_t *record);

/* The same, but only until we end: a fault of ours is tried again next time. */
int journal_add_for_now(struct journal *j, const char *run, json_t *record);

#endif
