#include "stage.h"

#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "../lab/reference.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 4 << 20 };

/* Writes a new file that everybody may read. Nothing here must outlast a crash: no fsync. */
static int
put_file(const char *path, const char *bytes, size_t n, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	int failed = fd < 0 || write_all(fd, bytes, n) < 0 || fchmod(fd, mode) < 0 ? errno : 0;

	if (fd >= 0 && close(fd) < 0 && failed == 0)
		failed = errno;
	errno = failed;
	return failed == 0 ? 0 : -1;
}

/* Copies directory/name to below. */
static int
copy(const char *directory, const char *name, const char *below, mode_t mode)
{
	char *source = join_path(directory, name, NULL);
	char *target = join_path(below, name, NULL);
	size_t n;
	char *bytes = source != NULL && target != NULL ? read_file(source, FILE_MAX, &n) : NULL;
	int result = bytes != NULL ? put_file(target, bytes, n, mode) : -1;
	int saved = errno;

	free(bytes);
	free(target);
	free(source);
	errno = saved;
	return result;
}

/* A directory that the sandbox may enter and read, whatever the umask. */
static char *
stage_directory(const char *stage, const char *name)
{
	char *path = join_path(stage, name, NULL);

	if (path != NULL && mkdir(path, 0755) == 0 && chmod(path, 0755) == 0)
		return path;
	free(path);
	return NULL;
}

static int
make_directory(const char *stage, const char *name)
{
	char *path = stage_directory(stage, name);

	free(path);
	return path != NULL ? 0 : -1;
}

bool
program_needed(const struct lab *lab, const struct program *program)
{
	for (size_t i = 0; i < lab->n_checks; i++)
		for (size_t j = 0; j < lab->checks[i].programs.n; j++)
			if (strcmp(lab->checks[i].programs.at[j], program->name) == 0)
				return true;
	return false;
}

const struct build_set build_sets[] = {
    {"asan", PROFILE_ASAN}, {"interleave", PROFILE_INTERLEAVE}, {NULL, PROFILE_GRADED}};

bool
program_needs_set(const struct lab *lab, const struct program *program, const struct build_set *set)
{
	for (size_t i = 0; i < lab->n_checks; i++)
		for (size_t j = 0; j < lab->checks[i].programs.n; j++)
			if (lab->checks[i].profile == set->profile &&
			    strcmp(lab->checks[i].programs.at[j], program->name) == 0)
				return true;
	return false;
}

/* "children_probe.c" -> "children_probe.o"; malloc'd. */
static char *
object_name(const char *probe)
{
	size_t n = strlen(probe);

	if (n > 2 && strcmp(probe + n - 2, ".c") == 0)
		n -= 2;
	return text_format("%.*s.o", (int)n, probe);
}

static void
put_variable(struct text *mk, const char *program, const char *suffix, const struct strings *values)
{
	text_printf(mk, "%s_%s :=", program, suffix);
	for (size_t i = 0; i < values->n; i++)
		text_printf(mk, " %s", values->at[i]);
	text_put_char(mk, '\n');
}

/* "asan := meter total": what this set is built of. */
static void
put_set(const struct lab *lab, struct text *mk, const struct build_set *set)
{
	text_printf(mk, "%s :=", set->name);
	for (size_t i = 0; i < lab->n_programs; i++)
		if (program_needs_set(lab, &lab->programs[i], set))
			text_printf(mk, " %s", lab->programs[i].name);
	text_put_char(mk, '\n');
}

