/*
 * judge_process.h - judges: started, listened to, ended with all they left.
 */
#ifndef GABEL_JUDGE_PROCESS_H
#define GABEL_JUDGE_PROCESS_H

#include "../base/text.h"
#include "channel.h"

/* The channel's number in the judge; bats keeps 3 and 4 for itself, bash 10 and up. */
enum { CHANNEL_FD = 9 };

enum { JUDGES_MAX = 8 }; /* at a time */

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
	struct channel *channel;  /* where its words go */

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
 * Runs n judges beside each other, from their starts to the end of the last
 * one, their words going to their channels. Each gets an own process group, an
 * empty standard input and no descriptor of ours but its channel; it dies when
 * we die, and whoever is left of its group dies with it. Returns 0 whatever
 * became of them, or -1 with errno when we could not watch them (no pipe, no
 * process); none is left in either case.
 */
int judge_processes_run(struct judge_process *p[], size_t n);

/* Frees the texts. */
void judge_process_clear(struct judge_process *p);

#endif
