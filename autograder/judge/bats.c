#define _GNU_SOURCE
#include "bats.h"

#include "../src/base/files.h"
#include "inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RECORD_MAX = 4 << 20, HINT_MAX = 64 * 1024 };

/* ---- the record of the last trial -------------------------------------------------- */

static int
write_part(const char *directory, const char *name, const char *bytes, size_t n)
{
	char *path = join_path(directory, name, NULL);
	int fd = path != NULL ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
	int result = fd >= 0 ? write_all(fd, bytes, n) : -1;

	if (fd >= 0 && close(fd) < 0)
		result = -1;
	free(path);
	return result;
}

int
trial_record_write(const char *directory, const struct trial_record *r)
{
	char status[16];
	int n = snprintf(status, sizeof status, "%d\n", r->status);

	if (make_path(directory, 0700) < 0 ||
	    write_part(directory, "output", r->output, r->output_size) < 0 ||
	    write_part(directory, "errors", r->errors, r->errors_size) < 0 ||
	    write_part(directory, "status", status, (size_t)n) < 0 ||
	    write_part(directory, "verdict", r->verdict, strlen(r->verdict)) < 0)
		return -1;
	return write_part(directory, "end", r->end, strlen(r->end));
}

int
trial_record_remove(const char *directory)
{
	static const char *const names[] = {"status", "verdict", "end", "output", "errors"};
	int result = 0;

	for (size_t i = 0; i < sizeof names / sizeof *names && result == 0; i++) {
		char *path = join_path(directory, names[i], NULL);

		result = path == NULL || (unlink(path) < 0 && errno != ENOENT) ? -1 : 0;
		free(path);
	}
	return result;
}

/* "" when there is none: a test may fail before its first trial. */
static const char *
read_part(const char *directory, const char *name)
{
	char *path = join_path(directory, name, NULL);
	char *bytes = path != NULL ? read_file(path, RECORD_MAX, NULL) : NULL;
	const char *kept = bytes != NULL ? keep_text(bytes) : "";

	free(bytes);
	free(path);
	return kept;
}

/* ---- the hint ------------------------------------------------------------------------- */

