/*
 * launch.h - the two ways to become a sandbox; used by sandbox.c, in its child
 * only. Each returns only on failure, with errno.
 *
 * Both expect the descriptors in their places: 0, 1, 2 the program's, 3 the
 * control socket, 4 the probe's socket if there is one.
 */
#ifndef GABEL_SANDBOX_LAUNCH_H
#define GABEL_SANDBOX_LAUNCH_H

#include "sandbox.h"

void exec_in_bubblewrap(const struct sandbox_spec *spec);
void exec_in_container(const struct sandbox_spec *spec);

/*
 * A sandbox made by root would map to root outside: limits on processes would
 * not hold, and a file readable to root only would be readable inside. Becomes
 * nobody when we are root, does nothing otherwise. Returns 0, or -1 with errno.
 */
int drop_root(void);

#endif
