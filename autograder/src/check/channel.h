/*
 * channel.h - understands what a judge writes to its channel, line by line.
 *
 *	{"type":"plan","checks":["a","b"]}
 *	{"type":"begin","check":"a"}
 *	{"type":"end","check":"a","verdict":"failed","key":"zombies",...}
 *	{"type":"fault","check":"b","text":"..."}
 *
 * A judge that breaks the rules is not believed any more: reading stops at
 * the first line that is no JSON, has unknown or contradictory content, or is
 * too long. No text of the judge's is taken over without bounds.
 */
#ifndef GABEL_CHANNEL_H
#define GABEL_CHANNEL_H

#include "../verdict/result.h"

enum {
	CHANNEL_LINE_MAX = 64 * 1024,         /* bytes of one line */
	CHANNEL_TOTAL_MAX = 16 * 1024 * 1024, /* bytes of one judge's life */
};

/* How far a check has come in this judge's life. */
enum progress { ASKED, BEGUN, ENDED };

struct channel {
	/* Set by the caller. */
	struct check_result **checks; /* what the judge was asked for; filled from its answers */
	enum progress *progress;      /* of each, all ASKED */
	size_t n;
	/*
	 * A cmocka judge says plan, begin and end; bats files say only how a
	 * failed test ended, so there an end may come without the others.
	 */
	bool announced;
	void (*ended)(size_t check, void *with); /* after each end or fault; may be NULL */
	void *with;

	/* Of the reader. */
	bool planned, distrusted;
	size_t blamed; /* the check that broke the rules, or n: the judge as a whole */
	char complaint[300];
	size_t used, total;
	char line[CHANNEL_LINE_MAX];
};

/*
 * Reads on. Returns 0, or -1 when the judge broke the rules now or earlier:
 * complaint then says how, in the reader's language, and blamed whom it hit.
 */
int channel_feed(struct channel *c, const char *bytes, size_t n);

/* The judge has ended: half a line is against the rules too. */
int channel_close(struct channel *c);

/* The check that has begun and not ended, or n. */
size_t channel_open_check(const struct channel *c);

/* The index of this check among those asked for, or n. */
size_t channel_find(const struct channel *c, const char *id);

/* Makes this check a grader fault with this sentence; detail (of several lines) may be NULL. */
void check_is_grader_fault(struct check_result *check, const char *sentence, const char *detail);

#endif
