/* trial.c - builds a trial, starts it, sees it to its end. */
#define _GNU_SOURCE
#include "inside.h"

#include "probe.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct trial *trials;

enum {
	TMPFS_MIB = 64,
	SANITIZER_MIB = 512, /* its shadow, and what was freed and is kept to be watched */
};

static void
before_start(const struct trial *t, const char *what)
{
	if (t->started)
		grader_fault("%s after trial_start()", what);
}

static void
add_word(const char *words[], size_t *n, const char *word)
{
	if (*n == TRIAL_WORDS)
		grader_fault("more than %d words in one trial", TRIAL_WORDS);
	words[(*n)++] = keep_text(word);
	words[*n] = NULL;
}

struct trial *
trial_new(const char *program, ...)
{
	struct trial *t = keep(sizeof *t);
	va_list words;
	const char *word;

	t->program = keep_text(program);
	t->next = trials;
	trials = t;
	t->in = t->out = t->err = t->probe = t->socket = -1;
	t->sandbox.pid = t->sandbox.control = -1;
	t->input = "";
	memcpy(t->limits, settings()->limits, sizeof t->limits);
	va_start(words, program);
	while ((word = va_arg(words, const char *)) != NULL)
		trial_argument(t, word);
	va_end(words);
	add_word(t->env, &t->n_env, "PATH=/usr/bin:/bin");
	add_word(t->env, &t->n_env, "LC_ALL=C");
	add_word(t->env, &t->n_env, "HOME=/tmp");
	if (settings()->sanitized)
		trial_sanitize(t);
	return t;
}

void
trial_argument(struct trial *t, const char *value)
{
	before_start(t, "trial_argument()");
	add_word(t->words, &t->n_words, value);
}

void
trial_env(struct trial *t, const char *name, const char *value)
{
	before_start(t, "trial_env()");
	add_word(t->env, &t->n_env, keep_format("%s=%s", name, value));
}

void
trial_input(struct trial *t, const void *bytes, size_t n)
{
	before_start(t, "trial_input()");
	t->input = keep_bytes(bytes, n);
	t->input_left = n;
}

void
trial_open_input(struct trial *t)
{
	before_start(t, "trial_open_input()");
	t->open_input = true;
}

void
trial_file(struct trial *t, const char *name, const void *bytes, size_t n, mode_t mode)
{
	struct input_file *f = &t->files[t->n_files];

	before_start(t, "trial_file()");
	if (t->n_files++ == TRIAL_FILES)
		grader_fault("more than %d files in one trial", TRIAL_FILES);
	f->name = keep_text(name);
	f->bytes = keep_bytes(bytes, n);
	f->n = n;
	f->mode = mode;
}

