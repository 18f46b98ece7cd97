/*
 * Different: the process that is started only supervises. The server and its sessions are a
 * process group of their own, which is killed in two steps; what they leave is swept up at the end.
 * While a session waits, a thread stands in lm_lock() and the other one watches the client.
 */
#include "mutexd.h"
#include "mxp.h"
#include "service.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void
session(int fd, int argc, char *argv[])
{
	(void)argc;
	mxp_session(fd, -1, argv[1]);
}

/* Never returns. */
static void
be_server(char *address, char *lockdir, const sigset_t *mask)
{
	char *arguments[] = {"mutexd", lockdir, NULL};

	sigprocmask(SIG_SETMASK, mask, NULL);
	run_service(address, session, 2, arguments);
	perror("mutexd");
	fflush(stderr);
	_exit(EXIT_FAILURE);
}

/* All that sessions have left: all of them have ended. */
static void
sweep(const char *lockdir)
{
	DIR *dir = opendir(lockdir);
	struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, "u.", 2) == 0 || strncmp(entry->d_name, "l.", 2) == 0)
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}

static int
supervise(pid_t server, const sigset_t *news, const char *lockdir)
{
	int signal = SIGCHLD, status = 0;
	siginfo_t end;

	for (;;) {
		if (sigwait(news, &signal) != 0)
			continue;
		if (signal != SIGCHLD)
			break;
		end.si_pid = 0;
		if (waitid(P_PID, (id_t)server, &end, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		    end.si_pid == server)
			break;
	}
	/* First the one that makes new sessions; as long as it is a zombie, the group is ours. */
	if (signal != SIGCHLD)
		kill(server, SIGKILL);
	while (waitid(P_PID, (id_t)server, &end, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	kill(-server, SIGKILL);
	waitpid(server, &status, 0);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	sweep(lockdir);
	return signal == SIGCHLD ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
main(int argc, char *argv[])
{
	char address[MXP_ADDRESS];
	sigset_t news, before;
	pid_t server;
	int dir;

	if (argc != 3 || mxp_address(address, argv[1]) != 0) {
		fputs(MUTEXD_USAGE "\n", stderr);
		return 2;
	}
	dir = open(argv[2], O_RDONLY | O_DIRECTORY);
	if (dir < 0 || faccessat(dir, ".", R_OK | W_OK | X_OK, 0) < 0) {
		fprintf(stderr, "mutexd: %s: %s\n", argv[2], strerror(errno));
		return 1;
	}
	close(dir);
	sigemptyset(&news);
	sigaddset(&news, SIGTERM);
	sigaddset(&news, SIGINT);
	sigaddset(&news, SIGCHLD);
	sigprocmask(SIG_BLOCK, &news, &before);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	server = fork();
	if (server < 0) {
		perror("mutexd: fork");
		return 1;
	}
	if (server == 0) {
		setpgid(0, 0);
		be_server(address, argv[2], &before);
	}
	setpgid(server, server);
	return supervise(server, &news, argv[2]);
}
