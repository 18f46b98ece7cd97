/* proc_file.c - see proc_file.h. */
#define _GNU_SOURCE
#include "proc_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

ssize_t
proc_file_read_at(int dir, const char *path, char *buffer, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, buffer, size - 1);
	close(fd);
	if (n < 0)
		return -1;
	buffer[n] = '\0';
	return n;
}

ssize_t
proc_file_read(pid_t pid, const char *name, char *buffer, size_t size)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	return proc_file_read_at(AT_FDCWD, path, buffer, size);
}

ssize_t
proc_file_again(struct proc_file *file, pid_t pid, const char *name, char *buffer, size_t size)
{
	enum { MOST_KEPT = 512 }; /* the keeper needs descriptors for other things, too */
	char path[64];
	ssize_t n;
	int fd = file->fd_plus_1 - 1;

	if (fd < 0) {
		snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return -1;
		file->fd_plus_1 = fd + 1;
	}
	n = pread(fd, buffer, size - 1, 0);
	if (fd >= MOST_KEPT)
		proc_file_close(file);
	if (n < 0)
		return -1;
	buffer[n] = '\0';
	return n;
}

void
proc_file_close(struct proc_file *file)
{
	if (file->fd_plus_1 > 0)
		close(file->fd_plus_1 - 1);
	file->fd_plus_1 = 0;
}
