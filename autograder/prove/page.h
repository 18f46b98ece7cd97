/*
 * page.h - build/proof/index.html: what was proved, lab by lab.
 *
 * Each proof leaves OUT/LAB.json, the page's values for this lab; the page is
 * made of all that lie there, so labs that were proved earlier stay on it.
 */
#ifndef GABEL_PROVE_PAGE_H
#define GABEL_PROVE_PAGE_H

#include "proof.h"

/* Writes OUT/LAB.json. Returns 0, or -1 with errno. */
int page_add(const char *out, const struct proof *p);

/* Writes OUT/index.html. Returns 0, or -1 with errno. */
int page_make(const char *root, const char *out);

#endif
