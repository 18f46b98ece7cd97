/* safe.c - a handler that may speak: write() is async-signal-safe, printf() is not. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// tag::safe[]
static void
on_usr1(int signal)
{
	static const char text[] = "SIGUSR1 came\n";
	int error = errno;

	(void)signal;
	ssize_t ignored = write(STDOUT_FILENO, text, sizeof text - 1); // <1>
	(void)ignored;
	errno = error;
}
// end::safe[]

int
main(void)
{
	struct sigaction action = {.sa_handler = on_usr1, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	if (sigaction(SIGUSR1, &action, NULL) < 0 || raise(SIGUSR1) != 0)
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
