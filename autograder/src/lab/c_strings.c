/* c_strings.c - see c_strings.h. */
#include "c_strings.h"

#include <ctype.h>
#include <string.h>

/* Beyond the comment that begins here. */
static const char *
skip_comment(const char *at, int *line)
{
	const char *end = at[1] == '*' ? strstr(at + 2, "*/") : strchr(at, '\n');

	if (end == NULL)
		return at + strlen(at);
	end += at[1] == '*' ? 2 : 0;
	for (; at < end; at++)
		*line += *at == '\n';
	return end;
}

/* From behind an opening quote to the closing one, or to what stands in its place. */
static const char *
find_quote(const char *at, char quote)
{
	while (*at != '\0' && *at != '\n' && *at != quote)
		at += *at == '\\' && at[1] != '\0' ? 2 : 1;
	return at;
}

static int
is_comment(const char *at)
{
	return at[0] == '/' && (at[1] == '*' || at[1] == '/');
}

/* The first sign that is neither blank nor comment. */
static char
sign_after(const char *at)
{
	int unused = 0;

	for (;;) {
		if (is_comment(at))
			at = skip_comment(at, &unused);
		else if (isspace((unsigned char)*at))
			at++;
		else
			return *at;
	}
}

int
next_c_string(struct c_reader *r, struct c_string *string)
{
	while (*r->at != '\0') {
		char sign = *r->at;

		if (is_comment(r->at)) {
			r->at = skip_comment(r->at, &r->line);
		} else if (sign == '"' || sign == '\'') {
			const char *from = r->at + 1, *to = find_quote(from, sign);

			*string = (struct c_string){.at = from,
			    .n = (size_t)(to - from),
			    .line = r->line,
			    .before = r->before};
			r->at = to + (*to == sign);
			r->before = sign;
			string->after = sign_after(r->at);
			if (sign == '"')
				return 1;
		} else {
			r->line += sign == '\n';
			if (!isspace((unsigned char)sign))
				r->before = sign;
			r->at++;
		}
	}
	return 0;
}
