/* headers.c - a contract header compiles on its own, as a student's file would include it. */
#define _GNU_SOURCE
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "validation.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID_MAX = 64 << 10 };

/* Starts the compiler with its words going to a pipe. Returns its pid and the pipe's other end. */
static pid_t
start_compiler(char *const argv[], int *from)
{
	char *const environment[] = {"LC_ALL=C", "PATH=/usr/local/bin:/usr/bin:/bin", NULL};
	posix_spawn_file_actions_t actions;
	int ends[2], error;
	pid_t pid = -1;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	error = posix_spawn_file_actions_init(&actions);
	if (error == 0) {
		error = posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
		if (error == 0)
			error = posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
		if (error == 0)
			error = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environment);
		posix_spawn_file_actions_destroy(&actions);
	}
	close(ends[1]);
	*from = ends[0];
	if (error == 0)
		return pid;
	close(ends[0]);
	errno = error;
	return -1;
}

/* Runs it to its end. Returns its wait status, or -1 with errno; said gets its words (malloc'd). */
static int
run_compiler(char *const argv[], char **said)
{
	int from, status;
	pid_t pid = start_compiler(argv, &from);

	*said = NULL;
	if (pid < 0)
		return -1;
	*said = read_descriptor(from, SAID_MAX, NULL);
	if (*said == NULL)
		(void)kill(pid, SIGKILL); /* it must not wait for a reader that gave up */
	close(from);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return *said ? status : -1;
}

/* The first complaint about the header itself: "DIRECTORY/name.h:12:3: error: words". */
static void
report(struct validation *v, const char *relative, const char *path, const char *said)
{
	struct line line = {0};
	struct text words = {0};
	size_t n = strlen(path);
	int number = 0;

	while (next_line(said, &line)) {
		const char *mark = memmem(line.at, line.n, "error: ", 7);

		if (mark == NULL)
			continue;
		text_put_foreign(&words, mark + 7, (size_t)(line.at + line.n - mark - 7));
		if (strncmp(line.at, path, n) == 0 && line.at[n] == ':')
			number = (int)strtol(line.at + n + 1, NULL, 10);
		break;
	}
	findings_add(&v->findings, relative, number,
	    _("does not compile on its own, included twice (%s); include what it needs, guard it, "
	      "define nothing that allocates"),
	    words.n ? text_string(&words) : "gcc");
	v->failed |= text_failed(&words);
	text_free(&words);
}

static void
validate_header(struct validation *v, const char *name)
{
	char *relative = join_path("labs", v->name, name, NULL);
	char *path = join_path(v->lab->directory, name, NULL), *said = NULL;
	char *argv[] = {"gcc", "-std=c17", "-D_XOPEN_SOURCE=700", "-Wall", "-Wextra", "-Werror",
	    "-fsyntax-only", "-I", v->lab->directory, "-include", path, "-include", path, "-x", "c",
	    "/dev/null", NULL};
	int status;

	if (relative == NULL || path == NULL) {
		v->failed = true;
	} else {
		status = run_compiler(argv, &said);
		if (status < 0 && errno == ENOMEM)
			v->failed = true;
		else if (status < 0)
			findings_add(&v->findings, relative, 0,
			    _("cannot be checked: gcc does not run: %s"), strerror(errno));
		else if (status != 0)
			report(v, relative, path, said);
	}
	free(said);
	free(relative);
	free(path);
}

void
validate_headers(struct validation *v)
{
	for (size_t i = 0; i < v->lab->contract.n; i++)
		validate_header(v, v->lab->contract.at[i]);
}
