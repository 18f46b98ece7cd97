/*
 * trial_command.c - build/trial: one run of a student's program in the
 * sandbox, for bats files. See usage below; gabel.bash wraps it.
 *
 * It is a judge with one check: the trial itself. So a crash, a hang or a
 * fault that never came are found and worded as in every judge; the line that
 * would go to gabel's channel is caught here instead.
 */
#define _GNU_SOURCE
#include "judge.h"

#include "bats.h"
#include "fault_words.h"
#include "inside.h"

#include "../src/base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char usage[] =
    "usage: trial [option]... PROGRAM [ARGUMENT]...\n"
    "       trial --fail CHECK DIR HOW [WORD]...\n"
    "\n"
    "Runs a program that lab.yaml names, in the sandbox. Ends as the program ended:\n"
    "with its status, 128 + the signal that killed it, 124 when it hung or ran into a\n"
    "limit, 125 when the trial could not be made.\n"
    "\n"
    "  --input TEXT        standard input holds TEXT (default: nothing)\n"
    "  --input-file FILE   standard input holds what is in FILE\n"
    "  --env NAME=VALUE    an environment variable\n"
    "  --file NAME=FILE    a file in the program's working directory\n"
    "  --fault SPEC        fail:fork:2:EAGAIN and the like (fault_words.h)\n"
    "  --limit NAME=N      as in lab.yaml: cpu-ms=2000\n"
    "  --late-ends         the processes that PROGRAM makes do not end before it sleeps\n"
    "  --into DIR          keeps the output in DIR/output and DIR/errors, the status\n"
    "                      in DIR/status; prints nothing\n";

enum { STATUS_STUCK = 124, STATUS_FAULT = 125, INPUT_MAX = 16 << 20, LINES_MAX = 256 * 1024 };

/* The lab's hints are in its judge: bats.c asks it. */
const struct hint hints[] = {{NULL, NULL, NULL, NULL, NULL, NULL}};

static struct {
	int argc;
	char **argv;
	const char *into;
	int out, err; /* our standard output and error; cmocka talks on the others */
	fault_id end; /* --late-ends: the hold at _exit(); or 0 */
	bool judged;

	/* Of the trial, kept beyond its end. */
	char *output, *errors;
	size_t output_size, errors_size;
	int status;
} run = {.out = STDOUT_FILENO, .err = STDERR_FILENO};

/* Every way out that is not the program's own is 125, whatever library code calls exit(). */
static void
on_exit_by_others(void)
{
	if (!run.judged)
		_exit(STATUS_FAULT);
}

static _Noreturn void
refuse(const char *what, const char *why)
{
	dprintf(run.err, "trial: %s: %s\n", what, why);
	exit(STATUS_FAULT);
}

/* ---- options -------------------------------------------------------------------------- */

static char *
file_or_refuse(const char *path, size_t *n)
{
	char *bytes = read_file(path, INPUT_MAX, n);

	if (bytes == NULL)
		refuse(path, strerror(errno));
	return bytes;
}

/* Splits NAME=VALUE in place; returns VALUE. */
static char *
value_of(char *assignment, const char *option)
{
	char *equals = strchr(assignment, '=');

	if (equals == NULL || equals == assignment)
		refuse(option, "wants NAME=VALUE");
	*equals = '\0';
	return equals + 1;
}

static void
add_file(struct trial *t, char *assignment)
{
	char *path = value_of(assignment, "--file");
	size_t n;
	char *bytes = file_or_refuse(path, &n);

	trial_file(t, assignment, bytes, n, 0644);
	free(bytes);
}

static void
set_input_from(struct trial *t, const char *path)
{
	size_t n;
	char *bytes = file_or_refuse(path, &n);

	trial_input(t, bytes, n);
	free(bytes);
}

static void
add_fault(struct trial *t, const char *words)
{
	struct fault fault;
	const char *wrong = fault_from_words(words, &fault);

	if (wrong != NULL)
		refuse(words, wrong);
	trial_fault(t, fault);
}

