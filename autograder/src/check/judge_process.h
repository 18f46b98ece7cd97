/*
 * judge_process.h - one judge: started, listened to, ended with all it left.
 */
#ifndef GABEL_JUDGE_PROCESS_H
#define GABEL_JUDGE_PROCESS_H

#include "../base/text.h"
#include "channel.h"

/* The channel's number in the judge; bats keeps 3 and 4 for itself, bash 10 and up. */
enum { CHANNEL_FD = 9 };

enum {
	LOG_MAX = 16 * 1024,      /* the end of what a judge printed */
	REPORT_MAX = 1024 * 1024, /* of bats' report */
};

struct judge_process {
	/* Set by the caller. */
	char *const *arguments;   /* the first is the absolute path */
	char *const *environment; /* all of it */
	unsigned silence_ms;      /* on a machine of the usual speed; made longer on a slower one */
	bool reports;             /* standard output is a report (bats), not chatter */

	/* What became of it. */
	enum judge_end {
		JUDGE_ENDED,       /* by itself; status is as from waitpid() */
		JUDGE_NOT_STARTED, /* error is an errno */
		JUDGE_SILENT,      /* ended by us */
		JUDGE_DISTRUSTED,  /* ended by us: see the channel's complaint */
	} end;
	int status, error;
	struct text
	    log; /* the last LOG_MAX bytes of standard error, and of output unless reports */
	struct text report;
};

/*
 * Runs a judge from start to end, its words going to channel. It gets an own
 * process group, an empty standard input and no descriptor of ours but the
 * channel; it dies when we die, and whoever is left of its group dies with it.
 * Returns 0 whatever became of it, or -1 with errno when we could not watch it
 * (no pipe, no process).
 */
int judge_process_run(struct judge_process *p, struct channel *channel);

/* Frees the texts. */
void judge_process_clear(struct judge_process *p);

#endif
