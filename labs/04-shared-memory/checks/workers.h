/*
 * workers.h - children of a probe, each of which does one thing, for instance "put 7".
 *
 * The verb "work WORD..." makes a child for each word and answers their pids; it
 * waits for none. What came of it a child writes to standard output as one line.
 */
#ifndef SHARED_MEMORY_WORKERS_H
#define SHARED_MEMORY_WORKERS_H

#include "probe.h"
#include <stddef.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void
start_workers(void (*act)(const char *word))
{
	while (waitpid(-1, NULL, WNOHANG) > 0) /* earlier ones that have ended */
		;
	for (int i = 1; i < request_count(); i++) {
		pid_t child = fork();

		if (child == 0) {
			act(request_word(i));
			_exit(0);
		}
		answer_put_at("pid", (unsigned long)i - 1, child);
	}
}

#endif
