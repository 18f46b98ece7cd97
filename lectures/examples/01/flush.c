/* flush.c - the child has a copy of the parent's buffer, and exit() empties it. */
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

/* Returns how many bytes a file holds after parent and child have ended their work. */
static long
bytes_written(void (*leave)(int))
{
	FILE *file = tmpfile();

	if (file == NULL)
		die("tmpfile");
	// tag::flush[]
	fprintf(file, "once\n"); // <1>
	pid_t pid = fork();
	if (pid == 0)
		leave(0); // <2>
	// end::flush[]
	if (pid < 0 || waitpid(pid, NULL, 0) < 0)
		die("fork");
	if (fflush(file) != 0 || fseek(file, 0, SEEK_END) != 0)
		die("fflush");
	long size = ftell(file);
	fclose(file);
	return size;
}

int
main(void)
{
	long careless = bytes_written(exit);
	long careful = bytes_written(_exit);

	printf("child leaves by exit():  %ld bytes\n", careless);
	printf("child leaves by _exit(): %ld bytes\n", careful);
	return EXIT_SUCCESS;
}
