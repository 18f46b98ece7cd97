/*
 * loading.h - what the parts of lab_load() share. Nobody else includes it.
 *
 * load.c reads lab.yaml by tables: which keys there are, what each may hold.
 * meaning.c then looks at what only the whole can tell: names that refer to
 * each other, files that must exist, the sum of the points.
 */
#ifndef GABEL_LOADING_H
#define GABEL_LOADING_H

#include "findings.h"
#include "lab.h"
#include "yaml.h"

struct loading {
	struct yaml yaml;
	struct findings *findings;
	struct lab *lab;
	struct strings scratch; /* words made harmless for a sentence, until the end */
	bool failed;            /* memory ran out */
};

/* A word of the file as a sentence may show it: escaped, not endless. */
const char *shown(struct loading *l, const char *word);

/* Adds a finding at a node of lab.yaml. */
#define mistake(l, node, ...)                                                                      \
	findings_add((l)->findings, (l)->yaml.file, yaml_line(&(l)->yaml, node), __VA_ARGS__)

/*
 * "'wrong' is no X" at a node, and the nearest of the words that it could be.
 * sentence has one %s for the wrong word.
 */
void mistake_unknown(
    struct loading *l, int node, const char *sentence, const char *const *words, size_t n);

/* Everything that only the whole file can tell. root is its mapping. */
void check_meaning(struct loading *l, int root);

/*
 * lab_load() for those who collect findings: lab.yaml is named as file in
 * them. Returns NULL with errno when there was a mistake.
 */
struct lab *load_and_find(const char *directory, const char *file, struct findings *findings);

#endif
