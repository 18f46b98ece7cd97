/* turn_stream.c - the parent accepts and passes to children that are free. See prefork.h. */
#include "listener.h"
#include "pass.h"
#include "prefork.h"
#include <errno.h>
#include <stdbool.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

/* STUDENT: what the parent knows about each child, and what happens between the two */
static struct {
	int channel; /* the parent's end, or -1 */
	bool free;
} places[CHILDREN_MAX];
static size_t n_places;
static int client = -1; /* the parent's: accepted, and not yet passed on */
static int channel;     /* a child's own end */

/* Nobody is at the other end any more. */
static void
leave(size_t child)
{
	if (places[child].channel >= 0)
		close(places[child].channel);
	places[child].channel = -1;
	places[child].free = false;
}

/* In a new child: what is the parent's, and what belongs to the other children. */
static void
leave_all(int listener)
{
	for (size_t i = 0; i < n_places; i++)
		leave(i);
	if (client >= 0)
		close(client);
	close(listener);
}

/* A child sends a byte when it is free; the end of the channel when it has died. */
static void
hear(size_t child)
{
	char byte;

	if (read(places[child].channel, &byte, 1) == 1)
		places[child].free = true;
	else
		leave(child);
}

static size_t
free_place(void)
{
	size_t i = 0;

	while (i < n_places && !places[i].free)
		i++;
	return i;
}

/* To a child that is free; when that has died meanwhile, to the next one. */
static void
hand_over(void)
{
	size_t i;

	while (client >= 0 && (i = free_place()) < n_places) {
		if (send_descriptor(places[i].channel, client) < 0) {
			leave(i);
			continue;
		}
		places[i].free = false;
		close(client); /* the child has its own now */
		client = -1;
	}
}

static int
take_client(int listener)
{
	client = accept(listener, NULL, NULL);
	if (client >= 0 || errno == EINTR || errno == EAGAIN || errno == ECONNABORTED ||
	    errno == EPROTO)
		return 0;
	return -1;
}

/* Whom to wait for; a client only while somebody is free. */
static void
fill_set(fd_set *set, int listener)
{
	FD_ZERO(set);
	for (size_t i = 0; i < n_places; i++)
		if (places[i].channel >= 0)
			FD_SET(places[i].channel, set);
	if (client < 0 && free_place() < n_places)
		FD_SET(listener, set);
}
/* END */

int
turn_open(int listener, size_t n)
{
	/* STUDENT: nobody is there yet; the parent must not wait in accept() */
	n_places = n;
	for (size_t i = 0; i < n; i++)
		places[i].channel = -1;
	return do_not_block(listener);
	/* INSTEAD
	(void)listener;
	(void)n;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

pid_t
turn_fork(int listener, size_t child)
{
	/* STUDENT: a new channel for each child; parent and child close what is not theirs */
	int ends[2], error;
	pid_t pid;

	leave(child);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return -1;
	pid = fork();
	error = errno;
	if (pid == 0)
		leave_all(listener);
	close(ends[pid == 0 ? 0 : 1]);
	if (pid == 0)
		channel = ends[1];
	else if (pid > 0)
		places[child].channel = ends[0];
	else
		close(ends[0]);
	errno = error;
	return pid;
	/* INSTEAD
	(void)listener;
	(void)child;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
turn_next(int listener, size_t child)
{
	(void)listener;
	(void)child;
	/* STUDENT: tell the parent, and wait for what it passes */
	if (send(channel, "", 1, MSG_NOSIGNAL) < 0)
		return -1;
	return receive_descriptor(channel);
	/* INSTEAD
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
turn_watch(int listener, const sigset_t *awake)
{
	/* STUDENT: wait for children, and for clients while one is free; pass clients on */
	fd_set set;

	fill_set(&set, listener);
	if (pselect(FD_SETSIZE, &set, NULL, NULL, NULL, awake) < 0) /* whichever is the highest */
		return errno == EINTR ? 0 : -1;
	for (size_t i = 0; i < n_places; i++)
		if (places[i].channel >= 0 && FD_ISSET(places[i].channel, &set))
			hear(i);
	if (FD_ISSET(listener, &set) && take_client(listener) != 0)
		return -1;
	hand_over();
	return 0;
	/* INSTEAD
	(void)listener;
	(void)awake;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
