/* meaning.c - what only the whole lab.yaml can tell; see loading.h. */
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/nearest.h"
#include "../base/text.h"
#include "loading.h"
#include "reference.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Every name in the list at this key must be one of words. */
static void
expect_known(struct loading *l, int mapping, const char *key, const char *sentence,
    const struct strings *words)
{
	int list = yaml_find(&l->yaml, mapping, key);

	if (yaml_type(&l->yaml, list) != YAML_SEQUENCE_NODE)
		return;
	for (size_t i = 0; i < yaml_size(&l->yaml, list); i++) {
		int item = yaml_item(&l->yaml, list, i);
		const char *word = yaml_word(&l->yaml, item);

		if (word && *word && !strings_have(words, word))
			mistake_unknown(
			    l, item, sentence, (const char *const *)words->at, words->n);
	}
}

/* A list that is there must not be empty. */
static void
expect_some(struct loading *l, int mapping, const char *key)
{
	int list = yaml_find(&l->yaml, mapping, key);

	if (list && yaml_type(&l->yaml, list) == YAML_SEQUENCE_NODE &&
	    yaml_size(&l->yaml, list) == 0)
		mistake(l, list, _("%s is empty; it must name at least one"), key);
}

/* The file, in a folder of the lab ("" is the lab's own), must be there. */
static void
expect_file(struct loading *l, int node, const char *folder, const char *name)
{
	char *path = join_path(
	    l->lab->directory, *folder ? folder : name, *folder ? name : (char *)NULL, NULL);

	if (path == NULL)
		l->failed = true;
	else if (!is_file(path))
		mistake(l, node, _("there is no file %s%s%s in the lab's folder"), folder,
		    *folder ? "/" : "", shown(l, name));
	free(path);
}

static void
check_contract(struct loading *l, int root)
{
	int list = yaml_find(&l->yaml, root, "contract");

	if (yaml_type(&l->yaml, list) != YAML_SEQUENCE_NODE)
		return;
	for (size_t i = 0; i < yaml_size(&l->yaml, list); i++) {
		int item = yaml_item(&l->yaml, list, i);
		const char *name = yaml_word(&l->yaml, item);

		if (name == NULL || !strings_have(&l->lab->contract, name))
			continue;
		expect_file(l, item, "", name);
		if (strings_have(&l->lab->files, name))
			mistake(l, item,
			    _("'%s' is among files too; the lab offers a contract header, the "
			      "student does not hand it in"),
			    shown(l, name));
	}
}

/* A C file that is handed in and compiled into nothing is a slip of the author's. */
static void
check_files(struct loading *l, int root)
{
	int list = yaml_find(&l->yaml, root, "files");

	expect_some(l, root, "files");
	if (yaml_type(&l->yaml, list) != YAML_SEQUENCE_NODE)
		return;
	for (size_t i = 0; i < yaml_size(&l->yaml, list); i++) {
		int item = yaml_item(&l->yaml, list, i);
		const char *name = yaml_word(&l->yaml, item);
		size_t length = name ? strlen(name) : 0;
		bool used = length < 3 || strcmp(name + length - 2, ".c") != 0;

		for (size_t p = 0; p < l->lab->n_programs && !used; p++)
			used = strings_have(&l->lab->programs[p].student, name);
		if (!used && l->lab->n_programs > 0 && strings_have(&l->lab->files, name))
			mistake(l, item, _("'%s' belongs to no program"), shown(l, name));
	}
}

/* What a program is linked with must be there, and be links to other labs' solutions. */
static void
check_reference(struct loading *l, int node)
{
	struct references references;
	char *wrong;
	size_t sources = 0;

	if (references_read(l->lab, &references, &wrong) < 0) {
		if (errno == EINVAL)
			mistake(l, node,
			    _("reference/%s is no link to a file of the same name in "
			      "../../../solutions/NN-name"),
			    wrong ? shown(l, wrong) : "?");
		else if (errno == ENOMEM)
			l->failed = true;
		else
			mistake(
			    l, node, _("the folder reference cannot be read: %s"), strerror(errno));
		free(wrong);
		return;
	}
	for (size_t i = 0; i < references.n; i++)
		sources += references.at[i].lab != NULL;
	if (sources == 0)
		mistake(l, node,
		    _("there is no C file in reference/; links to files of other labs' solutions "
		      "belong there"));
	references_free(&references);
}

