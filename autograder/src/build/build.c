#define _GNU_SOURCE /* pipe2 */
#include "build.h"

#include "../../judge/trial.h" /* enum end */
#include "../../keeper/wire.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "stage.h"
#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Of one process: bytes, 768 MiB; seconds, the second number for what ignores the first. */
#define ADDRESS_SPACE "805306368"
#define CPU_SECONDS "10:12"

enum {
	CPU_MS = 40 * 1000, /* of all processes together */
	MEMORY_MIB = 1024,
	PROCESSES = 64,
	MACHINE_PROCESSES = 4096, /* without namespaces other trials' processes count, too */
	DESCRIPTORS = 256,
	FILE_MIB = 32,
	TMPFS_MIB = 64,
	WALL_MS = 600 * 1000, /* the last resort; a busy machine is no reason */
	WORDS_MAX = 64 * 1024,
};

/* A program on its way back from the sandbox. */
struct binary {
	const char *name; /* of the program */
	const char *set;  /* "bin", "asan" or "interleave" */
	char *path;       /* in the stage */
	int fd;           /* being written, or -1 */
	size_t n;
	bool whole;
};

struct compile {
	struct sandbox sandbox;
	int words_fd; /* what make and all below it say */
	struct text words;
	struct binary *binaries;
	size_t n_binaries;
	bool ended;
	enum end end;
	int status; /* of make, as from waitpid() */
	int64_t deadline_ms;
	char *why;
	size_t why_size;
};

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- what comes back ------------------------------------------------------------ */

static int
add_binary(struct compile *c, const char *stage, const char *set, const char *name)
{
	struct binary *b = &c->binaries[c->n_binaries];

	*b = (struct binary){.name = name, .set = set, .fd = -1};
	b->path = join_path(stage, set, name, NULL);
	if (b->path == NULL)
		return -1;
	c->n_binaries++;
	return 0;
}

static int
expect_binaries(struct compile *c, const struct lab *lab, const char *stage)
{
	size_t sets = 1; /* bin */

	for (const struct build_set *set = build_sets; set->name != NULL; set++)
		sets++;
	c->binaries = calloc(sets * lab->n_programs + 1, sizeof *c->binaries);
	if (c->binaries == NULL)
		return -1;
	for (size_t i = 0; i < lab->n_programs; i++) {
		const struct program *p = &lab->programs[i];

		if (program_needed(lab, p) && add_binary(c, stage, "bin", p->name) < 0)
			return -1;
		for (const struct build_set *set = build_sets; set->name != NULL; set++)
			if (program_needs_set(lab, p, set) &&
			    add_binary(c, stage, set->name, p->name) < 0)
				return -1;
	}
	return 0;
}

/* The binary that "bin-children" names, or NULL: the sandbox may send any name. */
static struct binary *
find_binary(struct compile *c, const char *name)
{
	for (size_t i = 0; i < c->n_binaries; i++) {
		struct binary *b = &c->binaries[i];
		size_t n = strlen(b->set);

		if (strncmp(name, b->set, n) == 0 && name[n] == '-' &&
		    strcmp(name + n + 1, b->name) == 0)
			return b;
	}
	return NULL;
}

static int
finish_binary(struct binary *b)
{
	int failed = fchmod(b->fd, 0755) < 0 ? errno : 0;

	if (close(b->fd) < 0 && failed == 0)
		failed = errno;
	b->fd = -1;
	b->whole = failed == 0;
	errno = failed;
	return failed == 0 ? 0 : -1;
}

