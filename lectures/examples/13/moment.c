/* moment.c - a signal comes after fork() and before the child is anything of its own. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t first;

// tag::handler[]
static void
end(int signal)
{
	static const char all[] = "the first process: everything ends\n";
	static const char one[] = "a child: it ends, and nobody else\n";

	(void)signal;
	if (getpid() != first) { // <1>
		if (write(STDOUT_FILENO, one, sizeof one - 1) < 0)
			_exit(EXIT_FAILURE);
		_exit(EXIT_SUCCESS);
	}
	if (write(STDOUT_FILENO, all, sizeof all - 1) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_SUCCESS);
}
// end::handler[]

int
main(void)
{
	struct sigaction action = {.sa_handler = end};

	sigemptyset(&action.sa_mask);
	if (sigaction(SIGTERM, &action, NULL) < 0)
		return EXIT_FAILURE;
	// tag::moment[]
	first = getpid(); // <1>
	if (fork() == 0) {
		raise(SIGTERM);           // <2>
		signal(SIGTERM, SIG_IGN); // <3>
		_exit(EXIT_FAILURE);
	}
	wait(NULL);
	raise(SIGTERM);
	// end::moment[]
	return EXIT_FAILURE;
}
