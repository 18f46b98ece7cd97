/* store.c - see store.h. */
#include "store.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RESULT_MAX = 16 << 20, CLASS_MAX = 256 << 20, SEED_BITS = 53 };

char *
store_path(const struct store *store, const char *kind, const char *name)
{
	return join_path(store->options->out, kind, name, NULL);
}

/* ---- the class's seed -------------------------------------------------------------- */

static int
draw_seed(unsigned char seed[DIGEST_SIZE])
{
	ssize_t n;

	do
		n = getrandom(seed, DIGEST_SIZE, 0);
	while (n < 0 && errno == EINTR);
	if (n >= 0 && n != DIGEST_SIZE)
		errno = EIO;
	return n == DIGEST_SIZE ? 0 : -1;
}

/* The seed that a class.json holds. 0, or -1 with errno: EINVAL when it holds none. */
static int
seed_in_file(const char *path, unsigned char seed[DIGEST_SIZE])
{
	size_t n;
	char *bytes = read_file(path, CLASS_MAX, &n);
	json_t *class = bytes ? json_loadb(bytes, n, 0, NULL) : NULL;
	const char *text = json_string_value(json_object_get(class, "seed"));
	int result = -1;

	if (text)
		result = digest_from_text(text, seed);
	else if (bytes)
		errno = EINVAL;
	json_decref(class);
	free(bytes);
	return result;
}

static int
store_new_seed(const struct store *store, const char *path)
{
	char seed[DIGEST_TEXT];
	json_t *class;
	char *bytes;
	int result = -1;

	digest_text(store->seed, seed);
	class = json_pack("{s:i, s:b, s:s, s:[], s:[], s:[]}", "schema", 1, "complete", 0, "seed",
	    seed, "labs", "students", "notes");
	bytes = class ? json_dumps(class, JSON_INDENT(1)) : NULL;
	if (bytes)
		result = write_file_atomic(path, bytes, strlen(bytes), 0600);
	else
		errno = ENOMEM;
	free(bytes);
	json_decref(class);
	return result;
}

static int
take_seed(struct store *store, char *why, size_t size)
{
	char *path = store_path(store, "class.json", NULL);
	int result = path ? seed_in_file(path, store->seed) : -1;

	if (path && result < 0 && errno == ENOENT) {
		result = draw_seed(store->seed);
		if (result == 0)
			result = store_new_seed(store, path);
	}
	if (result < 0 && errno == EINVAL)
		say(why, size,
		    _("%s holds no seed of a class; move it away or choose another folder with "
		      "--out"),
		    path);
	else if (result < 0)
		say(why, size, "%s: %s", path ? path : "class.json", strerror(errno));
	free(path);
	return result;
}

uint64_t
store_seed(const struct store *store, const char *student, const char *lab)
{
	static const char purpose[] = "gabel: seed of a submission, 1";
	unsigned char result[DIGEST_SIZE];
	struct digest d;
	uint64_t seed = 0;

	digest_begin(&d);
	digest_add(&d, purpose, sizeof purpose);
	digest_add(&d, store->seed, sizeof store->seed);
	digest_add(&d, student, strlen(student) + 1);
	digest_add(&d, lab, strlen(lab) + 1);
	digest_end(&d, result);
	for (unsigned i = 0; i < 8; i++)
		seed = seed << 8 | result[i];
	/* As many bits as every reader of JSON takes for a whole number. */
	return seed >> (64 - SEED_BITS);
}

/* ---- the folder --------------------------------------------------------------------- */

