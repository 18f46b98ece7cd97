/* journal.c - see journal.h. */
#define _GNU_SOURCE /* flock() */
#include "journal.h"

#include "../src/base/files.h"
#include "../src/base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { JOURNAL_MAX = 1 << 30 };

struct journal {
	int fd; /* -1: in memory only */
	uint64_t seed;
	json_t *runs; /* run -> record */
};

static int
append(struct journal *j, json_t *line)
{
	char *text = line == NULL ? NULL : json_dumps(line, JSON_COMPACT);
	char *whole = text == NULL ? NULL : text_format("%s\n", text);
	int result = -1;

	if (whole == NULL)
		errno = ENOMEM;
	else
		result = j->fd < 0 ? 0 : write_all(j->fd, whole, strlen(whole));
	free(whole);
	free(text);
	json_decref(line);
	return result;
}

static int
begin_anew(struct journal *j, const char *kit)
{
	if (j->fd >= 0 && (ftruncate(j->fd, 0) < 0 || lseek(j->fd, 0, SEEK_SET) < 0))
		return -1;
	json_object_clear(j->runs);
	return append(j, json_pack("{s:s, s:I}", "kit", kit, "seed", (json_int_t)j->seed));
}

/* Is this the first line of a journal of this kit? Then its seed is ours. */
static bool
is_our_head(struct journal *j, const char *line, size_t n, const char *kit)
{
	json_t *head = json_loadb(line, n, 0, NULL);
	const char *of = json_string_value(json_object_get(head, "kit"));
	bool ours = of != NULL && strcmp(of, kit) == 0;

	if (ours)
		j->seed = (uint64_t)json_integer_value(json_object_get(head, "seed"));
	json_decref(head);
	return ours;
}

static bool
take_line(struct journal *j, const char *line, size_t n)
{
	json_t *entry = json_loadb(line, n, 0, NULL);
	const char *run = json_string_value(json_object_get(entry, "run"));
	bool good =
	    run != NULL && json_object_set(j->runs, run, json_object_get(entry, "record")) == 0;

	json_decref(entry);
	return good;
}

/* Reads what is there; half a line at the end, of a proof that was killed, is cut off. */
static int
read_on(struct journal *j, const char *kit)
{
	size_t n, at = 0;
	char *bytes = read_descriptor(j->fd, JOURNAL_MAX, &n), *end;

	if (bytes == NULL)
		return -1;
	while ((end = memchr(bytes + at, '\n', n - at)) != NULL) {
		size_t length = (size_t)(end - (bytes + at));

		if (at == 0 ? !is_our_head(j, bytes, length, kit)
			    : !take_line(j, bytes + at, length))
			break;
		at += length + 1;
	}
	free(bytes);
	if (at == 0)
		return begin_anew(j, kit);
	return ftruncate(j->fd, (off_t)at) < 0 || lseek(j->fd, 0, SEEK_END) < 0 ? -1 : 0;
}

struct journal *
journal_open(const char *directory, const char *lab, const char *kit, uint64_t seed)
{
	struct journal *j = calloc(1, sizeof *j);
	char *path = directory == NULL ? NULL : text_format("%s/%s.journal", directory, lab);
	bool good = j != NULL && (directory == NULL || path != NULL);

	if (good) {
		*j = (struct journal){.fd = -1, .seed = seed, .runs = json_object()};
		good = j->runs != NULL;
	}
	if (good && path != NULL) {
		j->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
		good = j->fd >= 0 && flock(j->fd, LOCK_EX | LOCK_NB) == 0 && read_on(j, kit) == 0;
	}
	free(path);
	if (good)
		return j;
	journal_close(j);
	return NULL;
}

void
journal_close(struct journal *j)
{
	int keep = errno;

	if (j != NULL) {
		if (j->fd >= 0)
			close(j->fd);
		json_decref(j->runs);
	}
	free(j);
	errno = keep;
}

uint64_t
journal_seed(const struct journal *j)
{
	return j->seed;
}

json_t *
journal_find(const struct journal *j, const char *run)
{
	return json_object_get(j->runs, run);
}

int
journal_add_for_now(struct journal *j, const char *run, json_t *record)
{
	if (record == NULL || json_object_set_new(j->runs, run, record) < 0) {
		errno = ENOMEM;
		return -1;
	}
	return 0;
}

int
journal_add(struct journal *j, const char *run, json_t *record)
{
	if (journal_add_for_now(j, run, record) < 0)
		return -1;
	return append(j, json_pack("{s:s, s:O}", "run", run, "record", record));
}
