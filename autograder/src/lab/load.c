/*
 * load.c - lab.yaml becomes a struct lab.
 *
 * The tables below are the schema: every key, whether it is required, what it
 * may hold and where it goes. gabel-lab(5) says the same to authors.
 */
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/nearest.h"
#include "../base/text.h"
#include "loading.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	FILE_MAX = 256 << 10, /* bytes of a lab.yaml: far more than anybody writes */
	WORD_MAX = 200,       /* bytes of one value */
	SHOWN_MAX = 60,       /* bytes of a wrong word in a sentence */
};

/* What a name must look like, and the words that say so. */
struct rule {
	bool (*holds)(const char *word);
	const char *words;
};

enum kind {
	LINE,    /* one line of text: char * */
	NAME,    /* a word that obeys the rule: char * */
	NAMES,   /* a list of such words, none twice: struct strings */
	NUMBER,  /* a whole number from least to most: uint64_t */
	SPECIAL, /* its own function */
};

struct field {
	const char *key;
	bool required;
	enum kind kind;
	size_t offset; /* of the member of the struct that is filled */
	const struct rule *rule;
	uint64_t least, most;
	void (*read)(struct loading *l, int node, void *into);
};

static void read_mapping(
    struct loading *l, int node, const struct field *fields, size_t n, void *into);

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- what names look like ---------------------------------------------------- */

static bool
consists_of(const char *word, const char *allowed)
{
	return *word != '\0' && word[strspn(word, allowed)] == '\0';
}

#define SMALL "abcdefghijklmnopqrstuvwxyz"
#define LARGE "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool
ends_with(const char *word, const char *end)
{
	size_t n = strlen(word), m = strlen(end);

	return n > m && strcmp(word + n - m, end) == 0;
}

static bool
is_file_name(const char *word)
{
	return consists_of(word, SMALL LARGE DIGITS "._-") && word[0] != '.' && word[0] != '-';
}

static bool
is_source_name(const char *word)
{
	return is_file_name(word) && ends_with(word, ".c");
}

static bool
is_header_name(const char *word)
{
	return is_file_name(word) && ends_with(word, ".h");
}

static bool
is_probe_name(const char *word)
{
	return is_file_name(word) && ends_with(word, "_probe.c");
}

static bool
is_judge_name(const char *word)
{
	return strcmp(word, "cmocka") == 0 || (is_file_name(word) && ends_with(word, ".bats"));
}

static bool
is_program_name(const char *word)
{
	return consists_of(word, SMALL DIGITS "_-") && word[0] != '-';
}

static bool
is_id(const char *word)
{
	return consists_of(word, SMALL DIGITS "-") && word[0] != '-';
}

static bool
is_symbol(const char *word)
{
	return consists_of(word, SMALL LARGE DIGITS "_") && !isdigit((unsigned char)word[0]);
}

static bool
is_lecture(const char *word)
{
	return isdigit((unsigned char)word[0]) && isdigit((unsigned char)word[1]) &&
	       word[2] == '#' && is_id(word + 3);
}

static const struct rule file_rule = {
    is_file_name, N_("the name of a file: letters, digits, '.', '_' and '-', without a folder")};
static const struct rule source_rule = {
    is_source_name, N_("the name of a C file of the student's, without a folder: children.c")};
static const struct rule header_rule = {
    is_header_name, N_("the name of a header in the lab's folder: children.h")};
static const struct rule probe_rule = {
    is_probe_name, N_("the name of a file in checks/ that ends with _probe.c: children_probe.c")};
static const struct rule judge_rule = {is_judge_name,
    N_("cmocka, or the name of a file in checks/ that ends with .bats: runner.bats")};
static const struct rule program_rule = {
    is_program_name, N_("the name of a program: small letters, digits, '_' and '-'")};
static const struct rule id_rule = {
    is_id, N_("an id: small letters, digits and '-', as in leaves-no-zombie")};
static const struct rule symbol_rule = {is_symbol, N_("the name of a function or variable of C")};
static const struct rule lecture_rule = {
    is_lecture, N_("the chapter's two digits, '#' and an anchor: 01#wait")};

/* ---- sentences ------------------------------------------------------------------ */

