/*
 * lab.h - a lab as its lab.yaml describes it.
 *
 * Every string belongs to the struct lab; lab_free() frees all. Not modified
 * after loading, so it may be read from several processes after fork().
 */
#ifndef GABEL_LAB_H
#define GABEL_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum profile { PROFILE_GRADED, PROFILE_VALGRIND, PROFILE_ASAN, PROFILE_INTERLEAVE };

/* Limits of one trial; the units are in the names. Defaults: lab_default_limits. */
struct limits {
	uint64_t cpu_ms, memory_mib, processes, descriptors, file_kib, output_kib, wall_ms;
};
extern const struct limits lab_default_limits;

struct strings {
	size_t n;
	char **at;
};

struct program {
	char *name;
	struct strings student;   /* files of the student's that are compiled into it */
	char *probe;              /* file in checks/, or NULL: a program of the student's own */
	struct strings symbols;   /* the contract: what stays global of the student's objects */
	struct strings reference; /* functions of other labs' solutions that it is linked with */
};

struct check_spec {
	char *id;
	char *title; /* English; translated through the lab's catalog */
	unsigned points;
	bool hidden;
	struct strings programs;
	struct strings requires;
	char *judge; /* NULL: the lab's cmocka judge; else a bats file in checks/ */
	enum profile profile;
	char *lecture;  /* "01#wait" or NULL */
	int line;       /* where lab.yaml describes it */
	int title_line; /* where its title stands */
};

struct lab {
	char *name;      /* "01-processes" */
	char *directory; /* absolute path of labs/NN-name */
	char *title;
	int title_line; /* where it stands in lab.yaml */
	struct strings files, contract;
	size_t n_programs;
	struct program *programs;
	struct limits limits;
	size_t n_checks;
	struct check_spec *checks;
	unsigned max_points;
	bool sanitized; /* every trial is of the build with sanitizers; never so in lab.yaml */
};

/*
 * Finds the lab that name means ("01", "1", "01-processes") below root/labs.
 * Returns its full name (malloc'd), or NULL with errno: ENOENT when there is none,
 * EEXIST when a number is that of several labs.
 */
char *lab_find(const char *root, const char *name);

/* Is name of the form NN-name, digits, small letters and hyphens? */
bool lab_name_is_good(const char *name);

/*
 * The names of all labs below root/labs (folders NN-name with a lab.yaml),
 * sorted. Returns 0, or -1 with errno.
 */
int lab_list(const char *root, struct strings *names);

/*
 * Loads and validates directory/lab.yaml. Every mistake is written to errors
 * as "FILE:LINE: what is wrong, what is allowed", not only the first.
 * Returns NULL when there was one (errno EINVAL) or the file cannot be read
 * (errno says why; errors has a sentence too). errors may be NULL.
 */
struct lab *lab_load(const char *directory, FILE *errors);
void lab_free(struct lab *lab);

/* A copy of text at the end of s. Returns 0, or -1 with errno ENOMEM. */
int strings_add(struct strings *s, const char *text);
bool strings_have(const struct strings *s, const char *text);
void strings_free(struct strings *s);

const struct program *lab_program(const struct lab *lab, const char *name);
const struct check_spec *lab_check(const struct lab *lab, const char *id);

#endif
