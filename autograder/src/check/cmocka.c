/*
 * cmocka.c - has a round judged by the lab's own judge.
 *
 * The checks may be dealt out to several processes of it: most of their time
 * they wait for the student's program to come to rest.
 */
#define _GNU_SOURCE
#include "../base/files.h"
#include "round.h"

#include <stdlib.h>

static void
check_ended(size_t check, void *with)
{
	struct round *round = with;

	settle(round->run, round->index[check]);
}

/*
 * Of a judge that did not come to its end, only the check it was at is lost;
 * for the others it is started again, as long as it gets on.
 */
static void
blame_one(struct round *round, const struct judge_process *p)
{
	const struct channel *channel = p->channel;
	size_t at = p->end == JUDGE_DISTRUSTED ? channel->blamed : channel_open_check(channel);
	struct round one = {.run = round->run, .n = 1};

	if (at == round->n)
		return;
	one.index = &round->index[at];
	one.checks = &round->checks[at];
	round->run->settled[one.index[0]] = false; /* a second verdict takes back the first */
	fail_rest(&one, p);
}

static size_t
count_settled(const struct round *round)
{
	size_t n = 0;

	for (size_t i = 0; i < round->n; i++)
		n += round->run->settled[round->index[i]];
	return n;
}

/* One process of the judge and its share of the round. */
struct share {
	struct round round;
	struct judge_process process;
};

/* As evenly as cards are dealt: expensive checks often stand together. */
static int
deal(struct share *share, const struct round *round, size_t first, size_t step)
{
	struct round *part = &share->round;

	if (round_make(part, round->run, round->n) < 0)
		return -1;
	for (size_t i = first; i < round->n; i += step)
		round_add(part, round->index[i]);
	if (judge_prepare(part, &share->process) < 0)
		return -1;
	share->process.channel->announced = true;
	share->process.channel->ended = check_ended;
	return 0;
}

/* What the end of a process means for its share. */
static void
conclude(struct share *share)
{
	blame_one(&share->round, &share->process);
	if (count_settled(&share->round) == 0)
		fail_rest(&share->round, &share->process);
}

static size_t
judges_for(const struct round *round)
{
	size_t n = round->run->c->judges;

	if (n > round->n)
		n = round->n;
	return n < 1 ? 1 : n > JUDGES_MAX ? JUDGES_MAX : n;
}

int
round_by_cmocka(struct round *round)
{
	const struct checking *c = round->run->c;
	char *path = join_path(c->root, "build/labs", c->lab->name, "judge", NULL);
	char *arguments[] = {path, NULL};
	struct share shares[JUDGES_MAX] = {0};
	struct judge_process *processes[JUDGES_MAX];
	size_t n = judges_for(round);
	int result = path != NULL ? 0 : -1;

	for (size_t i = 0; result == 0 && i < n; i++) {
		processes[i] = &shares[i].process;
		processes[i]->arguments = arguments;
		result = deal(&shares[i], round, i, n);
	}
	if (result == 0)
		result = judge_processes_run(processes, n);
	for (size_t i = 0; i < n; i++) {
		if (result == 0)
			conclude(&shares[i]);
		judge_discard(&shares[i].process);
		round_free(&shares[i].round);
	}
	free(path);
	return result;
}
