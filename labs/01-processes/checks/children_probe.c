/*
 * children_probe.c - calls run_children for the judge.
 *
 * The request "run" has two words: how many children, and for each a deed, all
 * with a blank between them. A deed says what the child's job does before it
 * returns the number that follows the letter:
 *
 *	x7   returns 7 at once
 *	n7   writes "INDEX PID" and a newline to standard output, returns 7
 *	i7   reads one byte from standard input, or its end, and returns 7
 *	s7   stops itself; once continued, returns 7
 *	k15  does not return: kills itself with signal 15
 *	p0   does not return: sleeps until a signal ends it
 *
 * The answer holds result and errno, status[0] ... and what is left: 1 when
 * the caller still has a child of any kind afterwards. "run-starved" is the
 * same in a process that gets no more memory.
 */
#include "children.h"
#include "probe.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_CHILDREN = 64, NOT_SET = -2 };

struct deed {
	char what;
	int value;
};

static pid_t me; /* the process that serves requests */
static struct deed deeds[MAX_CHILDREN];
static pid_t bystander;

/* What one child does. Its index and its context come through the student's function. */
static int
do_deed(size_t index, void *context)
{
	const struct deed *deed = (const struct deed *)context + index;
	char byte;

	switch (deed->what) {
	case 'n':
		dprintf(STDOUT_FILENO, "%zu %ld\n", index, (long)getpid());
		break;
	case 'i':
		while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
			;
		break;
	case 's':
		raise(SIGSTOP);
		break;
	case 'k':
		raise(deed->value);
		break;
	case 'p':
		for (;;)
			pause();
	}
	return deed->value;
}

/*
 * A child that comes back from run_children says so, and then ends with the
 * status that it should have ended with: one mistake, one check that sees it.
 */
static void
child_came_back(int result)
{
	static const char text[] = "a child came back\n";

	if (write(STDOUT_FILENO, text, sizeof text - 1) < 0)
		_exit(1);
	_exit(result);
}

static int
any_child_left(void)
{
	siginfo_t unused;

	return waitid(P_ALL, 0, &unused, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static struct deed
read_deed(const char *word)
{
	if (word[0] == '\0')
		return (struct deed){0};
	return (struct deed){word[0], (int)strtol(word + 1, NULL, 10)};
}

static void
read_deeds(size_t n, const char *words)
{
	for (size_t i = 0; i < n; i++) {
		deeds[i] = read_deed(words);
		words += strcspn(words, " ");
		words += strspn(words, " ");
	}
}

static void
serve_run(void)
{
	int status[MAX_CHILDREN];
	size_t n = (size_t)request_int(1);
	int result, error;

	if (n > MAX_CHILDREN)
		return;
	read_deeds(n, request_word(2));
	for (size_t i = 0; i < n; i++)
		status[i] = NOT_SET;
	errno = 0;
	result = run_children(n, do_deed, deeds, status);
	error = errno;
	if (getpid() != me)
		child_came_back(result);
	answer_put_int("result", result);
	answer_put_int("errno", error);
	for (size_t i = 0; i < n; i++)
		answer_put_at("status", i, status[i]);
	answer_put_int("left", any_child_left());
}

/* ---- without memory ---------------------------------------------------------- */

struct block {
	struct block *next;
};

/* The stack counts as memory as well: what a student needs of it is here from now on. */
static void
deepen_stack(void)
{
	volatile char deep[128 * 1024];

	for (size_t i = 0; i < sizeof deep; i += 1024)
		deep[i] = 0;
}

/* Takes all that malloc can still give, down to the smallest piece. */
static struct block *
take_all(void)
{
	struct block *taken = NULL, *more;

	for (size_t size = (size_t)1 << 20; size >= sizeof *more; size /= 2) {
		while ((more = malloc(size)) != NULL) {
			more->next = taken;
			taken = more;
		}
	}
	return taken;
}

static void
give_back(struct block *taken)
{
	while (taken != NULL) {
		struct block *next = taken->next;

		free(taken);
		taken = next;
	}
}

static void
serve_run_starved(void)
{
	struct rlimit before, none;
	struct block *taken;

	if (getrlimit(RLIMIT_AS, &before) < 0)
		return;
	none = (struct rlimit){.rlim_cur = 0, .rlim_max = before.rlim_max};
	deepen_stack();
	if (setrlimit(RLIMIT_AS, &none) < 0)
		return;
	taken = take_all();
	serve_run();
	give_back(taken);
	setrlimit(RLIMIT_AS, &before);
}

/* "bystander x7" has ended with 7 and waits to be waited for; "bystander p0" lives on. */
static void
serve_bystander(void)
{
	struct deed deed = read_deed(request_word(1));
	siginfo_t unused;

	bystander = fork();
	if (bystander == 0)
		_exit(do_deed(0, &deed));
	if (deed.what == 'x')
		waitid(P_PID, (id_t)bystander, &unused, WEXITED | WNOWAIT);
	answer_put_int("pid", bystander);
}

/* Takes the bystander's status, if nobody else has. */
static void
serve_collect(void)
{
	int status = NOT_SET;
	pid_t taken = waitpid(bystander, &status, WNOHANG);

	answer_put_int("taken", taken == bystander);
	answer_put_int("status", status);
}

static void
note_signal(int signal)
{
	(void)signal;
}

/* From now on SIGUSR1 interrupts whatever this process waits in. */
static void
serve_handle(void)
{
	struct sigaction action = {.sa_handler = note_signal};

	answer_put_int("result", sigaction(SIGUSR1, &action, NULL));
}

static void
reap_one(int signal)
{
	int error = errno;

	(void)signal;
	waitpid(-1, NULL, WNOHANG);
	errno = error;
}

/* From now on the first child that ends is taken by a handler, if nobody else was faster. */
static void
serve_reap(void)
{
	struct sigaction action = {.sa_handler = reap_one, .sa_flags = (int)SA_RESETHAND};

	answer_put_int("result", sigaction(SIGCHLD, &action, NULL));
}

static void
at_exit(void)
{
	static const char text[] = "atexit function in a child\n";

	if (getpid() != me && write(STDOUT_FILENO, text, sizeof text - 1) < 0)
		_exit(1);
}

/* Leaves text in the buffer of standard output, and an atexit function behind. */
static void
serve_print(void)
{
	fputs(request_word(1), stdout);
	answer_put_int("result", atexit(at_exit));
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"run", serve_run},
	    {"run-starved", serve_run_starved},
	    {"reap", serve_reap},
	    {"bystander", serve_bystander},
	    {"collect", serve_collect},
	    {"handle", serve_handle},
	    {"print", serve_print},
	    {0},
	};

	me = getpid();
	return probe_serve(verbs);
}
