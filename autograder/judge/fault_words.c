#define _GNU_SOURCE /* sigabbrev_np, strerrorname_np */
#include "fault_words.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 256, ERRNO_MAX = 200 };

/* A number of digits only; false when it is none. */
static bool
number(const char *word, uint64_t *value)
{
	char *end;

	if (word == NULL || *word < '0' || *word > '9')
		return false;
	errno = 0;
	*value = strtoull(word, &end, 10);
	return errno == 0 && *end == '\0';
}

int
signal_from_word(const char *word)
{
	uint64_t value;

	if (number(word, &value))
		return value < NSIG ? (int)value : 0;
	if (strncmp(word, "SIG", 3) == 0)
		word += 3;
	for (int s = 1; s < NSIG; s++)
		if (sigabbrev_np(s) != NULL && strcmp(sigabbrev_np(s), word) == 0)
			return s;
	return 0;
}

int
error_from_word(const char *word)
{
	for (int e = 1; e < ERRNO_MAX; e++)
		if (strerrorname_np(e) != NULL && strcmp(strerrorname_np(e), word) == 0)
			return e;
	return 0;
}

static bool
call_from_word(const char *word, enum call *call)
{
	if (word == NULL)
		return false;
	for (int c = 0; c < CALL_OTHER; c++)
		if (strcmp(call_name((enum call)c), word) == 0) {
			*call = (enum call)c;
			return true;
		}
	return false;
}

/* One word after a comma. */
static const char *
narrow(const char *word, struct fault *fault)
{
	static const struct {
		const char *word;
		enum fd_kind kind;
	} kinds[] = {{"file", FD_FILE}, {"pipe", FD_PIPE}, {"fifo", FD_FIFO}, {"socket", FD_SOCKET},
	    {"tty", FD_TTY}, {"device", FD_DEVICE}};

	if (strcmp(word, "first") == 0)
		fault->who = FIRST;
	else if (strcmp(word, "descendants") == 0)
		fault->who = DESCENDANTS;
	else if (strcmp(word, "each") == 0)
		fault->per_process = 1;
	else if (strcmp(word, "optional") == 0)
		fault->optional = true;
	else {
		for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
			if (strcmp(word, kinds[i].word) == 0) {
				fault->fd = kinds[i].kind;
				return NULL;
			}
		return "after a comma stand first, descendants, each, optional, file, pipe, fifo, "
		       "socket, tty or device";
	}
	return NULL;
}

/* What the action needs to know: an error, a signal or a number of bytes. */
static const char *
detail(const char *word, struct fault *fault)
{
	uint64_t bytes;

	if (word == NULL)
		return "the last part is missing: an error, a signal or a number of bytes";
	switch (fault->action) {
	case FAULT_FAIL:
		fault->error = error_from_word(word);
		return fault->error != 0 ? NULL : "no such error; write it as in errno(3): EAGAIN";
	case FAULT_CUT:
		if (!number(word, &bytes) || bytes == 0)
			return "a count is cut to a number of bytes, at least 1";
		fault->bytes = (size_t)bytes;
		return NULL;
	default:
		fault->signal = signal_from_word(word);
		return fault->signal != 0 ? NULL : "no such signal; write it as in signal(7): USR1";
	}
}

static bool
action_from_word(const char *word, enum fault_action *action)
{
	static const struct {
		const char *word;
		enum fault_action action;
	} actions[] = {{"fail", FAULT_FAIL}, {"cut", FAULT_CUT}, {"interrupt", FAULT_INTERRUPT},
	    {"before", FAULT_SIGNAL_BEFORE}, {"swallow", FAULT_SWALLOW}};

	for (size_t i = 0; word != NULL && i < sizeof actions / sizeof *actions; i++)
		if (strcmp(word, actions[i].word) == 0) {
			*action = actions[i].action;
			return true;
		}
	return false;
}

/* "fail:fork:2:EAGAIN", up to the first comma. */
static const char *
heart(char *words, struct fault *fault)
{
	char *rest = words;
	uint64_t nth;

	if (!action_from_word(strsep(&rest, ":"), &fault->action))
		return "a fault begins with fail:, cut:, interrupt:, before: or swallow:";
	if (fault->action == FAULT_SWALLOW)
		return detail(rest, fault);
	if (!call_from_word(strsep(&rest, ":"), &fault->call))
		return "no such family of calls; the names are in autograder/keeper/calls.h";
	if (!number(strsep(&rest, ":"), &nth) || nth > 1000000)
		return "the third part says which of these calls: 1, 2, ..., or 0 for every one";
	fault->nth = (unsigned)nth;
	return detail(rest, fault);
}

const char *
fault_from_words(const char *words, struct fault *fault)
{
	char copy[WORDS_MAX];
	char *rest = copy, *word;
	const char *wrong;

	*fault = (struct fault){0};
	if (snprintf(copy, sizeof copy, "%s", words) >= (int)sizeof copy)
		return "a fault is not that long";
	wrong = heart(strsep(&rest, ","), fault);
	while (wrong == NULL && (word = strsep(&rest, ",")) != NULL)
		wrong = narrow(word, fault);
	return wrong;
}

const char *
limit_from_words(const char *words, enum limit *limit, uint64_t *value)
{
	static const char *const names[LIMIT_COUNT] = {[LIMIT_CPU_MS] = "cpu-ms",
	    [LIMIT_MEMORY_MIB] = "memory-mib",
	    [LIMIT_PROCESSES] = "processes",
	    [LIMIT_FORKS] = "forks",
	    [LIMIT_DESCRIPTORS] = "descriptors",
	    [LIMIT_FILE_KIB] = "file-kib",
	    [LIMIT_OUTPUT_KIB] = "output-kib",
	    [LIMIT_WALL_MS] = "wall-ms",
	    [LIMIT_WAKES] = "wakes"};
	_Static_assert(LIMIT_COUNT == 9, "a limit without a name here");
	const char *equals = strchr(words, '=');
	size_t n = equals != NULL ? (size_t)(equals - words) : 0;

	for (int i = 0; i < LIMIT_COUNT; i++)
		if (strlen(names[i]) == n && strncmp(names[i], words, n) == 0) {
			*limit = (enum limit)i;
			return number(equals + 1, value) ? NULL : "a limit is a number";
		}
	return "a limit is written as in lab.yaml: cpu-ms=2000";
}
