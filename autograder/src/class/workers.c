/*
 * workers.c - see workers.h.
 *
 * The signals stay blocked and are taken one by one with sigwaitinfo(): no
 * handler runs, and none is lost between a look and a wait.
 */
#define _GNU_SOURCE /* prctl(), /proc/thread-self */
#include "workers.h"
#include "../base/files.h"
#include "../base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const int interrupts[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

enum { INTERRUPTS = sizeof interrupts / sizeof interrupts[0], ORPHANS = 256 };

struct worker {
	pid_t pid; /* 0: this place is free */
	size_t piece;
	char *temporary;
};

struct pool {
	const struct workers *w;
	struct worker *workers; /* w->jobs of them */
	unsigned running;
	size_t next; /* piece to begin */
	int signal;  /* that interrupted us, or 0 */
	int error;   /* errno, when no process could be started */
	sigset_t waited, before;
};

static void
interrupt_set(sigset_t *set)
{
	sigemptyset(set);
	for (int i = 0; i < INTERRUPTS; i++) {
		struct sigaction action;

		/* What our caller told us to ignore (nohup) stays ignored. */
		if (sigaction(interrupts[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(set, interrupts[i]);
	}
}

void
workers_hold_signals(void)
{
	sigset_t set;

	interrupt_set(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* ---- a worker's beginning ----------------------------------------------------------- */

static void
become_worker(const struct pool *pool, const struct worker *worker, pid_t parent)
{
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || setpgid(0, 0) < 0 ||
	    prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 ||
	    signal(SIGTERM, SIG_DFL) == SIG_ERR || getppid() != parent ||
	    setenv("TMPDIR", worker->temporary, 1) < 0 ||
	    sigprocmask(SIG_SETMASK, &pool->before, NULL) < 0)
		_exit(127);
	_exit(pool->w->work(worker->piece, pool->w->with));
}

static char *
make_temporary(const struct pool *pool)
{
	char *path = text_format("%s/worker.XXXXXX", pool->w->temporary);

	/* The sandbox may have to pass through it as another user. */
	if (path && (mkdtemp(path) == NULL || chmod(path, 0711) < 0)) {
		free(path);
		return NULL;
	}
	return path;
}

static int
begin(struct pool *pool, struct worker *worker)
{
	pid_t parent = getpid();

	worker->piece = pool->next;
	worker->temporary = make_temporary(pool);
	if (worker->temporary == NULL || fflush(NULL) == EOF)
		return -1;
	worker->pid = fork();
	if (worker->pid == 0)
		become_worker(pool, worker, parent);
	if (worker->pid < 0) {
		worker->pid = 0;
		return -1;
	}
	/* Both sides do it, so that it is done before either goes on. */
	(void)setpgid(worker->pid, worker->pid);
	pool->running++;
	pool->next++;
	return 0;
}

static void
begin_all(struct pool *pool)
{
	for (unsigned i = 0; i < pool->w->jobs && pool->next < pool->w->n; i++) {
		struct worker *worker = &pool->workers[i];

		if (worker->pid != 0)
			continue;
		if (begin(pool, worker) < 0) {
			pool->error = errno;
			pool->next = pool->w->n;
			if (worker->temporary)
				remove_tree(worker->temporary);
			free(worker->temporary);
			worker->temporary = NULL;
			return;
		}
	}
}

/* ---- a worker's end ----------------------------------------------------------------- */

static struct worker *
worker_of(struct pool *pool, pid_t pid)
{
	for (unsigned i = 0; i < pool->w->jobs; i++)
		if (pool->workers[i].pid == pid)
			return &pool->workers[i];
	return NULL;
}

static size_t
our_children(pid_t *list, size_t max)
{
	FILE *file = fopen("/proc/thread-self/children", "re");
	size_t n = 0;

	if (file == NULL)
		return 0;
	while (n < max && fscanf(file, "%d", &list[n]) == 1)
		n++;
	fclose(file);
	return n;
}

/*
 * Ends whoever an ended worker left behind. A living worker adopts its own
 * orphans, so a child of ours that is no worker is one of those; when it dies,
 * its children come to us in turn.
 */
static void
end_orphans(struct pool *pool)
{
	pid_t list[ORPHANS];
	bool found = true;

	while (found) {
		size_t n = our_children(list, ORPHANS);

		found = false;
		for (size_t i = 0; i < n; i++) {
			if (worker_of(pool, list[i]) || list[i] == pool->w->spared ||
			    kill(list[i], SIGKILL) < 0)
				continue;
			while (waitpid(list[i], NULL, 0) < 0 && errno == EINTR)
				;
			found = true;
		}
	}
}

static void
end_worker(struct pool *pool, struct worker *worker)
{
	size_t piece = worker->piece;
	int status;

	/* Not reaped yet, so that the number of its group is still its own. */
	(void)kill(-worker->pid, SIGKILL);
	while (waitpid(worker->pid, &status, 0) < 0)
		if (errno != EINTR)
			return;
	worker->pid = 0;
	pool->running--;
	end_orphans(pool);
	(void)remove_tree(worker->temporary);
	free(worker->temporary);
	worker->temporary = NULL;
	if (pool->signal != 0 && !(WIFEXITED(status) && WEXITSTATUS(status) != 127))
		return; /* we ended it: nothing is known of its piece */
	if (!pool->w->done(piece, status, pool->w->with))
		pool->next = pool->w->n;
}

/* Takes every worker that has ended. */
static void
reap(struct pool *pool)
{
	siginfo_t info = {0};

	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
		struct worker *worker = worker_of(pool, info.si_pid);

		if (worker)
			end_worker(pool, worker);
		else
			(void)waitpid(info.si_pid, NULL, WNOHANG);
		info.si_pid = 0;
	}
}

static void
interrupt(struct pool *pool, int taken)
{
	if (pool->signal != 0)
		return;
	pool->signal = taken;
	pool->next = pool->w->n;
	for (unsigned i = 0; i < pool->w->jobs; i++)
		if (pool->workers[i].pid != 0)
			(void)kill(pool->workers[i].pid, SIGTERM);
}

int
workers_run(const struct workers *w)
{
	struct pool pool = {.w = w, .workers = calloc(w->jobs, sizeof *pool.workers)};

	if (pool.workers == NULL || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) {
		free(pool.workers);
		return -1;
	}
	interrupt_set(&pool.waited);
	sigaddset(&pool.waited, SIGCHLD);
	/* An ignored SIGCHLD would take the wait statuses away. */
	if (signal(SIGCHLD, SIG_DFL) == SIG_ERR ||
	    sigprocmask(SIG_BLOCK, &pool.waited, &pool.before) < 0) {
		free(pool.workers);
		return -1;
	}
	begin_all(&pool);
	while (pool.running > 0) {
		int taken = sigwaitinfo(&pool.waited, NULL);

		if (taken == SIGCHLD)
			reap(&pool);
		else if (taken > 0)
			interrupt(&pool, taken);
		begin_all(&pool);
	}
	sigprocmask(SIG_SETMASK, &pool.before, NULL);
	free(pool.workers);
	errno = pool.error;
	return pool.signal ? pool.signal : pool.error ? -1 : 0;
}
