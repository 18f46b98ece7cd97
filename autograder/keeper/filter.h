/*
 * filter.h - the system call filter of a student's program.
 *
 * Two jobs in one filter: calls that could harm or escape are refused, and
 * calls of the watched families stop the caller for the eye. Calls of a
 * foreign architecture (int 0x80, x32) kill the caller, so that neither job
 * can be slipped past.
 */
#ifndef GABEL_KEEPER_FILTER_H
#define GABEL_KEEPER_FILTER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Installs the filter in the calling process, for ever. Bit c of watch: stop
 * calls of family c for the tracer. Not alone, without process numbers of its
 * own, it may not signal everybody at once. Returns 0, or -1 with errno.
 * Call it in the child, after fork, last before exec.
 */
int filter_install(uint64_t watch, bool alone);

#endif
