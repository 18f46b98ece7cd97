/* What several operators use; operators.h says what for. */
#include "../src/base/text.h"
#include "operators.h"
#include <stdarg.h>
#include <stdlib.h>

void
propose(const struct finder *f, enum operator_kind kind, size_t begin, size_t end,
    char *replacement, char *what)
{
	mutants_add(f->found, (struct mutant){&f->unit->source, say("%s", f->name), kind, begin,
				  end, replacement, what});
}

char *
say(const char *format, ...)
{
	struct text t = {0};
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&t, format, arguments);
	va_end(arguments);
	return must(text_take(&t));
}

char *
forced(const struct finder *f, const struct node *condition, bool outcome)
{
	char *text, *decided;

	if (!has_effects(f->unit, condition))
		return say("%d", outcome);
	text = text_of(f->unit, condition);
	decided = say("((%s), %d)", text, outcome);
	free(text);
	return decided;
}
