/* locks.c - three locks on a file that was opened once, before fork(). */
#define _GNU_SOURCE /* F_OFD_SETLK, flock(), memfd_create() */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int
lock(int fd, int kind)
{
	struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return kind == 0 ? flock(fd, LOCK_EX | LOCK_NB)
			 : fcntl(fd, kind == 1 ? F_OFD_SETLK : F_SETLK, &all);
}

// tag::show[]
/* The parent has the lock. Does the child get it as well, over the descriptor it has inherited? */
static void
child_tries(int kind, const char *name)
{
	int fd = memfd_create("lock", 0);
	int status;

	if (fd < 0 || lock(fd, kind) < 0)
		exit(EXIT_FAILURE);
	if (fork() == 0)
		_exit(lock(fd, kind) < 0);
	if (wait(&status) < 0)
		exit(EXIT_FAILURE);
	printf(
	    "%-12s the child %s\n", name, WEXITSTATUS(status) == 0 ? "has it, too" : "must wait");
	close(fd);
}
// end::show[]

int
main(void)
{
	child_tries(0, "flock()");
	child_tries(1, "F_OFD_SETLK");
	child_tries(2, "F_SETLK");
	return EXIT_SUCCESS;
}
