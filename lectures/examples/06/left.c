/* left.c - what is left until a moment: never negative, and NULL if there is none. */
#include <stdio.h>
#include <time.h>

// tag::left[]
static struct timespec
left_until(struct timespec due, struct timespec now)
{
	struct timespec left = {due.tv_sec - now.tv_sec, due.tv_nsec - now.tv_nsec};

	if (left.tv_nsec < 0) { // <1>
		left.tv_sec--;
		left.tv_nsec += 1000000000;
	}
	if (left.tv_sec < 0) // <2>
		left = (struct timespec){0};
	return left;
}
// end::left[]

static void
show(struct timespec due, struct timespec now)
{
	struct timespec left = left_until(due, now);

	printf("%lld.%09ld s\n", (long long)left.tv_sec, left.tv_nsec);
}

int
main(void)
{
	struct timespec due = {.tv_sec = 100, .tv_nsec = 100000000};

	show(due, (struct timespec){.tv_sec = 98, .tv_nsec = 0});
	show(due, (struct timespec){.tv_sec = 98, .tv_nsec = 900000000});
	show(due, (struct timespec){.tv_sec = 100, .tv_nsec = 100000001});
	return 0;
}