/* One part of a file. What is unknown, too big or comes twice is not taken. */
static int
take_collected(struct compile *c, struct wire *w)
{
	struct binary *b = find_binary(c, get_str(w));
	uint32_t mode = get_u32(w);
	bool last = get_u32(w) != 0;
	size_t n;
	const void *bytes = get_bytes(w, &n);

	if (w->bad || b == NULL || b->whole || (mode & S_IFMT & ~S_IFREG) != 0 ||
	    n > ((size_t)FILE_MIB << 20) - b->n)
		return 0;
	if (b->fd < 0)
		b->fd = open(b->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (b->fd < 0 || write_all(b->fd, bytes, n) < 0)
		return -1;
	b->n += n;
	return last ? finish_binary(b) : 0;
}

/* Half a program is none. */
static void
drop_binaries(struct compile *c)
{
	for (size_t i = 0; i < c->n_binaries; i++) {
		struct binary *b = &c->binaries[i];

		if (b->fd >= 0)
			close(b->fd);
		if (!b->whole)
			unlink(b->path);
		free(b->path);
	}
	free(c->binaries);
}

/* ---- one run of make in the sandbox ---------------------------------------------- */

/* How the places of submission.mk are called where the compile runs. */
struct places {
	char *src, *kit, *work, *keeper;                    /* on the host */
	char *in_src, *makefile, *kit_is, *out_is, *tmpdir; /* in the sandbox, as make's words */
};

static int
find_places(struct places *p, const char *stage, enum isolation isolation)
{
	bool inside = isolation == ISOLATION_SANDBOX;

	p->src = join_path(stage, "src", NULL);
	p->kit = join_path(stage, "kit", NULL);
	p->work = join_path(stage, "work", NULL);
	p->keeper = join_path(stage, "keeper", NULL);
	if (p->src == NULL || p->kit == NULL || p->work == NULL || p->keeper == NULL)
		return -1;
	p->in_src = text_format("%s", inside ? "/src" : p->src);
	p->makefile = text_format("%s/submission.mk", inside ? "/kit" : p->kit);
	p->kit_is = text_format("KIT=%s", inside ? "/kit" : p->kit);
	p->out_is = text_format("OUT=%s", inside ? "/tmp" : p->work);
	p->tmpdir = text_format("TMPDIR=%s", inside ? "/tmp" : p->work);
	return p->in_src != NULL && p->makefile != NULL && p->kit_is != NULL && p->out_is != NULL &&
		       p->tmpdir != NULL
		   ? 0
		   : -1;
}

static void
free_places(struct places *p)
{
	char *all[] = {p->src, p->kit, p->work, p->keeper, p->in_src, p->makefile, p->kit_is,
	    p->out_is, p->tmpdir};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		free(all[i]);
}

/*
 * prlimit's walls stand around each process, so that a compiler that wants it
 * all ends alone; the plan's stand around all of them.
 */
static void
put_plan(struct wire *w, const struct places *p, enum isolation isolation)
{
	const struct plan plan = {
	    .cpu_ms = CPU_MS,
	    .memory_mib = MEMORY_MIB,
	    .processes = isolation == ISOLATION_SANDBOX ? PROCESSES : MACHINE_PROCESSES,
	    .descriptors = DESCRIPTORS,
	    .file_kib = FILE_MIB * 1024,
	    .argv = {"/usr/bin/prlimit", "--as=" ADDRESS_SPACE, "--cpu=" CPU_SECONDS,
		"/usr/bin/make", "-s", "-k", "-j2", "-C", p->in_src, "-f", p->makefile, p->kit_is,
		p->out_is},
	    .env = {"PATH=/usr/bin", "LC_ALL=C.UTF-8", "HOME=/tmp", p->tmpdir},
	    .collect = {"bin-*", "asan-*", "interleave-*"},
	};

	wire_begin(w, WIRE_PLAN);
	plan_put(w, &plan);
}

static int
start(struct compile *c, const struct places *p, enum isolation isolation)
{
	const struct sandbox_bind binds[] = {{p->src, "/src"}, {p->kit, "/kit"}, {NULL, NULL}};
	struct sandbox_spec spec = {.isolation = isolation,
	    .keeper = p->keeper,
	    .binds = binds,
	    .tmpfs_mib = TMPFS_MIB,
	    .directory = p->work,
	    .in = -1,
	    .probe = -1};
	int ends[2], result;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	c->words_fd = ends[0];
	spec.out = spec.err = ends[1];
	result = sandbox_start(&c->sandbox, &spec, c->why, c->why_size);
	close(ends[1]);
	return result;
}

/* Reads what is there; what is too much is read too, or the compiler would wait for us. */
static void
take_words(struct compile *c)
{
	char bytes[16 * 1024];
	ssize_t n = read(c->words_fd, bytes, sizeof bytes);
	size_t room = WORDS_MAX - c->words.n;

	if (n > 0)
		text_put_bytes(&c->words, bytes, (size_t)n < room ? (size_t)n : room);
	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
		close(c->words_fd);
		c->words_fd = -1;
	}
}

/* One message of the keeper's. Returns -1 on a grader fault. */
static int
take_message(struct compile *c, struct wire *w)
{
	int type = wire_receive(c->sandbox.control, w);

	switch (type) {
	case -1:
	case 0:
		say(c->why, c->why_size, _("the sandbox ended before the compiler did"));
		return -1;
	case WIRE_COLLECTED:
		if (take_collected(c, w) == 0)
			return 0;
		say(c->why, c->why_size, _("cannot store a program: %s"), strerror(errno));
		return -1;
	case WIRE_ENDED:
		c->end = (enum end)get_i32(w);
		c->status = get_i32(w);
		c->ended = true;
		return 0;
	case WIRE_FAULTY:
		say(c->why, c->why_size, _("the sandbox failed: %s"), get_str(w));
		return -1;
	default:
		return 0;
	}
}

