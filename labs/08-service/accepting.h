/*
 * accepting.h - what you write in accepting.c: what a server does when accept() fails.
 *
 * Both servers need it; no check calls it by itself. What each of the three means stands in
 * service.h.
 */
#ifndef ACCEPTING_H
#define ACCEPTING_H

enum after_accept {
	ACCEPT_NEXT,  /* one connection is gone, or nothing has happened: accept the next */
	ACCEPT_LATER, /* no descriptors or no memory: trying again at once would be in vain */
	ACCEPT_NEVER, /* nothing will ever be accepted again */
};

/* What to do after accept() has failed with this errno. Linux has errors that POSIX has not. */
enum after_accept after_accept(int error);

#endif
