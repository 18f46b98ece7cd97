/* descriptors.c - parent and child share the open file, its offset included. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

/* Reads three bytes and shows them; unbuffered, so nothing is left in a copy. */
static void
read_three(int fd, const char *who)
{
	char bytes[3];

	if (read(fd, bytes, sizeof bytes) != (ssize_t)sizeof bytes)
		die("read");
	dprintf(STDOUT_FILENO, "%s: %.3s\n", who, bytes);
}

int
main(void)
{
	FILE *file = tmpfile();

	if (file == NULL || fputs("abcdef", file) < 0 || fflush(file) != 0)
		die("tmpfile");
	int fd = fileno(file);
	if (lseek(fd, 0, SEEK_SET) < 0)
		die("lseek");
	// tag::share[]
	pid_t pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		read_three(fd, "child"); // <1>
		_exit(0);
	}
	if (waitpid(pid, NULL, 0) < 0)
		die("waitpid");
	read_three(fd, "parent"); // <2>
	// end::share[]
	fclose(file);
	return EXIT_SUCCESS;
}
