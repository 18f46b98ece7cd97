/*
 * lockset_probe.c - sessions: processes with a lock set each, that do one step when they are told.
 *
 * The first process calls nothing of the student's unless it is told to ("here"): it makes
 * sessions, hands steps on to them by a pipe each, and says what they have put into memory that all
 * share. So it can answer while a session waits, is held, or is dead.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "lockset.h"

#include "probe.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SESSIONS = 8, WORD_ROOM = 400 };

struct step {
	char verb[16], name[WORD_ROOM], dir[WORD_ROOM];
};

/* What a session has to say; it writes, the first process reads. */
struct said {
	volatile int done; /* steps that are done */
	int result, error;
	int starved, allocations; /* in the last step: how many were refused, and how many not */
	long long blocks;         /* of memory, which the session has by now */
	size_t len;
	char holder[WORD_ROOM];
};

static struct said *said;
static int pipes[SESSIONS + 1];
static struct lockset set;
static struct str holder;

/* ---- memory that can run out ------------------------------------------------------------ */

/* The allocator under its other names: glibc's, and that of the sanitizers where they are linked.
 */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *old);
void *__interceptor_malloc(size_t size) __attribute__((weak));
void *__interceptor_calloc(size_t n, size_t size) __attribute__((weak));
void *__interceptor_realloc(void *old, size_t size) __attribute__((weak));
void __interceptor_free(void *old) __attribute__((weak));

static long long blocks;   /* allocated and not freed */
static int until_starving; /* the allocation that is refused, counted from 1; 0: none */
static int starved, allocations;

static int
is_refused(void)
{
	allocations++;
	if (until_starving == 0 || --until_starving > 0)
		return 0;
	allocations--;
	starved++;
	errno = ENOMEM;
	return 1;
}

/* In the place of the C library's, as those that follow. */
void *
malloc(size_t size)
{
	void *new;

	if (is_refused())
		return NULL;
	new = __interceptor_malloc != NULL ? __interceptor_malloc(size) : __libc_malloc(size);
	blocks += new != NULL;
	return new;
}

void *
calloc(size_t n, size_t size)
{
	void *new;

	if (is_refused())
		return NULL;
	new = __interceptor_calloc != NULL ? __interceptor_calloc(n, size) : __libc_calloc(n, size);
	blocks += new != NULL;
	return new;
}

void *
realloc(void *old, size_t size)
{
	void *new;

	if (is_refused())
		return NULL;
	new = __interceptor_realloc != NULL ? __interceptor_realloc(old, size)
					    : __libc_realloc(old, size);
	blocks += (new != NULL) - (old != NULL && (new != NULL || size == 0));
	return new;
}

void
free(void *old)
{
	int error = errno;

	blocks -= old != NULL;
	if (__interceptor_free != NULL)
		__interceptor_free(old);
	else
		__libc_free(old);
	errno = error;
}

/* ---- steps --------------------------------------------------------------------------------- */

