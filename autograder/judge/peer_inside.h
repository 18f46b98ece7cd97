/* peer_inside.h - what peer.c and peer_io.c share. */
#ifndef GABEL_JUDGE_PEER_INSIDE_H
#define GABEL_JUDGE_PEER_INSIDE_H

#include "inside.h"
#include "peer.h"
#include "words.h"

enum { PEER_ACCEPTED = 32 };

struct datagram {
	struct datagram *next;
	const char *bytes, *from;
	size_t n;
};

struct peer {
	struct trial *trial;
	struct peer *next;
	int fd; /* -1: closed */
	const char *address;
	bool listens, datagrams;
	bool connecting; /* the kernel has not answered yet */
	bool deaf;       /* nothing is taken: peer_stop_reading() */
	bool shut;       /* it sends no more */
	enum peer_state state;
	int error; /* of the connection */
	int accepted[PEER_ACCEPTED];
	size_t n_accepted;
	struct text in;
	size_t taken;    /* of in: what the check has asked for */
	const char *out; /* not yet sent */
	size_t out_left, out_lost;
	struct datagram *first, **last;
};

/*
 * Waits until yes(); false when it can no more: everybody rests, the program
 * has ended. What else goes wrong ends the check.
 */
bool peer_until(struct peer *p, bool (*yes)(struct trial *t, void *with), void *with);

/* The address in this struct sockaddr, in words. */
const char *peer_sender(const void *address);

#endif
