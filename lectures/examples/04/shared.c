/* Which variable of the child's does its parent see? */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(void)
{
	// tag::shared[]
	int own = 0;
	int *shared = mmap(
	    NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0); // <1>

	if (shared == MAP_FAILED) { // <2>
		perror("mmap");
		return EXIT_FAILURE;
	}
	if (fork() == 0) { // <3>
		own++;
		(*shared)++;
		_exit(EXIT_SUCCESS);
	}
	wait(NULL);
	printf("own %d, shared %d\n", own, *shared); // <4>
	munmap(shared, sizeof *shared);
	// end::shared[]
	return EXIT_SUCCESS;
}
