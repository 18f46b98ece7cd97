/* Growing strings, whole files and trees, messages in three languages. */
#define _GNU_SOURCE
#include "../src/base/files.h"
#include "../src/base/messages.h"
#include "../src/base/nearest.h"
#include "../src/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int
make_place(void **state)
{
	char *root = strdup("/tmp/gabel-base.XXXXXX");

	*state = root;
	return root == NULL || mkdtemp(root) == NULL ? -1 : 0;
}

static int
remove_place(void **state)
{
	int result = remove_tree(*state);

	free(*state);
	return result;
}

/* A path in the test's directory; freed at the next call. */
static const char *
in(void **state, const char *name)
{
	static char path[4096];

	snprintf(path, sizeof path, "%s/%s", (char *)*state, name);
	return path;
}

static void
write_text(void **state, const char *name, const char *text)
{
	assert_int_equal(write_file_atomic(in(state, name), text, strlen(text), 0644), 0);
}

static void
assert_holds(void **state, const char *name, const char *text)
{
	char *bytes = read_file(in(state, name), 1000, NULL);

	assert_non_null(bytes);
	assert_string_equal(bytes, text);
	free(bytes);
}

/* ---- text ----------------------------------------------------------------------------- */

static void
text_grows(void **state)
{
	struct text t = {0};
	char *whole;

	(void)state;
	assert_string_equal(text_string(&t), "");
	for (int i = 0; i < 1000; i++)
		text_printf(&t, "%d,", i % 10);
	assert_int_equal(t.n, 2000);
	assert_int_equal(strlen(text_string(&t)), 2000);
	whole = text_take(&t);
	assert_int_equal(strncmp(whole, "0,1,2,3,", 8), 0);
	assert_string_equal(text_string(&t), "");
	free(whole);
	whole = text_take(&t);
	assert_string_equal(whole, "");
	free(whole);
}

static void
lack_of_memory_is_remembered(void **state)
{
	struct text t = {0};

	(void)state;
	text_put(&t, "a");
	text_put_bytes(&t, "b", SIZE_MAX / 2);
	text_put(&t, "c");
	assert_true(text_failed(&t));
	assert_string_equal(text_string(&t), "a");
	errno = 0;
	assert_null(text_take(&t));
	assert_int_equal(errno, ENOMEM);
	assert_false(text_failed(&t));
}

static void
assert_name(const char *name, const char *shown)
{
	struct text t = {0};

	text_put_name(&t, name);
	assert_string_equal(text_string(&t), shown);
	text_free(&t);
}

static void
names_are_made_harmless(void **state)
{
	(void)state;
	assert_name("children.c", "children.c");
	assert_name("two words", "two words");
	assert_name("Übung Решение", "Übung Решение");
	assert_name("a\nb\tc\rd", "a\\nb\\tc\\rd");
	assert_name("\033[31m\x07\x7f", "\\x1b[31m\\x07\\x7f");
	assert_name("\xc2\x9b"
		    "31m",
	    "\\u009b31m"); /* the same escape in one character */
	assert_name("a\xe2\x80\xae"
		    "cod.c",
	    "a\\u202ecod.c");                           /* turns the line round */
	assert_name("a\xe2\x80\x8b", "a\\u200b");       /* nothing to see */
	assert_name("\xf3\xa0\x80\x81", "\\U000e0001"); /* a tag */
	assert_name("back\\slash", "back\\\\slash");
}