static int
put_programs(const struct lab *lab, struct text *mk)
{
	struct text bin = {0};

	for (size_t i = 0; i < lab->n_programs; i++) {
		const struct program *p = &lab->programs[i];
		char *object;

		if (!program_needed(lab, p))
			continue;
		text_printf(&bin, " %s", p->name);
		put_variable(mk, p->name, "student", &p->student);
		if (p->reference.n > 0)
			put_variable(mk, p->name, "reference", &p->reference);
		if (p->probe == NULL)
			continue;
		put_variable(mk, p->name, "symbols", &p->symbols);
		object = object_name(p->probe);
		text_printf(mk, "%s_probe := %s\n", p->name, object != NULL ? object : "");
		free(object);
	}
	text_printf(mk, "bin :=%s\n", text_string(&bin));
	text_free(&bin);
	for (const struct build_set *set = build_sets; set->name != NULL; set++)
		put_set(lab, mk, set);
	return text_failed(mk) ? -1 : 0;
}

/* programs.mk: lab.yaml in make's words. */
static int
write_programs(const struct lab *lab, const char *kit)
{
	struct text mk = {0};
	char *path = join_path(kit, "programs.mk", NULL);
	int result =
	    path != NULL && put_programs(lab, &mk) == 0 ? put_file(path, mk.at, mk.n, 0644) : -1;
	int saved = errno;

	free(path);
	text_free(&mk);
	errno = saved;
	return result;
}

static int
copy_or_say(const char *directory, const char *name, const char *below, char *why, size_t size)
{
	mode_t mode = strcmp(name, "keeper") == 0 ? 0755 : 0644;

	if (copy(directory, name, below, mode) == 0)
		return 0;
	say(why, size, _("cannot copy %s/%s: %s (is the kit built? run: make build)"), directory,
	    name, strerror(errno));
	return -1;
}

static int
copy_contract(const struct lab *lab, const char *kit, char *why, size_t size)
{
	char *below = stage_directory(kit, "contract");
	int result = below != NULL ? 0 : -1;

	for (size_t i = 0; i < lab->contract.n && result == 0; i++)
		result = copy_or_say(lab->directory, lab->contract.at[i], below, why, size);
	free(below);
	return result;
}

/* What takes the place of the thread sanitizer's library, where a check wants it. */
static int
copy_interleave(const struct lab *lab, const char *built, const char *kit, char *why, size_t size)
{
	for (size_t i = 0; i < lab->n_checks; i++)
		if (lab->checks[i].profile == PROFILE_INTERLEAVE)
			return copy_or_say(built, "interleave.o", kit, why, size);
	return 0;
}

/* Two programs may share a probe: it is copied once. */
static bool
is_first_use(const struct lab *lab, size_t program)
{
	for (size_t i = 0; i < program; i++)
		if (lab->programs[i].probe != NULL &&
		    strcmp(lab->programs[i].probe, lab->programs[program].probe) == 0)
			return false;
	return true;
}

static int
copy_probes(const struct lab *lab, const char *root, const char *kit, char *why, size_t size)
{
	char *built = join_path(root, "build", "labs", lab->name, "probes", NULL);
	char *below = stage_directory(kit, "probes");
	int result = built != NULL && below != NULL ? 0 : -1;

	for (size_t i = 0; i < lab->n_programs && result == 0; i++) {
		char *object;

		if (lab->programs[i].probe == NULL || !is_first_use(lab, i))
			continue;
		object = object_name(lab->programs[i].probe);
		result = object != NULL ? copy_or_say(built, object, below, why, size) : -1;
		free(object);
	}
	free(below);
	free(built);
	return result;
}

/* Other labs' solutions as one object, where a program is linked with it. */
static int
copy_reference(const struct lab *lab, const char *root, const char *kit, char *why, size_t size)
{
	char *built = join_path(root, "build", "labs", lab->name, NULL);
	int result = built == NULL ? -1 : 0;

	if (result == 0 && lab_has_references(lab))
		result = copy_or_say(built, "reference.o", kit, why, size);
	free(built);
	return result;
}

/* Writable for whoever the compile runs as. */
static int
make_work(const char *stage)
{
	char *path = stage_directory(stage, "work");
	int result = path != NULL ? chmod(path, geteuid() == 0 ? 0777 : 0700) : -1;

	free(path);
	return result;
}

