/*
 * words.c - facts as sentences, in the student's language.
 */
#define _GNU_SOURCE /* strerrorname_np */
#include "checks.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

const char *
say(const char *format, ...)
{
	va_list values;
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (stream == NULL)
		grader_fault("open_memstream failed");
	va_start(values, format);
	vfprintf(stream, format, values);
	va_end(values);
	if (fclose(stream) == EOF)
		grader_fault("no memory for a sentence");
	return text;
}

const char *
ending(int status)
{
	if (status == -1)
		return _("nothing: no status was stored");
	if (WIFEXITED(status))
		return say(_("exit status %d"), WEXITSTATUS(status));
	if (WIFSIGNALED(status))
		return say(_("ended by %s"), signal_name(WTERMSIG(status)));
	if (WIFSTOPPED(status))
		return say(_("stopped by %s, so not ended at all"), signal_name(WSTOPSIG(status)));
	if (WIFCONTINUED(status))
		return _("continued, so not ended at all");
	return say(_("%d, which is no wait status"), status);
}

const char *
error_name(long long error)
{
	const char *name = error == 0 ? "0" : strerrorname_np((int)error);

	return name != NULL ? name : say("%lld", error);
}

const char *
set_names(uint64_t set)
{
	const char *names = NULL;

	for (int s = 1; s <= 64; s++)
		if (in_set(set, s))
			names =
			    names == NULL ? signal_name(s) : say("%s, %s", names, signal_name(s));
	return names == NULL ? _("no signal") : names;
}

int
draw_signal(void)
{
	static const int unused[] = {SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH, SIGURG};

	return unused[draw(0, sizeof unused / sizeof *unused - 1)];
}
