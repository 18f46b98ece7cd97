/*
 * What becomes of a submission on its way in. Each row of the table is a
 * submission, made here by hand or with libarchive, and what must be said of it.
 */
#define _GNU_SOURCE
#include "../src/base/files.h"
#include "../src/base/messages.h"
#include "../src/base/text.h"
#include "../src/intake/intake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

struct row {
	const char *what;
	void (*make)(const char *in);
	const char *files; /* of the lab, separated by '|' */
	int result;
	const char *taken, *missing, *ignored; /* joined by '|' */
	const char *why;                       /* must occur in the sentence; "" means none */
	const char *content;                   /* of children.c; NULL: not looked at */
};

/* A directory of the test's own: in is the submission's place, out the clean directory. */
struct place {
	char root[64], in[80], out[80];
	const struct row *row;
};

static int
make_place(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	if (p == NULL)
		return -1;
	p->row = *state;
	*state = p;
	snprintf(p->root, sizeof p->root, "/tmp/gabel-intake.XXXXXX");
	if (mkdtemp(p->root) == NULL || chmod(p->root, 0755) < 0)
		return -1;
	snprintf(p->in, sizeof p->in, "%s/in", p->root);
	snprintf(p->out, sizeof p->out, "%s/out", p->root);
	return mkdir(p->out, 0755);
}

static int
remove_place(void **state)
{
	struct place *p = *state;
	int result = remove_tree(p->root);

	free(p);
	return result;
}

/* ---- making folders --------------------------------------------------------------- */

static void
put(const char *in, const char *name, const char *content)
{
	char *path = join_path(in, name, NULL);
	char *slash = strrchr(path, '/');

	*slash = '\0';
	assert_int_equal(make_path(path, 0755), 0);
	*slash = '/';
	assert_int_equal(write_file_atomic(path, content, strlen(content), 0644), 0);
	free(path);
}

static void
point(const char *in, const char *name, const char *target)
{
	char *path = join_path(in, name, NULL);

	(void)make_path(in, 0755);
	assert_int_equal(symlink(target, path), 0);
	free(path);
}

static void
plain_folder(const char *in)
{
	put(in, "children.c", "int a;\n");
	put(in, "runner.c", "int b;\n");
}

static void
folder_with_extras(const char *in)
{
	plain_folder(in);
	put(in, "notes.txt", "x");
	put(in, "old/children.c", "int older;\n");
	put(in, ".git/config", "x");
}

static void
one_folder_down(const char *in)
{
	put(in, "my work/children.c", "int a;\n");
	put(in, "my work/runner.c", "int b;\n");
	put(in, "README", "x");
}

static void
two_folders(const char *in)
{
	put(in, "first/children.c", "int a;\n");
	put(in, "second/children.c", "int b;\n");
}

static void
hidden_folder(const char *in)
{
	put(in, ".git/children.c", "int a;\n");
}

static void
too_deep(const char *in)
{
	put(in, "a/b/children.c", "int a;\n");
}

static void
empty_folder(const char *in)
{
	assert_int_equal(make_path(in, 0755), 0);
}

static void
wrong_case(const char *in)
{
	put(in, "Children.c", "int a;\n");
	put(in, "runner.c", "int b;\n");
}

static void
wrong_ending(const char *in)
{
	put(in, "children.c.txt", "int a;\n");
	put(in, "runner.c", "int b;\n");
}

static void
link_for_a_file(const char *in)
{
	put(in, "runner.c", "int b;\n");
	point(in, "children.c", "/etc/passwd");
}

static void
link_for_the_folder(const char *in)
{
	put(in, "README", "x");
	point(in, "work", "/etc");
}

/* The files lie in a folder that a link in the submission names. */
static void
link_to_a_folder_with_files(const char *in)
{
	char *other = text_format("%s-other", in);

	put(other, "children.c", "int a;\n");
	put(in, "README", "x");
	point(in, "work", other);
	free(other);
}

static void
circle_of_links(const char *in)
{
	put(in, "runner.c", "int b;\n");
	point(in, "children.c", "children.c");
	point(in, "loop", "loop");
}

static void
submission_is_a_link(const char *in)
{
	char *other = text_format("%s-other", in);

	plain_folder(other);
	assert_int_equal(symlink(other, in), 0);
	free(other);
}

static void
submission_is_a_circle(const char *in)
{
	assert_int_equal(symlink("in", in), 0);
}

static void
submission_is_missing(const char *in)
{
	(void)in;
}

static void
submission_is_a_fifo(const char *in)
{
	assert_int_equal(mkfifo(in, 0644), 0);
}

static void
fifo_for_a_file(const char *in)
{
	char *path = join_path(in, "children.c", NULL);

	put(in, "runner.c", "int b;\n");
	assert_int_equal(mkfifo(path, 0644), 0);
	free(path);
}

static void
socket_for_a_file(const char *in)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	put(in, "runner.c", "int b;\n");
	snprintf(name.sun_path, sizeof name.sun_path, "%s/children.c", in);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
	close(fd);
}

static void
folder_for_a_file(const char *in)
{
	put(in, "children.c/children.c", "int a;\n");
}

static void
set_size(const char *in, const char *name, off_t size)
{
	char *path = join_path(in, name, NULL);

	assert_int_equal(truncate(path, size), 0);
	free(path);
}

static void
sparse_giant(const char *in)
{
	plain_folder(in);
	set_size(in, "children.c", (off_t)10 << 30);
}

