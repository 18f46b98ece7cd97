#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOBODY = 65534, WORDS = 96 };

/* The words of a command; too many is a defect of ours, never of a submission. */
struct words {
	size_t n;
	const char *at[WORDS + 1];
};

static void
add(struct words *w, const char *word)
{
	if (w->n < WORDS)
		w->at[w->n++] = word;
	w->at[w->n] = NULL;
}

static void
add_all(struct words *w, const char *const words[])
{
	for (size_t i = 0; words[i] != NULL; i++)
		add(w, words[i]);
}

int
drop_root(void)
{
	if (geteuid() != 0)
		return 0;
	if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
	    setresuid(NOBODY, NOBODY, NOBODY) < 0)
		return -1;
	/* changing the user made us undumpable: bubblewrap must write its own /proc/self/uid_map */
	return prctl(PR_SET_DUMPABLE, 1);
}

/* /lib and its like are links into /usr on a merged system, directories elsewhere. */
static void
add_library_path(struct words *w, const char *path, const char *target)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return;
	if (S_ISLNK(st.st_mode)) {
		const char *const link[] = {"--symlink", target, path, NULL};

		add_all(w, link);
	} else {
		const char *const bind[] = {"--ro-bind", path, path, NULL};

		add_all(w, bind);
	}
}

static void
add_namespaces(struct words *w)
{
	static const char *const options[] = {"bwrap", "--unshare-user", "--unshare-pid",
	    "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--as-pid-1",
	    "--new-session", "--die-with-parent", "--cap-drop", "ALL", "--uid", "1000", "--gid",
	    "1000", "--hostname", "gabel", NULL};

	add_all(w, options);
}

static void
add_file_systems(struct words *w, const struct sandbox_spec *spec, const char *size)
{
	/* with the linker's cache: without, every program in here searches for every library */
	static const char *const base[] = {"--ro-bind", "/usr", "/usr", "--ro-bind-try",
	    "/etc/ld.so.cache", "/etc/ld.so.cache", NULL};
	static const char *const kernel[] = {
	    "--proc", "/proc", "--dev", "/dev", "--size", "4194304", "--tmpfs", "/dev/shm", NULL};
	const char *const tmp[] = {
	    "--size", size, "--tmpfs", "/tmp", "--ro-bind", spec->keeper, "/keeper", NULL};
	/* bubblewrap's own / and /dev are tmpfs without a bound: nothing more may be written there
	 */
	static const char *const sealed[] = {
	    "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp", NULL};

	add_all(w, base);
	add_library_path(w, "/lib", "usr/lib");
	add_library_path(w, "/lib64", "usr/lib64");
	add_library_path(w, "/lib32", "usr/lib32");
	add_library_path(w, "/bin", "usr/bin");
	add_library_path(w, "/sbin", "usr/sbin");
	add_all(w, kernel);
	add_all(w, tmp);
	for (const struct sandbox_bind *b = spec->binds; b != NULL && b->source != NULL; b++) {
		const char *const bind[] = {"--ro-bind", b->source, b->target, NULL};

		add_all(w, bind);
	}
	if (spec->debug_file != NULL) {
		const char *const only[] = {"--size", "65536", "--tmpfs", "/usr/lib/debug",
		    "--ro-bind", spec->debug_file, spec->debug_file, "--remount-ro",
		    "/usr/lib/debug", NULL};

		add_all(w, only);
	}
	add_all(w, sealed);
}

/*
 * The names that a program can look up, and no other: nothing in here asks a
 * server. The domain example is reserved for such uses (RFC 2606).
 */
static const char hosts[] = "127.0.0.1 localhost\n"
			    "::1 localhost\n"
			    "127.0.0.1 four.example\n"
			    "::1 six.example\n"
			    "::1 both.example\n"
			    "127.0.0.1 both.example\n"
			    "127.0.0.2 two.example\n"
			    "127.0.0.1 two.example\n";
static const char switches[] = "hosts: files\n";
static const char several[] = "multi on\n"; /* a name may have several addresses */

/* bubblewrap reads the text from a pipe, which it inherits and closes. */
static void
add_text_file(struct words *w, const char *text, const char *path, char number[16])
{
	const char *const file[] = {"--perms", "0444", "--file", number, path, NULL};
	size_t n = strlen(text);
	int ends[2];

	if (pipe(ends) < 0)
		return;
	if (write(ends[1], text, n) == (ssize_t)n) {
		snprintf(number, 16, "%d", ends[0]);
		add_all(w, file);
	}
	close(ends[1]);
}

void
exec_in_bubblewrap(const struct sandbox_spec *spec)
{
	/* what a sandboxed process could find out about us through /proc/1 is empty */
	char *const environment[] = {"PATH=/usr/bin:/bin", NULL};
	struct words w = {0};
	char size[32], hosts_fd[16], switches_fd[16], several_fd[16];

	snprintf(size, sizeof size, "%llu", (unsigned long long)spec->tmpfs_mib << 20);
	add_namespaces(&w);
	add_text_file(&w, hosts, "/etc/hosts", hosts_fd);
	add_text_file(&w, switches, "/etc/nsswitch.conf", switches_fd);
	add_text_file(&w, several, "/etc/host.conf", several_fd);
	add_file_systems(&w, spec, size);
	add(&w, "--");
	add(&w, "/keeper");
	add(&w, "3");
	if (spec->probe >= 0)
		add(&w, "4");
	execve("/usr/bin/bwrap", (char *const *)w.at, environment);
}

/*
 * Without namespaces the keeper runs as it is, in a directory of its own that
 * the holder made; paths of binds are those of the host.
 */
void
exec_in_container(const struct sandbox_spec *spec)
{
	char *const environment[] = {"PATH=/usr/bin:/bin", NULL};
	const char *const argv[] = {"keeper", "3", spec->probe >= 0 ? "4" : NULL, NULL};

	if (setsid() < 0 && errno != EPERM)
		return;
	if (spec->directory != NULL && chdir(spec->directory) < 0)
		return;
	execve(spec->keeper, (char *const *)argv, environment);
}
