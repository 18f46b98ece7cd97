#include "source.h"
#include "../src/base/files.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST = 1 << 20 };

void *
must(void *allocated)
{
	if (allocated == NULL) {
		perror("mutate");
		exit(1);
	}
	return allocated;
}

static size_t
end_of_line(const struct source *s, size_t at)
{
	const char *newline = memchr(s->bytes + at, '\n', s->n - at);

	return newline == NULL ? s->n : (size_t)(newline - s->bytes) + 1;
}

/* Does the line at this offset begin with marker? */
static bool
line_has(const struct source *s, size_t at, const char *marker)
{
	at += strspn(s->bytes + at, " \t");
	return strncmp(s->bytes + at, marker, strlen(marker)) == 0;
}

static size_t
after_comment(const struct source *s, size_t at)
{
	const char *end = strstr(s->bytes + at, "*/");

	return end_of_line(s, end == NULL ? s->n : (size_t)(end - s->bytes));
}

/* Whether the markers are in order is the skeleton generator's to say. */
static void
find_regions(struct source *s)
{
	bool open = false;
	size_t next;

	for (size_t at = 0; at < s->n; at = next) {
		next = end_of_line(s, at);
		if (line_has(s, at, "/* STUDENT: ")) {
			next = after_comment(s, at);
			s->region = must(realloc(s->region, (s->regions + 1) * sizeof *s->region));
			s->region[s->regions++] = (struct region){next, s->n};
			open = true;
		} else if (open &&
			   (line_has(s, at, "/* INSTEAD") || line_has(s, at, "/* END */"))) {
			s->region[s->regions - 1].end = at;
			open = false;
		}
	}
}

int
source_read(struct source *source, const char *path)
{
	const char *slash = strrchr(path, '/');

	*source = (struct source){.path = path, .name = slash == NULL ? path : slash + 1};
	source->bytes = read_file(path, LARGEST, &source->n);
	if (source->bytes == NULL)
		return -1;
	find_regions(source);
	return 0;
}

void
source_free(struct source *source)
{
	free(source->bytes);
	free(source->region);
}

bool
source_is_students(const struct source *source, size_t begin, size_t end)
{
	for (size_t i = 0; i < source->regions; i++)
		if (begin >= source->region[i].begin && end <= source->region[i].end)
			return true;
	return false;
}

void
source_place(const struct source *source, size_t offset, size_t *line, size_t *column)
{
	size_t begin = 0;

	*line = 1;
	for (size_t i = 0; i < offset; i++)
		if (source->bytes[i] == '\n') {
			(*line)++;
			begin = i + 1;
		}
	*column = offset - begin + 1;
}

char *
source_lines(const struct source *source, size_t begin, size_t end)
{
	while (begin > 0 && source->bytes[begin - 1] != '\n')
		begin--;
	end = end_of_line(source, end > begin ? end - 1 : end);
	while (begin < end && strchr(" \t\n", source->bytes[begin]) != NULL)
		begin++;
	while (end > begin && strchr(" \t\n", source->bytes[end - 1]) != NULL)
		end--;
	return source_text(source, begin, end);
}

char *
source_text(const struct source *source, size_t begin, size_t end)
{
	return must(strndup(source->bytes + begin, end - begin));
}