static void
largest_allowed(const char *in)
{
	plain_folder(in);
	set_size(in, "children.c", INTAKE_FILE_MAX);
}

static void
one_byte_too_large(const char *in)
{
	plain_folder(in);
	set_size(in, "children.c", INTAKE_FILE_MAX + 1);
}

static void
giant_that_nobody_asked_for(const char *in)
{
	plain_folder(in);
	put(in, "core", "");
	set_size(in, "core", (off_t)10 << 30);
}

static void
crowded_folder(const char *in)
{
	int folder;

	plain_folder(in);
	folder = open(in, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < INTAKE_ENTRIES_MAX; i++) {
		char name[16];
		int fd;

		snprintf(name, sizeof name, "f%d", i);
		fd = openat(folder, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
		assert_true(fd >= 0);
		close(fd);
	}
	close(folder);
}

static void
odd_names(const char *in)
{
	plain_folder(in);
	put(in, "two words.c", "x");
	put(in, "new\nline", "x");
	put(in, "esc\033[31m", "x");
	put(in, "\xd0\xa0\xd0\xb5\xd1\x88\xd0\xb5\xd0\xbd\xd0\xb8\xd0\xb5", "x");
	put(in,
	    "\xc3\x9c"
	    "bung",
	    "x");
	put(in, "bad\xff", "x");
}

static void
hard_link_in_a_folder(const char *in)
{
	char *from = join_path(in, "children.c", NULL), *to = join_path(in, "copy.c", NULL);

	plain_folder(in);
	assert_int_equal(link(from, to), 0);
	free(from);
	free(to);
}

static void
archive_in_a_folder(const char *in)
{
	put(in, "submission.zip", "PK");
}

/* ---- making archives ------------------------------------------------------------------ */

static struct archive *
start(const char *in, int format, int filter)
{
	struct archive *a = archive_write_new();

	assert_int_equal(archive_write_set_format(a, format), ARCHIVE_OK);
	assert_int_equal(archive_write_add_filter(a, filter), ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(a, in), ARCHIVE_OK);
	return a;
}

static void
finish(struct archive *a)
{
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	assert_int_equal(archive_write_free(a), ARCHIVE_OK);
}

static void
add_sized(struct archive *a, const char *name, const char *content, size_t size)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 04777);
	archive_entry_set_size(entry, (la_int64_t)size);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	if (size > 0)
		assert_int_equal(archive_write_data(a, content, size), size);
	archive_entry_free(entry);
}

static void
add(struct archive *a, const char *name, const char *content)
{
	add_sized(a, name, content, strlen(content));
}

/* Anything but a file: a folder, a device, a link with a target. */
static void
add_other(struct archive *a, const char *name, unsigned type, const char *target)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, 0755);
	if (type == AE_IFLNK)
		archive_entry_set_symlink(entry, target);
	else if (target)
		archive_entry_set_hardlink(entry, target);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	archive_entry_free(entry);
}

static struct archive *
start_tar(const char *in)
{
	return start(in, ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_GZIP);
}

static void
plain_archive(const char *in, int format, int filter)
{
	struct archive *a = start(in, format, filter);

	add(a, "work/children.c", "int a;\n");
	add(a, "work/runner.c", "int b;\n");
	finish(a);
}

static void
tar(const char *in)
{
	plain_archive(in, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE);
}

static void
tar_gzip(const char *in)
{
	plain_archive(in, ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_GZIP);
}

static void
tar_bzip2(const char *in)
{
	plain_archive(in, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_BZIP2);
}

static void
tar_xz(const char *in)
{
	plain_archive(in, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ);
}

static void
tar_zstd(const char *in)
{
	plain_archive(in, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_ZSTD);
}

static void
zip(const char *in)
{
	plain_archive(in, ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE);
}

static void
tar_with_dots(const char *in)
{
	struct archive *a = start_tar(in);

	add_other(a, "./", AE_IFDIR, NULL);
	add(a, "./children.c", "int a;\n");
	add(a, ".//./runner.c", "int b;\n");
	finish(a);
}

static void
top_before_folder(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "old/children.c", "int older;\n");
	add(a, "children.c", "int a;\n");
	add(a, "runner.c", "int b;\n");
	finish(a);
}

static void
climbs_out(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "work/children.c", "int a;\n");
	add(a, "../evil", "x");
	finish(a);
}

static void
climbs_in_the_middle(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "work/../../children.c", "int a;\n");
	finish(a);
}

static void
zip_climbs_out(const char *in)
{
	struct archive *a = start(in, ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE);

	add(a, "work/children.c", "int a;\n");
	add(a, "../../evil", "x");
	finish(a);
}

static void
absolute_path(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "/etc/children.c", "int a;\n");
	finish(a);
}

static void
two_dots_in_a_name(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "..work/children.c", "x");
	add(a, "work/children.c", "int a;\n");
	add(a, "work/runner.c", "int b;\n");
	add(a, "work/notes..txt", "x");
	finish(a);
}

static void
symbolic_link_inside(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "runner.c", "int b;\n");
	add_other(a, "children.c", AE_IFLNK, "/etc/passwd");
	finish(a);
}

static void
zip_symbolic_link_inside(const char *in)
{
	struct archive *a = start(in, ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE);

	add(a, "runner.c", "int b;\n");
	add_other(a, "children.c", AE_IFLNK, "/etc/passwd");
	finish(a);
}

static void
hard_link_inside(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "runner.c", "int b;\n");
	add_other(a, "children.c", AE_IFREG, "runner.c");
	finish(a);
}

