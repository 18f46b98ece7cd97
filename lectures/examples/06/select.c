/* select.c - two pipes, one process: whoever has something is read, once. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <unistd.h>

int
main(void)
{
	int pipes[2][2], open = 2;

	for (int i = 0; i < 2; i++)
		if (pipe(pipes[i]) < 0)
			return EXIT_FAILURE;
	if (write(pipes[1][1], "second", 6) != 6)
		return EXIT_FAILURE;
	close(pipes[0][1]);
	close(pipes[1][1]);
	// tag::select[]
	while (open > 0) {
		fd_set ready;
		int highest = -1;

		FD_ZERO(&ready); // <1>
		for (int i = 0; i < 2; i++)
			if (pipes[i][0] >= 0) {
				FD_SET(pipes[i][0], &ready);
				if (pipes[i][0] > highest)
					highest = pipes[i][0];
			}
		int n = select(highest + 1, &ready, NULL, NULL, NULL); // <2>
		if (n < 0)
			return EXIT_FAILURE;
		printf("%d ready\n", n);
		for (int i = 0; i < 2; i++) {
			char text[20];

			if (pipes[i][0] < 0 || !FD_ISSET(pipes[i][0], &ready))
				continue;
			ssize_t got = read(pipes[i][0], text, sizeof text); // <3>
			printf("pipe %d: %zd bytes\n", i, got);
			if (got <= 0) {
				close(pipes[i][0]);
				pipes[i][0] = -1;
				open--;
			}
		}
	}
	// end::select[]
	return EXIT_SUCCESS;
}
