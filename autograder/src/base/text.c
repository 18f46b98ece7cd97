/* text.c - see text.h. */
#include "text.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for n more bytes and the NUL byte. */
static bool
make_room(struct text *t, size_t n)
{
	size_t capacity = t->capacity ? t->capacity : 64;
	char *at;

	if (t->failed)
		return false;
	if (n >= SIZE_MAX / 2 - t->n) {
		t->failed = true;
		return false;
	}
	while (capacity < t->n + n + 1)
		capacity *= 2;
	if (capacity == t->capacity)
		return true;
	at = realloc(t->at, capacity);
	if (at == NULL) {
		t->failed = true;
		return false;
	}
	t->at = at;
	t->capacity = capacity;
	return true;
}

void
text_put_bytes(struct text *t, const char *bytes, size_t n)
{
	if (!make_room(t, n))
		return;
	if (n > 0)
		memcpy(t->at + t->n, bytes, n);
	t->n += n;
	t->at[t->n] = '\0';
}

void
text_put(struct text *t, const char *s)
{
	text_put_bytes(t, s, strlen(s));
}

void
text_put_char(struct text *t, char c)
{
	text_put_bytes(t, &c, 1);
}

void
text_vprintf(struct text *t, const char *format, va_list arguments)
{
	va_list again;
	int n;

	va_copy(again, arguments);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0) {
		t->failed = true;
		return;
	}
	if (!make_room(t, (size_t)n))
		return;
	vsnprintf(t->at + t->n, (size_t)n + 1, format, arguments);
	t->n += (size_t)n;
}

void
text_printf(struct text *t, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(t, format, arguments);
	va_end(arguments);
}

/* The value of a continuation byte, or -1. */
static int
continuation(unsigned char byte)
{
	return (byte & 0xc0) == 0x80 ? byte & 0x3f : -1;
}

size_t
utf8_length(const char *s, size_t n, unsigned *code)
{
	static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first;
	unsigned value;
	size_t length;

	if (n == 0)
		return 0;
	first = (unsigned char)s[0];
	if (first < 0x80) {
		*code = first;
		return 1;
	}
	length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4 || length > n)
		return 0;
	value = first & (0xffU >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		int bits = continuation((unsigned char)s[i]);

		if (bits < 0)
			return 0;
		value = value << 6 | (unsigned)bits;
	}
	if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code = value;
	return length;
}

bool
utf8_valid(const char *s, size_t n, size_t *where)
{
	for (size_t i = 0; i < n;) {
		unsigned code;
		size_t length = utf8_length(s + i, n - i, &code);

		if (length == 0) {
			if (where)
				*where = i;
			return false;
		}
		i += length;
	}
	return true;
}

void
utf8_clip(char *s)
{
	size_t n = strlen(s), start = n;
	unsigned code;

	/* Back to the first byte of the last character, at most three bytes away. */
	while (start > 0 && n - start < 3 && continuation((unsigned char)s[start - 1]) >= 0)
		start--;
	if (start > 0 && (unsigned char)s[start - 1] >= 0xc0 &&
	    utf8_length(s + start - 1, n - start + 1, &code) == 0)
		s[start - 1] = '\0';
}

/* Would this character move the cursor, hide something or turn the line round? */
static bool
is_treacherous(unsigned code)
{
	if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad)
		return true;
	if (code == 0x61c || code == 0x115f || code == 0x1160 || code == 0x180e)
		return true;
	if ((code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e))
		return true;
	if ((code >= 0x2060 && code <= 0x206f) || code == 0xfeff || code == 0x3164)
		return true;
	return (code >= 0xfff0 && code <= 0xfffb) || code >= 0xe0000 || (code & 0xfffe) == 0xfffe;
}

static void
put_escape(struct text *t, unsigned code)
{
	if (code == '\n')
		text_put(t, "\\n");
	else if (code == '\t')
		text_put(t, "\\t");
	else if (code == '\r')
		text_put(t, "\\r");
	else if (code < 0x80)
		text_printf(t, "\\x%02x", code);
	else if (code < 0x10000)
		text_printf(t, "\\u%04x", code);
	else
		text_printf(t, "\\U%08x", code);
}

/* Copies bytes; what is treacherous and not among keep becomes an escape. */
static void
put_escaped(struct text *t, const char *bytes, size_t n, const char *keep)
{
	for (size_t i = 0; i < n;) {
		unsigned code = 0;
		size_t length = utf8_length(bytes + i, n - i, &code);
		bool kept = length == 1 && code != 0 && strchr(keep, (int)code) != NULL;

		if (length == 0)
			text_printf(t, "\\x%02x", (unsigned char)bytes[i]);
		else if (code == '\\' && !kept)
			text_put(t, "\\\\");
		else if (is_treacherous(code) && !kept)
			put_escape(t, code);
		else
			text_put_bytes(t, bytes + i, length);
		i += length ? length : 1;
	}
}

void
text_put_name(struct text *t, const char *name)
{
	put_escaped(t, name, strlen(name), "");
}

void
text_put_foreign(struct text *t, const char *bytes, size_t n)
{
	put_escaped(t, bytes, n, "\n\t\\");
}

const char *
text_string(const struct text *t)
{
	return t->at ? t->at : "";
}

bool
text_failed(const struct text *t)
{
	return t->failed;
}

void
text_clear(struct text *t)
{
	t->n = 0;
	t->failed = false;
	if (t->at)
		t->at[0] = '\0';
}

char *
text_take(struct text *t)
{
	char *at;

	text_put_bytes(t, "", 0);
	if (t->failed) {
		text_free(t);
		errno = ENOMEM;
		return NULL;
	}
	at = t->at;
	*t = (struct text){0};
	return at;
}

void
text_free(struct text *t)
{
	free(t->at);
	*t = (struct text){0};
}

char *
text_format(const char *format, ...)
{
	struct text t = {0};
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&t, format, arguments);
	va_end(arguments);
	return text_take(&t);
}
