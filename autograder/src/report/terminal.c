/*
 * A result in a terminal: a line for each check, and below a failing one what
 * was done, expected and seen, the rule behind it, and the way on. The labels
 * stand in a column of their own as long as enough room is left for the texts.
 */
#include "../base/messages.h"
#include "columns.h"
#include "report.h"
#include "words.h"
#include "write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	LEAST_WIDTH = 20,
	TEXT_LEAST = 34,     /* fewer columns beside the labels: texts go below them */
	TITLE_LEAST = 24,    /* the same for a check's title and its points */
	TEXT_WIDEST = 100,   /* longer lines are hard to read */
	INDENT = 2,          /* of a check */
	DEEPER = 4,          /* of its explanation, further */
	COMPILER_LINES = 40, /* shown unless verbose */
	POINTS = 7           /* columns of "100/100" */
};

/* What a word looks like. */
enum style { PLAIN, GOOD, BAD, OUR_FAULT, FAINT, STRONG };

struct view {
	struct text text;
	const struct report_options *o;
	size_t width;
};

static void
set_style(struct view *v, enum style style)
{
	static const char *const codes[] = {[PLAIN] = "0",
	    [GOOD] = "32",
	    [BAD] = "31",
	    [OUR_FAULT] = "1;35",
	    [FAINT] = "2",
	    [STRONG] = "1"};

	if (v->o->colour)
		text_printf(&v->text, "\033[%sm", codes[style]);
}

static void
put_styled(struct view *v, enum style style, const char *s)
{
	if (style != PLAIN)
		set_style(v, style);
	text_put(&v->text, s);
	if (style != PLAIN)
		set_style(v, PLAIN);
}

static struct view
view_of(const struct report_options *o)
{
	struct view v = {.o = o, .width = o->width};

	if (v.width < LEAST_WIDTH)
		v.width = LEAST_WIDTH;
	if (v.width > TEXT_WIDEST)
		v.width = TEXT_WIDEST;
	return v;
}

static int
show(struct view *v, FILE *out)
{
	return write_text(&v->text, out);
}

/* Appends foreign text, harmless and within the margins. Returns the column after it. */
static size_t
put_wrapped(struct view *v, const char *s, struct margins m)
{
	struct text clean = {0};
	size_t column;

	text_put_foreign(&clean, s, strlen(s));
	if (text_failed(&clean))
		v->text.failed = true;
	column = columns_wrap(&v->text, text_string(&clean), m);
	text_free(&clean);
	return column;
}

static void
put_line(struct view *v, enum style style, size_t indent, const char *s)
{
	if (*s == '\0')
		return;
	columns_skip(&v->text, indent);
	if (style != PLAIN)
		set_style(v, style);
	put_wrapped(v, s, (struct margins){.at = indent, .left = indent, .right = v->width});
	if (style != PLAIN)
		set_style(v, PLAIN);
	text_put_char(&v->text, '\n');
}

/* Takes over a sentence of words.h. */
static void
put_sentence(struct view *v, enum style style, char *sentence)
{
	if (sentence)
		put_line(v, style, 0, sentence);
	else
		v->text.failed = true;
	free(sentence);
}

/* ---- labels ---------------------------------------------------------------------- */

/* The column where the texts beside the labels begin; 0 when that leaves too little room. */
static size_t
text_column(const struct view *v)
{
	size_t widest = 0;

	for (int i = 0; i < LABELS; i++) {
		size_t n = columns_of(words_label((enum label)i));

		widest = n > widest ? n : widest;
	}
	widest += INDENT + DEEPER + 2;
	return widest + TEXT_LEAST <= v->width ? widest : 0;
}

