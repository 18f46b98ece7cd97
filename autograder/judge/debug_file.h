/*
 * debug_file.h - the debug information that valgrind cannot do without.
 *
 * At every start valgrind reads the debug information of every library it
 * finds some for. The C library's takes half of that start, and tells nothing
 * that a student is told: what she did stands in her own program. Only the
 * dynamic linker's is needed, for valgrind to replace functions in it.
 */
#ifndef GABEL_DEBUG_FILE_H
#define GABEL_DEBUG_FILE_H

/*
 * The file with the debug information of this machine's dynamic linker, by its
 * build id: the absolute path, the judge's own. NULL when it is not where Debian
 * and others keep it; valgrind may then find it elsewhere.
 */
const char *debug_file_of_linker(void);

#endif
