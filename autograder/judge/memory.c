#include "memory.h"

#include "debug_file.h"
#include "inside.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading --------------------------------------------------------------------- */

/* A report being read. Elements that matter are few and their names are not reused within <error>.
 */
struct reader {
	struct memory_report *report;
	bool is_report; /* the outermost element was valgrind's */
	bool in_error;
	unsigned stacks; /* begun in this error */
	bool aux_freed;  /* the last <auxwhat> speaks of memory that was freed */
	bool in_program; /* a frame of the first stack lies in the trial's program */
	struct memory_fault fault;
	char object[256]; /* of the frame being read */
	struct memory_place frame;
	char text[256]; /* of the element being read */
	size_t n;
};

static void
copy_name(char to[MEMORY_NAME_MAX], const char *from)
{
	size_t n = strnlen(from, MEMORY_NAME_MAX - 1);

	memcpy(to, from, n);
	to[n] = '\0';
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

/* The sandbox shows of the host nothing but /usr: what lies elsewhere is the trial's program. */
static bool
is_program(const char *object)
{
	return *object != '\0' && strncmp(object, "/usr/", 5) != 0 &&
	       strncmp(object, "/lib", 4) != 0;
}

/* A probe is of the kit. */
static bool
is_students(const struct memory_place *place)
{
	return *place->file != '\0' && strcmp(place->file, "probe.c") != 0 &&
	       !ends_with(place->file, "_probe.c");
}

/* The innermost frame of the student's wins; a probe's only stands in for it. */
static void
take_place(struct memory_place *place, const struct memory_place *frame)
{
	if (*place->file != '\0' || (!is_students(frame) && *place->function != '\0'))
		return;
	*place = *frame;
	if (!is_students(frame))
		*place->file = '\0';
}

static void
end_frame(struct reader *r)
{
	if (is_program(r->object)) {
		if (r->stacks == 1) {
			r->in_program = true;
			take_place(&r->fault.place, &r->frame);
		} else if (r->aux_freed) {
			take_place(&r->fault.freed, &r->frame);
		}
	}
	*r->object = '\0';
	r->frame = (struct memory_place){0};
}

static void
end_error(struct reader *r)
{
	struct memory_report *report = r->report;

	r->in_error = false;
	r->fault.leak = strncmp(r->fault.kind, "Leak_", 5) == 0;
	if (r->fault.leak && strcmp(r->fault.kind, "Leak_DefinitelyLost") != 0)
		return;
	if (!r->in_program || (r->fault.leak && *r->fault.place.file == '\0'))
		return;
	if (report->n < MEMORY_FAULTS_MAX)
		report->faults[report->n++] = r->fault;
}

static void
begin_error(struct reader *r)
{
	struct memory_report *report = r->report;

	r->fault = (struct memory_fault){0};
	if (report->n_processes > 0)
		r->fault.pid = report->processes[report->n_processes - 1].pid;
	r->stacks = 0;
	r->aux_freed = r->in_program = false;
	r->in_error = true;
}

static void XMLCALL
on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = data;

	(void)attributes;
	r->n = 0;
	r->text[0] = '\0';
	if (strcmp(name, "valgrindoutput") == 0)
		r->is_report = true;
	else if (strcmp(name, "error") == 0)
		begin_error(r);
	else if (strcmp(name, "stack") == 0)
		r->stacks++;
}

static void
end_in_frame(struct reader *r, const char *name)
{
	if (strcmp(name, "obj") == 0)
		snprintf(r->object, sizeof r->object, "%s", r->text);
	else if (strcmp(name, "fn") == 0)
		copy_name(r->frame.function, r->text);
	else if (strcmp(name, "file") == 0)
		copy_name(r->frame.file, r->text);
	else if (strcmp(name, "line") == 0)
		r->frame.line = strtol(r->text, NULL, 10);
	else if (strcmp(name, "frame") == 0)
		end_frame(r);
}

static void
end_in_error(struct reader *r, const char *name)
{
	if (strcmp(name, "kind") == 0)
		copy_name(r->fault.kind, r->text);
	else if (strcmp(name, "leakedbytes") == 0)
		r->fault.bytes = strtoul(r->text, NULL, 10);
	else if (strcmp(name, "auxwhat") == 0)
		r->aux_freed = strstr(r->text, "free'd") != NULL;
	else if (strcmp(name, "error") == 0)
		end_error(r);
	else
		end_in_frame(r, name);
}

static void
end_in_head(struct reader *r, const char *name)
{
	struct memory_report *report = r->report;
	pid_t number = (pid_t)strtol(r->text, NULL, 10);

	if (strcmp(name, "pid") == 0 && report->n_processes < MEMORY_FAULTS_MAX)
		report->processes[report->n_processes++].pid = number;
	else if (strcmp(name, "ppid") == 0 && report->n_processes > 0)
		report->processes[report->n_processes - 1].parent = number;
}

static void XMLCALL
on_end(void *data, const XML_Char *name)
{
	struct reader *r = data;

	if (r->in_error)
		end_in_error(r, name);
	else
		end_in_head(r, name);
	r->n = 0;
	r->text[0] = '\0';
}

static void XMLCALL
on_text(void *data, const XML_Char *text, int length)
{
	struct reader *r = data;
	size_t room = sizeof r->text - 1 - r->n;
	size_t n = (size_t)length < room ? (size_t)length : room;

	memcpy(r->text + r->n, text, n);
	r->n += n;
	r->text[r->n] = '\0';
}

