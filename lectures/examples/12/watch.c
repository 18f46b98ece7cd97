/* watch.c - a watch that begins before the look misses nothing. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

static const char *
waits(int watch)
{
	struct pollfd set = {.fd = watch, .events = POLLIN};

	return poll(&set, 1, 0) > 0 ? "wakes" : "sleeps on"; /* 0: only for this example */
}

int
main(void)
{
	char dir[] = "/tmp/watch-XXXXXX";
	int late = inotify_init1(IN_CLOEXEC), early = inotify_init1(IN_CLOEXEC);

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return EXIT_FAILURE;
	close(open("l.printer", O_WRONLY | O_CREAT, 0600));
	// tag::watch[]
	inotify_add_watch(early, dir, IN_DELETE); // <1>
	if (access("l.printer", F_OK) == 0)       // <2>
		unlink("l.printer");              // <3>
	inotify_add_watch(late, dir, IN_DELETE);  // <4>
	// end::watch[]
	printf("watch before the look: %s\n", waits(early));
	printf("watch after the look:  %s\n", waits(late));
	return rmdir(dir) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
