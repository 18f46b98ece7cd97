/*
 * When memory runs out: the k-th allocation fails, for every k, until the work
 * succeeds. Each time it must either succeed whole or say ENOMEM: never crash,
 * never blame an author or a student, never leave half of the work behind, in
 * the file system or in memory.
 */
#define _GNU_SOURCE
#include "../src/base/files.h"
#include "../src/base/messages.h"
#include "../src/base/text.h"
#include "../src/intake/intake.h"
#include "../src/lab/lab.h"
#include "../src/lab/new_lab.h"
#include "../src/lab/strings.h"
#include "../src/lab/validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__

/* The sanitizer has an allocator of its own that cannot be replaced. */
int
main(void)
{
	puts("1..1\nok 1 - no memory # skip the address sanitizer keeps its allocator");
	return 0;
}

#else

/* ---- an allocator that fails once ---------------------------------------------------- */

/* The allocator behind malloc() and its like; glibc lets a program define those itself. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t n);
void __libc_free(void *old);

/* How many allocations until one fails; 0: none does. */
static long left;

/* How many blocks are in use. */
static long in_use;

/* Whose code asked for the block that it did not get. */
static const void *failed_for;

static bool
fails(const void *caller)
{
	if (left == 0 || --left > 0)
		return false;
	failed_for = caller;
	errno = ENOMEM;
	return true;
}

/* libyaml 0.2.5 loses blocks of its own when its own allocations fail. */
static bool
failed_in_libyaml(void)
{
	Dl_info info;

	return dladdr(failed_for, &info) && strstr(info.dli_fname, "libyaml");
}

void *
malloc(size_t n)
{
	void *block = fails(__builtin_return_address(0)) ? NULL : __libc_malloc(n);

	in_use += block != NULL;
	return block;
}

void *
calloc(size_t n, size_t size)
{
	void *block = fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);

	in_use += block != NULL;
	return block;
}

void *
realloc(void *old, size_t n)
{
	void *block = fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, n);

	in_use += old == NULL && block != NULL;
	return block;
}

void
free(void *block)
{
	in_use -= block != NULL;
	__libc_free(block);
}

/* ---- every k ------------------------------------------------------------------------- */

struct place {
	char root[64];
	char *lab, *in, *out;
};

/* Does the work once. Returns 0 or -1 with errno; asserts nothing, since memory is short. */
typedef int some_work(const struct place *p);

/*
 * Fails the 1st, 2nd ... allocation of the work until it never comes to the
 * one that would fail. check looks at what is left after a failure; undo makes
 * room for the next time after a success.
 */
static void
for_every_allocation(const struct place *p, some_work *work, void (*check)(const struct place *p),
    void (*undo)(const struct place *p))
{
	bool reached = true;
	long before = 0, k;

	/* The first round, in which nothing fails, fills what the C library keeps for ever. */
	for (k = 0; reached; k++) {
		int result, error;

		left = k;
		errno = 0;
		result = work(p);
		error = errno;
		reached = left == 0;
		left = 0;
		if (result < 0 && error != ENOMEM)
			fail_msg("allocation %ld fails: errno is %s", k, strerrorname_np(error));
		if (k > 0 && in_use != before && !failed_in_libyaml())
			fail_msg("allocation %ld fails: %ld blocks are lost", k, in_use - before);
		if (result < 0 && check)
			check(p);
		if (result == 0 && undo)
			undo(p);
		before = in_use;
	}
	assert_true(k > 4); /* it did allocate */
}

/* The test lies in the build/tests of a kit. */
static int
link_kit(const char *root)
{
	char path[PATH_MAX], *source, *target;
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	int result;

	if (n < 0)
		return -1;
	path[n] = '\0';
	for (int i = 0; i < 3; i++)
		*strrchr(path, '/') = '\0';
	source = join_path(path, "autograder", NULL);
	target = join_path(root, "autograder", NULL);
	result = source && target ? symlink(source, target) : -1;
	free(source);
	free(target);
	return result;
}

