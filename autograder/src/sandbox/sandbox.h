/*
 * sandbox.h - starts a program of a student's where it can do no harm.
 *
 * A sandbox is bubblewrap (own user, PID, mount, network, IPC and UTS
 * namespaces, no capabilities, read-only root, small tmpfs) with our keeper
 * as its PID 1. The two sides talk over one control socket (keeper/wire.h).
 * When the holder of the control socket closes it or dies, however it dies,
 * the keeper ends, and the kernel ends every process of the namespace.
 *
 * Everything a sandbox sees of the host: /usr read-only, and the stage
 * directory's named parts read-only. Nothing is writable but its own tmpfs;
 * results come back through the control socket and pipes only.
 *
 * Functions return 0 or a value, or -1/NULL with errno, and say what happened
 * in the text buffer that the caller gives.
 */
#ifndef GABEL_SANDBOX_H
#define GABEL_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum isolation {
	ISOLATION_SANDBOX,   /* bubblewrap: everything above holds */
	ISOLATION_CONTAINER, /* asked for explicitly: own uid, limits, subreaper, filter; no
				namespaces */
};

/* The guarantees that an isolation lacks, one fixed English token each, NULL-terminated. */
const char *const *isolation_lost(enum isolation isolation);

struct sandbox_bind {
	const char *source; /* absolute path on the host: a directory or file, offered read-only */
	const char *target; /* absolute path inside; "/box", "/src", "/kit" */
};

struct sandbox_spec {
	enum isolation isolation;
	const char *keeper; /* absolute path of the keeper binary; offered as /keeper */
	const struct sandbox_bind *binds; /* ends with a bind whose source is NULL */
	const char *debug_file;           /* all that is to be seen of /usr/lib/debug; NULL: all */
	unsigned tmpfs_mib;               /* size of /tmp, the working directory */
	const char *directory; /* container only: the working directory, instead of /tmp */
	int in, out, err;      /* become 0, 1 and 2; -1: /dev/null */
	int probe;             /* becomes PROBE_FD; -1: none */
};

struct sandbox {
	pid_t pid;   /* bubblewrap (or, without namespaces, the keeper) */
	int control; /* SOCK_SEQPACKET to the keeper; close-on-exec */
};

/* Starts it; the keeper then waits for a plan (wire.h). why gets a sentence on failure. */
int sandbox_start(struct sandbox *sandbox, const struct sandbox_spec *spec, char *why, size_t size);

/* Ends every process in it and reaps it. Safe to call twice. */
void sandbox_stop(struct sandbox *sandbox);

/*
 * Can this machine run a sandbox? Runs one. Returns 0, or -1 with a sentence in
 * why that says what refuses and what to do (the VM, --isolation=container).
 */
int sandbox_probe(const char *keeper, char *why, size_t size);

/*
 * A fresh directory that a sandbox can read even when we are root and the kit
 * lies where others may not go: TMPDIR/gabel.XXXXXX, mode 0711, locked while
 * we live. Left-overs of dead processes are swept. Returns a malloc'd path, or
 * NULL with errno. stage_remove() deletes it and everything in it.
 */
char *stage_create(void);
void stage_remove(const char *stage);

/* Where stages are made: TMPDIR, or /tmp. */
const char *stage_parent(void);

/*
 * Is a directory on the way to this absolute path closed to the user of a
 * sandbox, who is nobody when we are root? Then why says which, and what to do.
 */
bool stage_is_closed(const char *path, char *why, size_t size);

#endif
