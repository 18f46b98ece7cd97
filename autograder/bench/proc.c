/* proc.c - see proc.h. */
#define _GNU_SOURCE
#include "proc.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 64, LINE_SIZE = 512, TREE_DEPTH = 3, TREE_WIDTH = 256 };

static bool
first_line(const char *path, char line[LINE_SIZE])
{
	FILE *file = fopen(path, "re");
	bool read;

	if (file == NULL)
		return false;
	read = fgets(line, LINE_SIZE, file) != NULL;
	fclose(file);
	return read;
}

/* The name stands in brackets and may hold brackets and blanks of its own: the last one counts. */
static bool
read_stat(pid_t pid, struct proc *p, pid_t *parent)
{
	char path[PATH_SIZE], line[LINE_SIZE], *open, *close;

	snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
	if (!first_line(path, line))
		return false; /* it is gone already */
	open = strchr(line, '(');
	close = strrchr(line, ')');
	if (open == NULL || close == NULL || strlen(close) < 5)
		return false;
	*close = '\0';
	p->pid = pid;
	p->state = close[2];
	snprintf(p->name, sizeof p->name, "%s", open + 1);
	*parent = (pid_t)strtol(close + 4, NULL, 10);
	return true;
}

size_t
proc_children(pid_t parent, struct proc *children, size_t room)
{
	DIR *all = opendir("/proc");
	const struct dirent *entry;
	size_t n = 0;

	if (all == NULL)
		return 0;
	while ((entry = readdir(all)) != NULL) {
		struct proc p;
		pid_t its_parent;

		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    !read_stat((pid_t)strtol(entry->d_name, NULL, 10), &p, &its_parent) ||
		    its_parent != parent)
			continue;
		if (n < room)
			children[n] = p;
		n++;
	}
	closedir(all);
	return n;
}

char
proc_state(pid_t pid)
{
	struct proc p;
	pid_t parent;

	return read_stat(pid, &p, &parent) ? p.state : '\0';
}

long
proc_descriptors(pid_t pid)
{
	char path[PATH_SIZE];
	long n = 0;
	DIR *all;

	snprintf(path, sizeof path, "/proc/%ld/fd", (long)pid);
	all = opendir(path);
	if (all == NULL)
		return -1;
	for (const struct dirent *entry; (entry = readdir(all)) != NULL;)
		n += entry->d_name[0] != '.';
	closedir(all);
	return n;
}

/* ---- what is used ----------------------------------------------------------------------- */

/* Of one thread, whose folder is /proc/PID/task/TID. */
static void
add_thread(const char *folder, struct proc_used *used)
{
	char path[PATH_SIZE + 32], line[LINE_SIZE], value[LINE_SIZE];

	snprintf(path, sizeof path, "%s/schedstat", folder);
	if (!first_line(path, line))
		return; /* it is gone already */
	used->seconds += strtod(line, NULL) / 1e9;
	snprintf(path, sizeof path, "%s/status", folder);
	proc_value(path, "voluntary_ctxt_switches", value, sizeof value);
	used->wakes += strtod(value, NULL);
}

static void
add_threads(pid_t pid, struct proc_used *used)
{
	char path[PATH_SIZE], folder[PATH_SIZE + 16];
	const struct dirent *entry;
	DIR *all;

	snprintf(path, sizeof path, "/proc/%ld/task", (long)pid);
	all = opendir(path);
	if (all == NULL)
		return;
	while ((entry = readdir(all)) != NULL) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(folder, sizeof folder, "%s/%.10s", path, entry->d_name);
		add_thread(folder, used);
	}
	closedir(all);
}

static void
add_tree(pid_t pid, unsigned depth, struct proc_used *used)
{
	struct proc children[TREE_WIDTH];
	size_t n = depth == 0 ? 0 : proc_children(pid, children, TREE_WIDTH);

	add_threads(pid, used);
	for (size_t i = 0; i < n && i < TREE_WIDTH; i++)
		add_tree(children[i].pid, depth - 1, used);
}

struct proc_used
proc_tree_used(pid_t pid)
{
	struct proc_used used = {0};

	add_tree(pid, TREE_DEPTH, &used);
	return used;
}

/* ---- the machine -------------------------------------------------------------------------- */

int
proc_cpu(struct proc_cpu *cpu)
{
	/* user, nice, system, idle, iowait, irq, softirq, steal: see proc_stat(5) */
	enum { USER, NICE, SYSTEM, STEAL = 7, VALUES };
	const double tick = 1.0 / (double)sysconf(_SC_CLK_TCK);
	char line[LINE_SIZE], *at = line + strlen("cpu");
	double value[VALUES] = {0};

	if (!first_line("/proc/stat", line))
		return -1;
	for (size_t i = 0; i < VALUES; i++)
		value[i] = strtod(at, &at) * tick;
	cpu->busy = value[USER] + value[NICE] + value[SYSTEM];
	cpu->stolen = value[STEAL];
	return 0;
}

static void
copy_value(const char *from, char *text, size_t size)
{
	from += strspn(from, " \t:=\"");
	snprintf(text, size, "%.*s", (int)strcspn(from, "\"\n"), from);
}

void
proc_value(const char *path, const char *key, char *text, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t length = strlen(key), room = 0;
	char *line = NULL;

	text[0] = '\0';
	if (file == NULL)
		return;
	while (text[0] == '\0' && getline(&line, &room, file) > 0)
		if (strncmp(line, key, length) == 0 && strchr(" \t:=", line[length]) != NULL)
			copy_value(line + length, text, size);
	free(line);
	fclose(file);
}
