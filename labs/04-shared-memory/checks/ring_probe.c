/* ring_probe.c - the functions of ring.h as a queue. */
#include "ring.h"

static struct ring *r;

static int
make(size_t places)
{
	r = ring_new(places);
	return r != NULL;
}

static int
put(int item)
{
	return ring_put(r, item);
}

static int
take(int *item)
{
	return ring_take(r, item);
}

static void
end(void)
{
	ring_close(r);
}

static int
release(void)
{
	return ring_free(r);
}

#include "queue_probe.h"
