/* proc_file.h - what proc(5) keeps about a process in a small file. */
#ifndef GABEL_KEEPER_PROC_FILE_H
#define GABEL_KEEPER_PROC_FILE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Reads /proc/PID/NAME by one read(), as it is at one moment, and ends it with '\0'; what does not
 * fit into size bytes is missing. Returns its length; -1 when it cannot be read: the process is
 * gone. Looks are made of thousands of these: stdio's buffers would be most of their cost.
 */
ssize_t proc_file_read(pid_t pid, const char *name, char *buffer, size_t size);

/*
 * A file that is read again and again: it is opened once, which is most of the
 * cost of reading it. Zeros: not open yet.
 */
struct proc_file {
	int fd_plus_1;
};

/* As proc_file_read(); always with the same PID and NAME. */
ssize_t proc_file_again(
    struct proc_file *file, pid_t pid, const char *name, char *buffer, size_t size);
void proc_file_close(struct proc_file *file);

/* As proc_file_read(), of a path below an open directory of /proc. */
ssize_t proc_file_read_at(int dir, const char *path, char *buffer, size_t size);

#endif