/* The lab's hints are in its judge, which says them in the reader's language. */
static char *
ask_judge(const char *path, const char *key)
{
	int ends[2];
	char *said;
	pid_t pid;

	if (access(path, X_OK) < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return NULL;
	pid = fork();
	if (pid == 0) {
		if (dup2(ends[1], STDOUT_FILENO) >= 0)
			execl(path, path, "--hint", key, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	said = pid > 0 ? read_descriptor(ends[0], HINT_MAX, NULL) : NULL;
	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	return said;
}

static json_t *
hint_of(const char *key)
{
	const char *slash = strrchr(settings()->lab, '/');
	char *path = join_path(settings()->root, "build", "labs",
	    slash != NULL ? slash + 1 : settings()->lab, "judge", NULL);
	char *said = path != NULL ? ask_judge(path, key) : NULL;
	json_t *hint = said != NULL ? json_loads(said, 0, NULL) : NULL;

	free(said);
	free(path);
	return json_is_object(hint) ? hint : hint_json(key);
}

/* ---- the line --------------------------------------------------------------------------- */

static void
set(json_t *line, const char *name, const char *value)
{
	struct text shown = {0};

	text_put_foreign(&shown, value, strlen(value));
	json_object_set_new(line, name, json_string(text_string(&shown)));
	text_free(&shown);
}

static int
send_line(json_t *line)
{
	int fd = settings()->channel < 0 ? STDOUT_FILENO : settings()->channel;
	char *text = json_dumps(line, JSON_COMPACT);
	char *whole = text != NULL ? text_format("%s\n", text) : NULL;
	int result = whole != NULL ? write_all(fd, whole, strlen(whole)) : -1;

	if (result < 0)
		fprintf(stderr, "trial: the channel is gone: %s\n", strerror(errno));
	free(whole);
	free(text);
	json_decref(line);
	return result < 0 ? 2 : 0;
}

/* What the last trial says of itself: what ran, its faults, and how long it took. */
static json_t *
last_end(const char *directory)
{
	json_t *line = json_loads(read_part(directory, "end"), 0, NULL);

	return json_is_object(line) ? line : json_object();
}

static int
send_failure(const char *check, const char *directory, const char *key, const char *expected,
    const char *seen, json_t *arguments)
{
	json_t *line = last_end(directory), *hint = hint_of(key);

	json_object_update(line, hint);
	json_decref(hint);
	set(line, "type", "end");
	set(line, "check", check);
	set(line, "verdict", "failed");
	set(line, "key", key);
	set(line, "expected", expected);
	set(line, "seen", seen);
	set(line, "message", seen);
	if (arguments != NULL)
		json_object_set_new(line, "arguments", arguments);
	return send_line(line);
}

/* ---- the ways to fail --------------------------------------------------------------------- */

static int
fail_ended(const char *check, const char *directory, char *words[])
{
	json_t *line = last_end(directory);
	const char *key = json_string_value(json_object_get(line, "key"));

	(void)words;
	if (key != NULL) {
		json_t *hint = hint_of(key);

		json_object_update(line, hint);
		json_decref(hint);
	}
	set(line, "check", check);
	return send_line(line);
}

static int
fail_status(const char *check, const char *directory, char *words[])
{
	enum { SIGNALS = 128 };
	int status = atoi(read_part(directory, "status"));
	const char *expected =
	    keep_format(G_("the program ends with exit status %d"), atoi(words[0]));

	if (status > SIGNALS)
		return send_failure(check, directory, words[1], expected,
		    keep_format(G_("it was killed by %s"), signal_name(status - SIGNALS)),
		    json_pack("[s]", signal_name(status - SIGNALS)));
	return send_failure(check, directory, words[1], expected,
	    keep_format(G_("it ended with exit status %d"), status), json_pack("[i]", status));
}

/* Enough of a text to recognise it. */
static const char *
shown(const char *text)
{
	enum { MOST = 200 };
	char *cut;

	if (strlen(text) <= MOST)
		return keep_format("\"%s\"", text);
	cut = keep_bytes(text, MOST);
	utf8_clip(cut);
	return keep_format("\"%s…\"", cut);
}

static int
fail_output(const char *check, const char *directory, char *words[])
{
	return send_failure(check, directory, words[1],
	    keep_format(G_("the program writes %s"), shown(words[0])),
	    keep_format(G_("it wrote %s"), shown(read_part(directory, "output"))), NULL);
}

static int
fail_errors(const char *check, const char *directory, char *words[])
{
	return send_failure(check, directory, words[1],
	    keep_format(G_("the program says %s on its standard error"), shown(words[0])),
	    keep_format(G_("it said %s there"), shown(read_part(directory, "errors"))), NULL);
}

static int
fail_check(const char *check, const char *directory, char *words[])
{
	return send_failure(check, directory, words[0], words[1], words[2], NULL);
}

static int
fail_fault(const char *check, const char *directory, char *words[])
{
	json_t *line = json_object();

	(void)directory;
	set(line, "type", "fault");
	set(line, "check", check);
	set(line, "text", words[0]);
	return send_line(line);
}

int
bats_fail(int argc, char *argv[])
{
	static const struct {
		const char *name;
		int words;
		int (*fail)(const char *check, const char *directory, char *words[]);
	} ways[] = {{"ended", 0, fail_ended}, {"status", 2, fail_status},
	    {"output", 2, fail_output}, {"errors", 2, fail_errors}, {"check", 3, fail_check},
	    {"fault", 1, fail_fault}};

	for (size_t i = 0; argc >= 3 && i < sizeof ways / sizeof *ways; i++)
		if (strcmp(argv[2], ways[i].name) == 0 && argc == 3 + ways[i].words)
			return ways[i].fail(argv[0], argv[1], argv + 3);
	fprintf(stderr, "trial: --fail wants CHECK DIR and how, see autograder/judge/bats.h\n");
	return 2;
}
