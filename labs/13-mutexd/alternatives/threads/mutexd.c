/*
 * Different: run_service() has a thread of its own, and the main thread does nothing but wait for
 * the signal. Sessions have threads that do nothing but end them; what they leave is swept up by
 * sessions of the lock set that take the names of the dead.
 */
#include "mutexd.h"
#include "lockset.h"
#include "mxp.h"
#include "service.h"
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int alive[2];
static char address[MXP_ADDRESS];
static const char *directory;

static void
session(int fd, int argc, char *argv[])
{
	(void)argc;
	close(alive[1]);
	mxp_session(fd, alive[0], argv[1]);
}

static void *
service(void *arg)
{
	char *words[] = {"mutexd", arg, NULL};

	run_service(address, session, 2, words);
	fprintf(stderr, "mutexd: %s\n", strerror(errno));
	exit(EXIT_FAILURE);
}

/* Calls what to do for each file whose name begins so. */
static void
each(const char *prefix, void (*what)(const char *name))
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, prefix, 2) == 0)
			what(entry->d_name + 2);
	if (dir != NULL)
		closedir(dir);
}

static struct lockset sweeper;

static void
take_and_release(const char *lock)
{
	if (lm_nonblocking_lock(&sweeper, lock))
		lm_release(&sweeper, lock);
}

static void
become_and_end(const char *name)
{
	struct lockset dead = {0};

	if (lm_init(&dead, directory, name))
		lm_free(&dead);
}

static void
sweep(void)
{
	if (lm_init(&sweeper, directory, "mutexd-at-its-end")) {
		each("l.", take_and_release);
		lm_free(&sweeper);
	}
	each("u.", become_and_end);
}

static int
can_begin(void)
{
	struct lockset trial = {0};
	int ok = lm_init(&trial, directory, "mutexd-at-its-beginning");

	lm_free(&trial);
	return ok;
}

int
main(int argc, char *argv[])
{
	pthread_t server;
	sigset_t ends;
	int which;

	if (argc != 3 || mxp_address(address, argv[1]) < 0) {
		fprintf(stderr, "%s\n", MUTEXD_USAGE);
		return 2;
	}
	directory = argv[2];
	if (!can_begin()) {
		fprintf(stderr, "mutexd: %s: %s\n", directory, strerror(errno));
		return EXIT_FAILURE;
	}
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	if (pipe(alive) < 0 || pthread_create(&server, NULL, service, argv[2]) != 0) {
		perror("mutexd");
		return EXIT_FAILURE;
	}
	while (sigwait(&ends, &which) != 0)
		;
	pthread_cancel(server);
	pthread_join(server, NULL);
	close(alive[1]);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	sweep();
	return EXIT_SUCCESS;
}
