/* alive.c - who is dead: what a PID says about it, and what a file lock says. */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

// tag::ask[]
static const char *
pid_says(pid_t pid)
{
	return kill(pid, 0) == 0 ? "alive" : "dead"; // <1>
}

static const char *
lock_says(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_OFD_GETLK, &lock) < 0) // <2>
		return "unknown";
	return lock.l_type != F_UNLCK ? "alive" : "dead";
}
// end::ask[]

/* The child keeps its file locked, says so, and waits for its end. */
static void
live(const char *path, int ready)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 || fcntl(fd, F_OFD_SETLK, &lock) < 0 || write(ready, "", 1) != 1)
		_exit(EXIT_FAILURE);
	for (;;)
		pause();
}

int
main(void)
{
	char path[] = "/tmp/alive-XXXXXX", byte;
	int fd = mkstemp(path), ready[2];
	siginfo_t end;
	pid_t child;

	if (fd < 0 || pipe(ready) < 0)
		return EXIT_FAILURE;
	child = fork();
	if (child < 0)
		return EXIT_FAILURE;
	if (child == 0)
		live(path, ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		return EXIT_FAILURE;
	printf("while it runs:  PID %s, lock %s\n", pid_says(child), lock_says(fd));
	kill(child, SIGKILL);
	waitid(P_PID, (id_t)child, &end, WEXITED | WNOWAIT); /* it has ended, and stays a zombie */
	printf("as a zombie:    PID %s, lock %s\n", pid_says(child), lock_says(fd));
	waitpid(child, NULL, 0);
	unlink(path);
	return EXIT_SUCCESS;
}
