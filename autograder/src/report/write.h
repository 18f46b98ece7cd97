/* write.h - how a report that was collected as a whole reaches its file. */
#ifndef GABEL_REPORT_WRITE_H
#define GABEL_REPORT_WRITE_H

#include "../base/text.h"
#include <stdio.h>

/* Writes the text, frees it. Returns 0, or -1 with errno (ENOMEM when it was not complete). */
int write_text(struct text *t, FILE *out);

#endif