static void
check_program(struct loading *l, int node, const struct program *program)
{
	int probe = yaml_find(&l->yaml, node, "probe"),
	    symbols = yaml_find(&l->yaml, node, "symbols");

	expect_some(l, node, "student");
	expect_some(l, node, "symbols");
	expect_some(l, node, "reference");
	expect_known(l, node, "student", _("'%s' is not among the lab's files"), &l->lab->files);
	if (program->probe)
		expect_file(l, probe, "checks", program->probe);
	if (probe && !symbols)
		mistake(l, node,
		    _("the key 'symbols' is missing: a probe calls the functions that it names"));
	if (symbols && !probe)
		mistake(l, symbols,
		    _("symbols without a probe: a program of the student's own needs none"));
	if (program->reference.n > 0)
		check_reference(l, yaml_find(&l->yaml, node, "reference"));
}

static void
check_programs(struct loading *l, int root)
{
	int programs = yaml_find(&l->yaml, root, "programs");

	if (yaml_type(&l->yaml, programs) == YAML_MAPPING_NODE && l->lab->n_programs == 0)
		mistake(l, programs, _("%s is empty; it must name at least one"), "programs");
	for (size_t p = 0; p < l->lab->n_programs; p++)
		check_program(l, yaml_find(&l->yaml, programs, l->lab->programs[p].name),
		    &l->lab->programs[p]);
}

/* ---- checks -------------------------------------------------------------------------- */

/* The index of the first check with this id; n_checks when there is none. */
static size_t
index_of(const struct lab *lab, const char *id)
{
	size_t i = 0;

	while (
	    i < lab->n_checks && (lab->checks[i].id == NULL || strcmp(lab->checks[i].id, id) != 0))
		i++;
	return i;
}

/* Has the lab's cmocka judge any source: a C file in checks/ that is no probe? */
static bool
has_judge(struct loading *l)
{
	char *checks = join_path(l->lab->directory, "checks", NULL), **names = NULL;
	size_t n = 0;
	bool found = false;

	if (checks == NULL || (list_directory(checks, &names, &n) < 0 && errno == ENOMEM))
		l->failed = true;
	for (size_t i = 0; i < n; i++) {
		const char *end = strrchr(names[i], '.');
		const char *probe = strstr(names[i], "_probe.c");

		found |= end && strcmp(end, ".c") == 0 && probe == NULL;
	}
	free_names(names, n);
	free(checks);
	return found;
}

static void
check_check(struct loading *l, int node, size_t i, const struct strings *programs,
    const struct strings *ids)
{
	const struct check_spec *check = &l->lab->checks[i];
	int id = yaml_find(&l->yaml, node, "id"), judge = yaml_find(&l->yaml, node, "judge");
	size_t first = check->id ? index_of(l->lab, check->id) : i;

	if (first < i)
		mistake(l, id, _("the id '%s' is that of the check in line %d; ids are unique"),
		    check->id, l->lab->checks[first].line);
	expect_some(l, node, "programs");
	expect_known(l, node, "programs", _("there is no program '%s'"), programs);
	expect_known(l, node, "requires", _("there is no check '%s'"), ids);
	if (check->id && strings_have(&check->requires, check->id))
		mistake(
		    l, yaml_find(&l->yaml, node, "requires"), _("'%s' requires itself"), check->id);
	if (check->judge)
		expect_file(l, judge, "checks", check->judge);
}