/* Locks the folder as long as the descriptor is open. */
static int
hold(const char *out, char *why, size_t size)
{
	int fd = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (fd >= 0 && errno == EWOULDBLOCK)
		say(why, size, _("%s: another gabel is writing its results there"), out);
	else
		say(why, size, "%s: %s", out, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Other people's grades are nobody's business: a folder that we make is for us alone. */
static int
make_folders(const struct store *store, char *why, size_t size)
{
	static const char *const kinds[] = {"results", "students"};
	const char *out = store->options->out;

	if (!is_directory(out) && make_path(out, 0700) < 0) {
		say(why, size, "%s: %s", out, strerror(errno));
		return -1;
	}
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		char *path = store_path(store, kinds[i], NULL);
		int result = path ? make_path(path, 0700) : -1;

		if (result < 0)
			say(why, size, "%s: %s", path ? path : out, strerror(errno));
		free(path);
		if (result < 0)
			return -1;
	}
	return 0;
}

int
store_open(struct store *store, char *why, size_t size)
{
	int fd;

	if (make_folders(store, why, size) < 0)
		return -1;
	fd = hold(store->options->out, why, size);
	if (fd >= 0 && take_seed(store, why, size) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* ---- what a result was made of --------------------------------------------------------- */

/* The lab's folder and what was built of it. */
static int
digest_lab(const char *root, const char *lab, char text[DIGEST_TEXT])
{
	char *source = join_path(root, "labs", lab, NULL);
	char *built = join_path(root, "build/labs", lab, NULL);
	char parts[2 * DIGEST_TEXT] = "";
	unsigned char result[DIGEST_SIZE];
	struct digest d;
	int status = -1;

	if (source && built && digest_path(source, parts) == 0 &&
	    (digest_path(built, parts + DIGEST_TEXT) == 0 || errno == ENOENT))
		status = 0;
	digest_begin(&d);
	digest_add(&d, parts, sizeof parts);
	digest_end(&d, result);
	digest_text(result, text);
	free(source);
	free(built);
	return status;
}

int
store_take_roster(struct store *store, const struct roster *roster)
{
	store->roster = roster;
	store->lab_digests = calloc(roster->labs.n + 1, sizeof *store->lab_digests);
	if (store->lab_digests == NULL)
		return -1;
	for (size_t i = 0; i < roster->labs.n; i++)
		if (digest_lab(store->options->root, roster->labs.at[i], store->lab_digests[i]) < 0)
			return -1;
	return 0;
}

void
store_free(struct store *store)
{
	free(store->lab_digests);
	store->lab_digests = NULL;
}

static const char *
lab_digest(const struct store *store, const char *lab)
{
	for (size_t i = 0; i < store->roster->labs.n; i++)
		if (strcmp(store->roster->labs.at[i], lab) == 0)
			return store->lab_digests[i];
	return "";
}

static json_t *
origin_of(const struct store *store, const struct submission *s)
{
	json_t *origin = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "student", s->shown,
	    "submission_sha256", s->digest, "lab_sha256", lab_digest(store, s->lab), "kit_version",
	    store->options->kit_version, "isolation", store->options->isolation, "language",
	    messages_language(), "seed", (json_int_t)s->seed);

	if (origin == NULL)
		errno = ENOMEM;
	return origin;
}

static char *
result_path(const struct store *store, const struct submission *s)
{
	char *name = text_format("%s/%s.json", s->file, s->lab);
	char *path = name ? store_path(store, "results", name) : NULL;

	free(name);
	return path;
}

int
store_write(const struct store *store, const struct submission *s, const struct result *r)
{
	json_t *document = result_to_json(r);
	json_t *origin = document ? origin_of(store, s) : NULL;
	char *path = result_path(store, s), *folder = store_path(store, "results", s->file);
	char *bytes = NULL;
	int result = -1, error;

	if (origin && json_object_set_new(document, "origin", origin) == 0)
		bytes = json_dumps(document, JSON_INDENT(1) | JSON_SORT_KEYS);
	if (bytes == NULL)
		errno = ENOMEM;
	if (bytes && path && folder && make_path(folder, 0700) == 0)
		result = write_file_atomic(path, bytes, strlen(bytes), 0600);
	error = errno;
	free(bytes);
	free(path);
	free(folder);
	json_decref(document);
	errno = error;
	return result;
}

static json_t *
read_document(const struct store *store, const struct submission *s)
{
	char *path = result_path(store, s);
	size_t n;
	char *bytes = path ? read_file(path, RESULT_MAX, &n) : NULL;
	json_t *document = bytes ? json_loadb(bytes, n, 0, NULL) : NULL;

	if (bytes && document == NULL)
		errno = EINVAL;
	free(bytes);
	free(path);
	return document;
}

struct result *
store_read(const struct store *store, const struct submission *s)
{
	json_t *document = read_document(store, s);
	json_t *origin = document ? origin_of(store, s) : NULL;
	struct result *r = NULL;

	if (origin && json_equal(json_object_get(document, "origin"), origin))
		r = result_from_json(document);
	else if (origin)
		errno = ENOENT;
	json_decref(origin);
	json_decref(document);
	return r;
}

bool
store_is_current(const struct store *store, const struct submission *s)
{
	struct result *r = store_read(store, s);
	bool current = r && r->status != RESULT_GRADER_FAULT;

	result_free(r);
	return current;
}