static void
bytes_that_are_not_utf8_are_shown(void **state)
{
	(void)state;
	assert_name("a\xff", "a\\xff");
	assert_name("\xc3", "\\xc3");                            /* cut off */
	assert_name("\xc0\xaf", "\\xc0\\xaf");                   /* overlong '/' */
	assert_name("\xe0\x80\xaf", "\\xe0\\x80\\xaf");          /* the same in three bytes */
	assert_name("\xed\xa0\x80", "\\xed\\xa0\\x80");          /* half of a pair */
	assert_name("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* beyond the last */
	assert_name("\xe2\x82x", "\\xe2\\x82x");
}

static void
foreign_text_keeps_its_lines(void **state)
{
	static const char said[] = "a.c:1: \"\\n\"\n\tint\033[0m\0x\x7f\xc2\x9b";
	struct text t = {0};

	(void)state;
	text_put_foreign(&t, said, sizeof said - 1);
	assert_string_equal(text_string(&t), "a.c:1: \"\\n\"\n\tint\\x1b[0m\\x00x\\x7f\\u009b");
	text_free(&t);
}

static void
sentences_end_at_a_character(void **state)
{
	char buffer[16];

	(void)state;
	for (size_t size = 1; size <= sizeof buffer; size++) {
		memset(buffer, '#', sizeof buffer);
		say(buffer, size, "a%s", "\xd0\xaf\xe2\x82\xac\xf0\x9f\x98\x80");
		assert_true(strlen(buffer) < size);
		assert_true(utf8_valid(buffer, strlen(buffer), NULL));
	}
	say(buffer, sizeof buffer, "a%s", "\xd0\xaf\xe2\x82\xac\xf0\x9f\x98\x80");
	assert_string_equal(buffer, "a\xd0\xaf\xe2\x82\xac\xf0\x9f\x98\x80");
}

static void
offending_byte_is_found(void **state)
{
	size_t where = 0;

	(void)state;
	assert_true(utf8_valid("\xd0\xaf", 2, &where));
	assert_false(utf8_valid("ab\xd0\xaf\xff", 5, &where));
	assert_int_equal(where, 4);
	assert_false(utf8_valid("ab\xd0", 3, &where));
	assert_int_equal(where, 2);
}

/* ---- did you mean ----------------------------------------------------------------------- */

static void
nearest_word_is_near(void **state)
{
	static const char *const words[] = {"children", "runner", "limits", "a"};

	(void)state;
	assert_string_equal(nearest_word("childern", words, 4), "children");
	assert_string_equal(nearest_word("Limits", words, 4), "limits");
	assert_string_equal(nearest_word("limts", words, 4), "limits");
	assert_string_equal(nearest_word("rnuner", words, 4), "runner");
	assert_null(nearest_word("b", words, 4));
	assert_null(nearest_word("signals", words, 4));
	assert_null(nearest_word("", words, 4));
	assert_null(nearest_word("x", words, 0));
}

static void
endless_words_are_compared_up_to_a_bound(void **state)
{
	static char word[100000];
	static const char *const words[] = {"children"};

	(void)state;
	memset(word, 'c', sizeof word - 1);
	assert_null(nearest_word(word, words, 1));
}

/* ---- reading ------------------------------------------------------------------------------- */

static void
file_is_read_up_to_its_bound(void **state)
{
	size_t n = 0;
	char *bytes;

	write_text(state, "f", "12345");
	bytes = read_file(in(state, "f"), 5, &n);
	assert_non_null(bytes);
	assert_int_equal(n, 5);
	assert_string_equal(bytes, "12345");
	free(bytes);
	assert_null(read_file(in(state, "f"), 4, &n));
	assert_int_equal(errno, EFBIG);
	write_text(state, "empty", "");
	bytes = read_file(in(state, "empty"), 0, &n);
	assert_non_null(bytes);
	assert_int_equal(n, 0);
	free(bytes);
}

static void
only_regular_files_are_read(void **state)
{
	assert_null(read_file(in(state, "nothing"), 10, NULL));
	assert_int_equal(errno, ENOENT);
	assert_null(read_file(*state, 10, NULL));
	assert_int_equal(errno, EISDIR);
	assert_int_equal(mkfifo(in(state, "fifo"), 0600), 0);
	assert_null(read_file(in(state, "fifo"), 10, NULL));
	assert_int_equal(errno, EINVAL);
	assert_null(read_file("/dev/zero", 10, NULL));
	assert_int_equal(errno, EINVAL);
}

/* Files that say they are empty and are not. */
static void
proc_is_read(void **state)
{
	size_t n = 0;
	char *bytes = read_file("/proc/self/status", 100000, &n);

	(void)state;
	assert_non_null(bytes);
	assert_true(n > 100);
	free(bytes);
}

/* ---- writing ----------------------------------------------------------------------------------
 */

static void
assert_alone(void **state, size_t expected)
{
	char **names;
	size_t n;

	assert_int_equal(list_directory(*state, &names, &n), 0);
	assert_int_equal(n, expected);
	free_names(names, n);
}

static void
file_is_written_whole(void **state)
{
	struct stat status;
	mode_t before = umask(077);

	write_text(state, "f", "old");
	assert_int_equal(write_file_atomic(in(state, "f"), "new\0x", 5, 0640), 0);
	umask(before);
	assert_int_equal(stat(in(state, "f"), &status), 0);
	assert_int_equal(status.st_size, 5);
	assert_int_equal(status.st_mode & 07777, 0640);
	assert_alone(state, 1);
}

static void
link_is_replaced_not_followed(void **state)
{
	char *link_path = strdup(in(state, "link"));
	struct stat status;

	write_text(state, "target", "untouched");
	assert_int_equal(symlink("target", link_path), 0);
	write_text(state, "link", "new");
	assert_holds(state, "target", "untouched");
	assert_holds(state, "link", "new");
	assert_int_equal(lstat(link_path, &status), 0);
	assert_true(S_ISREG(status.st_mode));
	free(link_path);
}

static void
failed_write_leaves_the_old_file(void **state)
{
	pid_t child;
	int status;

	write_text(state, "f", "old");
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const struct rlimit three = {3, 3};
		int result;

		if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &three) < 0)
			_exit(2);
		result = write_file_atomic(in(state, "f"), "longer", 6, 0644);
		_exit(result == -1 && errno == EFBIG ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_holds(state, "f", "old");
	assert_alone(state, 1);
}

