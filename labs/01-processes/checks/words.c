/* words.c - facts as sentences, in the student's language. */
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
		return _("lost (CHILD_LOST)");
	if (status == -2)
		return _("no status at all: the element was never set");
	if (WIFEXITED(status))
		return say(_("exit status %d"), WEXITSTATUS(status));
	if (WIFSIGNALED(status) && WTERMSIG(status) < NSIG)
		return say(_("killed by %s"), signal_name(WTERMSIG(status)));
	if (WIFSTOPPED(status))
		return say(_("stopped by %s, so not ended at all"), signal_name(WSTOPSIG(status)));
	return say(_("%d, which is no wait status"), status);
}

const char *
error_name(long long error)
{
	const char *name = error == 0 ? "0" : strerrorname_np((int)error);

	return name != NULL ? name : say("%lld", error);
}
