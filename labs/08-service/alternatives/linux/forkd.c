/* forkd.c - the smallest program that is one. */
#include "service.h"
#include "webd.h"

int
main(int n, char *words[])
{
	int status = webd("forkd", &run_service, n, words);

	return status;
}
