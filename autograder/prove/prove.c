/*
 * prove.c - grades the grader: build/prove [OPTION]... [LAB]...
 *
 * Every lab's solution, skeleton, alternatives and mistakes are graded as any
 * submission is, and compared with what must become of them; with options also
 * what single functions earn, what sanitizers find in the right answers,
 * machine-made mutants, and the same again and again on busy machines. Prints TAP, and at the end
 * one line of figures.
 *
 * Exit status: 0 when everything was as it must be, 1 when not, 2 for wrong
 * usage, 3 when the grader itself failed somewhere, 128 + N after signal N.
 */
#define _GNU_SOURCE
#include "../src/base/files.h"
#include "../src/base/messages.h"
#include "../src/sandbox/sandbox.h"
#include "figures.h"
#include "page.h"
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static const char usage[] =
    "usage: build/prove [OPTION]... [LAB]...\n"
    "  -j N               so many gradings at a time\n"
    "  --named            judge wrong answers only by the checks that they name: quicker\n"
    "  --without-memory   judge wrong answers without valgrind, if they do not name it\n"
    "  --every N          of N wrong answers in a row only one, drawn by the seed\n"
    "  --parts            also what each function earns alone\n"
    "  --sanitized        also the right answers with sanitizers, in every check\n"
    "  --mutants          also the mutants of the solution (needs build/mutate)\n"
    "  --repeat N         also each answer N times, on a quiet and on busy machines (stress-ng)\n"
    "  --out DIR          remember what was proved in DIR, go on from there, write a page\n"
    "  --seed N           what inputs are drawn from\n"
    "  --case NAME        only this answer, whatever --every draws\n"
    "  --mutant ID        only this mutant\n"
    "  --under LOAD       while the machine is kept busy: cpu, fork, disk or memory\n";

static _Noreturn void
bad_usage(const char *what, const char *word)
{
	fprintf(stderr, "prove: \"%s\" is no %s\n%s", word, what, usage);
	exit(2);
}

static uint64_t
number_or_die(const char *text, uint64_t least)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || n < least)
		bad_usage("number that fits here", text);
	return n;
}

static enum condition
condition_or_die(const char *name)
{
	for (enum condition c = 0; c < CONDITIONS; c++)
		if (strcmp(name, condition_name(c)) == 0)
			return c;
	bad_usage("load", name);
}

static void
take_option(struct proof_way *w, int option)
{
	switch (option) {
	case 'j':
		w->jobs = (unsigned)number_or_die(optarg, 1);
		break;
	case 'd':
		w->named = true;
		break;
	case 'v':
		w->without_memory = true;
		break;
	case 'e':
		w->every = (unsigned)number_or_die(optarg, 1);
		break;
	case 'p':
		w->parts = true;
		break;
	case 'z':
		w->sanitized = true;
		break;
	case 'm':
		w->mutants = true;
		break;
	case 'i':
		w->mutants = true;
		w->mutant = optarg;
		break;
	case 'n':
		w->repeat = (unsigned)number_or_die(optarg, 0);
		break;
	case 'o':
		w->out = optarg;
		break;
	case 's':
		w->seed = number_or_die(optarg, 0);
		break;
	case 'c':
		w->only = optarg;
		break;
	case 'u':
		w->under = condition_or_die(optarg);
		break;
	default:
		fputs(usage, stderr);
		exit(2);
	}
}

static void
read_options(struct proof_way *w, int argc, char *argv[])
{
	static const struct option options[] = {{"jobs", required_argument, NULL, 'j'},
	    {"named", no_argument, NULL, 'd'}, {"without-memory", no_argument, NULL, 'v'},
	    {"every", required_argument, NULL, 'e'}, {"parts", no_argument, NULL, 'p'},
	    {"sanitized", no_argument, NULL, 'z'}, {"mutants", no_argument, NULL, 'm'},
	    {"mutant", required_argument, NULL, 'i'}, {"repeat", required_argument, NULL, 'n'},
	    {"out", required_argument, NULL, 'o'}, {"seed", required_argument, NULL, 's'},
	    {"case", required_argument, NULL, 'c'}, {"under", required_argument, NULL, 'u'},
	    {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "j:", options, NULL)) != -1)
		take_option(w, c);
	if (w->out != NULL && (w->only != NULL || w->mutant != NULL || w->every > 1)) {
		fprintf(stderr, "prove: --out keeps whole proofs, not some answers\n");
		exit(2);
	}
	if (w->mutant != NULL && w->only == NULL)
		w->only = "solution";
}

