#include "runner.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int
failed(const char *what)
{
	fprintf(stderr, RUNNER_FAILED, what, strerror(errno));
	return RUNNER_FAULTY;
}

/* runs words[0] with the words that follow and gives back what runner has to exit with */
static int
run_command(char **words)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == -1)
		return failed("fork");
	if (pid == 0) {
		int why;

		execvp(words[0], words);
		why = errno;
		failed(words[0]);
		_exit(why == ENOENT ? RUNNER_NOT_FOUND : RUNNER_NOT_RUNNABLE);
	}
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return failed("wait");
	if (WIFSIGNALED(status)) {
		int sig = WTERMSIG(status);

		printf(RUNNER_KILLED, words[0], sig, strsignal(sig));
		return RUNNER_SIGNALED + sig;
	}
	printf(RUNNER_EXITED, words[0], WEXITSTATUS(status));
	return WEXITSTATUS(status);
}

int
main(int argc, char **argv)
{
	int last = 0, begin = 1;

	for (int i = 1; i <= argc; i++)
		if (i == argc || strcmp(argv[i], RUNNER_THEN) == 0) {
			if (i == begin) {
				fputs(RUNNER_USAGE, stderr);
				return RUNNER_BAD_USAGE;
			}
			begin = i + 1;
		}
	begin = 1;
	for (int i = 1; i <= argc; i++) {
		if (i < argc && strcmp(argv[i], RUNNER_THEN) != 0)
			continue;
		argv[i] = NULL;
		last = run_command(argv + begin);
		if (last == RUNNER_FAULTY)
			break;
		begin = i + 1;
	}
	fflush(stdout);
	return last;
}
