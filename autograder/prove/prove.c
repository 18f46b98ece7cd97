/*
 * prove.c - grades the grader: build/prove [OPTION]... [LAB]...
 *
 * Every lab's solution, skeleton, alternatives and mistakes are graded as any
 * submission is, as often as asked, each time with another seed, and compared
 * with what must become of them. Prints TAP, one item for each case, and at
 * the end one line of figures.
 *
 * Exit status: 0 when everything was as it must be, 1 when not, 2 for wrong
 * usage, 3 when the grader itself failed somewhere.
 */
#define _GNU_SOURCE
#include "cases.h"

#include "../src/base/files.h"
#include "../src/base/messages.h"
#include "../src/base/text.h"
#include "../src/class/workers.h"
#include "../src/cli/grade_one.h"
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

struct figures {
	unsigned labs, cases[CASE_KINDS], fair[CASE_KINDS];
	unsigned caught, by_named, hints; /* of the mistakes */
	unsigned runs, deviations, faults;
};

struct proof {
	const char *root, *work;
	unsigned repeat, jobs, item;
	uint64_t seed;
	const char *only; /* name of one case, or NULL */
	const struct lab *lab;
	struct cases cases;
	struct figures figures;
};

/* ---- one grading, in a worker -------------------------------------------------------------- */

static char *
result_path(const struct proof *p, size_t i)
{
	return text_format("%s/%zu.json", p->work, i);
}

static int
grade_case(size_t i, void *with)
{
	const struct proof *p = with;
	const struct proof_case *c = &p->cases.at[i / p->repeat];
	struct grading g = {.root = p->root,
	    .lab = p->lab,
	    .submission = c->directory,
	    .seed = p->seed + i % p->repeat};
	struct result *r;
	json_t *document;
	char *path = result_path(p, i);
	int failed;

	if (c->directory == NULL)
		return 0;
	r = grade_one(&g);
	document = r == NULL ? NULL : result_to_json(r);
	failed = path == NULL || document == NULL || json_dump_file(document, path, 0) < 0;
	json_decref(document);
	result_free(r);
	free(path);
	return failed ? 3 : 0;
}

static bool
go_on(size_t i, int status, void *with)
{
	(void)i;
	(void)status;
	(void)with;
	return true;
}

/* ---- what it showed ------------------------------------------------------------------------- */

static struct result *
read_result(const struct proof *p, size_t i)
{
	char *path = result_path(p, i);
	json_t *document = path == NULL ? NULL : json_load_file(path, 0, NULL);
	struct result *r = document == NULL ? NULL : result_from_json(document);

	json_decref(document);
	free(path);
	return r;
}

/* Lines of another program's words, as TAP's diagnostics. */
static void
print_comment(const char *words)
{
	for (const char *line = words; *line != '\0';) {
		size_t n = strcspn(line, "\n");

		printf("#   %.*s\n", (int)n, line);
		line += n + (line[n] == '\n');
	}
}

/* All runs of one case; a case is fair when every run was. */
static struct finding
judge_runs(struct proof *p, size_t which, FILE *words)
{
	const struct proof_case *c = &p->cases.at[which];
	struct finding all = {true, true, true, true, false};

	for (unsigned k = 0; k < p->repeat; k++) {
		struct result *r = read_result(p, which * p->repeat + k);
		struct finding f = {.grader_fault = true};

		p->figures.runs++;
		if (r == NULL)
			fprintf(words, "the grading left no result\n");
		else
			f = case_judge(c, r, words);
		if (!f.fair) {
			p->figures.deviations++;
			fprintf(words, "again: build/prove --seed %" PRIu64 " --case %s %s\n",
			    p->seed + k, c->name, p->lab->name);
		}
		all.fair = all.fair && f.fair;
		all.caught = all.caught && f.caught;
		all.by_named = all.by_named && f.by_named;
		all.hint_right = all.hint_right && f.hint_right;
		all.grader_fault = all.grader_fault || f.grader_fault;
		result_free(r);
	}
	return all;
}

static void
count(struct figures *n, const struct proof_case *c, const struct finding *f)
{
	n->cases[c->kind]++;
	n->fair[c->kind] += f->fair;
	n->faults += f->grader_fault;
	if (c->kind == CASE_MISTAKE) {
		n->caught += f->caught;
		n->by_named += f->by_named;
		n->hints += f->hint_right;
	}
}

static void
print_case(struct proof *p, size_t which)
{
	const struct proof_case *c = &p->cases.at[which];
	struct finding f = {0};
	char *words = NULL;
	size_t n;
	FILE *stream = open_memstream(&words, &n);

	if (stream == NULL) {
		perror("prove");
		exit(3);
	}
	if (c->directory == NULL)
		fprintf(stream, "%s\n", c->trouble == NULL ? "out of memory" : c->trouble);
	else
		f = judge_runs(p, which, stream);
	fclose(stream);
	count(&p->figures, c, &f);
	printf("%sok %u - %s: %s %s%s%s\n", f.fair ? "" : "not ", ++p->item, p->lab->name,
	    case_kind_name(c->kind), c->name, c->kind == CASE_MISTAKE ? ", caught by " : "",
	    c->kind != CASE_MISTAKE        ? ""
	    : c->mistake.caught_by == NULL ? "?"
					   : c->mistake.caught_by);
	if (!f.fair)
		print_comment(words);
	fflush(stdout);
	free(words);
}

/* ---- a lab ------------------------------------------------------------------------------------
 */

static void
keep_only(struct cases *cases, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < cases->n; i++) {
		struct proof_case c = cases->at[i];

		if (strcmp(c.name, name) != 0)
			continue;
		cases->at[i] = cases->at[kept];
		cases->at[kept++] = c;
	}
	cases->n = kept; /* those left out are freed with the process */
}