/* First a link that leads away, then a file through it: nothing may land outside. */
static void
file_through_a_link(const char *in)
{
	struct archive *a = start_tar(in);

	add_other(a, "work", AE_IFLNK, "/tmp");
	add(a, "work/children.c", "int a;\n");
	add(a, "work/runner.c", "int b;\n");
	finish(a);
}

static void
device_inside(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "runner.c", "int b;\n");
	add_other(a, "children.c", AE_IFCHR, NULL);
	finish(a);
}

static void
fifo_inside(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "runner.c", "int b;\n");
	add_other(a, "children.c", AE_IFIFO, NULL);
	finish(a);
}

static void
links_that_nobody_asked_for(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "children.c", "int a;\n");
	add(a, "runner.c", "int b;\n");
	add_other(a, "passwd", AE_IFLNK, "/etc/passwd");
	add_other(a, "null", AE_IFCHR, NULL);
	finish(a);
}

static void
twice_inside(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "children.c", "int a;\n");
	add(a, "runner.c", "int b;\n");
	add(a, "./children.c", "int other;\n");
	finish(a);
}

static void
encrypted_zip(const char *in)
{
	struct archive *a = archive_write_new();

	assert_int_equal(archive_write_set_format_zip(a), ARCHIVE_OK);
	assert_int_equal(archive_write_set_options(a, "zip:encryption=traditional"), ARCHIVE_OK);
	assert_int_equal(archive_write_set_passphrase(a, "secret"), ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(a, in), ARCHIVE_OK);
	add(a, "children.c", "int a;\n");
	finish(a);
}

/* An entry of zeros that nobody asked for; its size is not said before. */
static void
add_zeros(struct archive *a, const char *name, int mib)
{
	static const char zeros[1 << 20];
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	for (int i = 0; i < mib; i++)
		assert_int_equal(archive_write_data(a, zeros, sizeof zeros), sizeof zeros);
	archive_entry_free(entry);
}

static void
zip_bomb(const char *in)
{
	struct archive *a = start(in, ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE);

	add(a, "children.c", "int a;\n");
	add_zeros(a, "zeros", (INTAKE_UNPACKED_MAX >> 20) + 1);
	finish(a);
}

/* Without its directory a zip is read as a stream: no size is known, only counting helps. */
static void
zip_bomb_without_a_directory(const char *in)
{
	struct stat status;

	zip_bomb(in);
	assert_int_equal(stat(in, &status), 0);
	assert_int_equal(truncate(in, status.st_size - 100), 0);
}

/* No single entry is too large. */
static void
zip_bomb_in_parts(const char *in)
{
	struct archive *a = start(in, ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE);
	struct stat status;

	for (int i = 0; i < 3; i++)
		add_zeros(a, "zeros", (INTAKE_UNPACKED_MAX >> 20) / 2);
	finish(a);
	assert_int_equal(stat(in, &status), 0);
	assert_int_equal(truncate(in, status.st_size - 170), 0);
}

static void
tar_bomb_of_many(const char *in)
{
	static const char zeros[1 << 20];
	struct archive *a = start_tar(in);

	for (int i = 0; i <= INTAKE_UNPACKED_MAX >> 20; i++)
		add_sized(a, "zeros", zeros, sizeof zeros);
	finish(a);
}

/* The head of a ustar entry, made by hand, with a right checksum. */
static void
write_head(const char *in, const char *name, const char *size, char type)
{
	char head[1024] = {0};
	unsigned sum = 8 * ' ';

	snprintf(head, 100, "%s", name);
	memcpy(head + 100, "0000644", 7);
	memcpy(head + 108, "0000000", 7);
	memcpy(head + 116, "0000000", 7);
	memcpy(head + 124, size, 12);
	memcpy(head + 136, "00000000000", 11);
	head[156] = type;
	memcpy(head + 257, "ustar\00000", 8);
	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? 0 : (unsigned char)head[i];
	snprintf(head + 148, 8, "%06o", sum);
	head[155] = ' ';
	assert_int_equal(write_file_atomic(in, head, sizeof head, 0644), 0);
}

/* It says 8 GiB and ends after 512 bytes. */
static void
tar_claims_much(const char *in)
{
	write_head(in, "zeros", "77777777777", '0');
}

static void
tar_claims_a_large_file(const char *in)
{
	write_head(in, "children.c", "00010000000", '0');
}

static void
file_of_zeros(const char *in)
{
	int fd = open(in, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)10 << 30), 0);
	close(fd);
}

static void
crowded_tar(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "children.c", "int a;\n");
	for (int i = 0; i < INTAKE_ENTRIES_MAX; i++)
		add(a, "work/empty", "");
	finish(a);
}

/* Entries that are the archive's own top count too. */
static void
crowd_of_nothing(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "children.c", "int a;\n");
	for (int i = 0; i < INTAKE_ENTRIES_MAX; i++)
		add_other(a, "./", AE_IFDIR, NULL);
	finish(a);
}

static void
cut(const char *in, off_t at)
{
	assert_int_equal(truncate(in, at), 0);
}

static void
cut_tar(const char *in)
{
	tar(in);
	cut(in, 515);
}

static void
cut_gzip(const char *in)
{
	tar_gzip(in);
	cut(in, 60);
}

