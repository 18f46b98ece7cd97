/* kit_digest.c - see kit_digest.h. */
#include "kit_digest.h"

#include "../src/base/files.h"
#include "../src/lab/reference.h"

#include <stdlib.h>
#include <string.h>

/* Below the root. Class pages, reports and commands judge nobody. */
static const char *const rooms[] = {"autograder/judge", "autograder/keeper", "autograder/prove",
    "autograder/mutate", "autograder/src/base", "autograder/src/build", "autograder/src/check",
    "autograder/src/intake", "autograder/src/lab", "autograder/src/sandbox",
    "autograder/src/verdict"};

/* A header that several labs share is a link in all but one of them, and digest_path() follows
 * none.
 */
static int
add(struct digest *d, const char *directory, const char *name)
{
	char *path = join_path(directory, name, NULL), text[DIGEST_TEXT];
	char *real = path == NULL ? NULL : realpath(path, NULL);
	int result = real == NULL ? -1 : digest_path(real, text);

	free(real);
	free(path);
	if (result == 0)
		digest_add(d, text, strlen(text));
	return result;
}

/* The solutions of other labs that this one's programs are linked with. */
static int
add_references(struct digest *d, const char *root, const struct lab *lab)
{
	char *built = join_path(root, "build", "labs", lab->name, NULL);
	int result = built == NULL ? -1 : add(d, built, "reference.o");

	free(built);
	return result;
}

static void
add_compiler(struct digest *d)
{
	char line[256] = "";
	FILE *gcc = popen("gcc --version", "r");

	if (gcc != NULL) {
		if (fgets(line, sizeof line, gcc) != NULL)
			digest_add(d, line, strlen(line));
		(void)pclose(gcc);
	}
}

int
kit_digest(const char *root, const struct lab *lab, char text[DIGEST_TEXT])
{
	unsigned char bytes[DIGEST_SIZE];
	struct digest d;
	int result;

	digest_begin(&d);
	result = add(&d, lab->directory, "lab.yaml");
	if (result == 0)
		result = add(&d, lab->directory, "checks");
	for (size_t i = 0; i < lab->contract.n && result == 0; i++)
		result = add(&d, lab->directory, lab->contract.at[i]);
	if (result == 0 && lab_has_references(lab))
		result = add_references(&d, root, lab);
	for (size_t i = 0; i < sizeof rooms / sizeof *rooms && result == 0; i++)
		result = add(&d, root, rooms[i]);
	add_compiler(&d);
	digest_end(&d, bytes);
	digest_text(bytes, text);
	return result;
}