/* The points of all checks, or 0 when a check has none that could be read. */
static unsigned
sum_of_points(const struct lab *lab)
{
	unsigned sum = 0;

	for (size_t i = 0; i < lab->n_checks; i++) {
		if (lab->checks[i].points == 0)
			return 0;
		sum += lab->checks[i].points;
	}
	return sum;
}

enum colour { UNSEEN, ON_THE_WAY, DONE };

struct walk {
	enum colour *colour; /* of each check */
	size_t *way;         /* from the first check to the one we stand at */
	size_t n;
};

/* "a -> b -> a", from the place on the way where the circle begins. */
static void
report_circle(struct loading *l, const struct walk *w, size_t again)
{
	const struct lab *lab = l->lab;
	struct text t = {0};
	size_t from = 0;

	while (w->way[from] != again)
		from++;
	for (size_t i = from; i < w->n; i++)
		text_printf(&t, "%s -> ", lab->checks[w->way[i]].id);
	text_put(&t, lab->checks[again].id);
	findings_add(l->findings, l->yaml.file, lab->checks[again].line,
	    _("these checks require each other, so that none could ever run: %s"), text_string(&t));
	l->failed |= text_failed(&t);
	text_free(&t);
}

/* Follows requires from check i; a check met while it is still on the way closes a circle. */
static void
walk_from(struct loading *l, struct walk *w, size_t i)
{
	const struct strings *requires = &l->lab->checks[i].requires;

	w->colour[i] = ON_THE_WAY;
	w->way[w->n++] = i;
	for (size_t r = 0; r < requires->n; r++) {
		size_t next = index_of(l->lab, requires->at[r]);

		if (next == l->lab->n_checks || next == i)
			continue;
		if (w->colour[next] == ON_THE_WAY)
			report_circle(l, w, next);
		else if (w->colour[next] == UNSEEN)
			walk_from(l, w, next);
	}
	w->n--;
	w->colour[i] = DONE;
}

static void
check_circles(struct loading *l)
{
	size_t n = l->lab->n_checks ? l->lab->n_checks : 1;
	struct walk w = {
	    .colour = calloc(n, sizeof *w.colour), .way = calloc(n, sizeof *w.way), .n = 0};

	if (w.colour == NULL || w.way == NULL)
		l->failed = true;
	for (size_t i = 0; i < l->lab->n_checks && !l->failed; i++)
		if (w.colour[i] == UNSEEN && l->lab->checks[i].id)
			walk_from(l, &w, i);
	free(w.colour);
	free(w.way);
}

static void
check_checks(struct loading *l, int root)
{
	int list = yaml_find(&l->yaml, root, "checks");
	struct strings programs = {0}, ids = {0};
	bool cmocka = false;

	expect_some(l, root, "checks");
	for (size_t i = 0; i < l->lab->n_programs; i++)
		l->failed |= strings_add(&programs, l->lab->programs[i].name) < 0;
	for (size_t i = 0; i < l->lab->n_checks; i++)
		if (l->lab->checks[i].id)
			l->failed |= strings_add(&ids, l->lab->checks[i].id) < 0;
	for (size_t i = 0; i < l->lab->n_checks && !l->failed; i++) {
		check_check(l, yaml_item(&l->yaml, list, i), i, &programs, &ids);
		cmocka |= l->lab->checks[i].judge == NULL;
	}
	if (cmocka && !has_judge(l))
		mistake(l, list,
		    _("there is no C file in checks/ but probes; the lab's judge is made of them"));
	check_circles(l);
	l->lab->max_points = sum_of_points(l->lab);
	if (l->lab->max_points != 100 && l->lab->max_points > 0)
		mistake(l, list,
		    _("the points of all checks add up to %u; they must add up to 100"),
		    l->lab->max_points);
	strings_free(&programs);
	strings_free(&ids);
}

void
check_meaning(struct loading *l, int root)
{
	check_files(l, root);
	check_contract(l, root);
	check_programs(l, root);
	check_checks(l, root);
}
