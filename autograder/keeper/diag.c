/*
 * diag.c - see diag.h.
 *
 * The older of the two requests is the one that answers for IPv4 and IPv6 at
 * once; the kernel walks its table of connections, which is the whole
 * machine's, for every request.
 */
#define _GNU_SOURCE
#include "diag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* All but the newer pseudo-state of sockets that have only been bound. */
enum { STATES = 0xfff };

static int
diag_open(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	return fd;
}

static bool
ask_for_all(int fd)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req body;
	} request = {.head = {.nlmsg_len = sizeof request,
			 .nlmsg_type = TCPDIAG_GETSOCK,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
	    .body = {.idiag_family = AF_INET, .idiag_states = STATES}};

	return send(fd, &request, sizeof request, 0) == (ssize_t)sizeof request;
}

static void
tell(const struct inet_diag_msg *m, void (*found)(const struct diag_socket *is, void *with),
    void *with)
{
	struct diag_socket is = {.inode = m->idiag_inode,
	    .family = m->idiag_family,
	    .state = m->idiag_state,
	    .timer = m->idiag_timer,
	    .unread = m->idiag_rqueue,
	    .local_port = ntohs(m->id.idiag_sport),
	    .remote_port = ntohs(m->id.idiag_dport)};

	memcpy(is.local, m->id.idiag_src, sizeof is.local);
	memcpy(is.remote, m->id.idiag_dst, sizeof is.remote);
	found(&is, with);
}

bool
diag_streams(void (*found)(const struct diag_socket *is, void *with), void *with)
{
	static _Alignas(struct nlmsghdr) char buffer[32768]; /* the kernel sends no more at once */
	int fd = diag_open();

	if (fd < 0 || !ask_for_all(fd))
		return false;
	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		size_t left = n < 0 ? 0 : (size_t)n;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		for (const struct nlmsghdr *h = (const void *)buffer; NLMSG_OK(h, left);
		     h = NLMSG_NEXT(h, left)) {
			if (h->nlmsg_type == NLMSG_DONE)
				return true;
			if (h->nlmsg_type != TCPDIAG_GETSOCK)
				return false;
			tell(NLMSG_DATA(h), found, with);
		}
	}
}
