/*
 * yaml.h - a YAML file whose every value knows its line.
 *
 * A layer over libyaml's documents that refuses what a lab.yaml has no use
 * for (anchors, aliases, tags, a second document) and says in which line a
 * file stops being YAML. Nodes are libyaml's numbers, from 1; 0 is none.
 */
#ifndef GABEL_YAML_H
#define GABEL_YAML_H

#include "findings.h"

#include <stdbool.h>
#include <yaml.h>

struct yaml {
	const char *file; /* as findings name it */
	struct findings *findings;
	yaml_document_t document;
	bool loaded;
};

/*
 * Parses n bytes of the file. Returns the root node, or 0 after findings were
 * added. yaml_close() in both cases.
 */
int yaml_open(
    struct yaml *y, const char *file, const char *bytes, size_t n, struct findings *findings);
void yaml_close(struct yaml *y);

/* The line where a node begins, from 1. */
int yaml_line(struct yaml *y, int node);

yaml_node_type_t yaml_type(struct yaml *y, int node);

/* The text of a scalar, NULL of anything else. Valid until yaml_close(). */
const char *yaml_word(struct yaml *y, int node);

/* Is it a scalar written without quotes? */
bool yaml_is_plain(struct yaml *y, int node);

/* Pairs of a mapping, items of a sequence; none of anything else. */
size_t yaml_size(struct yaml *y, int node);
int yaml_item(struct yaml *y, int node, size_t i);
int yaml_key(struct yaml *y, int node, size_t i);
int yaml_value(struct yaml *y, int node, size_t i);

/* The value of the first pair with this key; 0 when there is none. */
int yaml_find(struct yaml *y, int node, const char *key);

#endif
