#include "children.h"
#include <sys/wait.h>
#include <unistd.h>

int
run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[])
{
	for (size_t i = 0; i < n; i++)
		if (fork() == 0)
			_exit(job(i, context));
	for (size_t i = 0; i < n; i++)
		wait(&status[i]);
	return 0;
}
