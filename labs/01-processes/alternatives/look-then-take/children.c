/*
 * Different here: a linked list of children instead of an array. Each is first
 * looked at with WNOWAIT, which leaves it a zombie, and then taken.
 */
#include "children.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
	struct child *next;
	size_t index;
	pid_t pid;
};

/* Puts a started child in front of the list. Returns NULL with errno when there is none. */
static struct child *
start_one(struct child *list, size_t index, int (*job)(size_t index, void *context), void *context)
{
	struct child *c = malloc(sizeof *c);

	if (c == NULL)
		return NULL;
	*c = (struct child){.next = list, .index = index};
	c->pid = fork();
	if (c->pid > 0)
		return c;
	if (c->pid == 0)
		_exit(job(index, context));

	int error = errno;
	free(c);
	errno = error;
	return NULL;
}

static int
take_one(const struct child *c, int *status)
{
	siginfo_t seen;

	for (;;) {
		if (waitid(P_PID, (id_t)c->pid, &seen, WEXITED | WNOWAIT) == 0 &&
		    waitpid(c->pid, status, WNOHANG) == c->pid)
			return 0;
		if (errno != EINTR) {
			*status = CHILD_LOST;
			return -1;
		}
	}
}

/* Empties the list. Returns the first error, or the one that there was before. */
static int
take_all(struct child *list, int status[], int error)
{
	while (list != NULL) {
		struct child *next = list->next;

		if (take_one(list, &status[list->index]) < 0 && error == 0)
			error = errno;
		free(list);
		list = next;
	}
	return error;
}

int
run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[])
{
	struct child *list = NULL;
	int error = 0;

	for (size_t i = 0; i < n; i++) {
		struct child *longer = start_one(list, i, job, context);

		if (longer == NULL) {
			error = errno;
			break;
		}
		list = longer;
	}
	if (error != 0)
		for (const struct child *c = list; c != NULL; c = c->next)
			kill(c->pid, SIGKILL);
	error = take_all(list, status, error);
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}