static uint64_t
bit(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

void
trial_ignore(struct trial *t, int signal)
{
	before_start(t, "trial_ignore()");
	t->ignored |= bit(signal);
}

void
trial_block(struct trial *t, int signal)
{
	before_start(t, "trial_block()");
	t->blocked |= bit(signal);
}

void
trial_wrap(struct trial *t, const char *const *words)
{
	size_t n = 0;

	before_start(t, "trial_wrap()");
	for (size_t i = 0; words[i] != NULL; i++)
		add_word(t->wrap, &n, words[i]);
	t->untraced = true;
}

void
trial_only_debug_file(struct trial *t, const char *path)
{
	before_start(t, "trial_only_debug_file()");
	t->debug_file = path;
}

void
trial_sanitize(struct trial *t)
{
	before_start(t, "trial_sanitize()");
	if (t->sanitized)
		return;
	t->sanitized = true;
	/*
	 * As without them: malloc() fails, signals do what they do, and no call to
	 * sigaction() comes before the program's own.
	 */
	trial_env(t, "ASAN_OPTIONS",
	    keep_format("detect_leaks=0:allocator_may_return_null=1:handle_segv=0:handle_sigbus=0:"
			"handle_sigill=0:handle_sigfpe=0:handle_abort=0:exitcode=%d",
		SANITIZED_STATUS));
	trial_env(
	    t, "UBSAN_OPTIONS", keep_format("print_stacktrace=1:exitcode=%d", SANITIZED_STATUS));
}

bool
trial_is_sanitized(const struct trial *t)
{
	return t->sanitized;
}

void
trial_collect(struct trial *t, const char *name)
{
	before_start(t, "trial_collect()");
	if (t->n_collect == TRIAL_COLLECT)
		grader_fault("more than %d files to bring back", TRIAL_COLLECT);
	t->collect[t->n_collect++] = keep_text(name);
}

void
trial_limit(struct trial *t, enum limit limit, uint64_t value)
{
	before_start(t, "trial_limit()");
	t->limits[limit] = value;
}

void
trial_watch(struct trial *t, enum call call)
{
	before_start(t, "trial_watch()");
	t->watch |= UINT64_C(1) << call;
}

void
trial_views(struct trial *t, unsigned moments)
{
	before_start(t, "trial_views()");
	t->moments |= moments;
}

/* ---- the start ------------------------------------------------------------------ */

/* The far ends, as the sandbox gets them. */
struct far_ends {
	int in, out, err, probe;
};

static void
pipe_or_fault(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		grader_fault("pipe: %s", strerror(errno));
}

static void
never_block(int fd)
{
	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		grader_fault("fcntl: %s", strerror(errno));
}

static struct far_ends
connect_ends(struct trial *t)
{
	struct far_ends far;
	int ends[2];

	pipe_or_fault(ends);
	far.in = ends[0];
	t->in = ends[1];
	never_block(t->in);
	pipe_or_fault(ends);
	t->out = ends[0];
	far.out = ends[1];
	never_block(t->out);
	pipe_or_fault(ends);
	t->err = ends[0];
	far.err = ends[1];
	never_block(t->err);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		grader_fault("socketpair: %s", strerror(errno));
	t->probe = ends[0];
	far.probe = ends[1];
	return far;
}

static void
close_far(const struct far_ends *far)
{
	close(far->in);
	close(far->out);
	close(far->err);
	close(far->probe);
}

/* The stage's part where the program lies (build.h). */
static const char *
built_in(const struct trial *t)
{
	return t->sanitized ? "asan" : t->interleaved ? "interleave" : "bin";
}

/* Without its own /tmp a trial works in a directory of the stage. */
static void
make_directory(struct trial *t)
{
	t->directory = keep_format("%s/trial.XXXXXX", settings()->stage);
	if (mkdtemp(t->directory) == NULL || chmod(t->directory, 0777) < 0)
		grader_fault("%s: %s", t->directory, strerror(errno));
}

static void
start_sandbox(struct trial *t)
{
	struct sandbox_bind binds[2] = {{0}};
	struct sandbox_spec spec = {.isolation = settings()->isolation, .tmpfs_mib = TMPFS_MIB};
	struct far_ends far = connect_ends(t);
	char why[256];

	binds[0].source = keep_format("%s/%s", settings()->stage, built_in(t));
	binds[0].target = "/box";
	spec.binds = binds;
	spec.debug_file = t->debug_file;
	spec.keeper = keep_format("%s/keeper", settings()->stage);
	spec.in = far.in;
	spec.out = far.out;
	spec.err = far.err;
	spec.probe = far.probe;
	if (spec.isolation == ISOLATION_CONTAINER) {
		make_directory(t);
		spec.directory = t->directory;
	}
	if (sandbox_start(&t->sandbox, &spec, why, sizeof why) < 0)
		grader_fault("the sandbox does not start: %s", why);
	close_far(&far);
}

static void
send_files(struct trial *t)
{
	static struct wire w;

	for (size_t i = 0; i < t->n_files; i++) {
		const struct input_file *f = &t->files[i];
		size_t at = 0;

		do {
			size_t piece = f->n - at < WIRE_FILE_CHUNK ? f->n - at : WIRE_FILE_CHUNK;

			wire_begin(&w, WIRE_FILE);
			put_str(&w, f->name);
			put_u32(&w, f->mode);
			put_bytes(&w, f->bytes + at, piece);
			session_send(t, &w);
			at += piece;
		} while (at < f->n);
	}
}

static const char *
path_inside(const struct trial *t)
{
	if (settings()->isolation == ISOLATION_CONTAINER)
		return keep_format("%s/%s/%s", settings()->stage, built_in(t), t->program);
	return keep_format("/box/%s", t->program);
}

static void
plan_words(const struct trial *t, struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; t->wrap[i] != NULL; i++)
		plan->argv[n++] = t->wrap[i];
	plan->argv[n++] = path_inside(t);
	for (size_t i = 0; i < t->n_words; i++)
		plan->argv[n++] = t->words[i];
	for (size_t i = 0; i < t->n_env; i++)
		plan->env[i] = t->env[i];
	for (size_t i = 0; i < t->n_collect; i++)
		plan->collect[i] = t->collect[i];
}

static void
send_plan(struct trial *t)
{
	static struct wire w;
	struct plan plan = {
	    .traced = !t->untraced,
	    .watch = t->watch,
	    .moments = t->moments,
	    .ignored = t->ignored,
	    .blocked = t->blocked,
	    .cpu_ms = t->limits[LIMIT_CPU_MS] * settings()->cpu_slowness / 100,
	    .memory_mib = t->limits[LIMIT_MEMORY_MIB] + (t->sanitized ? SANITIZER_MIB : 0),
	    .processes = t->limits[LIMIT_PROCESSES],
	    .forks = t->limits[LIMIT_FORKS],
	    .descriptors = t->limits[LIMIT_DESCRIPTORS],
	    .file_kib = t->limits[LIMIT_FILE_KIB],
	    .wakes = t->limits[LIMIT_WAKES],
	    .bound_address_space = !t->untraced && !t->sanitized,
	    .sanitized = t->sanitized,
	    .clock = t->clock,
	};

	plan_words(t, &plan);
	wire_begin(&w, WIRE_PLAN);
	plan_put(&w, &plan);
	session_send(t, &w);
}

static void
needs_its_program(const struct trial *t)
{
	const char *path = keep_format("%s/%s/%s", settings()->stage, built_in(t), t->program);

	if (access(path, X_OK) < 0)
		grader_fault("%s: %s (does lab.yaml name this program for the check?)", path,
		    strerror(errno));
}

