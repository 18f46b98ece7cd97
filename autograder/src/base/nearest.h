/*
 * nearest.h - "did you mean": the known word that a mistyped one is nearest to.
 */
#ifndef GABEL_NEAREST_H
#define GABEL_NEAREST_H

#include <stddef.h>

/*
 * The word of words[0..n-1] that differs least from word, counting inserted,
 * dropped, changed and swapped characters; NULL when even that one differs in
 * more than a third of its characters (but one slip is always forgiven).
 */
const char *nearest_word(const char *word, const char *const *words, size_t n);

#endif
