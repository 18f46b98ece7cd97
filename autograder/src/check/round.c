/* round.c - see round.h. */
#define _GNU_SOURCE
#include "round.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "environment.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

int
round_make(struct round *round, struct run *run, size_t n)
{
	*round = (struct round){.run = run};
	round->index = calloc(n + 1, sizeof *round->index);
	round->checks = calloc(n + 1, sizeof(struct check_result *));
	round->progress = calloc(n + 1, sizeof *round->progress);
	return round->index == NULL || round->checks == NULL || round->progress == NULL ? -1 : 0;
}

void
round_add(struct round *round, size_t check)
{
	round->index[round->n] = check;
	round->checks[round->n++] = &round->run->r->checks[check];
}

void
round_free(struct round *round)
{
	int keep = errno;

	free(round->index);
	free(round->checks);
	free(round->progress);
	errno = keep;
}

/* ---- verdicts -------------------------------------------------------------------- */

static void
tell(struct run *run, size_t check)
{
	if (run->c->finished != NULL)
		run->c->finished(run->r, check, run->c->with);
}

/* Is the reader still to hear of this check of the round under way? */
static bool
to_be_told(const struct run *run, size_t check)
{
	for (size_t i = run->told; run->round != NULL && i < run->round->n; i++)
		if (run->round->index[i] == check)
			return true;
	return false;
}

/* Of several judges the faster one waits for the slower: the reader sees the lab's order. */
void
settle(struct run *run, size_t check)
{
	run->settled[check] = true;
	if (!to_be_told(run, check)) {
		tell(run, check);
		return;
	}
	while (run->told < run->round->n && run->settled[run->round->index[run->told]])
		tell(run, run->round->index[run->told++]);
}

void
round_begin(struct run *run, const struct round *round)
{
	run->round = round;
	run->told = 0;
}

/* Checks before the others may be left without a verdict: the next round has them. */
void
round_end(struct run *run)
{
	const struct round *round = run->round;

	run->round = NULL;
	for (size_t i = run->told; i < round->n; i++)
		if (run->settled[round->index[i]])
			tell(run, round->index[i]);
}

void
grader_fault(struct run *run, size_t check, const char *detail, const char *format, ...)
{
	char sentence[600];
	va_list arguments;

	va_start(arguments, format);
	if (vsnprintf(sentence, sizeof sentence, format, arguments) < 0)
		sentence[0] = '\0';
	va_end(arguments);
	utf8_clip(sentence);
	check_is_grader_fault(&run->r->checks[check], sentence, detail);
	settle(run, check);
}

/* ---- a judge for the round ------------------------------------------------------- */

void
round_put_ids(struct text *t, const struct round *round, const char *between)
{
	for (size_t i = 0; i < round->n; i++)
		text_printf(t, "%s%s", i == 0 ? "" : between, round->checks[i]->id);
}

/*
 * A judge speaks before and after each check; a check is over when a trial has
 * used up its time. On a busy machine that may be twenty times the limit
 * (judge/session.c); the judge's own end of it must come before ours.
 */
static unsigned
silence_of(const struct checking *c)
{
	enum { TIMES = 24, BESIDES_MS = 30000 };

	return c->silence_ms != 0 ? c->silence_ms
				  : (unsigned)(BESIDES_MS + TIMES * c->lab->limits.wall_ms);
}

/* How a process ended, for a person. */
static void
put_end(struct text *t, int status)
{
	if (WIFSIGNALED(status))
		text_printf(t, _("killed by SIG%s"),
		    sigabbrev_np(WTERMSIG(status)) ? sigabbrev_np(WTERMSIG(status)) : "?");
	else
		text_printf(t, _("exit status %d"), WEXITSTATUS(status));
}

void
fail_rest(struct round *round, const struct judge_process *p)
{
	struct text end = {0}, log = {0};

	put_end(&end, p->status);
	text_put_foreign(&log, text_string(&p->log), p->log.n);
	for (size_t i = 0; i < round->n; i++) {
		struct run *run = round->run;
		size_t check = round->index[i];

		if (run->settled[check])
			continue;
		switch (p->end) {
		case JUDGE_NOT_STARTED:
			grader_fault(run, check, NULL, _("The judge %s cannot be started: %s."),
			    p->arguments[0], strerror(p->error));
			break;
		case JUDGE_SILENT:
			grader_fault(run, check, text_string(&log),
			    _("The judge said nothing for %u seconds and was ended."),
			    p->silence_ms / 1000);
			break;
		case JUDGE_DISTRUSTED:
			grader_fault(run, check, text_string(&log),
			    _("The judge cannot be believed: %s."), p->channel->complaint);
			break;
		case JUDGE_ENDED:
			grader_fault(run, check, text_string(&log),
			    _("The judge ended (%s) without a verdict on this check."),
			    text_string(&end));
		}
	}
	text_free(&end);
	text_free(&log);
}

static struct channel *
channel_for(struct round *round)
{
	struct channel *channel = calloc(1, sizeof *channel);

	if (channel == NULL)
		return NULL;
	channel->checks = round->checks;
	channel->progress = round->progress;
	channel->n = channel->blamed = round->n;
	channel->with = round;
	return channel;
}

int
judge_prepare(struct round *round, struct judge_process *p)
{
	struct text ids = {0};

	round_put_ids(&ids, round, ",");
	p->channel = channel_for(round);
	p->silence_ms = silence_of(round->run->c);
	if (p->channel != NULL && !text_failed(&ids))
		p->environment = judge_environment(round->run->c, round->run->r, text_string(&ids));
	text_free(&ids);
	return p->environment == NULL ? -1 : 0;
}

void
judge_discard(struct judge_process *p)
{
	judge_environment_free((char **)p->environment);
	judge_process_clear(p);
	free(p->channel);
}