/* One bit of the packed bytes is wrong: only the checksum of the zip tells. */
static void
flipped_zip(const char *in)
{
	struct archive *a = archive_write_new();
	size_t n;
	char *bytes, *at;

	assert_int_equal(archive_write_set_format_zip(a), ARCHIVE_OK);
	assert_int_equal(archive_write_set_options(a, "zip:compression=store"), ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(a, in), ARCHIVE_OK);
	add(a, "children.c", "int a;\n");
	finish(a);
	bytes = read_file(in, 4096, &n);
	assert_non_null(bytes);
	at = memmem(bytes, n, "int a;", 6);
	assert_non_null(at);
	*at ^= 1;
	assert_int_equal(write_file_atomic(in, bytes, n, 0644), 0);
	free(bytes);
}

static void
write_in(const char *in, const char *content)
{
	assert_int_equal(write_file_atomic(in, content, strlen(content), 0644), 0);
}

static void
text_file(const char *in)
{
	write_in(in, "int main(void) { return 0; }\n");
}

/* Packed, but no archive: gzip of one file. */
static void
packed_text(const char *in)
{
	struct archive *a = start(in, ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP);

	add(a, "children.c", "int main(void) { return 0; }\n");
	finish(a);
}

static void
nothing_at_all(const char *in)
{
	write_in(in, "");
}

static void
rar(const char *in)
{
	write_in(in, "Rar!\x1a\x07\x01 and so on");
}

static void
archive_in_an_archive(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "work/submission.zip", "PK");
	finish(a);
}

static void
odd_names_inside(const char *in)
{
	struct archive *a = start(in, ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_GZIP);

	add(a,
	    "\xc3\x9c"
	    "bung 1/children.c",
	    "int a;\n");
	add(a,
	    "\xc3\x9c"
	    "bung 1/runner.c",
	    "int b;\n");
	add(a,
	    "\xc3\x9c"
	    "bung 1/new\nline",
	    "x");
	add(a, "bad\xff", "x");
	finish(a);
}

static void
empty_tar(const char *in)
{
	finish(start_tar(in));
}

static void
case_inside(const char *in)
{
	struct archive *a = start_tar(in);

	add(a, "work/Children.c", "int a;\n");
	finish(a);
}

static void
carriage_returns(const char *in)
{
	put(in, "children.c", "\xef\xbb\xbfint a;\r\n");
	put(in, "runner.c", "int b;");
}

/* ---- the table -------------------------------------------------------------------------- */

#define TWO "children.c|runner.c"
#define ROW(make, ...)                                                                             \
	{                                                                                          \
#make, make, __VA_ARGS__                                                           \
	}
#define TAKEN(make, ignored) ROW(make, TWO, 0, TWO, "", ignored, "", "int a;\n")
#define REFUSED(make, why) ROW(make, TWO, -1, "", "", "", why, NULL)

static const struct row rows[] = {
    TAKEN(plain_folder, ""),
    TAKEN(folder_with_extras, ".git/|notes.txt|old/children.c"),
    TAKEN(one_folder_down, "README"),
    REFUSED(two_folders, "more than one folder ('first' and 'second')"),
    REFUSED(hidden_folder, "none of the lab's files"),
    REFUSED(too_deep, "none of the lab's files"),
    REFUSED(empty_folder, "is empty; the lab asks for: children.c, runner.c"),
    ROW(wrong_case, TWO, 0, "runner.c", "children.c", "Children.c",
	"missing: children.c (there is 'Children.c': capital and small letters count)", NULL),
    ROW(wrong_ending, TWO, 0, "runner.c", "children.c", "children.c.txt",
	"missing: children.c (there is 'children.c.txt': rename it)", NULL),
    REFUSED(link_for_a_file, "'children.c' in"),
    REFUSED(link_for_a_file, "symbolic link"),
    REFUSED(link_for_the_folder, "none of the lab's files"),
    REFUSED(link_to_a_folder_with_files, "none of the lab's files"),
    REFUSED(circle_of_links, "symbolic link"),
    REFUSED(submission_is_a_link, "is a symbolic link, and links are not followed"),
    REFUSED(submission_is_a_circle, "is a symbolic link, and links are not followed"),
    REFUSED(submission_is_missing, "there is no "),
    REFUSED(submission_is_a_fifo, "is a device or a pipe"),
    REFUSED(fifo_for_a_file, "'children.c'"),
    REFUSED(fifo_for_a_file, "no ordinary file"),
    REFUSED(socket_for_a_file, "no ordinary file"),
    REFUSED(folder_for_a_file, "no ordinary file"),
    REFUSED(sparse_giant, "is bigger than 1024 KiB"),
    ROW(largest_allowed, TWO, 0, TWO, "", "", "", NULL),
    REFUSED(one_byte_too_large, "is bigger than 1024 KiB"),
    TAKEN(giant_that_nobody_asked_for, "core"),
    REFUSED(crowded_folder, "more than 10000 files"),
    TAKEN(odd_names, "bad\\xff|esc\\x1b[31m|new\\nline|two words.c|\xc3\x9c"
		     "bung|"
		     "\xd0\xa0\xd0\xb5\xd1\x88\xd0\xb5\xd0\xbd\xd0\xb8\xd0\xb5"),
    TAKEN(hard_link_in_a_folder, "copy.c"),
    REFUSED(archive_in_a_folder, "only another archive, 'submission.zip'"),
    ROW(carriage_returns, TWO, 0, TWO, "", "", "", "\xef\xbb\xbfint a;\r\n"),

    TAKEN(tar, ""),
    TAKEN(tar_gzip, ""),
    TAKEN(tar_bzip2, ""),
    TAKEN(tar_xz, ""),
    TAKEN(tar_zstd, ""),
    TAKEN(zip, ""),
    TAKEN(tar_with_dots, ""),
    TAKEN(top_before_folder, "old/children.c"),
    REFUSED(climbs_out, "the path '../evil', which leads out of it"),
    REFUSED(climbs_in_the_middle, "which leads out of it"),
    REFUSED(zip_climbs_out, "which leads out of it"),
    REFUSED(absolute_path, "the path '/etc/children.c', which leads out of it"),
    TAKEN(two_dots_in_a_name, "..work/children.c|work/notes..txt"),
    REFUSED(symbolic_link_inside, "'children.c' in"),
    REFUSED(symbolic_link_inside, "is a link, and links are not followed"),
    REFUSED(zip_symbolic_link_inside, "is a link, and links are not followed"),
    REFUSED(hard_link_inside, "is a link, and links are not followed"),
    TAKEN(file_through_a_link, "work"),
    REFUSED(device_inside, "no ordinary file"),
    REFUSED(fifo_inside, "no ordinary file"),
    TAKEN(links_that_nobody_asked_for, "null|passwd"),
    REFUSED(twice_inside, "more than once"),
    REFUSED(encrypted_zip, "is encrypted; pack it without a password"),
    REFUSED(zip_bomb, "unpacks to more than 64 MiB"),
    REFUSED(zip_bomb_without_a_directory, "unpacks to more than 64 MiB"),
    REFUSED(zip_bomb_in_parts, "unpacks to more than 64 MiB"),
    REFUSED(tar_bomb_of_many, "unpacks to more than 64 MiB"),
    REFUSED(tar_claims_much, "unpacks to more than 64 MiB"),
    REFUSED(tar_claims_a_large_file, "'children.c'"),
    REFUSED(tar_claims_a_large_file, "is bigger than 1024 KiB"),
    REFUSED(file_of_zeros, "is empty"),
    REFUSED(crowded_tar, "more than 10000 files"),
    REFUSED(crowd_of_nothing, "more than 10000 files"),
    REFUSED(cut_tar, "is damaged or incomplete"),
    REFUSED(cut_gzip, "is damaged or incomplete"),
    ROW(flipped_zip, "children.c", -1, "", "", "", "is damaged or incomplete", NULL),
    REFUSED(text_file, "neither a folder nor a tar or zip archive"),
    REFUSED(packed_text, "neither a folder nor a tar or zip archive"),
    REFUSED(nothing_at_all, "is empty"),
    REFUSED(rar, "neither a folder nor a tar or zip archive"),
    REFUSED(archive_in_an_archive, "only another archive, 'work/submission.zip'"),
    TAKEN(odd_names_inside, "bad\\xff|\xc3\x9c"
			    "bung 1/new\\nline"),
    REFUSED(empty_tar, "is empty"),
    REFUSED(case_inside, "(there is 'work/Children.c': capital and small letters count)"),
};