const char *
shown(struct loading *l, const char *word)
{
	struct text t = {0};
	char clipped[SHOWN_MAX + 1];
	const char *result = "?";

	say(clipped, sizeof clipped, "%s", word);
	text_put_name(&t, clipped);
	if (strlen(word) > strlen(clipped))
		text_put(&t, "...");
	if (text_failed(&t) || strings_add(&l->scratch, text_string(&t)) < 0)
		l->failed = true;
	else
		result = l->scratch.at[l->scratch.n - 1];
	text_free(&t);
	return result;
}

void
mistake_unknown(
    struct loading *l, int node, const char *sentence, const char *const *words, size_t n)
{
	const char *word = yaml_word(&l->yaml, node);
	const char *meant = nearest_word(word, words, n);
	struct text t = {0};

	text_printf(&t, sentence, shown(l, word));
	if (meant)
		text_printf(&t, _("; did you mean '%s'?"), meant);
	for (size_t i = 0; i < n && !meant; i++)
		text_printf(&t, "%s%s", i ? ", " : _("; there is: "), words[i]);
	mistake(l, node, "%s", text_string(&t));
	l->failed |= text_failed(&t);
	text_free(&t);
}

static const char *
type_words(yaml_node_type_t type)
{
	switch (type) {
	case YAML_SEQUENCE_NODE:
		return _("a list");
	case YAML_MAPPING_NODE:
		return _("a mapping (lines of 'key: value')");
	default:
		return _("a single value");
	}
}

/* Is the node of this type? Otherwise a mistake that names the key. */
static bool
expect_type(struct loading *l, int node, const char *key, yaml_node_type_t type)
{
	yaml_node_type_t is = yaml_type(&l->yaml, node);
	const char *word = yaml_word(&l->yaml, node);

	if (is == type)
		return true;
	if (word && *word == '\0')
		mistake(l, node, _("%s is empty; it must be %s"), key, type_words(type));
	else
		mistake(l, node, _("%s must be %s, not %s"), key, type_words(type), type_words(is));
	return false;
}

/* ---- values ----------------------------------------------------------------------- */

/* A scalar that may be a value at all: not empty, one line, not endless. NULL: a mistake. */
static const char *
read_word(struct loading *l, int node, const char *key)
{
	const char *word;

	if (!expect_type(l, node, key, YAML_SCALAR_NODE))
		return NULL;
	word = yaml_word(&l->yaml, node);
	if (*word == '\0' || (yaml_is_plain(&l->yaml, node) &&
				 (strcmp(word, "~") == 0 || strcmp(word, "null") == 0)))
		mistake(l, node, _("%s is empty"), key);
	else if (strlen(word) > WORD_MAX)
		mistake(l, node, _("%s is longer than %d bytes"), key, WORD_MAX);
	else if (strpbrk(word, "\n\r\t"))
		mistake(l, node, _("%s must be one line, without tabs"), key);
	else
		return word;
	return NULL;
}

static bool
read_number(
    struct loading *l, int node, const char *key, uint64_t least, uint64_t most, uint64_t *value)
{
	const char *word = read_word(l, node, key);

	if (word == NULL)
		return false;
	if (consists_of(word, DIGITS) && strlen(word) <= 12 && yaml_is_plain(&l->yaml, node)) {
		*value = strtoull(word, NULL, 10);
		if (*value >= least && *value <= most)
			return true;
	}
	mistake(l, node, _("%s is '%s'; it must be a whole number from %llu to %llu"), key,
	    shown(l, word), (unsigned long long)least, (unsigned long long)most);
	return false;
}

/* The word goes to a malloc'd string; NULL stays when it breaks the rule. */
static void
read_name(struct loading *l, int node, const char *key, const struct rule *rule, char **name)
{
	const char *word = read_word(l, node, key);

	if (word == NULL)
		return;
	if (rule && !rule->holds(word)) {
		mistake(l, node, _("%s: '%s' is not allowed; wanted is %s"), key, shown(l, word),
		    _(rule->words));
		return;
	}
	free(*name);
	*name = strdup(word);
	if (*name == NULL)
		l->failed = true;
}

static void
read_names(
    struct loading *l, int node, const char *key, const struct rule *rule, struct strings *names)
{
	if (!expect_type(l, node, key, YAML_SEQUENCE_NODE))
		return;
	for (size_t i = 0; i < yaml_size(&l->yaml, node); i++) {
		int item = yaml_item(&l->yaml, node, i);
		char *name = NULL;

		read_name(l, item, key, rule, &name);
		if (name == NULL)
			continue;
		if (strings_have(names, name))
			mistake(l, item, _("%s: '%s' stands here twice"), key, shown(l, name));
		else if (strings_add(names, name) < 0)
			l->failed = true;
		free(name);
	}
}