static void
set_limit(struct trial *t, const char *words)
{
	enum limit limit;
	uint64_t value;
	const char *wrong = limit_from_words(words, &limit, &value);

	if (wrong != NULL)
		refuse(words, wrong);
	trial_limit(t, limit, value);
}

/* Whoever makes a process and then looks for its end, or sleeps, does so in this order. */
static void
hold_ends(struct trial *t)
{
	run.end = trial_fault(
	    t, (struct fault){
		   .call = CALL_EXIT, .action = HOLD_BEFORE, .who = DESCENDANTS, .optional = true});
}

enum option_id { INPUT = 256, INPUT_FILE, ENV, FILE_IN, FAULT, LIMIT, LATE_ENDS, INTO };

static const struct option options[] = {
    {"input", required_argument, NULL, INPUT},
    {"input-file", required_argument, NULL, INPUT_FILE},
    {"env", required_argument, NULL, ENV},
    {"file", required_argument, NULL, FILE_IN},
    {"fault", required_argument, NULL, FAULT},
    {"limit", required_argument, NULL, LIMIT},
    {"late-ends", no_argument, NULL, LATE_ENDS},
    {"into", required_argument, NULL, INTO},
    {NULL, 0, NULL, 0},
};

static void
apply(struct trial *t, int id, char *argument)
{
	switch (id) {
	case INPUT:
		trial_input(t, argument, strlen(argument));
		break;
	case INPUT_FILE:
		set_input_from(t, argument);
		break;
	case ENV: {
		char *value = value_of(argument, "--env");

		trial_env(t, argument, value);
		break;
	}
	case FILE_IN:
		add_file(t, argument);
		break;
	case FAULT:
		add_fault(t, argument);
		break;
	case LIMIT:
		set_limit(t, argument);
		break;
	case LATE_ENDS:
		hold_ends(t);
		break;
	default:
		break;
	}
}

/*
 * Goes through the options twice: t is NULL in the first round, which finds
 * the program and --into. Returns the index of the program's name.
 */
static int
read_options(struct trial *t)
{
	int id;

	optind = 1;
	opterr = 0;
	while ((id = getopt_long(run.argc, run.argv, "+", options, NULL)) != -1) {
		if (id == '?')
			refuse(run.argv[optind - 1],
			    "no such option, or its value is missing; trial alone lists all");
		if (id == INTO)
			run.into = optarg;
		else if (t != NULL)
			apply(t, id, optarg);
	}
	return optind;
}

/* ---- the one check ---------------------------------------------------------------------- */

/* From here on what is written to fd goes nowhere; returns a descriptor that goes where it went. */
static int
silence(int fd)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int before = fcntl(fd, F_DUPFD_CLOEXEC, 10);

	if (null < 0 || before < 0 || dup2(null, fd) < 0)
		refuse("/dev/null", strerror(errno));
	close(null);
	return before;
}

static char *
copy_of(const char *bytes, size_t n)
{
	char *copy = malloc(n + 1);

	if (copy == NULL)
		refuse("memory", strerror(errno));
	memcpy(copy, bytes, n);
	copy[n] = '\0';
	return copy;
}

static int
status_of(struct trial *t, enum end end)
{
	if (end == END_EXITED)
		return trial_exit_status(t);
	return end == END_SIGNALED ? 128 + trial_term_signal(t) : STATUS_STUCK;
}

static void
let_end_late(struct trial *t)
{
	while (await_held_or_end(t, run.end)) {
		await_asleep(t, 0);
		release(t, run.end, true);
	}
}

static void
the_trial(void **state)
{
	int program = optind;
	struct trial *t = trial(run.argv[program]);
	enum end end;

	(void)state;
	run.err = silence(STDERR_FILENO);
	for (int i = program + 1; i < run.argc; i++)
		trial_argument(t, run.argv[i]);
	read_options(t);
	trial_start(t);
	if (run.end != 0)
		let_end_late(t);
	end = trial_end(t);
	run.status = status_of(t, end);
	run.output_size = trial_output_size(t);
	run.output = copy_of(trial_output(t), run.output_size);
	run.errors_size = strlen(trial_errors(t));
	run.errors = copy_of(trial_errors(t), run.errors_size);
	trial_finish(t);
}

