/*
 * supervise.h - does work in a child and cleans up after it, however it ends.
 *
 * Grading starts compilers, judges, sandboxes. Ctrl-C, a lost terminal or a
 * fault of our own may come in any of their lines, so the clean-up is done by
 * a process that does nothing else: it waits, and when the worker has ended it
 * kills whatever descends from it (as a subreaper it inherits them all) and
 * removes the one directory below which all temporary files were made.
 */
#ifndef GABEL_SUPERVISE_H
#define GABEL_SUPERVISE_H

enum interrupted {
	INTERRUPT_KILLS,    /* SIGINT, SIGTERM, SIGHUP: the worker is killed */
	INTERRUPT_FORWARDS, /* it gets the signal and ends in its own time; the second kills */
};

/*
 * Runs work(with) in a child, with TMPDIR set to a fresh directory. Returns
 * what it returned (an exit status), 3 when it died of a fault or could not be
 * started (with a sentence on standard error). When a signal ended it, ends
 * the calling process with that signal too, after the clean-up.
 */
int supervise(int (*work)(void *with), void *with, enum interrupted interrupted);

#endif