/* ---- looking at what came of it ------------------------------------------------------ */

static struct strings
split(const char *joined)
{
	struct strings s = {0};

	while (*joined) {
		size_t n = strcspn(joined, "|");
		char *one = strndup(joined, n);

		assert_int_equal(strings_add(&s, one), 0);
		free(one);
		joined += n + (joined[n] == '|');
	}
	return s;
}

static void
assert_joined(const struct strings *s, const char *joined)
{
	struct text t = {0};

	for (size_t i = 0; i < s->n; i++)
		text_printf(&t, "%s%s", i ? "|" : "", s->at[i]);
	assert_string_equal(text_string(&t), joined);
	text_free(&t);
}

/* Every file in the clean directory is one, ours alone, readable by all, executable by none. */
static void
assert_clean(const char *out, const struct strings *taken)
{
	struct strings names = {0};

	assert_int_equal(list_directory(out, &names.at, &names.n), 0);
	assert_int_equal(names.n, taken->n);
	for (size_t i = 0; i < names.n; i++) {
		char *path = join_path(out, names.at[i], NULL);
		struct stat status;

		assert_true(strings_have(taken, names.at[i]));
		assert_int_equal(lstat(path, &status), 0);
		assert_int_equal(status.st_mode, S_IFREG | 0644);
		assert_int_equal(status.st_nlink, 1);
		free(path);
	}
	strings_free(&names);
}

static void
assert_nothing_beside(const char *root)
{
	struct strings names = {0};

	assert_int_equal(list_directory(root, &names.at, &names.n), 0);
	for (size_t i = 0; i < names.n; i++)
		assert_true(strncmp(names.at[i], "in", 2) == 0 || strcmp(names.at[i], "out") == 0);
	strings_free(&names);
}

static void
assert_content(const char *out, const char *content)
{
	char *path = join_path(out, "children.c", NULL);
	char *bytes = read_file(path, INTAKE_FILE_MAX, NULL);

	assert_non_null(bytes);
	assert_string_equal(bytes, content);
	free(bytes);
	free(path);
}

static void
row_holds(void **state)
{
	const struct place *p = *state;
	const struct row *row = p->row;
	struct strings files = split(row->files);
	struct intake taken;
	char why[512] = "?";

	row->make(p->in);
	errno = 0;
	assert_int_equal(intake(p->in, &files, NULL, p->out, &taken, why, sizeof why), row->result);
	if (row->result < 0)
		assert_int_equal(errno, EINVAL);
	if (*row->why == '\0')
		assert_string_equal(why, "");
	else if (strstr(why, row->why) == NULL)
		fail_msg("the sentence is: %s", why);
	assert_joined(&taken.taken, row->taken);
	assert_joined(&taken.missing, row->missing);
	assert_joined(&taken.ignored, row->ignored);
	assert_int_equal(taken.n_ignored, taken.ignored.n);
	assert_clean(p->out, &taken.taken);
	assert_nothing_beside(p->root);
	if (row->content)
		assert_content(p->out, row->content);
	intake_free(&taken);
	strings_free(&files);
}

