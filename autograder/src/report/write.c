/* write.c - see write.h. */
#include "write.h"

#include <errno.h>

int
write_text(struct text *t, FILE *out)
{
	int result = 0;

	if (text_failed(t)) {
		errno = ENOMEM;
		result = -1;
	} else if (fwrite(text_string(t), 1, t->n, out) != t->n || fflush(out) == EOF) {
		result = -1;
	}
	text_free(t);
	return result;
}