static int
prove_lab(struct proof *p, const char *name)
{
	char *directory = join_path(p->root, "labs", name, NULL);
	struct lab *lab = directory == NULL ? NULL : lab_load(directory, stderr);
	struct workers workers = {
	    .jobs = p->jobs, .temporary = p->work, .work = grade_case, .done = go_on, .with = p};
	char *cases_directory = join_path(p->work, name, NULL);
	int stopped;

	free(directory);
	if (lab == NULL || cases_directory == NULL)
		return -1;
	p->lab = lab;
	if (messages_add_domain(p->root, name) < 0 ||
	    cases_make(p->root, lab, cases_directory, &p->cases) < 0) {
		fprintf(stderr, "prove: %s: %s\n", name, strerror(errno));
		return -1;
	}
	if (p->only != NULL)
		keep_only(&p->cases, p->only);
	workers.n = p->cases.n * p->repeat;
	stopped = workers_run(&workers);
	for (size_t i = 0; i < p->cases.n && stopped == 0; i++)
		print_case(p, i);
	p->figures.labs++;
	cases_free(&p->cases);
	remove_tree(cases_directory);
	free(cases_directory);
	lab_free(lab);
	return stopped;
}

static void
print_figures(const struct proof *p)
{
	const struct figures *f = &p->figures;

	printf("1..%u\n", p->item);
	printf(
	    "# %u labs: solutions %u/%u, skeletons and empty files at 0: %u/%u, alternatives "
	    "%u/%u, "
	    "mistakes caught %u/%u (by the named check %u, with the named hint %u, losing no other "
	    "points %u), runs %u, deviations %u, grader faults %u, seed %" PRIu64 "\n",
	    f->labs, f->fair[CASE_SOLUTION], f->cases[CASE_SOLUTION],
	    f->fair[CASE_SKELETON] + f->fair[CASE_EMPTY],
	    f->cases[CASE_SKELETON] + f->cases[CASE_EMPTY], f->fair[CASE_ALTERNATIVE],
	    f->cases[CASE_ALTERNATIVE], f->caught, f->cases[CASE_MISTAKE], f->by_named, f->hints,
	    f->fair[CASE_MISTAKE], f->runs, f->deviations, f->faults, p->seed);
}

/* ---- the command --------------------------------------------------------------------------------
 */

static const char usage[] =
    "usage: build/prove [--repeat N] [-j N] [--seed N] [--case NAME] [LAB]...\n";

static uint64_t
number_or_die(const char *text, uint64_t least)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || n < least) {
		fprintf(stderr, "prove: \"%s\" is no number that fits here\n%s", text, usage);
		exit(2);
	}
	return n;
}

static void
read_options(struct proof *p, int argc, char *argv[])
{
	static const struct option options[] = {{"repeat", required_argument, NULL, 'n'},
	    {"seed", required_argument, NULL, 's'}, {"case", required_argument, NULL, 'c'},
	    {"jobs", required_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "j:", options, NULL)) != -1) {
		switch (c) {
		case 'n':
			p->repeat = (unsigned)number_or_die(optarg, 1);
			break;
		case 's':
			p->seed = number_or_die(optarg, 0);
			break;
		case 'c':
			p->only = optarg;
			break;
		case 'j':
			p->jobs = (unsigned)number_or_die(optarg, 1);
			break;
		default:
			fputs(usage, stderr);
			exit(2);
		}
	}
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

/* Every lab named, or all. Returns what the first failing one returned. */
static int
prove_all(struct proof *p, char *const named[])
{
	struct strings labs = {0};
	int result = 0;

	if (named[0] == NULL && lab_list(p->root, &labs) < 0)
		return -1;
	for (size_t i = 0; i < labs.n && result == 0; i++)
		result = prove_lab(p, labs.at[i]);
	for (; *named != NULL && result == 0; named++) {
		char *name = lab_find(p->root, *named);

		if (name == NULL) {
			fprintf(stderr, "prove: there is no lab \"%s\"\n", *named);
			return -1;
		}
		result = prove_lab(p, name);
		free(name);
	}
	strings_free(&labs);
	return result;
}

static int
exit_status(const struct figures *f)
{
	unsigned cases = 0, fair = 0;

	for (int k = 0; k < CASE_KINDS; k++) {
		cases += f->cases[k];
		fair += f->fair[k];
	}
	if (f->faults > 0)
		return 3;
	return cases == fair && cases > 0 ? 0 : 1;
}

int
main(int argc, char *argv[])
{
	struct proof p = {.repeat = 1, .jobs = 2, .root = find_root()};
	char *work = NULL;
	int stopped;

	if (getrandom(&p.seed, sizeof p.seed, 0) != (ssize_t)sizeof p.seed)
		p.seed = (uint64_t)getpid();
	p.seed >>= 33; /* short enough to type again */
	read_options(&p, argc, argv);
	if (p.root == NULL || messages_init(p.root, "en") < 0 ||
	    (work = text_format("%s/gabel-prove.XXXXXX",
		 getenv("TMPDIR") == NULL ? "/tmp" : getenv("TMPDIR"))) == NULL ||
	    mkdtemp(work) == NULL || chmod(work, 0711) < 0) { /* sandboxes read what lies below */
		perror("prove");
		return 3;
	}
	p.work = work;
	stopped = prove_all(&p, argv + optind);
	remove_tree(work);
	free(work);
	if (stopped != 0)
		return stopped > 0 ? 128 + stopped : 3;
	print_figures(&p);
	return exit_status(&p.figures);
}
