#define _GNU_SOURCE
#include "inside.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct settings s;

const struct settings *
settings(void)
{
	return &s;
}

static _Noreturn void
refuse(const char *what, const char *value)
{
	fprintf(stderr, "judge: %s is %s; gabel sets it, see autograder/judge/README.adoc\n", what,
	    value == NULL ? "not set" : value);
	exit(3);
}

static const char *
needed(const char *name)
{
	const char *value = getenv(name);

	if (value == NULL || value[0] == '\0')
		refuse(name, value);
	return value;
}

static uint64_t
number(const char *name, const char *text)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || end == text || (*end != '\0' && *end != ','))
		refuse(name, text);
	return value;
}

/* "cpu-ms=5000,memory-mib=256": as in lab.yaml; what is not named keeps its default. */
static void
read_limits(const char *text)
{
	static const char *const names[LIMIT_COUNT] = {[LIMIT_CPU_MS] = "cpu-ms=",
	    [LIMIT_MEMORY_MIB] = "memory-mib=",
	    [LIMIT_PROCESSES] = "processes=",
	    [LIMIT_FORKS] = "forks=",
	    [LIMIT_DESCRIPTORS] = "descriptors=",
	    [LIMIT_FILE_KIB] = "file-kib=",
	    [LIMIT_OUTPUT_KIB] = "output-kib=",
	    [LIMIT_WALL_MS] = "wall-ms=",
	    [LIMIT_WAKES] = "wakes="};
	static const uint64_t defaults[LIMIT_COUNT] = {
	    2000, 256, 64, 1024, 64, 8192, 256, 10000, 1000};

	for (int i = 0; i < LIMIT_COUNT; i++) {
		const char *at = text == NULL ? NULL : strstr(text, names[i]);

		s.limits[i] = at == NULL ? defaults[i] : number(names[i], at + strlen(names[i]));
	}
}

/* CPU time of this process and of its children that have ended. */
static uint64_t
cpu_us(void)
{
	static const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof whose / sizeof *whose; i++) {
		struct rusage used;

		if (getrusage(whose[i], &used) == 0)
			sum += (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 +
			       (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
	}
	return sum;
}

static unsigned
percent_of_usual(uint64_t us)
{
	enum { USUAL_US = 500, LEAST = 100, MOST = 10000 };
	uint64_t percent = us * 100 / USUAL_US;

	return percent < LEAST ? LEAST : percent > MOST ? MOST : (unsigned)percent;
}

/*
 * Deadlines are the last resort, but even they must not depend on the machine:
 * under emulation a fork takes 45 times as long. So forks are timed. A machine
 * that is only busy gives a program no more CPU time, but whoever waits for it
 * waits longer.
 */
static void
measure_slowness(void)
{
	enum { FORKS = 4 };
	uint64_t best = UINT64_MAX, least_cpu = UINT64_MAX;

	for (int i = 0; i < FORKS; i++) {
		uint64_t from = clock_us(), cpu_from = cpu_us(), took, cpu;
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) < 0) {
			best = least_cpu = 0;
			break;
		}
		took = clock_us() - from;
		cpu = cpu_us() - cpu_from;
		best = took < best ? took : best;
		least_cpu = cpu < least_cpu ? cpu : least_cpu;
	}
	s.slowness = percent_of_usual(best);
	s.cpu_slowness = percent_of_usual(least_cpu);
}

void
settings_read(void)
{
	const char *isolation = getenv("GABEL_ISOLATION");
	const char *channel = getenv("GABEL_CHANNEL");

	s.root = needed("GABEL_ROOT");
	s.lab = needed("GABEL_LAB");
	s.stage = needed("GABEL_STAGE");
	s.seed = number("GABEL_SEED", needed("GABEL_SEED"));
	s.checks = getenv("GABEL_CHECKS");
	s.record = getenv("GABEL_RECORD");
	s.sanitized = getenv("GABEL_SANITIZED") != NULL;
	s.channel = channel == NULL ? -1 : (int)number("GABEL_CHANNEL", channel);
	if (isolation == NULL || strcmp(isolation, "sandbox") == 0)
		s.isolation = ISOLATION_SANDBOX;
	else if (strcmp(isolation, "container") == 0)
		s.isolation = ISOLATION_CONTAINER;
	else
		refuse("GABEL_ISOLATION", isolation);
	read_limits(getenv("GABEL_LIMITS"));
	measure_slowness();
}
