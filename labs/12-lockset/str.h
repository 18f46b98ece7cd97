/*
 * str.h - a string that grows: the least that a lock set needs. Given, like this.
 *
 *	struct str path = {0};			empty; nothing to free yet
 *
 *	if (str_set(&path, dirname) && str_add(&path, "/") && str_add(&path, name))
 *		...use path.s...
 *	str_free(&path);
 *
 * A string of zeros ({0}) is empty. s is NULL until something has been put in and after
 * str_free(); otherwise it ends with a NUL, which len does not count. All functions keep errno
 * of a call that failed; none is for signal handlers.
 */
#ifndef STR_H
#define STR_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct str {
	char *s;         /* the bytes and a NUL, or NULL */
	size_t len, cap; /* how many bytes there are, and how many there is room for */
};

/* Frees what it holds; it is empty then, and may be used again. */
static inline void
str_free(struct str *str)
{
	free(str->s);
	*str = (struct str){0};
}

/*
 * Puts n bytes at the end. bytes must not lie in str itself.
 * Returns 1, or 0 with ENOMEM, and then str is as it was.
 */
static inline int
str_add_bytes(struct str *str, const void *bytes, size_t n)
{
	if (str->cap - str->len <= n) {
		size_t cap = 2 * str->cap + n + 16;
		char *s = realloc(str->s, cap);

		if (s == NULL)
			return 0;
		str->s = s;
		str->cap = cap;
	}
	if (n > 0)
		memcpy(str->s + str->len, bytes, n);
	str->len += n;
	str->s[str->len] = '\0';
	return 1;
}

/* The same with a text up to its NUL. */
static inline int
str_add(struct str *str, const char *text)
{
	return str_add_bytes(str, text, strlen(text));
}

/* text in place of what it held. Returns 1, or 0 with ENOMEM, and then str is empty. */
static inline int
str_set(struct str *str, const char *text)
{
	str->len = 0;
	return str_add(str, text);
}

#endif
