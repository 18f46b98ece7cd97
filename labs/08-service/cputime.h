/*
 * cputime.h - what a server has cost: CPU time of its own and of its children.
 */
#ifndef CPUTIME_H
#define CPUTIME_H

/*
 * Two lines, by getrusage(2): RUSAGE_SELF, and RUSAGE_CHILDREN, which holds only the children
 * that have ended and were waited for. For each the user time and the system time, seconds with
 * six digits behind the point.
 */
#define CPU_SELF "cpu self: user %ld.%06ld system %ld.%06ld\n"
#define CPU_CHILDREN "cpu children: user %ld.%06ld system %ld.%06ld\n"

#endif
