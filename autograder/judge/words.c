#define _GNU_SOURCE /* strerrorname_np, strerrordesc_np */
#include "words.h"

#include "inside.h"
#include "pattern.h"

#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

const char *
words(const char *format, ...)
{
	va_list values;
	char *text;
	const char *kept;

	va_start(values, format);
	if (vasprintf(&text, format, values) < 0)
		grader_fault("out of memory");
	va_end(values);
	kept = keep_text(text);
	free(text);
	return kept;
}

const char *
ending_of(int status)
{
	if (WIFEXITED(status))
		return words(G_("exit status %d"), WEXITSTATUS(status));
	if (WIFSIGNALED(status) && WTERMSIG(status) < NSIG)
		return words(G_("killed by %s"), signal_name(WTERMSIG(status)));
	if (WIFSTOPPED(status))
		return words(
		    G_("stopped by %s, so not ended at all"), signal_name(WSTOPSIG(status)));
	if (WIFCONTINUED(status))
		return G_("continued, so not ended at all");
	return words(G_("%d, which is no wait status"), status);
}

const char *
letters(size_t n)
{
	char *text = malloc(n + 1);
	const char *kept;

	if (text == NULL)
		grader_fault("out of memory");
	fill_letters(text, n, (unsigned)draw(1, INT_MAX));
	text[n] = '\0';
	kept = keep_text(text);
	free(text);
	return kept;
}

const char *
shown(const char *line)
{
	enum { MOST = 60 };
	char text[MOST + 1];
	size_t n = 0;

	for (; n < MOST && line[n] != '\0'; n++)
		text[n] = (char)(line[n] >= ' ' && line[n] <= '~' ? line[n] : '?');
	text[n] = '\0';
	return words("%s%s", text, line[n] == '\0' ? "" : "...");
}

/* What closes a quotation in English, German and Russian. */
static bool
ends_quotation(const char *at)
{
	static const char *const marks[] = {"\"", "«", "»"};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strncmp(at, marks[i], strlen(marks[i])) == 0)
			return true;
	return *at == '\0';
}

const char *
newlines_shown(const char *text)
{
	char *copy = keep(2 * strlen(text) + 1), *to = copy;

	while (*text != '\0') {
		size_t n = strcspn(text, "\n"), newlines = strspn(text + n, "\n");
		const char *as = ends_quotation(text + n + newlines) ? "\\n" : "\n";

		to = mempcpy(to, text, n);
		for (size_t i = 0; i < newlines; i++)
			to = stpcpy(to, as);
		text += n + newlines;
	}
	return copy;
}

const char *
error_name(long long error)
{
	const char *name = error == (int)error ? strerrorname_np((int)error) : NULL;

	return name != NULL ? name : words("%lld", error);
}

const char *
error_text(int error)
{
	const char *text = strerrordesc_np(error);

	return text != NULL ? text : words("Unknown error %d", error);
}

const char *
signal_names(uint64_t set)
{
	const char *names = NULL;

	for (int s = 1; s <= 64; s++)
		if (in_set(set, s))
			names =
			    names == NULL ? signal_name(s) : words("%s, %s", names, signal_name(s));
	return names == NULL ? G_("no signal") : names;
}
