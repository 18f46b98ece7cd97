/*
 * refuse_namespaces COMMAND [ARGUMENT...] - runs a command as in a container
 * that refuses namespaces: a seccomp filter answers EPERM to whoever wants one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <unistd.h>

static int
refuse(void)
{
	static const scmp_datum_t namespaces[] = {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID,
	    CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int failed = filter == NULL;

	/* where the C library asks with clone3, it must fall back to what we can look
	 * into */
	failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) != 0;
	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++) {
		const struct scmp_arg_cmp flag =
		    SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i]);

		failed |= seccomp_rule_add(
			      filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(unshare), 1, flag) != 0;
		failed |=
		    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, flag) != 0;
	}
	failed |= seccomp_load(filter) != 0;
	return failed ? -1 : 0;
}

int
main(int argc, char *argv[])
{
	if (argc < 2 || refuse() < 0) {
		fprintf(stderr, "refuse_namespaces: no command, or no filter\n");
		return 125;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 126;
}
