/*
 * words.h - what the compiler and the linker said, as the student knows things.
 */
#ifndef GABEL_BUILD_WORDS_H
#define GABEL_BUILD_WORDS_H

#include "../base/text.h"

/*
 * Appends what make, gcc, ld and objcopy wrote in the sandbox: make's own
 * lines and the kit's paths are left out, a line of the linker's names the
 * student's file and line where it has one, and is said once for all
 * programs. Bytes that are no harmless text are escaped.
 */
void compiler_words(struct text *words, const char *said, size_t n);

/* Did a limit stop the compiler? Read from its words, which are English here. */
bool words_of_memory(const char *said);
bool words_of_time(const char *said);

/*
 * Could the compiler not even be started? That is the machine's fault. line
 * gets make's or gcc's words for it.
 */
bool words_of_machine(const char *said, char *line, size_t size);

#endif
