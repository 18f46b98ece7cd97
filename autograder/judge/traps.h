/*
 * traps.h - functions that a signal handler must not call, as a probe sees them.
 *
 * A function of the same name in the probe takes the place of the C library's
 * for the student's code as well. While traps_set is 1, only a handler can be
 * running, and the first such call is remembered in trapped. Otherwise the
 * functions do what they always do, on top of others of the C library that
 * are not trapped. Included by one probe only.
 */
#ifndef GABEL_JUDGE_TRAPS_H
#define GABEL_JUDGE_TRAPS_H

#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static volatile sig_atomic_t traps_set;
static const char *volatile trapped; /* a name, or NULL */

/* The allocator under its other names (glibc). */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *old);

static int
in_trap(const char *name)
{
	if (!traps_set)
		return 0;
	if (trapped == NULL)
		trapped = name;
	return 1;
}

void *
malloc(size_t size)
{
	in_trap("malloc");
	return __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	in_trap("calloc");
	return __libc_calloc(n, size);
}

void *
realloc(void *old, size_t size)
{
	in_trap("realloc");
	return __libc_realloc(old, size);
}

void
free(void *old)
{
	in_trap("free");
	__libc_free(old);
}

/* Output: not made at all when a handler asks for it. */

int
printf(const char *format, ...)
{
	va_list args;
	int n = 0;

	va_start(args, format);
	if (!in_trap("printf"))
		n = vfprintf(stdout, format, args);
	va_end(args);
	return n;
}

int
fprintf(FILE *file, const char *format, ...)
{
	va_list args;
	int n = 0;

	va_start(args, format);
	if (!in_trap("fprintf"))
		n = vfprintf(file, format, args);
	va_end(args);
	return n;
}

int
sprintf(char *to, const char *format, ...)
{
	va_list args;
	int n;

	in_trap("sprintf");
	va_start(args, format);
	n = vsprintf(to, format, args);
	va_end(args);
	return n;
}

int
snprintf(char *to, size_t room, const char *format, ...)
{
	va_list args;
	int n;

	in_trap("snprintf");
	va_start(args, format);
	n = vsnprintf(to, room, format, args);
	va_end(args);
	return n;
}

int
dprintf(int fd, const char *format, ...)
{
	va_list args;
	int n = 0;

	va_start(args, format);
	if (!in_trap("dprintf"))
		n = vdprintf(fd, format, args);
	va_end(args);
	return n;
}

/* What the compiler makes of printf() with a simple format. */

int
puts(const char *text)
{
	return in_trap("printf") ? 0 : fprintf(stdout, "%s%c", text, '\n');
}

int
putchar(int byte)
{
	return in_trap("printf") ? byte : putc_unlocked(byte, stdout);
}

size_t
fwrite(const void *bytes, size_t size, size_t n, FILE *file)
{
	size_t i = 0;

	if (in_trap("fprintf"))
		return n;
	while (i < size * n && putc_unlocked(((const unsigned char *)bytes)[i], file) != EOF)
		i++;
	return size == 0 ? 0 : i / size;
}

int
fputc(int byte, FILE *file)
{
	return in_trap("fputc") ? byte : putc_unlocked(byte, file);
}

int
fputs(const char *text, FILE *file)
{
	return in_trap("fputs") ? 0 : fprintf(file, "%s%s", text, "");
}

void
perror(const char *text)
{
	if (!in_trap("perror"))
		fprintf(stderr, "%s\n", text);
}

#endif
