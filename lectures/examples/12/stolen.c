/* stolen.c - two clear away what a dead session has left, one step of each at a time. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
make(const char *path)
{
	close(open(path, O_WRONLY | O_CREAT, 0600));
}

int
main(void)
{
	char dir[] = "/tmp/stolen-XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return EXIT_FAILURE;
	make("u.dead");
	make("u.a");
	make("u.b");
	if (link("u.dead", "l.printer") < 0)
		return EXIT_FAILURE;
	// tag::stolen[]
	printf("A: the holder of l.printer is dead\n"); // <1>
	printf("B: the holder of l.printer is dead\n");
	unlink("l.printer");
	if (link("u.b", "l.printer") == 0)
		printf("B: the printer is mine\n");
	unlink("l.printer"); // <2>
	if (link("u.a", "l.printer") == 0)
		printf("A: the printer is mine\n");
	// end::stolen[]
	unlink("l.printer");
	unlink("u.dead");
	unlink("u.a");
	unlink("u.b");
	return rmdir(dir) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