/* The last of some lines; cuts its newline off. */
static char *
last_line(char *lines)
{
	size_t n = strlen(lines);
	char *newline;

	if (n > 0 && lines[n - 1] == '\n')
		lines[n - 1] = '\0';
	newline = strrchr(lines, '\n');
	return newline != NULL ? newline + 1 : lines;
}

/* Runs it as judge_main() runs any check; returns the last line for the channel. */
static char *
judge_it(void)
{
	static const struct check check = {"trial", the_trial};
	int channel = memfd_create("channel", MFD_CLOEXEC);
	char number[16], *lines;

	if (channel < 0)
		refuse("memfd_create", strerror(errno));
	snprintf(number, sizeof number, "%d", channel);
	setenv("GABEL_CHANNEL", number, 1);
	unsetenv("GABEL_CHECKS");
	run.out = silence(STDOUT_FILENO);
	judge_main(1, run.argv, &check, 1);
	if (lseek(channel, 0, SEEK_SET) < 0 ||
	    (lines = read_descriptor(channel, LINES_MAX, NULL)) == NULL)
		refuse("channel", strerror(errno));
	return last_line(lines);
}

static const char *
field(const json_t *line, const char *name)
{
	const char *value = json_string_value(json_object_get(line, name));

	return value != NULL ? value : "";
}

static void
print_all(void)
{
	if (write_all(run.out, run.output, run.output_size) < 0)
		refuse("standard output", strerror(errno));
	if (write_all(run.err, run.errors, run.errors_size) < 0)
		refuse("standard error", strerror(errno));
}

/* What the trial itself found, for whoever reads the terminal. */
static void
explain(const json_t *line)
{
	if (strcmp(field(line, "verdict"), "passed") != 0)
		dprintf(run.err, "trial: %s: expected: %s; seen: %s\n", field(line, "verdict"),
		    field(line, "expected"), field(line, "seen"));
}

static int
run_trial(void)
{
	struct trial_record record;
	json_t *line;
	char *end;

	if (run.into != NULL && trial_record_remove(run.into) < 0)
		refuse(run.into, strerror(errno));
	end = judge_it();
	line = json_loads(end, 0, NULL);
	if (strcmp(field(line, "type"), "end") != 0 || run.output == NULL)
		refuse("fault", *field(line, "text") != '\0' ? field(line, "text") : end);
	record = (struct trial_record){.output = run.output,
	    .errors = run.errors,
	    .output_size = run.output_size,
	    .errors_size = run.errors_size,
	    .status = run.status,
	    .verdict = field(line, "verdict"),
	    .end = end};
	if (run.into == NULL) {
		print_all();
		explain(line);
	} else if (trial_record_write(run.into, &record) < 0) {
		refuse(run.into, strerror(errno));
	}
	run.judged = true;
	return run.status;
}

/* The grader's own sentences, in the reader's language. */
static void
speak(void)
{
	char *catalogs = join_path(settings()->root, "build", "locale", NULL);

	setlocale(LC_MESSAGES, "");
	setlocale(LC_CTYPE, "");
	if (catalogs != NULL) {
		bindtextdomain("gabel", catalogs);
		bind_textdomain_codeset("gabel", "UTF-8");
	}
	free(catalogs);
}

int
main(int argc, char *argv[])
{
	atexit(on_exit_by_others);
	run.argc = argc;
	run.argv = argv;
	if (argc > 1 && strcmp(argv[1], "--fail") == 0) {
		settings_read();
		speak();
		run.judged = true;
		return bats_fail(argc - 2, argv + 2);
	}
	if (read_options(NULL) >= argc) {
		fputs(usage, stderr);
		return STATUS_FAULT;
	}
	return run_trial();
}
