/* runner.c - the number that a shell shows in $? for the way a command ended. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

// tag::shell[]
/* Of a child that has ended: 0..255 as in $?. */
static int
shell_status(int status)
{
	if (WIFSIGNALED(status))
		return 128 + WTERMSIG(status);
	return WEXITSTATUS(status);
}
// end::shell[]

int
main(void)
{
	int status;

	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		execlp("sh", "sh", "-c", "kill -TERM $$", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("runner");
		return EXIT_FAILURE;
	}
	printf("%d\n", shell_status(status));
	return EXIT_SUCCESS;
}