int
memory_read(struct memory_report *report, const char *xml, size_t n)
{
	struct reader r = {.report = report};
	XML_Parser parser = XML_ParserCreate(NULL);

	if (parser == NULL)
		return -1;
	XML_SetUserData(parser, &r);
	XML_SetElementHandler(parser, on_start, on_end);
	XML_SetCharacterDataHandler(parser, on_text);
	/* Not well-formed at its end when the process was killed: what came before was read. */
	(void)XML_Parse(parser, xml, (int)n, XML_TRUE);
	XML_ParserFree(parser);
	return r.is_report ? 0 : -1;
}

bool
memory_in_first(const struct memory_report *report, const struct memory_fault *fault)
{
	pid_t parent = 0;

	for (size_t i = 0; i < report->n_processes; i++)
		if (report->processes[i].pid == fault->pid)
			parent = report->processes[i].parent;
	for (size_t i = 0; i < report->n_processes; i++)
		if (report->processes[i].pid == parent)
			return false;
	return true;
}

const struct memory_fault *
memory_worst(const struct memory_report *report)
{
	for (size_t i = 0; i < report->n; i++)
		if (!report->faults[i].leak)
			return &report->faults[i];
	for (size_t i = 0; i < report->n; i++)
		if (memory_in_first(report, &report->faults[i]))
			return &report->faults[i];
	return NULL;
}

/* ---- saying ------------------------------------------------------------------------ */

/*
 * What each kind of error means to the one who made it; the subject, "the
 * program" or "a child process of the program", stands before it.
 */
static const struct {
	const char *kind, *words;
} kinds[] = {
    {"InvalidRead", N_("reads memory that it does not own")},
    {"InvalidWrite", N_("writes to memory that it does not own")},
    {"InvalidJump", N_("calls a function through a bad pointer")},
    {"InvalidFree", N_("frees memory that is not allocated, or frees it twice")},
    {"MismatchedFree", N_("frees memory in another way than it was allocated")},
    {"Overlap", N_("copies between areas that overlap")},
    {"UninitCondition", N_("decides by a value that was never set")},
    {"UninitValue", N_("uses a value that was never set")},
    {"SyscallParam", N_("hands a system call memory that was never set or is not its own")},
    {"FishyValue", N_("asks for a negative amount of memory")},
};

static const char *
words_of(const struct memory_fault *fault)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].kind, fault->kind) == 0)
			return G_(kinds[i].words);
	return G_("misuses memory");
}

static _Noreturn void
fail_with_error(
    const struct memory_report *report, const struct memory_fault *fault, const char *key)
{
	const char *expected = G_("the program uses only memory that it owns and has set");
	const char *who = memory_in_first(report, fault) ? G_("the program")
							 : G_("a child process of the program");
	const struct memory_place *p = &fault->place;

	if (*p->file == '\0')
		check_fail(key, expected,
		    G_("%s %s, after a function of yours gave it that memory"), who,
		    words_of(fault));
	if (*fault->freed.file != '\0')
		check_fail(key, expected, G_("%s %s, in %s (%s:%ld); it was freed in %s:%ld"), who,
		    words_of(fault), p->function, p->file, p->line, fault->freed.file,
		    fault->freed.line);
	check_fail(key, expected, G_("%s %s, in %s (%s:%ld)"), who, words_of(fault), p->function,
	    p->file, p->line);
}

static _Noreturn void
fail_with_leak(const struct memory_fault *fault, const char *key)
{
	check_fail(key, G_("all memory that the program asked for is freed"),
	    G_("%lu bytes that %s asked for (%s:%ld) were never freed, and nothing points to them "
	       "any more"),
	    fault->bytes, fault->place.function, fault->place.file, fault->place.line);
}

/* ---- running ----------------------------------------------------------------------- */

void
memory_watch(struct trial *t)
{
	static const char *const words[] = {"/usr/bin/valgrind", "--quiet", "--vgdb=no",
	    "--leak-check=full", "--show-leak-kinds=definite", "--trace-children=no", "--xml=yes",
	    "--xml-file=vg.%p.xml", NULL};

	trial_wrap(t, words);
	trial_only_debug_file(t, debug_file_of_linker());
	trial_collect(t, "vg.*.xml");
	/* Valgrind keeps its own descriptors above the limit, the probe's among those it allows. */
	trial_limit(t, LIMIT_DESCRIPTORS, 256);
	trial_limit(t, LIMIT_MEMORY_MIB, 1024);
	trial_limit(t, LIMIT_CPU_MS, 20000);
	trial_limit(t, LIMIT_WALL_MS, 30000);
}

void
memory_verdict(struct trial *t, const char *error_key, const char *leak_key)
{
	static struct memory_report report;
	const struct memory_fault *fault;
	const char *xml, *name;
	size_t n;

	report.n = report.n_processes = 0;
	for (size_t i = 0; (xml = trial_collected(t, i, &name, &n)) != NULL; i++)
		(void)memory_read(&report, xml, n);
	if (report.n_processes == 0)
		grader_fault("valgrind left no report; is it installed, and libc6-dbg?");
	fault = memory_worst(&report);
	if (fault != NULL && !fault->leak)
		fail_with_error(&report, fault, error_key);
	if (fault != NULL)
		fail_with_leak(fault, leak_key);
}

void
memory_check(struct trial *t, const char *error_key, const char *leak_key)
{
	memory_watch(t);
	trial_run(t);
	memory_verdict(t, error_key, leak_key);
}