/* So many more descriptors, and then EMFILE; a negative number: as many as before. */
static int
leave_room(int n)
{
	static rlim_t before;
	struct rlimit limit;
	int lowest;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 0;
	if (before == 0)
		before = limit.rlim_cur;
	limit.rlim_cur = before;
	if (n >= 0) {
		lowest = dup(STDERR_FILENO);
		if (lowest < 0 || close(lowest) < 0)
			return 0;
		limit.rlim_cur = (rlim_t)lowest + (rlim_t)n;
	}
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static void
nothing(int signal)
{
	(void)signal;
}

static void
lend_0(int signal)
{
	int error = errno;

	(void)signal;
	(void)close(STDIN_FILENO);
	errno = error;
}

static int
handle(void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	return sigaction(SIGUSR1, &action, NULL) == 0;
}

/* The texts are overwritten behind the call: who keeps pointers has garbage. */
static void
init(struct step *step)
{
	said->result = lm_init(&set, step->dir, step->name);
	said->error = errno;
	memset(step->dir, '?', sizeof step->dir - 1);
	memset(step->name, '?', sizeof step->name - 1);
}

static void
stat_lock(const char *name)
{
	said->result = lm_stat(&set, name, &holder);
	said->error = errno;
	said->len = holder.len;
	snprintf(said->holder, sizeof said->holder, "%s", holder.s == NULL ? "(null)" : holder.s);
}

/* A child that has all descriptors that its parent has, and does nothing as long as that lives. */
static int
leave_child(void)
{
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return child > 0;
}

/* Of somebody else's failure, long ago: it means nothing. */
static int old_error = EINTR;

static void
take_step(struct step *step)
{
	const char *verb = step->verb;

	errno = old_error;
	said->error = 0;
	if (strcmp(verb, "init") == 0) {
		init(step);
		return;
	}
	if (strcmp(verb, "stat") == 0) {
		stat_lock(step->name);
		return;
	}
	if (strcmp(verb, "free") == 0) {
		errno = 77;
		lm_free(&set);
		said->result = 1;
		said->len = set.session == NULL;
	} else if (strcmp(verb, "lock") == 0)
		said->result = lm_lock(&set, step->name);
	else if (strcmp(verb, "try") == 0)
		said->result = lm_nonblocking_lock(&set, step->name);
	else if (strcmp(verb, "release") == 0)
		said->result = lm_release(&set, step->name);
	else if (strcmp(verb, "child") == 0)
		said->result = leave_child();
	else if (strcmp(verb, "busy") ==
		 0) { /* before each later step something has failed with it */
		old_error = EBUSY;
		said->result = 1;
	} else if (strcmp(verb, "handle") == 0)
		said->result = handle(nothing);
	else if (strcmp(verb, "lend") == 0) /* descriptor 0 is free after the next signal */
		said->result = handle(lend_0);
	else if (strcmp(verb, "room") == 0)
		said->result = leave_room((int)strtol(step->name, NULL, 10));
	said->error = errno;
}

/* "starve K" is about the step that follows. */
static void
take_counted(struct step *step)
{
	if (strcmp(step->verb, "starve") == 0) {
		str_free(&holder);
		until_starving = (int)strtol(step->name, NULL, 10);
		said->result = 1;
		return;
	}
	starved = allocations = 0;
	take_step(step);
	until_starving = 0;
	said->starved = starved;
	said->allocations = allocations;
	said->blocks = blocks;
}

static _Noreturn void
serve_steps(int from)
{
	struct step step;

	while (read(from, &step, sizeof step) == (ssize_t)sizeof step) {
		take_counted(&step);
		said->done++;
		if (write(STDOUT_FILENO, ".", 1) < 0) /* wakes the judge; what counts is done */
			break;
	}
	_exit(0);
}

/* "session I": a process that waits for steps. */
static void
do_session(void)
{
	int i = (int)request_int(1) % SESSIONS + 1, ends[2];
	pid_t child;

	if (pipe(ends) < 0)
		return;
	said[i] = (struct said){0};
	child = fork();
	if (child == 0) {
		close(ends[1]);
		for (int k = 1; k <= SESSIONS; k++)
			if (pipes[k] > 0)
				close(pipes[k]);
		said += i;
		serve_steps(ends[0]);
	}
	close(ends[0]);
	if (pipes[i] > 0)
		close(pipes[i]);
	pipes[i] = ends[1];
	answer_put_int("pid", child);
}

static struct step
asked_for(int at)
{
	struct step step = {0};

	snprintf(step.verb, sizeof step.verb, "%s", request_word(at));
	snprintf(step.name, sizeof step.name, "%s", request_word(at + 1));
	snprintf(step.dir, sizeof step.dir, "%s", request_word(at + 2));
	return step;
}

/* "do I VERB NAME DIR": hands a step on; answers at once. */
static void
do_step(void)
{
	struct step step = asked_for(2);
	int i = (int)request_int(1) % SESSIONS + 1;

	answer_put_int("result", write(pipes[i], &step, sizeof step) == (ssize_t)sizeof step);
}

static void
answer_said(const struct said *s)
{
	answer_put_int("done", s->done);
	answer_put_int("result", s->result);
	answer_put_int("errno", s->error);
	answer_put_int("starved", s->starved);
	answer_put_int("allocations", s->allocations);
	answer_put_int("blocks", s->blocks);
	answer_put_int("len", (long long)s->len);
	answer_put_text("holder", s->holder);
}

/* "said I" */
static void
do_said(void)
{
	answer_said(&said[request_int(1) % SESSIONS + 1]);
}

/* "here VERB NAME DIR": the first process takes the step itself. */
static void
do_here(void)
{
	struct step step = asked_for(1);

	take_step(&step);
	answer_said(said);
}

/* "file PATH": what the kernel says about it. */
static void
do_file(void)
{
	struct stat st;

	errno = 0;
	if (lstat(request_word(1), &st) == 0) {
		answer_put_int("inode", (long long)st.st_ino);
		answer_put_int("links", (long long)st.st_nlink);
		answer_put_int("regular", S_ISREG(st.st_mode));
	} else {
		answer_put_int("inode", 0);
	}
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "text PATH": the beginning of what a reader of this file finds, links followed. */
static void
do_text(void)
{
	static char text[WORD_ROOM];
	int file = open(request_word(1), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = file < 0 ? -1 : read(file, text, sizeof text - 1);

	text[n < 0 ? 0 : n] = '\0';
	if (file >= 0)
		close(file);
	answer_put_text("text", text);
}

/* "chmod PATH MODE" */
static void
do_chmod(void)
{
	answer_put_int("result", chmod(request_word(1), (mode_t)request_int(2)));
}

/* "unlink PATH" */
static void
do_unlink(void)
{
	answer_put_int("result", unlink(request_word(1)));
}

/* "list DIR": its names, in order, without "." and "..". */
static void
do_list(void)
{
	static char names[200][300], all[4000];
	char *sorted[200];
	DIR *dir = opendir(request_word(1));
	const struct dirent *entry;
	size_t n = 0;

	all[0] = '\0';
	while (dir != NULL && n < 200 && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
			sorted[n] = names[n];
			snprintf(names[n++], sizeof names[0], "%s", entry->d_name);
		}
	if (dir != NULL)
		closedir(dir);
	qsort(sorted, n, sizeof *sorted, by_name);
	for (size_t i = 0; i < n && strlen(all) + strlen(sorted[i]) + 2 < sizeof all; i++)
		strcat(strcat(all, i > 0 ? " " : ""), sorted[i]);
	answer_put_text("names", all);
}

/* "mkdir PATH" */
static void
do_mkdir(void)
{
	answer_put_int("result", mkdir(request_word(1), 0777));
}

/* "mkfifo PATH" */
static void
do_mkfifo(void)
{
	answer_put_int("result", mkfifo(request_word(1), 0666));
}

/* "drop": what lm_stat() has used in this process is given back. */
static void
do_drop(void)
{
	str_free(&holder);
	answer_put_int("result", 1);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"session", do_session},
	    {"do", do_step},
	    {"said", do_said},
	    {"here", do_here},
	    {"file", do_file},
	    {"text", do_text},
	    {"chmod", do_chmod},
	    {"unlink", do_unlink},
	    {"list", do_list},
	    {"mkdir", do_mkdir},
	    {"mkfifo", do_mkfifo},
	    {"drop", do_drop},
	    {0},
	};

	said = mmap(NULL, (SESSIONS + 1) * sizeof *said, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (said == MAP_FAILED)
		return 1;
	return probe_serve(verbs);
}
