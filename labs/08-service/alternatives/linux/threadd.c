/* threadd.c - the smallest program that is one. */
#include "threaded.h"
#include "webd.h"

int
main(int n, char *words[])
{
	int status = webd("threadd", &run_threaded_service, n, words);

	return status;
}