/* The label, and the way to where its text begins: the margins of that text. */
static struct margins
put_label(struct view *v, enum label label)
{
	struct margins m = {.at = text_column(v), .right = v->width};
	size_t indent = m.at ? INDENT + DEEPER : DEEPER;
	size_t end = indent + columns_of(words_label(label));

	m.left = m.at;
	if (m.at == 0) {
		m.at = end + 1;
		m.left = indent + INDENT;
	}
	columns_skip(&v->text, indent);
	put_styled(v, FAINT, words_label(label));
	columns_skip(&v->text, m.at - end);
	return m;
}

static void
put_field(struct view *v, enum label label, const char *s)
{
	if (s == NULL || *s == '\0')
		return;
	put_wrapped(v, s, put_label(v, label));
	text_put_char(&v->text, '\n');
}

/* A command stays in one piece, to be copied; the terminal may break its line. */
static void
put_command(struct view *v, enum label label, char *command)
{
	struct text clean = {0};

	if (command == NULL) {
		v->text.failed = true;
		return;
	}
	text_put_name(&clean, command);
	put_label(v, label);
	put_styled(v, STRONG, text_string(&clean));
	text_put_char(&v->text, '\n');
	text_free(&clean);
	free(command);
}

/* Takes over s, a text of words.h: NULL with errno 0 means that there is none. */
static void
put_words(struct view *v, enum label label, char *s)
{
	if (s == NULL && errno == ENOMEM)
		v->text.failed = true;
	put_field(v, label, s);
	free(s);
}

/* ---- a check ---------------------------------------------------------------------- */

static enum style
style_of(enum verdict verdict)
{
	if (verdict == PASSED)
		return GOOD;
	if (verdict == GRADER_FAULT)
		return OUR_FAULT;
	return verdict == NOT_REACHED ? FAINT : BAD;
}

/* So many columns that the verdicts of all checks stand below each other. */
static size_t
verdict_width(enum verdict verdict)
{
	size_t widest = columns_of(words_verdict(verdict));

	/* The grader's faults are rare and their words long: no room is kept for them. */
	for (int i = PASSED; i < GRADER_FAULT; i++) {
		size_t n = columns_of(words_verdict((enum verdict)i));

		widest = n > widest ? n : widest;
	}
	return widest;
}

static void
put_points(struct view *v, const struct check_result *c, size_t width)
{
	char points[32];

	if (c->verdict == GRADER_FAULT)
		snprintf(points, sizeof points, "–/%u", c->max_points);
	else /* the result is not settled yet when its checks are shown one by one */
		snprintf(points, sizeof points, "%u/%u",
		    c->verdict == PASSED ? c->max_points : c->points, c->max_points);
	columns_pad_left(&v->text, points, width);
	text_put(&v->text, "  ");
	put_styled(v, style_of(c->verdict), words_verdict(c->verdict));
}

