/* ender.c - a thread takes the signal and makes accept() fail, in whatever thread and whenever. */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int listener;
static sigset_t signals;

// tag::ender[]
static void *
end_on_signal(void *unused)
{
	int signal;

	(void)unused;
	sigwait(&signals, &signal);    // <1>
	printf("signal %d\n", signal); // <2>
	shutdown(listener, SHUT_RDWR); // <3>
	return NULL;
}
// end::ender[]

int
main(void)
{
	struct sockaddr_in any = {.sin_family = AF_INET};
	pthread_t ender;

	any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	// tag::main[]
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL); // <1>
	if (pthread_create(&ender, NULL, end_on_signal, NULL) != 0)
		return EXIT_FAILURE;
	// end::main[]
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&any, sizeof any) < 0 ||
	    listen(listener, 5) < 0)
		return EXIT_FAILURE;
	kill(getpid(), SIGINT); /* as a person at the terminal would */
	if (accept(listener, NULL, NULL) < 0 && errno == EINVAL)
		printf("accept: nobody will come any more\n");
	pthread_join(ender, NULL);
	return EXIT_SUCCESS;
}
