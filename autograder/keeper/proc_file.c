/* proc_file.c - see proc_file.h. */
#define _GNU_SOURCE
#include "proc_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

ssize_t
proc_file_read(pid_t pid, const char *name, char *buffer, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, buffer, size - 1);
	close(fd);
	if (n < 0)
		return -1;
	buffer[n] = '\0';
	return n;
}