/* ---- a single file ------------------------------------------------------------------------ */

static int
take(const struct place *p, const char *name, const char *joined, char *why, size_t size)
{
	struct strings files = split(joined);
	char *path = join_path(p->in, name, NULL);
	struct intake taken;
	int result = intake(path, &files, NULL, p->out, &taken, why, size), error = errno;

	free(path);
	strings_free(&files);
	intake_free(&taken);
	errno = error;
	return result;
}

static void
single_file_is_taken_where_one_is_asked_for(void **state)
{
	const struct place *p = *state;
	char why[512];

	put(p->in, "children.c", "int a;\n");
	assert_int_equal(take(p, "children.c", "children.c", why, sizeof why), 0);
	assert_content(p->out, "int a;\n");
}

static void
single_file_is_not_enough_where_two_are_asked_for(void **state)
{
	const struct place *p = *state;
	char why[512];

	put(p->in, "children.c", "int a;\n");
	assert_int_equal(take(p, "children.c", TWO, why, sizeof why), -1);
	assert_int_equal(errno, EINVAL);
	assert_non_null(strstr(why, "is a single file, but the lab asks for several"));
}

static void
single_file_of_another_name_is_refused(void **state)
{
	const struct place *p = *state;
	char why[512];

	put(p->in, "Children.c", "int a;\n");
	assert_int_equal(take(p, "Children.c", "children.c", why, sizeof why), -1);
	assert_non_null(strstr(why, "neither a folder nor a tar or zip archive"));
}

static void
single_file_too_large_is_refused(void **state)
{
	const struct place *p = *state;
	char why[512];

	put(p->in, "children.c", "");
	set_size(p->in, "children.c", (off_t)10 << 30);
	assert_int_equal(take(p, "children.c", "children.c", why, sizeof why), -1);
	assert_non_null(strstr(why, "is bigger than 1024 KiB"));
}

/* ---- sentences ------------------------------------------------------------------------------ */

static void
submission_name_is_harmless_in_the_sentence(void **state)
{
	const struct place *p = *state;
	char why[512];

	put(p->in, "a\n\033[2J\xff", "no archive");
	assert_int_equal(take(p, "a\n\033[2J\xff", TWO, why, sizeof why), -1);
	assert_non_null(strstr(why, "a\\n\\x1b[2J\\xff"));
	assert_null(strchr(why, '\n'));
	assert_null(strchr(why, '\033'));
}

/* However small the buffer is: it ends with a whole character, and nothing is written beyond. */
static void
sentence_is_cut_at_a_character(void **state)
{
	const struct place *p = *state;
	char why[80];

	for (size_t size = 1; size < sizeof why; size++) {
		memset(why, '#', sizeof why);
		assert_int_equal(
		    take(p, "\xc3\x9c\xc3\x9c\xc3\x9c\xc3\x9c\xc3\x9c", TWO, why, size), -1);
		assert_true(strlen(why) < size);
		assert_true(utf8_valid(why, strlen(why), NULL));
		assert_int_equal(why[size], '#');
	}
}

static void
only_some_of_many_ignored_are_listed(void **state)
{
	const struct place *p = *state;
	struct strings files = split(TWO);
	struct intake taken;
	char why[512];

	plain_folder(p->in);
	for (int i = 0; i < INTAKE_LIST + 5; i++) {
		char name[16];

		snprintf(name, sizeof name, "f%02d", i);
		put(p->in, name, "x");
	}
	assert_int_equal(intake(p->in, &files, NULL, p->out, &taken, why, sizeof why), 0);
	assert_int_equal(taken.ignored.n, INTAKE_LIST);
	assert_int_equal(taken.n_ignored, INTAKE_LIST + 5);
	intake_free(&taken);
	strings_free(&files);
}

/* ---- the kit's own beside the lab's files ---------------------------------------------------- */

#define API "int api(void);\n"

static void
header_as_given(const char *in)
{
	plain_folder(in);
	put(in, "api.h", API);
}

static void
header_changed(const char *in)
{
	plain_folder(in);
	put(in, "api.h", "int apu(void);\n");
}

static void
header_cut(const char *in)
{
	plain_folder(in);
	put(in, "api.h", "int api(void)");
}

static void
header_longer(const char *in)
{
	plain_folder(in);
	put(in, "api.h", API "\n");
}

static void
header_one_folder_down(const char *in)
{
	one_folder_down(in);
	put(in, "my work/api.h", API);
}

static void
header_in_another_folder(const char *in)
{
	plain_folder(in);
	put(in, "old/api.h", API);
}

static void
header_is_a_link(const char *in)
{
	plain_folder(in);
	put(in, "real.h", API);
	point(in, "api.h", "real.h");
}

static void
header_is_a_fifo(const char *in)
{
	char *path = join_path(in, "api.h", NULL);

	plain_folder(in);
	assert_int_equal(mkfifo(path, 0600), 0);
	free(path);
}

/* There is one in the kit's folder, but a student does not get it. */
static void
kit_keeps_it(const char *in)
{
	plain_folder(in);
	put(in, "lab.yaml", "x");
}

