/*
 * pass_probe.c - calls the functions of pass.h.
 *
 * "pair KIND" makes a channel, stream or datagram; "ends" of it are 0 and 1. What is passed is the
 * writing end of a pipe.
 */
#include "pass.h"
#include "probe.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static int ends[2] = {-1, -1}, ditch[2] = {-1, -1};

static void
do_pair(void)
{
	int kind = strcmp(request_word(1), "stream") == 0 ? SOCK_STREAM : SOCK_DGRAM;

	answer_put_int("result", socketpair(AF_UNIX, kind, 0, ends));
	answer_put_int("zero", ends[0]);
	answer_put_int("one", ends[1]);
}

static void
do_pipe(void)
{
	answer_put_int("result", pipe(ditch));
	answer_put_int("fd", ditch[1]);
}

static void
do_close(void)
{
	answer_put_int("result", close((int)request_int(1)));
}

static void
do_nonblock(void)
{
	answer_put_int("result", fcntl((int)request_int(1), F_SETFL, O_NONBLOCK));
}

static void
do_send(void)
{
	int fd = (int)request_int(1);

	errno = 0;
	answer_put_int("result", send_descriptor(ends[0], fd));
	answer_put_int("errno", errno);
}

static void
do_receive(void)
{
	errno = EINTR; /* of some call before: what has not failed does not set it */
	answer_put_int("result", receive_descriptor(ends[1]));
	answer_put_int("errno", errno);
}

/* The byte of a message; what comes with it is closed. */
static void
do_byte(void)
{
	char byte = 1;

	answer_put_int("result", recv(ends[1], &byte, 1, 0));
	answer_put_int("byte", byte);
}

/* One byte with n descriptors, as no send_descriptor() sends it. */
static void
do_stray(void)
{
	size_t n = (size_t)request_int(1);
	char byte = 0;
	struct iovec data = {&byte, 1};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(4 * sizeof(int))];
	} control = {.bytes = {0}};
	struct msghdr m = {.msg_iov = &data, .msg_iovlen = 1};

	if (n > 0) {
		m.msg_control = control.bytes;
		m.msg_controllen = CMSG_SPACE(n * sizeof(int));
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(n * sizeof(int));
		for (size_t i = 0; i < n; i++)
			memcpy(CMSG_DATA(&control.align) + i * sizeof(int), &ditch[1], sizeof(int));
	}
	answer_put_int("result", sendmsg(ends[0], &m, MSG_NOSIGNAL));
}

/* From now on one more descriptor can be open, and no second one. */
static void
do_crowd(void)
{
	int next = dup(ends[1]);
	struct rlimit most = {.rlim_cur = (rlim_t)next + 1, .rlim_max = (rlim_t)next + 1};

	close(next);
	answer_put_int("result", setrlimit(RLIMIT_NOFILE, &most));
}

int
main(void)
{
	static const struct verb verbs[] = {{"pair", do_pair}, {"pipe", do_pipe},
	    {"close", do_close}, {"nonblock", do_nonblock}, {"send", do_send},
	    {"receive", do_receive}, {"stray", do_stray}, {"crowd", do_crowd}, {"byte", do_byte},
	    {"handle", probe_handle}, {0}};

	return probe_serve(verbs);
}