/* The title, and to the right of it, or below, the points and the verdict. */
static void
put_check_line(struct view *v, const struct check_result *c)
{
	size_t right = POINTS + 2 + verdict_width(c->verdict), column, end;
	bool beside = INDENT + TITLE_LEAST + 2 + right <= v->width;
	struct text title = {0};

	text_put_foreign(&title, c->title, strlen(c->title));
	/* TRANSLATORS: after the title of a check of which only the rule is told. */
	if (c->hidden)
		text_put(&title, _(" (hidden)"));
	if (v->o->verbose)
		text_printf(&title, "  [%s]", c->id);
	column = beside ? v->width - right : v->width;
	columns_skip(&v->text, INDENT);
	if (c->verdict != PASSED && c->verdict != NOT_REACHED)
		set_style(v, STRONG);
	end = columns_wrap(&v->text, text_string(&title),
	    (struct margins){.at = INDENT, .left = INDENT, .right = column - (beside ? 2 : 0)});
	if (c->verdict != PASSED && c->verdict != NOT_REACHED)
		set_style(v, PLAIN);
	if (!beside)
		text_put_char(&v->text, '\n');
	columns_skip(&v->text, beside ? column - end : DEEPER);
	put_points(v, c, beside ? POINTS : 0);
	text_put_char(&v->text, '\n');
	if (text_failed(&title))
		v->text.failed = true;
	text_free(&title);
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* An earlier check whose rule and hints are the same, so that we need not say them again. */
static const struct check_result *
explained_before(const struct result *r, size_t check)
{
	const struct check_result *c = &r->checks[check];

	if (c->key == NULL || (c->why == NULL && c->hint == NULL))
		return NULL;
	for (const struct check_result *e = r->checks; e < c; e++)
		if (words_explains(e) && same_text(e->key, c->key) && same_text(e->why, c->why) &&
		    same_text(e->hint, c->hint) && same_text(e->more, c->more))
			return e;
	return NULL;
}

/* The rule, the hint and where to read on. */
static void
put_teaching(struct view *v, const struct result *r, size_t check)
{
	const struct check_result *c = &r->checks[check];
	const struct check_result *before = explained_before(r, check);

	if (before) {
		char *same = text_format(_("the same as for \"%s\", above"), before->title);

		put_words(v, WHY, same);
		return;
	}
	put_field(v, WHY, c->why);
	if (v->o->hints >= 1)
		put_field(v, HINT, c->hint);
	if (v->o->hints >= 2)
		put_field(v, MORE, c->more);
	put_words(v, READ, words_reading(c, v->o->root));
}

static void
put_explanation(struct view *v, const struct result *r, size_t check)
{
	const struct check_result *c = &r->checks[check];

	put_field(v, RAN, c->ran);
	put_field(v, EXPECTED, c->expected);
	put_field(v, SEEN, c->seen ? c->seen : c->message);
	put_words(v, FAULTS, words_faults(c));
	put_teaching(v, r, check);
	put_command(v, NEXT, words_replay(r, c, v->o));
}

static void
put_our_fault(struct view *v, const struct check_result *c)
{
	put_line(v, OUR_FAULT, INDENT + DEEPER,
	    _("The grader failed here, not your work: these points do not count."));
	if (c->message)
		put_line(v, PLAIN, INDENT + DEEPER, c->message);
}

int
report_terminal_check(
    const struct result *r, size_t check, FILE *out, const struct report_options *o)
{
	const struct check_result *c = &r->checks[check];
	struct view v = view_of(o);
	size_t before;

	put_check_line(&v, c);
	before = v.text.n;
	if (c->verdict == GRADER_FAULT)
		put_our_fault(&v, c);
	else if (c->hidden && c->verdict != PASSED)
		put_field(&v, WHY, c->why);
	else if (c->verdict == DOES_NOT_BUILD || c->verdict == NOT_REACHED)
		put_line(&v, PLAIN, INDENT + DEEPER, c->message ? c->message : "");
	else if (c->verdict != PASSED)
		put_explanation(&v, r, check);
	if (v.text.n > before)
		text_put_char(&v.text, '\n');
	return show(&v, out);
}

/* ---- before the checks --------------------------------------------------------------- */

static void
put_list(struct view *v, const char *sentence, const json_t *names)
{
	char *list, *line;

	if (json_array_size(names) == 0)
		return;
	list = words_list(names);
	line = list ? text_format("%s %s", sentence, list) : NULL;
	if (line)
		put_line(v, PLAIN, INDENT, line);
	else
		v->text.failed = true;
	free(list);
	free(line);
}

/* The compiler's lines point at each other by column: they are not wrapped. */
static void
put_compiler(struct view *v, const char *words)
{
	struct text clean = {0};
	const char *line;
	size_t shown = 0, lines = 0;

	if (words == NULL || words[strspn(words, " \n")] == '\0')
		return;
	text_put_foreign(&clean, words, strlen(words));
	text_put_char(&v->text, '\n');
	put_line(v, STRONG, INDENT, _("The compiler says:"));
	for (line = text_string(&clean); *line; line += line[0] == '\n', lines++) {
		size_t n = strcspn(line, "\n");

		if (v->o->verbose || lines < COMPILER_LINES) {
			columns_skip(&v->text, n ? DEEPER : 0);
			text_put_bytes(&v->text, line, n);
			text_put_char(&v->text, '\n');
			shown++;
		}
		line += n;
	}
	if (shown < lines) {
		columns_skip(&v->text, DEEPER);
		text_printf(&v->text,
		    ngettext("... and %lu more line\n", "... and %lu more lines\n",
			(unsigned long)(lines - shown)),
		    (unsigned long)(lines - shown));
	}
	text_free(&clean);
}

static void
put_headline(struct view *v, const struct result *r)
{
	struct text seed = {0};
	size_t at;

	put_styled(v, STRONG, r->lab ? r->lab : "");
	at = columns_of(r->lab ? r->lab : "");
	if (r->title) {
		text_put(&v->text, "  ");
		at = put_wrapped(
		    v, r->title, (struct margins){.at = at + 2, .left = INDENT, .right = v->width});
	}
	/* TRANSLATORS: the number from which all inputs and faults of a run are drawn. */
	text_printf(&seed, _("seed %llu"), (unsigned long long)r->seed);
	if (at + 2 + columns_of(text_string(&seed)) > v->width)
		text_put(&v->text, "\n");
	columns_skip(&v->text, 2);
	put_styled(v, FAINT, text_string(&seed));
	text_put(&v->text, "\n");
	text_free(&seed);
}

int
report_terminal_head(const struct result *r, FILE *out, const struct report_options *o)
{
	struct view v = view_of(o);

	put_headline(&v, r);
	put_list(&v, _("Isolation is weaker than in the sandbox; lost:"), r->isolation_lost);
	put_list(&v, _("Not handed in:"), r->files_missing);
	put_list(&v, _("Not used:"), r->files_ignored);
	put_compiler(&v, r->compiler);
	text_put_char(&v.text, '\n');
	return show(&v, out);
}

/* ---- after the checks ----------------------------------------------------------------- */

int
report_terminal_foot(const struct result *r, FILE *out, const struct report_options *o)
{
	struct view v = view_of(o);
	const char *reason = r->reason ? r->reason : "";

	if (r->status == RESULT_CANNOT_BE_GRADED) {
		put_line(&v, STRONG, 0, _("This submission cannot be graded."));
		put_line(&v, PLAIN, 0, reason);
		return show(&v, out);
	}
	if (r->n_checks > 0)
		text_put_char(&v.text, '\n');
	if (r->status == RESULT_GRADER_FAULT) {
		put_line(&v, OUR_FAULT, 0,
		    _("A fault of the grader, not of your work. It costs you nothing."));
		if (*reason)
			put_line(&v, PLAIN, 0, reason);
		put_sentence(&v, PLAIN, words_whom_to_tell(r));
	}
	if (r->n_checks > 0)
		put_sentence(&v, STRONG, words_points(r));
	return show(&v, out);
}

int
report_terminal(const struct result *r, FILE *out, const struct report_options *o)
{
	if (report_terminal_head(r, out, o) < 0)
		return -1;
	for (size_t i = 0; i < r->n_checks; i++)
		if (report_terminal_check(r, i, out, o) < 0)
			return -1;
	return report_terminal_foot(r, out, o);
}

/* ---- what suits a terminal ------------------------------------------------------------- */

static unsigned
width_of(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	char *end;
	long n;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	n = columns ? strtol(columns, &end, 10) : 0;
	return columns && *columns && *end == '\0' && n > 0 && n <= 1000 ? (unsigned)n : 80;
}

struct report_options
report_options_for(FILE *out)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	bool terminal = isatty(fileno(out)) == 1;

	return (struct report_options){
	    .colour = terminal && (no_colour == NULL || *no_colour == '\0') && term &&
		      strcmp(term, "dumb") != 0,
	    .width = width_of(fileno(out)),
	    .hints = 1,
	};
}
