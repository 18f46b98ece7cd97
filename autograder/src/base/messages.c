/* messages.c - see messages.h. */
#include "messages.h"
#include "files.h"
#include "text.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const languages[] = {"en", "de", "ru"};

enum { LANGUAGES = sizeof languages / sizeof languages[0] };

/* Finds ours in "de", "de_AT.UTF-8@euro"; n bytes of it. "C" and "POSIX" are English. */
static const char *
find_language(const char *name, size_t n)
{
	size_t length = 0;

	while (length < n && strchr("_.@", name[length]) == NULL)
		length++;
	if ((length == 1 && name[0] == 'C') || (length == 5 && strncmp(name, "POSIX", 5) == 0))
		return languages[0];
	for (size_t i = 0; i < LANGUAGES; i++)
		if (strlen(languages[i]) == length && strncmp(languages[i], name, length) == 0)
			return languages[i];
	return NULL;
}

/* The first of a list like LANGUAGE's "fr:de_CH:en" that we speak. */
static const char *
first_of_list(const char *list)
{
	const char *found = NULL;

	while (found == NULL && *list) {
		size_t n = strcspn(list, ":");

		found = find_language(list, n);
		list += n + (list[n] == ':');
	}
	return found;
}

/*
 * As gettext itself does it: LC_ALL, LC_MESSAGES and LANG name the locale, the
 * first that is set decides; LANGUAGE goes before, unless the locale is C.
 */
static const char *
language_of_environment(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *list = getenv("LANGUAGE"), *locale = NULL, *found = NULL;

	for (size_t i = 0; i < 3 && (locale == NULL || *locale == '\0'); i++)
		locale = getenv(variables[i]);
	if (locale == NULL || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
		locale = "";
	if (list && *locale)
		found = first_of_list(list);
	if (found == NULL)
		found = find_language(locale, strlen(locale));
	return found ? found : languages[0];
}

/* Does gettext translate in this locale? It does not in C; glibc 2.39 refuses C.UTF-8 too. */
static bool
locale_translates(const char *root, const char *language)
{
	char *catalog = join_path(root, "build/locale", language, "LC_MESSAGES/gabel.mo", NULL);
	/* The empty text is translated to the catalog's head. */
	bool works = catalog && (!is_file(catalog) || *gettext("") != '\0');

	free(catalog);
	return works;
}

static bool
take_locale(const char *name)
{
	return setlocale(LC_CTYPE, name) && setlocale(LC_MESSAGES, name) &&
	       strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/*
 * The user's own locale comes last but one: the others make the same machine
 * behave the same for everybody.
 */
static void
choose_locale(const char *root, const char *language)
{
	static const char *const names[] = {
	    "C.UTF-8", "en_US.UTF-8", "de_DE.UTF-8", "ru_RU.UTF-8", "", "C.UTF-8", "C"};
	const size_t n = sizeof names / sizeof names[0];

	for (size_t i = 0; i < n; i++) {
		if (!take_locale(names[i]))
			continue;
		if (strcmp(language, "en") == 0 || i + 2 >= n || locale_translates(root, language))
			return;
	}
}

int
messages_add_domain(const char *root, const char *domain)
{
	char *directory = join_path(root, "build/locale", NULL);
	int result = -1;

	if (directory && bindtextdomain(domain, directory) &&
	    bind_textdomain_codeset(domain, "UTF-8"))
		result = 0;
	free(directory);
	if (result < 0)
		errno = ENOMEM;
	return result;
}

int
messages_init(const char *root, const char *language)
{
	const char *chosen = language ? NULL : language_of_environment();

	for (size_t i = 0; i < LANGUAGES && language; i++)
		if (strcmp(language, languages[i]) == 0)
			chosen = languages[i];
	if (chosen == NULL) {
		errno = EINVAL;
		return -1;
	}
	if (setenv("LANGUAGE", chosen, 1) < 0 || messages_add_domain(root, "gabel") < 0)
		return -1;
	if (textdomain("gabel") == NULL)
		return -1;
	choose_locale(root, chosen);
	return 0;
}

const char *
messages_language(void)
{
	const char *list = getenv("LANGUAGE");
	const char *found = list ? first_of_list(list) : NULL;

	return found ? found : languages[0];
}

const char *
messages_locale(void)
{
	const char *name = setlocale(LC_MESSAGES, NULL);

	return name ? name : "C";
}

void
complain(const char *format, ...)
{
	struct text line = {0};
	va_list arguments;

	text_put(&line, "gabel: ");
	va_start(arguments, format);
	text_vprintf(&line, format, arguments);
	va_end(arguments);
	text_put_char(&line, '\n');
	/* One write, so that lines of several processes do not mix. */
	(void)write_all(2, text_string(&line), line.n);
	text_free(&line);
}

void
say(char *buffer, size_t size, const char *format, ...)
{
	va_list arguments;

	if (size == 0)
		return;
	va_start(arguments, format);
	if (vsnprintf(buffer, size, format, arguments) < 0)
		buffer[0] = '\0';
	va_end(arguments);
	utf8_clip(buffer);
}
