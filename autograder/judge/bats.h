/*
 * bats.h - how a bats file says why a test failed; gabel.bash calls it as
 * "trial --fail ...". The words of the last trial lie in a directory:
 *
 *	DIR/output, DIR/errors     what the program wrote
 *	DIR/status                 how it ended, as a shell counts: 128 + signal
 *	DIR/verdict                on the trial by itself: passed, crashed, timed out ...
 *	DIR/end                    the channel's line about the trial by itself
 */
#ifndef GABEL_JUDGE_BATS_H
#define GABEL_JUDGE_BATS_H

#include <stddef.h>

/* What a trial leaves for the test that started it. */
struct trial_record {
	const char *output, *errors;
	size_t output_size, errors_size;
	int status;
	const char *verdict;
	const char *end; /* one line of JSON, without newline */
};

/* Returns 0, or -1 with errno. */
int trial_record_write(const char *directory, const struct trial_record *record);

/* Removes the record of the trial before, or a trial that cannot run would seem to have. */
int trial_record_remove(const char *directory);

/*
 * Writes to the channel how the check failed:
 *
 *	CHECK DIR ended                     as the trial itself says
 *	CHECK DIR status N KEY              it should have ended with N
 *	CHECK DIR output TEXT KEY           it should have written TEXT, all of it
 *	CHECK DIR errors TEXT KEY           TEXT should be in its error output
 *	CHECK DIR check KEY EXPECTED SEEN   in the test's own words
 *	CHECK DIR fault TEXT                the test could not judge
 *
 * Returns 0, or 2 when the words make no sense.
 */
int bats_fail(int argc, char *argv[]);

#endif
