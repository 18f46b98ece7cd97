/* passing.c - the writing end of a pipe goes to a child that did not inherit it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

union control {
	struct cmsghdr align; // so that the bytes lie where a struct cmsghdr may lie
	char bytes[CMSG_SPACE(sizeof(int))];
};

// tag::send[]
static int
send_end(int channel, int fd)
{
	char byte = 0;
	struct iovec data = {.iov_base = &byte, .iov_len = 1}; // <1>
	union control control = {.bytes = {0}};                // <2>
	struct msghdr message = {.msg_iov = &data,
	    .msg_iovlen = 1,
	    .msg_control = control.bytes,
	    .msg_controllen = sizeof control.bytes};
	struct cmsghdr *rights = CMSG_FIRSTHDR(&message);

	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(sizeof fd); // <3>
	memcpy(CMSG_DATA(rights), &fd, sizeof fd);
	return sendmsg(channel, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}
// end::send[]

static int
receive_end(int channel)
{
	char byte;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	union control control;
	struct msghdr message = {.msg_iov = &data,
	    .msg_iovlen = 1,
	    .msg_control = control.bytes,
	    .msg_controllen = sizeof control.bytes};
	struct cmsghdr *rights;
	int fd = -1;

	if (recvmsg(channel, &message, 0) != 1)
		return -1;
	rights = CMSG_FIRSTHDR(&message);
	if (rights != NULL && rights->cmsg_len == CMSG_LEN(sizeof fd))
		memcpy(&fd, CMSG_DATA(rights), sizeof fd);
	return fd;
}

static void
child(int channel)
{
	int fd = receive_end(channel);

	_exit(fd >= 0 && write(fd, "from the child\n", 15) == 15 ? EXIT_SUCCESS : EXIT_FAILURE);
}

int
main(void)
{
	int channel[2], pipe_ends[2];
	char text[64];
	ssize_t n;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, channel) < 0)
		return EXIT_FAILURE;
	if (fork() == 0)
		child(channel[1]);
	// tag::use[]
	if (pipe(pipe_ends) < 0 || send_end(channel[0], pipe_ends[1]) < 0) // <1>
		return EXIT_FAILURE;
	close(pipe_ends[1]); // <2>
	while ((n = read(pipe_ends[0], text, sizeof text)) > 0)
		printf("%.*s", (int)n, text);
	printf("%s\n", n == 0 ? "end of file" : "failure"); // <3>
	// end::use[]
	return wait(NULL) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