/* One of the words; returns its index, or -1 after a mistake. */
static int
read_choice(struct loading *l, int node, const char *key, const char *const *words, size_t n)
{
	const char *word = read_word(l, node, key);

	for (size_t i = 0; i < n && word; i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	if (word)
		mistake_unknown(l, node, _("'%s' is not allowed here"), words, n);
	return -1;
}

/* ---- the schema -------------------------------------------------------------------- */

static void
read_schema(struct loading *l, int node, void *into)
{
	uint64_t schema;

	(void)into;
	if (read_number(l, node, "schema", 0, 999999, &schema) && schema != 1)
		mistake(l, node, _("schema %llu is not known here; this kit reads schema 1"),
		    (unsigned long long)schema);
}

static void
read_points(struct loading *l, int node, void *into)
{
	struct check_spec *check = into;
	uint64_t points;

	if (read_number(l, node, "points", 1, 100, &points))
		check->points = (unsigned)points;
}

static void
read_visibility(struct loading *l, int node, void *into)
{
	static const char *const words[] = {"public", "hidden"};
	struct check_spec *check = into;

	check->hidden = read_choice(l, node, "visibility", words, COUNT(words)) == 1;
}

static void
read_profile(struct loading *l, int node, void *into)
{
	/* In the order of enum profile. */
	static const char *const words[] = {"graded", "valgrind", "asan", "interleave"};
	struct check_spec *check = into;
	int chosen = read_choice(l, node, "profile", words, COUNT(words));

	if (chosen >= 0)
		check->profile = (enum profile)chosen;
}

/* Which kind of judge; that of the lab itself is no file name. */
static void
read_judge(struct loading *l, int node, void *into)
{
	struct check_spec *check = into;

	read_name(l, node, "judge", &judge_rule, &check->judge);
	if (check->judge && strcmp(check->judge, "cmocka") == 0) {
		free(check->judge);
		check->judge = NULL;
	}
}

static const struct field check_fields[] = {
    {"id", true, NAME, offsetof(struct check_spec, id), .rule = &id_rule},
    {"title", true, LINE, offsetof(struct check_spec, title), .rule = NULL},
    {"points", true, SPECIAL, .read = read_points},
    {"visibility", false, SPECIAL, .read = read_visibility},
    {"programs", true, NAMES, offsetof(struct check_spec, programs), .rule = &program_rule},
    {"requires", false, NAMES, offsetof(struct check_spec, requires), .rule = &id_rule},
    {"judge", false, SPECIAL, .read = read_judge},
    {"profile", false, SPECIAL, .read = read_profile},
    {"lecture", false, NAME, offsetof(struct check_spec, lecture), .rule = &lecture_rule},
};

static void
read_checks(struct loading *l, int node, void *into)
{
	struct lab *lab = into;
	size_t n;

	if (!expect_type(l, node, "checks", YAML_SEQUENCE_NODE))
		return;
	n = yaml_size(&l->yaml, node);
	lab->checks = calloc(n ? n : 1, sizeof *lab->checks);
	if (lab->checks == NULL) {
		l->failed = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct check_spec *check = &lab->checks[lab->n_checks++];
		int item = yaml_item(&l->yaml, node, i);

		check->line = yaml_line(&l->yaml, item);
		check->title_line = yaml_line(&l->yaml, yaml_find(&l->yaml, item, "title"));
		if (expect_type(l, item, _("a check"), YAML_MAPPING_NODE))
			read_mapping(l, item, check_fields, COUNT(check_fields), check);
	}
}

static const struct field program_fields[] = {
    {"student", true, NAMES, offsetof(struct program, student), .rule = &source_rule},
    {"probe", false, NAME, offsetof(struct program, probe), .rule = &probe_rule},
    {"symbols", false, NAMES, offsetof(struct program, symbols), .rule = &symbol_rule},
    {"reference", false, NAMES, offsetof(struct program, reference), .rule = &symbol_rule},
};

/* Has the mapping this key before its i-th pair? Returns the line, or 0. */
static int
line_of_earlier(struct loading *l, int node, size_t i, const char *key)
{
	for (size_t j = 0; j < i; j++) {
		int earlier = yaml_key(&l->yaml, node, j);
		const char *word = yaml_word(&l->yaml, earlier);

		if (word && strcmp(word, key) == 0)
			return yaml_line(&l->yaml, earlier);
	}
	return 0;
}

static void
read_program(struct loading *l, int node, size_t i, struct lab *lab)
{
	int key = yaml_key(&l->yaml, node, i), value = yaml_value(&l->yaml, node, i), line;
	struct program *program;
	char *name = NULL;

	read_name(l, key, _("a program's name"), &program_rule, &name);
	if (name == NULL)
		return;
	line = line_of_earlier(l, node, i, name);
	if (line) {
		mistake(l, key, _("'%s' stands here twice; the first is in line %d"), name, line);
		free(name);
		return;
	}
	program = &lab->programs[lab->n_programs++];
	program->name = name;
	if (expect_type(l, value, name, YAML_MAPPING_NODE))
		read_mapping(l, value, program_fields, COUNT(program_fields), program);
}

static void
read_programs(struct loading *l, int node, void *into)
{
	struct lab *lab = into;
	size_t n;

	if (!expect_type(l, node, "programs", YAML_MAPPING_NODE))
		return;
	n = yaml_size(&l->yaml, node);
	lab->programs = calloc(n ? n : 1, sizeof *lab->programs);
	if (lab->programs == NULL) {
		l->failed = true;
		return;
	}
	for (size_t i = 0; i < n; i++)
		read_program(l, node, i, lab);
}

#define LIMIT(key, member, least, most)                                                            \
	{                                                                                          \
		key, false, NUMBER, offsetof(struct limits, member), NULL, least, most, NULL       \
	}

static const struct field limit_fields[] = {
    LIMIT("cpu-ms", cpu_ms, 10, 600000),
    LIMIT("memory-mib", memory_mib, 4, 65536),
    LIMIT("processes", processes, 1, 4096),
    LIMIT("descriptors", descriptors, 8, 65536),
    LIMIT("file-kib", file_kib, 0, 1048576),
    LIMIT("output-kib", output_kib, 1, 65536),
    LIMIT("wall-ms", wall_ms, 100, 3600000),
};

static void
read_limits(struct loading *l, int node, void *into)
{
	struct lab *lab = into;

	if (expect_type(l, node, "limits", YAML_MAPPING_NODE))
		read_mapping(l, node, limit_fields, COUNT(limit_fields), &lab->limits);
}

static const struct field lab_fields[] = {
    {"schema", true, SPECIAL, .read = read_schema},
    {"title", true, LINE, offsetof(struct lab, title), .rule = NULL},
    {"files", true, NAMES, offsetof(struct lab, files), .rule = &file_rule},
    {"contract", false, NAMES, offsetof(struct lab, contract), .rule = &header_rule},
    {"programs", true, SPECIAL, .read = read_programs},
    {"limits", false, SPECIAL, .read = read_limits},
    {"checks", true, SPECIAL, .read = read_checks},
};

/* ---- a mapping by its table ----------------------------------------------------------- */

static void
read_field(struct loading *l, int node, const struct field *field, void *into)
{
	char *member = (char *)into + field->offset;

	switch (field->kind) {
	case LINE:
	case NAME:
		read_name(l, node, field->key, field->rule, (char **)(void *)member);
		break;
	case NAMES:
		read_names(l, node, field->key, field->rule, (struct strings *)(void *)member);
		break;
	case NUMBER:
		(void)read_number(
		    l, node, field->key, field->least, field->most, (uint64_t *)(void *)member);
		break;
	case SPECIAL:
		field->read(l, node, into);
		break;
	}
}

static void
report_unknown_key(struct loading *l, int key, const struct field *fields, size_t n)
{
	const char *words[16];

	for (size_t i = 0; i < n; i++)
		words[i] = fields[i].key;
	if (yaml_word(&l->yaml, key))
		mistake_unknown(l, key, _("the key '%s' is not known here"), words, n);
	else
		mistake(l, key, _("a key must be a single word"));
}

/* Reads one pair; returns the index of its field, or n. */
static size_t
read_pair(struct loading *l, int node, size_t i, const struct field *fields, size_t n, void *into)
{
	int key = yaml_key(&l->yaml, node, i), line;
	const char *word = yaml_word(&l->yaml, key);
	size_t f = 0;

	while (f < n && (word == NULL || strcmp(word, fields[f].key) != 0))
		f++;
	if (f == n) {
		report_unknown_key(l, key, fields, n);
		return n;
	}
	line = line_of_earlier(l, node, i, word);
	if (line)
		mistake(l, key, _("'%s' stands here twice; the first is in line %d"), word, line);
	else
		read_field(l, yaml_value(&l->yaml, node, i), &fields[f], into);
	return f;
}

static void
read_mapping(struct loading *l, int node, const struct field *fields, size_t n, void *into)
{
	bool there[16] = {false};

	for (size_t i = 0; i < yaml_size(&l->yaml, node); i++) {
		size_t f = read_pair(l, node, i, fields, n, into);

		if (f < n)
			there[f] = true;
	}
	for (size_t f = 0; f < n; f++)
		if (fields[f].required && !there[f])
			mistake(l, node, _("the key '%s' is missing"), fields[f].key);
}

_Static_assert(COUNT(check_fields) <= 16 && COUNT(lab_fields) <= 16, "tables of read_mapping");

/* ---- the file ---------------------------------------------------------------------------- */

static void
read_lab(struct loading *l, const char *bytes, size_t n)
{
	int root = yaml_open(&l->yaml, l->yaml.file, bytes, n, l->findings);

	if (root && expect_type(l, root, "lab.yaml", YAML_MAPPING_NODE)) {
		read_mapping(l, root, lab_fields, COUNT(lab_fields), l->lab);
		l->lab->title_line = yaml_line(&l->yaml, yaml_find(&l->yaml, root, "title"));
		if (!l->failed)
			check_meaning(l, root);
	}
	yaml_close(&l->yaml);
}

/* Name and directory: what the struct knows without the file. */
static int
place(struct loading *l, const char *directory)
{
	const char *name;

	l->lab->limits = lab_default_limits;
	l->lab->directory = realpath(directory, NULL);
	if (l->lab->directory == NULL)
		return -1;
	name = strrchr(l->lab->directory, '/') + 1;
	if (!lab_name_is_good(name))
		findings_add(l->findings, l->yaml.file, 0,
		    _("the lab's folder is called '%s'; it must be two digits, '-' and a name of "
		      "small letters, digits and '-': 01-processes"),
		    shown(l, name));
	l->lab->name = strdup(name);
	return l->lab->name ? 0 : -1;
}

/* Why it cannot be read, as a finding; keeps errno, but what is too big is a mistake of the lab. */
static void
report_unread(struct loading *l)
{
	int error = errno;

	if (error == EFBIG) {
		findings_add(l->findings, l->yaml.file, 0,
		    _("the file is bigger than %d KiB; a lab.yaml is a few pages"), FILE_MAX >> 10);
		error = EINVAL;
	} else {
		findings_add(
		    l->findings, l->yaml.file, 0, _("cannot be read: %s"), strerror(error));
	}
	errno = error;
}

static int
read_and_fill(struct loading *l, const char *directory)
{
	char *path = join_path(directory, "lab.yaml", NULL), *bytes = NULL;
	size_t n;
	int error;

	if (path && place(l, directory) == 0)
		bytes = read_file(path, FILE_MAX, &n);
	error = errno;
	free(path);
	errno = error;
	if (bytes == NULL) {
		report_unread(l);
		return -1;
	}
	read_lab(l, bytes, n);
	free(bytes);
	errno = l->failed || l->findings->failed ? ENOMEM : EINVAL;
	return errno == ENOMEM || l->findings->n > 0 ? -1 : 0;
}

struct lab *
load_and_find(const char *directory, const char *file, struct findings *findings)
{
	struct loading l = {.lab = calloc(1, sizeof *l.lab), .findings = findings};
	int error = ENOMEM;

	l.yaml.file = file;
	if (l.lab && read_and_fill(&l, directory) == 0)
		error = 0;
	else if (l.lab)
		error = errno;
	strings_free(&l.scratch);
	if (error) {
		lab_free(l.lab);
		l.lab = NULL;
	}
	errno = error;
	return l.lab;
}

struct lab *
lab_load(const char *directory, FILE *errors)
{
	struct findings findings = {0};
	char *file = join_path(directory, "lab.yaml", NULL);
	struct lab *lab = file ? load_and_find(directory, file, &findings) : NULL;
	int error = file ? errno : ENOMEM;

	if (lab == NULL && errors) {
		findings_print(&findings, errors);
		if (error == ENOMEM)
			fprintf(errors, "%s: %s\n", file ? file : "lab.yaml", strerror(ENOMEM));
	}
	findings_free(&findings);
	free(file);
	errno = error;
	return lab;
}