static void
tar_of_headers(const char *in, const char *first, const char *second)
{
	struct archive *a = start_tar(in);

	add(a, "work/api.h", first);
	add(a, "work/children.c", "int a;\n");
	if (second != NULL)
		add(a, "work/api.h", second);
	add(a, "work/runner.c", "int b;\n");
	finish(a);
}

static void
tar_as_given(const char *in)
{
	tar_of_headers(in, API, NULL);
}

static void
tar_changed(const char *in)
{
	tar_of_headers(in, "", NULL);
}

static void
tar_twice_as_given(const char *in)
{
	tar_of_headers(in, API, API);
}

static void
tar_changed_at_last(const char *in)
{
	tar_of_headers(in, API, "x");
}

static void
tar_changed_at_first(const char *in)
{
	tar_of_headers(in, "x", API);
}

static void
tar_too_big(const char *in)
{
	char *big = calloc(1, INTAKE_FILE_MAX + 2);

	assert_non_null(big);
	memset(big, ' ', INTAKE_FILE_MAX + 1);
	tar_of_headers(in, big, NULL);
	free(big);
}

/* Silence about what is as it was given; a word about everything else. */
static void
kits_own_are_listed_only_when_changed(void **state)
{
	static const struct {
		void (*make)(const char *in);
		const char *ignored;
	} cases[] = {
	    {header_as_given, ""},
	    {header_changed, "api.h"},
	    {header_cut, "api.h"},
	    {header_longer, "api.h"},
	    {header_one_folder_down, "README"},
	    {header_in_another_folder, "old/api.h"},
	    {header_is_a_link, "api.h|real.h"},
	    {header_is_a_fifo, "api.h"},
	    {kit_keeps_it, "lab.yaml"},
	    {tar_as_given, ""},
	    {tar_changed, "work/api.h"},
	    {tar_twice_as_given, ""},
	    {tar_changed_at_last, "work/api.h|work/api.h"},
	    {tar_changed_at_first, "work/api.h|work/api.h"},
	    {tar_too_big, "work/api.h"},
	};
	const struct place *p = *state;
	struct strings files = split(TWO), headers = split("api.h");
	char *kit_at = join_path(p->root, "kit", NULL);
	const struct intake_kit kit = {kit_at, &headers};

	put(kit_at, "api.h", API);
	put(kit_at, "lab.yaml", "x");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct intake taken;
		char why[512];

		cases[i].make(p->in);
		assert_int_equal(intake(p->in, &files, &kit, p->out, &taken, why, sizeof why), 0);
		assert_joined(&taken.taken, TWO);
		assert_joined(&taken.ignored, cases[i].ignored);
		assert_int_equal(taken.n_ignored, taken.ignored.n);
		intake_free(&taken);
		assert_int_equal(remove_tree(p->in), 0);
		assert_int_equal(remove_tree(p->out), 0);
		assert_int_equal(mkdir(p->out, 0755), 0);
	}
	free(kit_at);
	strings_free(&headers);
	strings_free(&files);
}

/* ---- permissions and a full disk: in a process of their own
 * -------------------------------------- */

/* What a child saw: the sentence and errno; over a pipe. */
struct seen {
	int result, error;
	char why[512];
	size_t left; /* files in the clean directory */
};

static void
see(const struct place *p, const char *out, struct seen *seen)
{
	struct strings files = split(TWO), names = {0};
	struct intake taken;

	seen->result = intake(p->in, &files, NULL, out, &taken, seen->why, sizeof seen->why);
	seen->error = errno;
	if (list_directory(out, &names.at, &names.n) == 0)
		seen->left = names.n;
	strings_free(&names);
	intake_free(&taken);
	strings_free(&files);
}

/* Runs prepare, then the intake, in a child; false when prepare says that this machine cannot. */
static bool
see_in_child(const struct place *p, bool (*prepare)(const struct place *p), struct seen *seen)
{
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct seen mine = {0};

		if (!prepare(p))
			_exit(77);
		see(p, p->out, &mine);
		_exit(write_all(ends[1], &mine, sizeof mine) < 0);
	}
	close(ends[1]);
	*seen = (struct seen){0};
	(void)!read(ends[0], seen, sizeof *seen);
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		return false;
	assert_int_equal(WEXITSTATUS(status), 0);
	return true;
}

/* Nobody in particular: for root every permission is granted. */
static bool
become_ordinary(const struct place *p)
{
	if (getuid() != 0)
		return true;
	return chmod(p->out, 0777) == 0 && setresgid(65534, 65534, 65534) == 0 &&
	       setresuid(65534, 65534, 65534) == 0;
}

static void
change_mode(const struct place *p, const char *name, mode_t mode)
{
	char *path = *name ? join_path(p->in, name, NULL) : strdup(p->in);

	assert_int_equal(chmod(path, mode), 0);
	free(path);
}

static void
assert_locked_out(const struct place *p, const char *name, mode_t mode, const char *words)
{
	struct seen seen;

	change_mode(p, name, mode);
	assert_true(see_in_child(p, become_ordinary, &seen));
	change_mode(p, name, 0755);
	assert_int_equal(seen.result, -1);
	assert_int_equal(seen.error, EINVAL);
	if (strstr(seen.why, words) == NULL || strstr(seen.why, "permission denied") == NULL)
		fail_msg("the sentence is: %s", seen.why);
	assert_int_equal(seen.left, 0);
}

static void
unreadable_folder_is_named(void **state)
{
	plain_folder(((struct place *)*state)->in);
	assert_locked_out(*state, "", 0, "cannot be read");
	assert_locked_out(*state, "", 0444, "cannot be read");
	assert_locked_out(*state, "", 0111, "cannot be read");
}

