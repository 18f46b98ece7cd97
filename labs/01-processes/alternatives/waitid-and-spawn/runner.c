/* Different here: posix_spawnp, which hands the errno of a failed exec to the parent process. */
#include "runner.h"
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

static int
usage(void)
{
	fprintf(stderr, "%s", RUNNER_USAGE);
	return RUNNER_BAD_USAGE;
}

static int
give_up(const char *what, int error)
{
	fprintf(stderr, RUNNER_FAILED, what, strerror(error));
	return -RUNNER_FAULTY;
}

/* The code of a command that has been reported, if that went well. */
static int
reported(int written, int code)
{
	return written < 0 ? give_up("write", errno) : code;
}

/* How the command ended, as a shell counts; negative when runner itself failed. */
static int
run_one(char **words)
{
	siginfo_t how = {0};
	pid_t pid;
	int error = posix_spawnp(&pid, words[0], NULL, NULL, words, environ);

	if (error == EAGAIN || error == ENOMEM)
		return give_up("fork", error);
	if (error != 0) {
		int code = error == ENOENT ? RUNNER_NOT_FOUND : RUNNER_NOT_RUNNABLE;

		give_up(words[0], error);
		return reported(printf(RUNNER_EXITED, words[0], code), code);
	}
	while (waitid(P_PID, (id_t)pid, &how, WEXITED) < 0)
		if (errno != EINTR)
			return give_up("wait", errno);
	if (how.si_code == CLD_EXITED)
		return reported(printf(RUNNER_EXITED, words[0], how.si_status), how.si_status);
	return reported(printf(RUNNER_KILLED, words[0], how.si_status, strsignal(how.si_status)),
	    RUNNER_SIGNALED + how.si_status);
}

int
main(int argc, char **argv)
{
	int first = 1, result = 0;

	for (int i = 1; i <= argc; i++) {
		if (i < argc && strcmp(argv[i], RUNNER_THEN) != 0)
			continue;
		if (i == first)
			return usage();
		first = i + 1;
	}
	setvbuf(stdout, NULL, _IONBF, 0);
	first = 1;
	for (int i = 1; i <= argc && result >= 0; i++) {
		if (i < argc && strcmp(argv[i], RUNNER_THEN) != 0)
			continue;
		argv[i] = NULL;
		result = run_one(argv + first);
		first = i + 1;
	}
	return abs(result);
}