static int
make_sets(const char *stage)
{
	int result = 0;

	for (const struct build_set *set = build_sets; set->name != NULL && result == 0; set++)
		result = make_directory(stage, set->name);
	return result;
}

int
stage_kit(const struct lab *lab, const char *root, const char *own, const char *stage, char *why,
    size_t size)
{
	char *room = join_path(root, "autograder", "src", "build", NULL);
	char *built = join_path(root, "build", NULL);
	char *kit = stage_directory(stage, "kit");
	int result = -1;

	*why = '\0';
	if (room != NULL && built != NULL && kit != NULL && make_directory(stage, "bin") == 0 &&
	    make_sets(stage) == 0 && make_work(stage) == 0 && write_programs(lab, kit) == 0 &&
	    copy_or_say(built, "keeper", stage, why, size) == 0 &&
	    copy_or_say(room, "submission.mk", kit, why, size) == 0 &&
	    copy_or_say(built, "probe.o", kit, why, size) == 0 &&
	    copy_interleave(lab, built, kit, why, size) == 0 &&
	    copy_contract(lab, kit, why, size) == 0 &&
	    (own != NULL ? stage_own(lab, own, stage, why, size)
			 : copy_reference(lab, root, kit, why, size)) == 0)
		result = copy_probes(lab, root, kit, why, size);
	if (result < 0 && *why == '\0')
		say(why, size, _("cannot prepare %s: %s"), stage, strerror(errno));
	free(kit);
	free(built);
	free(room);
	return result;
}

/* One file, from the student's folder of its lab or, if it is a header, from the lab's folder. */
static int
copy_own(const struct lab *lab, const struct reference *r, const char *own, const char *below,
    char *why, size_t size)
{
	char *from = r->lab != NULL ? reference_own_folder(r, own)
				    : join_path(lab->directory, "reference", NULL);
	int result = from == NULL ? -1 : copy(from, r->name, below, 0644);

	if (result < 0)
		say(why, size, _("cannot copy %s/%s: %s"),
		    from != NULL     ? from
		    : r->lab != NULL ? r->lab
				     : "reference",
		    r->name, strerror(errno));
	free(from);
	return result;
}

/* own.mk: what is compiled. */
static int
write_own(const struct references *references, const char *kit)
{
	struct text mk = {0};
	char *path = join_path(kit, "own.mk", NULL);
	int result;

	text_put(&mk, "own :=");
	for (size_t i = 0; i < references->n; i++)
		if (references->at[i].lab != NULL)
			text_printf(&mk, " %s", references->at[i].name);
	text_put_char(&mk, '\n');
	result = path != NULL && !text_failed(&mk) ? put_file(path, mk.at, mk.n, 0644) : -1;
	free(path);
	text_free(&mk);
	return result;
}

int
stage_own(const struct lab *lab, const char *own, const char *stage, char *why, size_t size)
{
	struct references references = {0};
	char *wrong = NULL, *kit = join_path(stage, "kit", NULL);
	char *below = kit != NULL ? stage_directory(kit, "own") : NULL;
	int result = below != NULL && references_read(lab, &references, &wrong) == 0
			 ? write_own(&references, kit)
			 : -1;

	for (size_t i = 0; i < references.n && result == 0; i++)
		result = copy_own(lab, &references.at[i], own, below, why, size);
	references_free(&references);
	free(wrong);
	free(below);
	free(kit);
	return result;
}

int
stage_source(const struct lab *lab, const char *source, const char *stage, char *why, size_t size)
{
	char *below = stage_directory(stage, "src");
	int result = below != NULL ? 0 : -1;

	for (size_t i = 0; i < lab->files.n && result == 0; i++)
		/* What was not handed in is the compiler's to say. */
		if (copy(source, lab->files.at[i], below, 0644) < 0 && errno != ENOENT)
			result = -1;
	if (result < 0)
		say(why, size, _("cannot copy the submission to %s: %s"), stage, strerror(errno));
	free(below);
	return result;
}