/* A kit with the lab 14-mine, whose solution is the submission. */
static int
make_place(void **state)
{
	struct place *p = calloc(1, sizeof *p);
	FILE *nowhere = fopen("/dev/null", "w");
	int result = -1;

	if (p == NULL || nowhere == NULL)
		return -1;
	snprintf(p->root, sizeof p->root, "/tmp/gabel-memory.XXXXXX");
	if (mkdtemp(p->root) && link_kit(p->root) == 0)
		result = new_lab(p->root, "14-mine", nowhere);
	fclose(nowhere);
	p->lab = join_path(p->root, "labs/14-mine", NULL);
	p->in = join_path(p->root, "solutions/14-mine", NULL);
	p->out = join_path(p->root, "out", NULL);
	*state = p;
	return result < 0 ? -1 : make_path(p->out, 0755);
}

static int
remove_place(void **state)
{
	struct place *p = *state;
	int result = remove_tree(p->root);

	free(p->lab);
	free(p->in);
	free(p->out);
	free(p);
	return result;
}

/* ---- the works ---------------------------------------------------------------------------- */

static int
load(const struct place *p)
{
	struct lab *lab = lab_load(p->lab, NULL);
	int result = -1;

	if (lab == NULL)
		return -1;
	/* All of it, or a failure. */
	if (lab->n_checks == 3 && strcmp(lab->checks[2].id, "interrupted-read") == 0 &&
	    lab->contract.n == 1 && lab->programs[0].symbols.n == 1 && lab->max_points == 100)
		result = 0;
	errno = result < 0 ? EBADMSG : 0;
	lab_free(lab);
	return result;
}

static void
loading_a_lab(void **state)
{
	for_every_allocation(*state, load, NULL, NULL);
}

/* A lab.yaml with mistakes: EINVAL is right only when all of them were found. */
static int
load_bad(const struct place *p)
{
	static char said[4096];
	FILE *out;
	int error;

	said[0] = '\0';
	out = fmemopen(said, sizeof said, "w");
	if (out == NULL)
		return -1;
	setvbuf(out, NULL, _IONBF, 0);
	(void)lab_load(p->lab, out);
	error = errno;
	fclose(out);
	errno = error;
	if (error != EINVAL)
		return -1;
	errno = EBADMSG;
	return strstr(said, "did you mean 'contract'?") && strstr(said, "did you mean 'count'?") &&
		       strstr(said, "add up to 99")
		   ? 0
		   : -1;
}

static void
replace(const struct place *p, const char *old, const char *new)
{
	char *path = join_path(p->lab, "lab.yaml", NULL), *text = read_file(path, 1 << 20, NULL);
	char *at = strstr(text, old);
	struct text t = {0};

	assert_non_null(at);
	text_put_bytes(&t, text, (size_t)(at - text));
	text_put(&t, new);
	text_put(&t, at + strlen(old));
	assert_int_equal(write_file_atomic(path, text_string(&t), t.n, 0644), 0);
	text_free(&t);
	free(text);
	free(path);
}

static void
loading_a_lab_with_mistakes(void **state)
{
	replace(*state, "contract:", "contrakt:");
	replace(*state, "points: 40", "points: 39");
	replace(*state, "programs: [count]", "programs: [cuont]");
	for_every_allocation(*state, load_bad, NULL, NULL);
}

static int
list(const struct place *p)
{
	struct strings names;
	int result = lab_list(p->root, &names);

	if (result == 0 && names.n != 1) {
		errno = EBADMSG;
		result = -1;
	}
	if (result == 0)
		strings_free(&names);
	return result;
}

static void
listing_labs(void **state)
{
	for_every_allocation(*state, list, NULL, NULL);
}

static int
find(const struct place *p)
{
	char *found = lab_find(p->root, "14");

	free(found);
	return found ? 0 : -1;
}

static void
finding_a_lab(void **state)
{
	for_every_allocation(*state, find, NULL, NULL);
}

