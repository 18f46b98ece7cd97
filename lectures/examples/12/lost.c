/* lost.c - a lock of the process goes with any descriptor of the file; one of the open file stays.
 */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Asked by a child: nobody is told of his own locks. */
static const char *
seen_by_others(const char *path)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int status;
	pid_t child = fork();

	if (child == 0) {
		int fd = open(path, O_RDWR);

		_exit(fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) ? "locked" : "free";
}

int
main(void)
{
	char path[] = "/tmp/lost-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0)
		return EXIT_FAILURE;
	// tag::lost[]
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	fcntl(fd, F_SETLK, &lock);   // <1>
	close(open(path, O_RDONLY)); // <2>
	printf("F_SETLK:     %s\n", seen_by_others(path));
	fcntl(fd, F_OFD_SETLK, &lock); // <3>
	close(open(path, O_RDONLY));
	printf("F_OFD_SETLK: %s\n", seen_by_others(path));
	// end::lost[]
	unlink(path);
	return EXIT_SUCCESS;
}
