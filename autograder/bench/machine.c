/* machine.c - see machine.h. */
#include "machine.h"
#include "proc.h"
#include "sample.h"
#include "stage.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_SIZE = 256, BATCHES = 7, BATCH = 150 };

json_t *
machine_describe(void)
{
	char processor[TEXT_SIZE], system[TEXT_SIZE], memory[TEXT_SIZE], flags[8 * TEXT_SIZE];
	char release[2 * TEXT_SIZE];
	struct utsname kernel;

	if (uname(&kernel) < 0)
		return NULL;
	snprintf(release, sizeof release, "%s %s", kernel.sysname, kernel.release);
	proc_value("/proc/cpuinfo", "model name", processor, sizeof processor);
	proc_value("/proc/cpuinfo", "flags", flags, sizeof flags);
	proc_value("/proc/meminfo", "MemTotal", memory, sizeof memory);
	proc_value("/etc/os-release", "PRETTY_NAME", system, sizeof system);
	return json_pack("{s:s, s:i, s:I, s:s, s:s, s:b}", "processor",
	    processor[0] != '\0' ? processor : kernel.machine, "processors",
	    (int)sysconf(_SC_NPROCESSORS_ONLN), "memory_mib",
	    (json_int_t)(strtoll(memory, NULL, 10) / 1024), "kernel", release, "system",
	    system[0] != '\0' ? system : "unknown", "virtual",
	    strstr(flags, " hypervisor") != NULL);
}

static int
make_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0)
		if (errno != EINTR)
			return -1;
	return pid < 0 ? -1 : 0;
}

static void *
do_nothing(void *with)
{
	return with;
}

static int
make_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, do_nothing, NULL) != 0)
		return -1;
	return pthread_join(thread, NULL) == 0 ? 0 : -1;
}

/* How often a second it can be done; -1 when it fails. */
static double
rate_of(int (*make)(void))
{
	double rate[BATCHES];

	for (size_t batch = 0; batch < BATCHES; batch++) {
		double from = stage_now();

		for (int i = 0; i < BATCH; i++)
			if (make() < 0)
				return -1;
		rate[batch] = BATCH / (stage_now() - from);
	}
	return sample_median(rate, BATCHES);
}

json_t *
machine_rates(void)
{
	double fork_rate = rate_of(make_process), thread_rate = rate_of(make_thread);

	if (fork_rate < 0 || thread_rate < 0)
		return NULL;
	return json_pack("{s:f, s:f}", "fork", fork_rate, "thread", thread_rate);
}
