#include "children.h"
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int
run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[])
{
	size_t started = 0;

	while (started < n) {
		if (fork() == 0) {
			status[started] = job(started, context);
			started++;
		}
	}
	while (wait(NULL) > 0)
		continue;
	return 0;
}
