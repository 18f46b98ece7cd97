/*
 * probe.c - can this machine run a sandbox? The only honest answer is to run one.
 */
#define _GNU_SOURCE
#include "../../keeper/wire.h"
#include "../base/files.h"
#include "../base/messages.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
run_true(struct sandbox *sandbox, char *said, size_t size)
{
	static struct wire w;
	struct plan plan = {
	    .traced = true,
	    .cpu_ms = 5000,
	    .memory_mib = 256,
	    .processes = 16,
	    .forks = 16,
	    .descriptors = 64,
	    .file_kib = 1024,
	    .argv = {"/usr/bin/true"},
	};
	int type;

	wire_begin(&w, WIRE_PLAN);
	plan_put(&w, &plan);
	if (wire_send(sandbox->control, &w) < 0)
		return -1;
	while ((type = wire_receive(sandbox->control, &w)) > 0 && type != WIRE_ENDED)
		if (type == WIRE_FAULTY)
			snprintf(said, size, "%s", get_str(&w));
	if (type != WIRE_ENDED)
		return -1;
	return get_i32(&w) == 1 && get_i32(&w) == 0 ? 0 : -1;
}

/* The first line that bubblewrap wrote, for the sentence. */
static void
first_line(int fd, char *said, size_t size)
{
	ssize_t n;

	if (said[0] != '\0')
		return;
	n = read(fd, said, size - 1);
	said[n > 0 ? n : 0] = '\0';
	said[strcspn(said, "\n")] = '\0';
}

static int
probe_with(const char *keeper, char *why, size_t size)
{
	struct sandbox sandbox;
	struct sandbox_spec spec = {
	    .keeper = keeper, .tmpfs_mib = 1, .in = -1, .out = -1, .probe = -1};
	char said[256] = "";
	int err[2], ok;

	if (pipe2(err, O_CLOEXEC | O_NONBLOCK) < 0) {
		snprintf(why, size, "pipe: %s", strerror(errno));
		return -1;
	}
	spec.err = err[1];
	ok = sandbox_start(&sandbox, &spec, said, sizeof said);
	if (ok == 0) {
		ok = run_true(&sandbox, said, sizeof said);
		sandbox_stop(&sandbox);
	}
	if (ok < 0) {
		first_line(err[0], said, sizeof said);
		say(why, size,
		    _("this machine refuses what a sandbox needs (%s); grade in the VM, see "
		      "Vagrantfile, or ask for --isolation=container, which names in every result "
		      "what it cannot guarantee"),
		    said[0] == '\0' ? _("no reason given") : said);
	}
	close(err[0]);
	close(err[1]);
	return ok;
}

static int
probe_from(const char *keeper, const char *stage, char *why, size_t size)
{
	enum { KEEPER_MAX = 64 << 20 };
	char *staged = join_path(stage, "keeper", NULL);
	int ok = -1;

	if (staged == NULL || copy_file(keeper, staged, 0755, KEEPER_MAX) < 0)
		say(why, size, _("the sandbox cannot be prepared: %s"), strerror(errno));
	else
		ok = probe_with(staged, why, size);
	if (ok < 0) /* it is to blame more often than the machine */
		stage_is_closed(stage, why, size);
	free(staged);
	return ok;
}

/* The kit may lie where the sandbox's user cannot go, so the keeper is staged as for a trial. */
int
sandbox_probe(const char *keeper, char *why, size_t size)
{
	char *stage = stage_create();
	int ok;

	if (stage == NULL) {
		say(why, size,
		    _("temporary files cannot be made in %s: %s; set TMPDIR to a directory that is "
		      "there, has room, and that you may write to"),
		    stage_parent(), strerror(errno));
		return -1;
	}
	ok = probe_from(keeper, stage, why, size);
	stage_remove(stage);
	free(stage);
	return ok;
}
