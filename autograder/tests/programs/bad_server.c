/*
 * bad_server.c - a web server that does one thing wrong; bench.bats shows it to the benchmark.
 *
 *	bad_server HOST:PORT MISTAKE [WORD]
 *
 * It serves one client after the other, and SIGINT ends it. MISTAKE is one of the functions' names
 * below, or "nothing". WORD only makes its processes known to whoever looks for them, but for
 * "tell", where it is a FIFO: a line is written to it when the first client has come, and then
 * nobody gets an answer.
 */
#include "../../../labs/08-service/listener.h"
#include "../../../labs/08-service/web.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

static const char *mistake, *word;

static int
makes(const char *name)
{
	return strcmp(mistake, name) == 0;
}

static void
stop(int signal)
{
	static const char lie[] = "child 0: 3 clients\n";

	(void)signal;
	if (makes("miscount") && write(STDOUT_FILENO, lie, sizeof lie - 1) < 0)
		_exit(EXIT_FAILURE);
	_exit(makes("fail") ? EXIT_FAILURE : EXIT_SUCCESS);
}

static _Noreturn void
wait_for_ever(void)
{
	for (;;)
		pause();
}

/* A process that has left its group and its session, and does not end. */
static void
leave_process(void)
{
	if (fork() == 0) {
		setsid();
		signal(SIGINT, SIG_DFL);
		wait_for_ever();
	}
}

/* Which nobody will wait for. */
static void
leave_zombie(void)
{
	if (fork() == 0)
		_exit(0);
}

static void
tell(void)
{
	int fd = open(word, O_WRONLY);

	if (fd < 0 || write(fd, "here\n", 5) < 0)
		exit(EXIT_FAILURE);
	close(fd);
	wait_for_ever();
}

/* What it has open for itself, it opens a moment after it has said that it is ready. Not wrong. */
static void
open_late(void)
{
	const clock_t until = clock() + CLOCKS_PER_SEC / 20;
	int ends[2];

	while (clock() < until)
		;
	if (pipe(ends) < 0)
		exit(EXIT_FAILURE);
}

static void
serve(int fd)
{
	if (makes("tell"))
		tell();
	if (makes("zombie"))
		leave_zombie();
	if (makes("descriptor") && open("/dev/null", O_RDONLY) < 0)
		exit(EXIT_FAILURE);
	if (makes("half") && web_send(fd, "abc", 3) < 0)
		exit(EXIT_FAILURE);
	if (!makes("lose") && !makes("half"))
		web_session(fd);
	if (!makes("keep"))
		close(fd);
}

int
main(int argc, char *argv[])
{
	int listener;

	if (argc < 3)
		return 2;
	mistake = argv[2];
	word = argc > 3 ? argv[3] : "";
	signal(SIGINT, makes("deaf") ? SIG_IGN : stop);
	if (makes("early"))
		return 0;
	if (makes("mute"))
		wait_for_ever();
	if (makes("leave"))
		leave_process();
	listener = open_listener(argv[1]);
	if (listener < 0 || say_ready("bad_server", listener) < 0)
		return 1;
	if (makes("late"))
		open_late();
	if (makes("restless"))
		for (;;)
			;
	for (;;)
		serve(accept(listener, NULL, NULL));
}