/* Until make has ended or the time is up. Returns -1 on a grader fault. */
static int
attend(struct compile *c, struct wire *w)
{
	while (!c->ended) {
		struct pollfd fds[] = {
		    {.fd = c->sandbox.control, .events = POLLIN},
		    {.fd = c->words_fd, .events = POLLIN},
		};
		int64_t left = c->deadline_ms - now_ms();

		if (left <= 0) {
			c->end = END_WALL;
			return 0;
		}
		if (poll(fds, 2, (int)left) < 0) {
			if (errno == EINTR)
				continue;
			say(c->why, c->why_size, _("cannot wait: %s"), strerror(errno));
			return -1;
		}
		if (fds[1].revents != 0)
			take_words(c);
		if (fds[0].revents != 0 && take_message(c, w) < 0)
			return -1;
	}
	return 0;
}

static int
run(struct compile *c, const struct places *p, enum isolation isolation, struct wire *w)
{
	int result = -1;

	if (start(c, p, isolation) < 0)
		return -1;
	c->deadline_ms = now_ms() + WALL_MS;
	put_plan(w, p, isolation);
	if (wire_send(c->sandbox.control, w) == 0)
		result = attend(c, w);
	else
		say(c->why, c->why_size, _("the sandbox does not listen: %s"), strerror(errno));
	sandbox_stop(&c->sandbox);
	/* Everybody who could write is dead: this ends. */
	while (c->words_fd >= 0)
		take_words(c);
	return result;
}

static int
compile(struct compile *c, const char *stage, enum isolation isolation)
{
	struct wire *w = malloc(sizeof *w);
	struct places p = {0};
	int result = -1;

	if (w != NULL && find_places(&p, stage, isolation) == 0)
		result = run(c, &p, isolation, w);
	free_places(&p);
	free(w);
	return result;
}

/* ---- the result ------------------------------------------------------------------- */

static bool
is_built(const struct compile *c, const char *program)
{
	bool built = false;

	for (size_t i = 0; i < c->n_binaries; i++) {
		if (strcmp(c->binaries[i].name, program) != 0)
			continue;
		if (!c->binaries[i].whole)
			return false;
		built = true;
	}
	return built;
}

static int
report(struct build *build, const struct lab *lab, const struct compile *c)
{
	struct text words = {0};

	build->programs = calloc(lab->n_programs + 1, sizeof *build->programs);
	if (build->programs == NULL)
		return -1;
	build->n = lab->n_programs;
	for (size_t i = 0; i < lab->n_programs; i++) {
		build->programs[i].name = lab->programs[i].name;
		build->programs[i].built = is_built(c, lab->programs[i].name);
	}
	build->timed_out =
	    c->end == END_WALL || c->end == END_CPU || words_of_time(text_string(&c->words));
	build->out_of_memory = c->end == END_MEMORY || words_of_memory(text_string(&c->words));
	compiler_words(&words, text_string(&c->words), c->words.n);
	build->compiler = text_take(&words);
	if (build->compiler == NULL)
		return -1;
	/* Escaping may have made it longer than what was taken. */
	if (strlen(build->compiler) > WORDS_MAX) {
		build->compiler[WORDS_MAX] = '\0';
		utf8_clip(build->compiler);
	}
	return 0;
}

/*
 * Nothing came of it and nobody said why, or the compiler could not be
 * started: then it was not for what the student wrote.
 */
static int
check_that_it_was_tried(const struct compile *c, const struct build *build)
{
	char said[200];

	if (words_of_machine(text_string(&c->words), said, sizeof said)) {
		say(c->why, c->why_size, _("the compiler cannot be started: %s"), said);
		return -1;
	}
	for (size_t i = 0; i < c->n_binaries; i++) {
		if (c->binaries[i].whole || build->timed_out || build->out_of_memory ||
		    *build->compiler != '\0')
			continue;
		say(c->why, c->why_size,
		    _("the compile ended without a word and without the program %s (status %#x)"),
		    c->binaries[i].name, (unsigned)c->status);
		return -1;
	}
	return 0;
}

int
build_submission(const struct lab *lab, const char *root, const char *source, const char *own,
    const char *stage, enum isolation isolation, struct build *build, char *why, size_t size)
{
	struct compile c = {.words_fd = -1, .why = why, .why_size = size};
	int result = -1;

	*build = (struct build){0};
	if (stage_kit(lab, root, own, stage, why, size) == 0 &&
	    stage_source(lab, source, stage, why, size) == 0) {
		*why = '\0';
		if (expect_binaries(&c, lab, stage) == 0 && compile(&c, stage, isolation) == 0)
			result = report(build, lab, &c);
		if (result == 0)
			result = check_that_it_was_tried(&c, build);
		if (result < 0 && *why == '\0')
			say(why, size, _("cannot compile: %s"), strerror(errno));
	}
	drop_binaries(&c);
	text_free(&c.words);
	if (result < 0)
		build_free(build);
	return result;
}

void
build_free(struct build *build)
{
	free(build->programs);
	free(build->compiler);
	*build = (struct build){0};
}
