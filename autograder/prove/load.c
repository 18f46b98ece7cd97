/* load.c - see load.h. */
#define _GNU_SOURCE
#include "load.h"

#include "../src/base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMES_THE_CORES = 4, FILE_MIB = 32 };

const char *
condition_name(enum condition c)
{
	static const char *const names[] = {"idle", "cpu", "fork", "disk", "memory"};

	return names[c];
}

/* Of the memory that could be had now, half, for each of n. */
static long
share_of_memory_mib(long n)
{
	FILE *file = fopen("/proc/meminfo", "re");
	long kib = 1 << 20;
	char line[128];

	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (sscanf(line, "MemAvailable: %ld", &kib) == 1)
			break;
	if (file != NULL)
		fclose(file);
	return kib / 1024 / 2 / n + 1;
}

static char *
amount(long mib)
{
	return text_format("%ldm", mib);
}

/* In the child: becomes stress-ng, or says why not over the pipe. */
static _Noreturn void
become_load(char *const argv[], pid_t parent, int failure)
{
	int error, nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nothing >= 0 && dup2(nothing, 0) == 0 && dup2(nothing, 1) == 1 &&
	    dup2(nothing, 2) == 2 && setpgid(0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 &&
	    getppid() == parent)
		execvp(argv[0], argv);
	error = errno;
	(void)!write(failure, &error, sizeof error);
	_exit(127);
}

static pid_t
begin(char *const argv[])
{
	pid_t parent = getpid(), child;
	int ends[2], error = 0;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	child = fork();
	if (child == 0)
		become_load(argv, parent, ends[1]);
	close(ends[1]);
	if (child > 0) {
		(void)setpgid(child, child);
		/* Nothing to read: the descriptor was closed by a successful exec. */
		if (read(ends[0], &error, sizeof error) == (ssize_t)sizeof error) {
			(void)waitpid(child, NULL, 0);
			child = -1;
		}
	} else {
		error = errno;
	}
	close(ends[0]);
	errno = error;
	return child;
}

pid_t
load_begin(enum condition c, const char *directory)
{
	static char *const stressors[] = {NULL, "--cpu", "--fork", "--hdd", "--vm"};
	long n = TIMES_THE_CORES * sysconf(_SC_NPROCESSORS_ONLN);
	char *count = text_format("%ld", n);
	char *memory = amount(share_of_memory_mib(n)), *file = amount(FILE_MIB);
	char *argv[] = {"stress-ng", stressors[c], count, "--temp-path", (char *)directory,
	    "--vm-bytes", memory, "--hdd-bytes", file, NULL};
	pid_t load = 0;

	if (c != IDLE)
		load = count == NULL || memory == NULL || file == NULL ? -1 : begin(argv);
	free(count);
	free(memory);
	free(file);
	return load;
}

bool
load_end(pid_t load)
{
	siginfo_t info = {0};
	bool running;

	if (load == 0)
		return true;
	running =
	    waitid(P_PID, (id_t)load, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
	/* The first alone, so that it removes its files; then whoever is left of its group. */
	(void)kill(load, SIGTERM);
	(void)waitid(P_PID, (id_t)load, &info, WEXITED | WNOWAIT);
	(void)kill(-load, SIGKILL);
	while (waitpid(load, NULL, 0) < 0 && errno == EINTR)
		continue;
	return running;
}
