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
#include <sys/types.h>

/*
 * Installs the filter in the calling process, for ever. Bit c of watch: stop
 * calls of family c for the tracer. Returns 0, or -1 with errno. Call it in
 * the child, after fork, last before exec. clock: calls that ask for the time
 * and set timeouts stop, too.
 *
 * strangers, a list that ends with 0, is for a trial that is not alone in its
 * PID namespace; NULL otherwise. With a tracer (an empty list) every call
 * that signals stops for it, reach.c decides. Without one these processes and
 * their groups cannot be signalled, and nobody by pidfd or as an owner.
 */
int filter_install(uint64_t watch, bool clock, const pid_t *strangers);

#endif
