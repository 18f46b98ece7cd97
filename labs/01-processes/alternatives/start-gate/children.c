/*
 * Different here: every child first waits at a gate, a pipe that its parent
 * process opens by closing it when all have been started. When a fork fails,
 * no job has begun yet.
 */
#include "children.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

struct run {
	size_t n, started;
	int gate[2];
	int error; /* the first, or 0 */
	struct child {
		pid_t pid;
		size_t index;
	} * children;
};

static void
note_error(struct run *r)
{
	if (r->error == 0)
		r->error = errno;
}

static void
pass_gate(const struct run *r)
{
	char byte;

	close(r->gate[1]);
	while (read(r->gate[0], &byte, 1) == -1 && errno == EINTR)
		;
	close(r->gate[0]);
}

static void
start(struct run *r, int (*job)(size_t index, void *context), void *context)
{
	for (struct child *c = r->children; r->started < r->n; c++) {
		c->index = r->started;
		c->pid = fork();
		if (c->pid == -1) {
			note_error(r);
			return;
		}
		if (c->pid == 0) {
			pass_gate(r);
			_Exit(job(c->index, context));
		}
		r->started++;
	}
}

static void
take(struct run *r, int status[])
{
	for (struct child *c = r->children; c < r->children + r->started; c++) {
		int *where = &status[c->index];

	again:
		if (waitpid(c->pid, where, 0) == c->pid)
			continue;
		if (errno == EINTR)
			goto again;
		note_error(r);
		*where = CHILD_LOST;
	}
}

int
run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[])
{
	struct run r = {.n = n};

	if (n == 0)
		return 0;
	if ((r.children = calloc(n, sizeof *r.children)) == NULL)
		return -1;
	if (pipe(r.gate) == -1) {
		note_error(&r);
		goto out;
	}
	start(&r, job, context);
	if (r.started < r.n)
		for (size_t i = 0; i < r.started; i++)
			kill(r.children[i].pid, SIGKILL);
	close(r.gate[0]);
	close(r.gate[1]);
	take(&r, status);
out:
	free(r.children);
	if (r.error == 0)
		return 0;
	errno = r.error;
	return -1;
}