static int
validate(const struct place *p)
{
	FILE *nowhere = fopen("/dev/null", "w");
	int n, error;

	if (nowhere == NULL)
		return -1;
	n = lab_validate(p->root, "14-mine", nowhere);
	error = errno;
	fclose(nowhere);
	errno = n == 2 ? 0 : n < 0 ? error : EBADMSG;
	return n == 2 ? 0 : -1;
}

static void
validating_a_lab(void **state)
{
	for_every_allocation(*state, validate, NULL, NULL);
}

static int
strings(const struct place *p)
{
	FILE *nowhere = fopen("/dev/null", "w");
	int result, error;

	if (nowhere == NULL)
		return -1;
	result = lab_strings(p->root, "14-mine", nowhere, nowhere);
	error = errno;
	fclose(nowhere);
	errno = error;
	return result;
}

static void
writing_a_template(void **state)
{
	for_every_allocation(*state, strings, NULL, NULL);
}

/* ---- what is made, whole or not at all ------------------------------------------------------- */

/* Its complaints, hundreds of them, go nowhere. */
static int
make_another(const struct place *p)
{
	FILE *nowhere = fopen("/dev/null", "w");
	int screen = dup(2), result = -1, error;

	if (nowhere && screen >= 0 && dup2(fileno(nowhere), 2) == 2)
		result = new_lab(p->root, "15-more", nowhere);
	error = errno;
	dup2(screen, 2);
	close(screen);
	if (nowhere)
		fclose(nowhere);
	errno = error;
	return result;
}

static void
assert_no_other_lab(const struct place *p)
{
	static const char *const folders[] = {"labs", "solutions", "skeletons"};

	for (size_t i = 0; i < 3; i++) {
		char *path = join_path(p->root, folders[i], "15-more", NULL);

		assert_int_equal(access(path, F_OK), -1);
		free(path);
	}
}

static void
remove_other_lab(const struct place *p)
{
	static const char *const folders[] = {"labs", "solutions", "skeletons"};

	for (size_t i = 0; i < 3; i++) {
		char *path = join_path(p->root, folders[i], "15-more", NULL);

		assert_int_equal(remove_tree(path), 0);
		free(path);
	}
}

static void
making_a_lab(void **state)
{
	for_every_allocation(*state, make_another, assert_no_other_lab, remove_other_lab);
}

static int
take_in(const struct place *p)
{
	static char name[] = "count.c";
	char *names[] = {name};
	const struct strings files = {1, names};
	struct intake taken;
	char why[512];
	int result = intake(p->in, &files, NULL, p->out, &taken, why, sizeof why), error = errno;

	if (result == 0 && (taken.taken.n != 1 || taken.missing.n != 0)) {
		error = EBADMSG;
		result = -1;
	}
	intake_free(&taken);
	errno = error;
	return result;
}

static void
assert_nothing_taken(const struct place *p)
{
	struct strings names = {0};

	assert_int_equal(list_directory(p->out, &names.at, &names.n), 0);
	assert_int_equal(names.n, 0);
	strings_free(&names);
}

static void
remove_taken(const struct place *p)
{
	char *path = join_path(p->out, "count.c", NULL);

	assert_int_equal(unlink(path), 0);
	free(path);
}

static void
taking_a_submission_in(void **state)
{
	for_every_allocation(*state, take_in, assert_nothing_taken, remove_taken);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(loading_a_lab),
	    TEST(loading_a_lab_with_mistakes),
	    TEST(listing_labs),
	    TEST(finding_a_lab),
	    TEST(validating_a_lab),
	    TEST(writing_a_template),
	    TEST(making_a_lab),
	    TEST(taking_a_submission_in),
	};

	/* The C library looks for its own catalog once, and keeps what it found. */
	if (messages_init("/nonexistent", "en") < 0 || strerror(ENOMEM) == NULL)
		return 1;
	return cmocka_run_group_tests_name("no memory", tests, NULL, NULL);
}

#endif
