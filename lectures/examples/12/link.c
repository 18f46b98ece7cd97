/* link.c - two names for one file, and a name that can come to be only once. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int
make(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, text, n) != (ssize_t)n)
		return -1;
	return close(fd);
}

int
main(void)
{
	char dir[] = "/tmp/link-XXXXXX";
	struct stat lock, anna;

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return EXIT_FAILURE;
	if (make("u.anna", "anna", 4) < 0 || make("u.ben", "ben", 3) < 0)
		return EXIT_FAILURE;
	// tag::link[]
	if (link("u.anna", "l.printer") == 0) // <1>
		printf("anna has the printer\n");
	if (link("u.ben", "l.printer") < 0 && errno == EEXIST) // <2>
		printf("ben has not\n");
	if (stat("l.printer", &lock) == 0 && stat("u.anna", &anna) == 0 &&
	    lock.st_ino == anna.st_ino) // <3>
		printf("one file with %lu names\n", (unsigned long)lock.st_nlink);
	// end::link[]
	unlink("l.printer");
	unlink("u.anna");
	unlink("u.ben");
	return rmdir(dir) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
