/*
 * messages.h - what the grader says, in the reader's language.
 *
 * Texts are written in English in the source, marked with _() where they are
 * used or N_() where they only stand, and translated through gettext's domain
 * "gabel" (catalogs in build/locale). This works on a machine on which no
 * locale was ever generated: the C library's own C.UTF-8 gives the character
 * set, LANGUAGE the language.
 */
#ifndef GABEL_MESSAGES_H
#define GABEL_MESSAGES_H

#include <libintl.h>
#include <stddef.h>

#define _(text) gettext(text)
#define N_(text) (text)

/*
 * Chooses the language: "en", "de" or "ru"; NULL asks the environment
 * (LANGUAGE, LC_ALL, LC_MESSAGES, LANG; English when they name none of the
 * three). Catalogs are searched in root/build/locale. Numbers and sorting stay
 * those of the C locale, so that results are the same everywhere. Sets
 * LANGUAGE for this process and its children. May be called again.
 * Returns 0, or -1 with errno: EINVAL when language is none of the three.
 */
int messages_init(const char *root, const char *language);

/* "en", "de" or "ru": what messages_init() chose. */
const char *messages_language(void);

/*
 * The locale in which the chosen language works on this machine; give it to
 * children as LC_ALL. C.UTF-8 with glibc before 2.39.
 */
const char *messages_locale(void);

/* Makes one more domain (a lab's, "01-processes") available to dgettext(). */
int messages_add_domain(const char *root, const char *domain);

/* "gabel: " and the sentence, one line to standard error. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes a sentence to a buffer; when it is too long, it ends at a whole character. */
void say(char *buffer, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
