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

/*
 * What you write in cputime.c: writes the two lines to fd, first CPU_SELF. It is called in
 * handlers of signals, which may interrupt anything, printf() and malloc() among it. So it calls
 * only what signal-safety(7) lists, and getrusage(), which POSIX does not list, but which
 * under Linux is a system call and nothing else; the C library's stdio, snprintf() too, is
 * not on the list. A write() may take a part only or be interrupted: all of it is written. If it
 * fails otherwise, the rest is not. errno is as it was before, in every case.
 */
void report_cpu_time(int fd);

#endif