static void
unreadable_file_is_named(void **state)
{
	plain_folder(((struct place *)*state)->in);
	assert_locked_out(*state, "runner.c", 0, "'runner.c' in");
}

static void
unreadable_inner_folder_is_named(void **state)
{
	one_folder_down(((struct place *)*state)->in);
	assert_locked_out(*state, "my work", 0, "the folder 'my work' in");
}

static void
unreadable_archive_is_named(void **state)
{
	tar_gzip(((struct place *)*state)->in);
	assert_locked_out(*state, "", 0, "cannot be read");
}

/* No file may become longer than 3 bytes: the second write of a short disk, so to say. */
static bool
limit_file_size(const struct place *p)
{
	const struct rlimit limit = {3, 3};

	(void)p;
	return signal(SIGXFSZ, SIG_IGN) != SIG_ERR && setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

static void
assert_system_failed(const struct seen *seen, int error)
{
	assert_int_equal(seen->result, -1);
	assert_int_equal(seen->error, error);
	if (strstr(seen->why, "this machine failed, not the submission: children.c: ") == NULL)
		fail_msg("the sentence is: %s", seen->why);
	assert_int_equal(seen->left, 0);
}

static void
failing_write_is_the_systems_fault(void **state)
{
	const struct place *p = *state;
	struct seen seen;

	plain_folder(p->in);
	assert_true(see_in_child(p, limit_file_size, &seen));
	assert_system_failed(&seen, EFBIG);
}

static bool
write_line(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write_all(fd, line, strlen(line)) == 0;

	if (fd >= 0)
		close(fd);
	return done;
}

/* A mount namespace of the child's own; an ordinary user needs a user namespace with it. */
static bool
own_mounts(void)
{
	char uids[64], gids[64];

	snprintf(uids, sizeof uids, "0 %d 1\n", (int)getuid());
	snprintf(gids, sizeof gids, "0 %d 1\n", (int)getgid());
	if (getuid() == 0)
		return unshare(CLONE_NEWNS) == 0;
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
	       write_line("/proc/self/setgroups", "deny") &&
	       write_line("/proc/self/uid_map", uids) && write_line("/proc/self/gid_map", gids);
}

/* A file system of one page for the clean directory. */
static bool
fill_disk(const struct place *p)
{
	return own_mounts() && mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("full", p->out, "tmpfs", 0, "size=4k") == 0;
}

static void
full_disk_is_the_systems_fault(void **state)
{
	const struct place *p = *state;
	struct seen seen;

	plain_folder(p->in);
	set_size(p->in, "children.c", 100000);
	if (!see_in_child(p, fill_disk, &seen))
		skip(); /* no namespaces here; the test above stands for it */
	assert_system_failed(&seen, ENOSPC);
}

static void
missing_directory_is_the_systems_fault(void **state)
{
	const struct place *p = *state;
	struct seen seen = {0};

	plain_folder(p->in);
	see(p, "/nonexistent/out", &seen);
	assert_int_equal(seen.result, -1);
	assert_int_equal(seen.error, ENOENT);
}

static size_t
open_descriptors(void)
{
	struct strings names = {0};
	size_t n;

	assert_int_equal(list_directory("/proc/self/fd", &names.at, &names.n), 0);
	n = names.n;
	strings_free(&names);
	return n;
}

/* No descriptor stays open, whatever way it went. */
static void
no_descriptor_leaks(void **state)
{
	const struct place *p = *state;
	size_t before = open_descriptors();

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct seen seen = {0};
		char *other = text_format("%s-other", p->in);

		rows[i].make(p->in);
		see(p, p->out, &seen);
		if (open_descriptors() != before)
			fail_msg("%s leaks a descriptor", rows[i].what);
		assert_int_equal(remove_tree(p->in), 0);
		assert_int_equal(remove_tree(other), 0);
		assert_int_equal(remove_tree(p->out), 0);
		assert_int_equal(mkdir(p->out, 0755), 0);
		free(other);
	}
}

/* ---- main --------------------------------------------------------------------------------------
 */

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)

int
main(void)
{
	static const struct CMUnitTest single[] = {
	    TEST(single_file_is_taken_where_one_is_asked_for),
	    TEST(single_file_is_not_enough_where_two_are_asked_for),
	    TEST(single_file_of_another_name_is_refused),
	    TEST(single_file_too_large_is_refused),
	    TEST(submission_name_is_harmless_in_the_sentence),
	    TEST(sentence_is_cut_at_a_character),
	    TEST(only_some_of_many_ignored_are_listed),
	    TEST(kits_own_are_listed_only_when_changed),
	    TEST(unreadable_folder_is_named),
	    TEST(unreadable_file_is_named),
	    TEST(unreadable_inner_folder_is_named),
	    TEST(unreadable_archive_is_named),
	    TEST(failing_write_is_the_systems_fault),
	    TEST(full_disk_is_the_systems_fault),
	    TEST(missing_directory_is_the_systems_fault),
	    TEST(no_descriptor_leaks),
	};
	enum { ROWS = sizeof rows / sizeof rows[0], SINGLE = sizeof single / sizeof single[0] };
	struct CMUnitTest tests[ROWS + SINGLE];

	if (messages_init("/nonexistent", "en") < 0)
		return 1;
	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
		    rows[i].what, row_holds, make_place, remove_place, (void *)&rows[i]};
	memcpy(tests + ROWS, single, sizeof single);
	return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