static void
unwritable_place_is_an_error(void **state)
{
	assert_int_equal(write_file_atomic(in(state, "no/f"), "x", 1, 0644), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(make_path(in(state, "d"), 0755), 0);
	assert_int_equal(write_file_atomic(in(state, "d"), "x", 1, 0644), -1);
	assert_int_equal(errno, EISDIR);
	assert_alone(state, 1);
}

/* ---- trees --------------------------------------------------------------------------------------
 */

static void
paths_are_made_and_joined(void **state)
{
	char *path = join_path(*state, "a/", "b", NULL);

	assert_int_equal(make_path(path, 0755), 0);
	assert_int_equal(make_path(path, 0755), 0);
	assert_true(is_directory(in(state, "a/b")));
	free(path);
	assert_int_equal(make_path(in(state, "c/d/"), 0755), 0);
	assert_true(is_directory(in(state, "c/d")));
	write_text(state, "f", "");
	assert_int_equal(make_path(in(state, "f/g"), 0755), -1);
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(make_path(in(state, "f"), 0755), -1);
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(make_path("/", 0755), 0);
	assert_int_equal(make_path("", 0755), -1);
}

static void
names_are_sorted(void **state)
{
	char **names;
	size_t n;

	write_text(state, "b", "");
	write_text(state, "B", "");
	write_text(state, ".a", "");
	assert_int_equal(list_directory(*state, &names, &n), 0);
	assert_int_equal(n, 3);
	assert_string_equal(names[0], ".a");
	assert_string_equal(names[1], "B");
	assert_string_equal(names[2], "b");
	free_names(names, n);
	assert_int_equal(list_directory(in(state, "nothing"), &names, &n), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(n, 0);
}

static void
tree_is_copied(void **state)
{
	char *from = strdup(in(state, "from")), *to = strdup(in(state, "to/here"));

	assert_int_equal(make_path(in(state, "from/sub"), 0755), 0);
	write_text(state, "from/sub/f", "text");
	assert_int_equal(copy_tree(from, to, 100), 0);
	assert_holds(state, "to/here/sub/f", "text");
	assert_int_equal(copy_tree(from, to, 3), -1);
	assert_int_equal(errno, EFBIG);
	assert_int_equal(symlink("f", in(state, "from/sub/link")), 0);
	assert_int_equal(copy_tree(from, to, 100), -1);
	assert_int_equal(errno, EINVAL);
	free(from);
	free(to);
}

static void
tree_is_removed_and_links_are_not_followed(void **state)
{
	char *outside = strdup(in(state, "outside"));

	assert_int_equal(make_path(in(state, "outside"), 0755), 0);
	write_text(state, "outside/f", "stays");
	assert_int_equal(make_path(in(state, "tree/sub"), 0755), 0);
	write_text(state, "tree/sub/f", "");
	assert_int_equal(symlink(outside, in(state, "tree/link")), 0);
	assert_int_equal(symlink("loop", in(state, "tree/loop")), 0);
	assert_int_equal(mkfifo(in(state, "tree/fifo"), 0600), 0);
	assert_int_equal(remove_tree(in(state, "tree")), 0);
	assert_int_equal(access(in(state, "tree"), F_OK), -1);
	assert_holds(state, "outside/f", "stays");
	assert_int_equal(remove_tree(in(state, "tree")), 0);
	/* A link by itself goes, what it points at stays. */
	assert_int_equal(symlink(outside, in(state, "link")), 0);
	assert_int_equal(remove_tree(in(state, "link")), 0);
	assert_holds(state, "outside/f", "stays");
	free(outside);
}

static void
deep_tree_is_removed(void **state)
{
	char *path = strdup(in(state, "d"));

	for (int i = 0; i < 300; i++) {
		char *deeper = join_path(path, "d", NULL);

		free(path);
		path = deeper;
	}
	assert_int_equal(make_path(path, 0755), 0);
	free(path);
	assert_int_equal(remove_tree(in(state, "d")), 0);
	assert_alone(state, 0);
}

/* Permissions mean nothing to root: as somebody else. Returns the child's exit status. */
static int
as_ordinary_user(void (*act)(void **state), void **state)
{
	pid_t child;
	int status;

	if (getuid() == 0)
		assert_int_equal(chown(*state, 65534, 65534), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (getuid() == 0 &&
		    (setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0))
			_exit(2);
		act(state);
		_exit(3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void
remove_locked(void **state)
{
	if (make_path(in(state, "t/locked/sub"), 0755) < 0 ||
	    make_path(in(state, "t/sealed/x"), 0755) < 0)
		_exit(1);
	if (chmod(in(state, "t/locked/sub"), 0) < 0 || chmod(in(state, "t/locked"), 0) < 0 ||
	    chmod(in(state, "t/sealed"), 0500) < 0)
		_exit(1);
	if (chmod(in(state, "t"), 0500) < 0)
		_exit(1);
	_exit(remove_tree(in(state, "t")) == 0 && access(in(state, "t"), F_OK) < 0 ? 0 : 1);
}

static void
locked_directories_are_removed(void **state)
{
	assert_int_equal(as_ordinary_user(remove_locked, state), 0);
}

/* What belongs to somebody else stays, and the rest goes. */
static void
remove_what_can_be_removed(void **state)
{
	int result = remove_tree(in(state, "t"));

	_exit(result == -1 && (errno == EACCES || errno == EPERM) &&
		      access(in(state, "t/z"), F_OK) < 0
		  ? 0
		  : 1);
}

static void
as_much_as_possible_is_removed(void **state)
{
	if (getuid() != 0)
		skip(); /* only root can make what an ordinary user may not remove */
	assert_int_equal(make_path(in(state, "t/a/b"), 0755), 0);
	assert_int_equal(make_path(in(state, "t/z"), 0755), 0);
	assert_int_equal(chown(in(state, "t"), 65534, 65534), 0);
	assert_int_equal(as_ordinary_user(remove_what_can_be_removed, state), 0);
	assert_int_equal(access(in(state, "t/a/b"), F_OK), 0);
}

/* ---- messages -----------------------------------------------------------------------------------
 */

static const char *const catalog =
    "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n"
    "msgid \"yes\"\nmsgstr \"%s\"\n";

static void
make_catalog(void **state, const char *language, const char *yes)
{
	char *folder = text_format("%s/build/locale/%s/LC_MESSAGES", (char *)*state, language);
	char *po = text_format(catalog, yes), *command;

	assert_int_equal(make_path(folder, 0755), 0);
	write_text(state, "x.po", po);
	command = text_format("msgfmt -o %s/gabel.mo %s/x.po", folder, (char *)*state);
	assert_int_equal(system(command), 0);
	free(command);
	free(po);
	free(folder);
}

static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"};

static int
make_catalogs(void **state)
{
	if (make_place(state) < 0)
		return -1;
	make_catalog(state, "de", "jä");
	make_catalog(state, "ru", "да");
	for (size_t i = 0; i < 4; i++)
		unsetenv(variables[i]);
	return 0;
}

static void
language_is_chosen(void **state)
{
	assert_int_equal(messages_init(*state, "de"), 0);
	assert_string_equal(_("yes"), "jä");
	assert_string_equal(messages_language(), "de");
	assert_int_equal(messages_init(*state, "ru"), 0);
	assert_string_equal(_("yes"), "да");
	assert_int_equal(messages_init(*state, "en"), 0);
	assert_string_equal(_("yes"), "yes");
	assert_string_equal(messages_language(), "en");
}

static void
unknown_language_is_an_error(void **state)
{
	static const char *const strangers[] = {"", "fr", "DE", "de_DE", "C", "deu", "../de"};

	for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
		errno = 0;
		assert_int_equal(messages_init(*state, strangers[i]), -1);
		assert_int_equal(errno, EINVAL);
	}
}

static void
environment_chooses(void **state)
{
	static const struct {
		const char *value[4]; /* of variables */
		const char *language;
	} cases[] = {
	    {{NULL, NULL, NULL, NULL}, "en"},
	    {{NULL, NULL, "de_DE.UTF-8", NULL}, "de"},
	    {{NULL, NULL, "de", NULL}, "de"},
	    {{NULL, NULL, "ru_RU.KOI8-R@x", NULL}, "ru"},
	    {{NULL, NULL, "fr_FR.UTF-8", NULL}, "en"},
	    {{NULL, "ru_RU.UTF-8", "de_DE.UTF-8", NULL}, "ru"},
	    {{"de_AT", "ru_RU.UTF-8", "ru", NULL}, "de"},
	    {{"", NULL, "de_DE.UTF-8", NULL}, "de"},
	    {{"C", NULL, "de_DE.UTF-8", "ru"}, "en"},
	    {{"POSIX", NULL, NULL, "ru"}, "en"},
	    {{"C.UTF-8", NULL, NULL, "ru"}, "ru"},
	    {{NULL, NULL, "en_US.UTF-8", "fr:ru:de"}, "ru"},
	    {{NULL, NULL, "de_DE.UTF-8", "fr"}, "de"},
	    {{NULL, NULL, "de_DE.UTF-8", "en"}, "en"},
	    {{NULL, NULL, "delta", NULL}, "en"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		for (size_t v = 0; v < 4; v++)
			if (cases[i].value[v])
				setenv(variables[v], cases[i].value[v], 1);
			else
				unsetenv(variables[v]);
		assert_int_equal(messages_init(*state, NULL), 0);
		if (strcmp(messages_language(), cases[i].language) != 0)
			fail_msg("case %zu: %s", i, messages_language());
	}
}

/* What children get from us says the same to them. */
static void
children_speak_the_same(void **state)
{
	char *command;

	assert_int_equal(messages_init(*state, "de"), 0);
	setenv("LC_ALL", messages_locale(), 1);
	command = text_format(
	    "test \"$(TEXTDOMAINDIR=%s/build/locale gettext gabel yes)\" = jä", (char *)*state);
	assert_int_equal(system(command), 0);
	free(command);
}

static void
numbers_stay_those_of_c(void **state)
{
	char text[16];

	assert_int_equal(messages_init(*state, "de"), 0);
	snprintf(text, sizeof text, "%.1f", 1.5);
	assert_string_equal(text, "1.5");
}

static void
complaint_is_one_line_to_standard_error(void **state)
{
	int saved = dup(2), fd = open(in(state, "said"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_true(saved >= 0 && fd >= 0);
	dup2(fd, 2);
	complain("%s is missing", "x");
	dup2(saved, 2);
	close(saved);
	close(fd);
	assert_holds(state, "said", "gabel: x is missing\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)
#define SPEAK(name) cmocka_unit_test_setup_teardown(name, make_catalogs, remove_place)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_grows),
	    cmocka_unit_test(lack_of_memory_is_remembered),
	    cmocka_unit_test(names_are_made_harmless),
	    cmocka_unit_test(bytes_that_are_not_utf8_are_shown),
	    cmocka_unit_test(foreign_text_keeps_its_lines),
	    cmocka_unit_test(sentences_end_at_a_character),
	    cmocka_unit_test(offending_byte_is_found),
	    cmocka_unit_test(nearest_word_is_near),
	    cmocka_unit_test(endless_words_are_compared_up_to_a_bound),
	    TEST(file_is_read_up_to_its_bound),
	    TEST(only_regular_files_are_read),
	    TEST(proc_is_read),
	    TEST(file_is_written_whole),
	    TEST(link_is_replaced_not_followed),
	    TEST(failed_write_leaves_the_old_file),
	    TEST(unwritable_place_is_an_error),
	    TEST(paths_are_made_and_joined),
	    TEST(names_are_sorted),
	    TEST(tree_is_copied),
	    TEST(tree_is_removed_and_links_are_not_followed),
	    TEST(deep_tree_is_removed),
	    TEST(locked_directories_are_removed),
	    TEST(as_much_as_possible_is_removed),
	    SPEAK(language_is_chosen),
	    SPEAK(unknown_language_is_an_error),
	    SPEAK(environment_chooses),
	    SPEAK(children_speak_the_same),
	    SPEAK(numbers_stay_those_of_c),
	    TEST(complaint_is_one_line_to_standard_error),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