static char *
find_root(void)
{
	char self[4096], *slash;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n <= 0)
		return NULL;
	self[n] = '\0';
	for (int up = 0; up < 2; up++)
		if ((slash = strrchr(self, '/')) != NULL)
			*slash = '\0';
	return strdup(self);
}

/* The full names of the labs named, or of all. Returns 0, or -1 after a sentence. */
static int
find_labs(const char *root, char *const named[], struct strings *labs)
{
	if (*named == NULL)
		return lab_list(root, labs);
	for (; *named != NULL; named++) {
		char *name = lab_find(root, *named);

		if (name == NULL) {
			fprintf(stderr, "prove: there is no lab \"%s\"\n", *named);
			return -1;
		}
		if (strings_add(labs, name) < 0)
			return -1;
		free(name);
	}
	return 0;
}

/* A proof of nothing would be a proof: whoever asked for an answer by name has to hear of it. */
static int
no_such_answer(const struct proof_way *w)
{
	fprintf(stderr,
	    "prove: no answer of these labs is called \"%s\"; names are solution, skeleton, empty "
	    "and those in labs/NN-name/mistakes and alternatives\n",
	    w->only);
	return 2;
}

/* Returns the exit status. */
static int
prove_all(const struct proof_way *w, const struct strings *labs)
{
	struct figures figures = {0};
	uint64_t seed = w->seed;
	unsigned item = 0;
	size_t answers = 0;
	int stopped = 0;

	for (size_t i = 0; i < labs->n; i++) {
		struct proof *p = proof_make(w, labs->at[i], &item, &stopped);

		if (p == NULL)
			return stopped > 0 ? 128 + stopped : 3;
		figures_add(&figures, p);
		answers += p->cases.n;
		if (i == 0)
			seed = journal_seed(p->journal); /* an old journal goes on with its own */
		if (w->out != NULL && page_add(w->out, p) < 0) {
			perror("prove: the page's part about this lab");
			return 3;
		}
		proof_free(p);
	}
	if (w->only != NULL && answers == 0)
		return no_such_answer(w);
	printf("1..%u\n", item);
	if (w->out != NULL && page_make(w->root, w->out) < 0) {
		perror("prove: the page");
		return 3;
	}
	figures_print(&figures, seed, stdout);
	return figures_exit_status(&figures);
}

/*
 * A directory for everything temporary. What a proof leaves that was killed,
 * the next one sweeps.
 */
static char *
make_work(void)
{
	char *work = stage_create();

	if (work != NULL && setenv("TMPDIR", work, 1) == 0)
		return work;
	stage_remove(work);
	free(work);
	return NULL;
}

int
main(int argc, char *argv[])
{
	struct proof_way w = {.jobs = 2, .root = find_root()};
	struct strings labs = {0};
	char *work;
	int status = 3;

	if (getrandom(&w.seed, sizeof w.seed, 0) != (ssize_t)sizeof w.seed)
		w.seed = (uint64_t)getpid();
	w.seed >>= 33; /* short enough to type again */
	read_options(&w, argc, argv);
	work = make_work();
	if (work == NULL || w.root == NULL || messages_init(w.root, "en") < 0 ||
	    (w.out != NULL && make_path(w.out, 0755) < 0)) {
		perror("prove");
		return 3;
	}
	w.work = work;
	if (find_labs(w.root, argv + optind, &labs) == 0)
		status = prove_all(&w, &labs);
	strings_free(&labs);
	stage_remove(work);
	free(work);
	return status;
}