void
trial_start(struct trial *t)
{
	before_start(t, "trial_start()");
	if (t->clock && t->untraced)
		grader_fault("a trial without the eye cannot have a clock of its own");
	needs_its_program(t);
	for (size_t i = 0; i < t->n_faults; i++)
		if (t->faults[i].fault.action != FAULT_SWALLOW)
			t->watch |= UINT64_C(1) << t->faults[i].fault.call;
	/* where a server stands is heard of as it begins to listen, see await_listening() */
	t->watch |= UINT64_C(1) << CALL_LISTEN | UINT64_C(1) << CALL_BIND;
	t->started = true;
	session_begins(t);
	start_sandbox(t);
	send_files(t);
	faults_send(t, 0);
	send_plan(t);
}

/* ---- while it runs ----------------------------------------------------------------- */

static bool
input_is_written(struct trial *t, void *with)
{
	(void)with;
	return t->input_left == 0;
}

void
trial_send(struct trial *t, const void *bytes, size_t n)
{
	enum outcome outcome;

	if (t->in < 0)
		return; /* it closed its end, as a program may */
	t->input = keep_bytes(bytes, n);
	t->input_left = n;
	outcome = session_until(t, input_is_written, NULL);
	if (outcome != CAME_TRUE && outcome != GONE)
		trial_went_wrong(t, outcome, G_("it reads its input"));
}

void
trial_close_input(struct trial *t)
{
	t->open_input = t->at_rest = false;
	if (t->input_left == 0 && t->in >= 0) {
		close(t->in);
		t->in = -1;
	}
}

void
trial_kill(struct trial *t, pid_t pid, int signal)
{
	static struct wire w;

	wire_begin(&w, WIRE_KILL);
	put_i32(&w, pid);
	put_i32(&w, signal);
	session_send(t, &w);
	session_fence(t);
}

/* ---- the end -------------------------------------------------------------------------- */

static bool
has_ended(struct trial *t, void *with)
{
	(void)with;
	return t->ended;
}

enum end
trial_end(struct trial *t)
{
	if (t->blocked_for_ever)
		return END_BLOCKED;
	if (t->probe >= 0) /* no further question: a probe ends at the end of its socket */
		close(t->probe);
	t->probe = -1;
	switch (session_until(t, has_ended, NULL)) {
	case BLOCKED:
		t->blocked_for_ever = true;
		return END_BLOCKED;
	case TOO_LONG:
		return END_WALL;
	case FLOODED:
		return END_OUTPUT;
	default:
		return t->overflow ? END_OUTPUT : t->end;
	}
}

static bool
is_a_crash(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL ||
	       signal == SIGABRT || signal == SIGSYS || signal == SIGTRAP;
}

void
trial_finish(struct trial *t)
{
	enum end end = trial_end(t);

	if (end == END_EXITED || (end == END_SIGNALED && !is_a_crash(WTERMSIG(t->status))))
		return;
	trial_ended_badly(t, end);
}

void
trial_run(struct trial *t)
{
	trial_start(t);
	trial_finish(t);
}

int
trial_exit_status(struct trial *t)
{
	return t->ended && t->end == END_EXITED && WIFEXITED(t->status) ? WEXITSTATUS(t->status)
									: -1;
}

int
trial_term_signal(struct trial *t)
{
	return t->ended && t->end == END_SIGNALED ? WTERMSIG(t->status) : 0;
}

const char *
trial_collected(struct trial *t, size_t i, const char **name, size_t *n)
{
	const struct collected *c = t->collected;

	while (c != NULL && i-- > 0)
		c = c->next;
	if (c == NULL)
		return NULL;
	if (name != NULL)
		*name = c->name;
	if (n != NULL)
		*n = c->bytes.n;
	return text_string(&c->bytes);
}

const char *
trial_ran(const struct trial *t)
{
	struct text ran = {0};
	const char *kept;

	text_put(&ran, t->program);
	for (size_t i = 0; i < t->n_words; i++)
		text_printf(&ran,
		    strpbrk(t->words[i], " \t\n'\"$\\*") != NULL || t->words[i][0] == '\0' ? " '%s'"
											   : " %s",
		    t->words[i]);
	if (t->asked != NULL)
		text_printf(&ran, ": %s", t->asked);
	kept = keep_text(text_string(&ran));
	text_free(&ran);
	return kept;
}

static void
trial_free(struct trial *t)
{
	int *const ends[] = {&t->in, &t->out, &t->err, &t->probe};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (*ends[i] >= 0)
			close(*ends[i]);
	peers_close(t);
	sandbox_stop(&t->sandbox);
	if (t->directory != NULL)
		remove_tree(t->directory);
	for (struct collected *c = t->collected; c != NULL; c = c->next)
		text_free(&c->bytes);
	text_free(&t->output);
	text_free(&t->errors);
	text_free(&t->fetched);
	free(t->events);
}

void
trials_end(const char *check)
{
	while (trials != NULL) {
		struct trial *next = trials->next;

		record_trial(trials, check);
		trial_free(trials);
		trials = next;
	}
}
