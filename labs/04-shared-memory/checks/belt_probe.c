/* belt_probe.c - the functions of belt.h as a queue. */
#include "belt.h"

static struct belt *b;

static int
make(size_t places)
{
	b = belt_new(places);
	return b != NULL;
}

static int
put(int item)
{
	belt_put(b, item);
	return 0;
}

static int
take(int *item)
{
	*item = belt_take(b);
	return 1;
}

/* A belt cannot be closed. */
static void
end(void)
{
}

static int
release(void)
{
	return belt_free(b);
}

/* Nobody at the belt is killed. */
static void
announce(void)
{
}

#include "queue_probe.h"
