/*
 * main.c - finds the kit, the command and its options, and runs it.
 *
 * gabel lives in the kit's build/ and finds everything else from there.
 */
#include "base/messages.h"
#include "cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Whoever starts us may have closed 0, 1 or 2, so that the first file we open
 * would become our output, or ignore SIGCHLD, so that no child could be waited
 * for. Neither must make a difference.
 */
static int
make_sane(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0 || close(fd) < 0)
		return -1;
	return signal(SIGCHLD, SIG_DFL) == SIG_ERR ? -1 : 0;
}

/* The folder above the one that we lie in; NULL with errno. */
static char *
find_root(void)
{
	static char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	if (n < 0)
		return NULL;
	path[n] = '\0';
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(path, '/');

		if (slash == NULL || slash == path) {
			errno = ENOENT;
			return NULL;
		}
		*slash = '\0';
	}
	return path;
}

/* The command that the words ask for, also in the spellings that people try first. */
static const struct command *
command_for(int argc, char **argv)
{
	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return find_command("help");
	if (strcmp(argv[1], "--version") == 0)
		return find_command("version");
	return find_command(argv[1]);
}

static int
run(const char *root, const struct command *command, int argc, char **argv)
{
	struct options o = {0};
	int first = 1, status = CANNOT;

	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		char *word[] = {(char *)command->name, NULL};

		return command_help(root, &o, 1, word);
	}
	if (command->set != 0)
		first = parse_options(command, argc, argv, &o);
	if (first > 0 && o.language != NULL && messages_init(root, o.language) < 0)
		complain("%s", strerror(errno));
	else if (first > 0)
		status = command->run(root, &o, (size_t)(argc - first), argv + first);
	options_free(&o);
	return status;
}

int
main(int argc, char *argv[])
{
	const struct command *command;
	const char *root;
	int status;

	if (make_sane() < 0)
		return FAULT;
	root = find_root();
	if (root == NULL || messages_init(root, NULL) < 0) {
		fprintf(stderr, "gabel: the kit around %s cannot be found: %s\n", argv[0],
		    strerror(errno));
		return FAULT;
	}
	command = command_for(argc, argv);
	if (command == NULL)
		return CANNOT;
	/* Without a command, help has no operands. */
	status = argc < 2 ? run(root, command, 1, argv) : run(root, command, argc - 1, argv + 1);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		complain(_("the output cannot be written: %s"), strerror(errno));
		return FAULT;
	}
	return status;
}
