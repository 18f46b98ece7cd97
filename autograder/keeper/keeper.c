/*
 * keeper.c - PID 1 of a sandbox.
 *
 * keeper CONTROL [PROBE]: the numbers of the control socket (wire.h) and of the
 * probe's socket. It takes a plan, starts the program, follows it with the eye
 * (eye.h), answers its holder, and ends when the holder does. It is not
 * dumpable, so that no process in here can read or write its memory.
 *
 * Exit status: 0; what happened travels over the control socket.
 */
#define _GNU_SOURCE
#include "eye.h"

#include "delay.h"
#include "net.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	IDLE_FIRST_MS = 1,
	IDLE_MOST_MS = 32,
	USAGE_EVERY_US = 20000,
	USAGE_SHARE = 20, /* and one 20th of the keeper's time at most, with many processes */
	USAGE_AT_LEAST_EVERY_US = 200000,
	SETTLE_MOST_US = 2000000, /* a child that computes on: the first process ends without it */
};

uint64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* Takes the reports of killed processes; a traced one stops once more on its way out. */
static void
bury(bool somebody)
{
	int status;
	pid_t pid;

	while (somebody && (pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status))
			ptrace(PTRACE_CONT, pid, NULL, NULL);
		else
			return;
	}
}

/* As PID 1 our own end ends everybody; elsewhere we must do it by hand. */
static void
kill_all(struct eye *eye)
{
	pid_t pids[MAX_TASKS];
	size_t n;

	if (eye->alone) {
		kill(-1, SIGKILL);
		return;
	}
	do {
		n = processes_list(eye, pids, MAX_TASKS);
		for (size_t i = 0; i < n; i++) {
			kill(pids[i], SIGKILL);
			/* who already stands at its end is not woken by the signal */
			ptrace(PTRACE_CONT, pids[i], NULL, NULL);
		}
		bury(n > 0);
	} while (n > 0);
}

static _Noreturn void
leave(struct eye *eye)
{
	kill_all(eye);
	_exit(0);
}

void
faulty(struct eye *eye, const char *what, ...)
{
	static struct wire w;
	char text[512];
	va_list args;

	va_start(args, what);
	vsnprintf(text, sizeof text, what, args);
	va_end(args);
	wire_begin(&w, WIRE_FAULTY);
	put_str(&w, text);
	(void)wire_send(eye->control, &w);
	leave(eye);
}

void
event_send(struct eye *eye, struct wire_event *event, const char *text)
{
	static struct wire w;

	event->at_us = eye_now(eye) - eye->start_us;
	wire_begin(&w, WIRE_EVENT);
	event_put(&w, event, text);
	if (wire_send(eye->control, &w) < 0)
		leave(eye);
}

static void
send_number(struct eye *eye, enum wire_type type, uint32_t number)
{
	static struct wire w;

	wire_begin(&w, type);
	put_u32(&w, number);
	if (wire_send(eye->control, &w) < 0)
		leave(eye);
}

static void
send_ended(struct eye *eye, int end)
{
	static struct wire w;

	store_collect(eye);
	wire_begin(&w, WIRE_ENDED);
	put_i32(&w, end);
	put_i32(&w, eye->first_status);
	put_u32(&w, eye->left);
	put_u32(&w, eye->unwaited);
	put_u32(&w, (uint32_t)eye->wake_signal);
	if (wire_send(eye->control, &w) < 0)
		leave(eye);
}

/* ---- what the holder wants ------------------------------------------------ */

static void
add_fault(struct eye *eye, struct wire *w)
{
	struct active_fault *a = &eye->faults[eye->n_faults];

	if (eye->n_faults == MAX_FAULTS)
		faulty(eye, "more than %d faults in one trial", MAX_FAULTS);
	memset(a, 0, sizeof *a);
	fault_get(w, &a->f);
	eye->n_faults++;
	wakes_forget(eye);
}

static void
kill_one(struct eye *eye, struct wire *w)
{
	pid_t pid = get_i32(w);
	int signal = get_i32(w);

	kill(pid == 0 ? eye->first : pid, signal);
	eye->activity++;
	wakes_forget(eye);
}

static void
store_file(struct eye *eye, struct wire *w)
{
	const char *name = get_str(w);
	uint32_t mode = get_u32(w);
	size_t n;
	const void *bytes = get_bytes(w, &n);

	if (w->bad || store_append(name, mode, bytes, n) < 0)
		faulty(eye, "cannot store the file %s: %s", name, strerror(errno));
}

/*
 * What the program has sent before its end is still delivered after it: what
 * follows our answer may rely on that.
 */
static void
deliver_last_words(struct eye *eye)
{
	enum { TRIES = 1000 };

	for (int i = 0; eye->ended && i < TRIES && !net_settled(eye); i++)
		(void)poll(NULL, 0, 1);
}

/* A socket for the check: in our network, for a process that is not. */
static void
give_socket(struct eye *eye, struct wire *w)
{
	static struct wire answer;
	int domain = (int)get_u32(w), type = (int)get_u32(w);
	int fd = net_socket(domain, type), sent;

	wire_begin(&answer, WIRE_SOCKETED);
	put_i32(&answer, fd < 0 ? errno : 0);
	sent = fd < 0 ? wire_send(eye->control, &answer) : wire_send_fd(eye->control, &answer, fd);
	if (fd >= 0)
		close(fd);
	if (sent < 0)
		leave(eye);
	send_number(eye, WIRE_SOCKET_YOURS, 0);
}

static void
send_delay(struct eye *eye)
{
	static struct wire w;

	wire_begin(&w, WIRE_DELAYED);
	put_u64(&w, starved_us(eye));
	if (wire_send(eye->control, &w) < 0)
		leave(eye);
}

static void
request(struct eye *eye, int type, struct wire *w)
{
	switch (type) {
	case WIRE_FILE:
		store_file(eye, w);
		break;
	case WIRE_ADD_FAULT:
		add_fault(eye, w);
		break;
	case WIRE_RELEASE: {
		uint32_t id = get_u32(w);
		bool again = get_u32(w) != 0;

		eye->activity++;
		wakes_forget(eye);
		release_holds(eye, id, again, get_i32(w));
		break;
	}
	case WIRE_LOOK:
		look_send(eye, get_u32(w));
		break;
	case WIRE_DELAY:
		send_delay(eye);
		break;
	case WIRE_MAPS:
		send_number(eye, WIRE_MAPPED, shared_maps(get_i32(w)));
		break;
	case WIRE_KILL:
		kill_one(eye, w);
		break;
	case WIRE_SYNC:
		deliver_last_words(eye);
		send_number(eye, WIRE_SYNCED, get_u32(w));
		eye->tell_settled = get_u32(w) != 0;
		memset(&eye->last_look, 0, sizeof eye->last_look);
		eye->rest_told = RESTLESS;
		wakes_forget(eye);
		naps_forget(eye);
		break;
	case WIRE_FENCE:
		net_deliver();
		send_number(eye, WIRE_FENCED, 0);
		break;
	case WIRE_ADVANCE:
		clock_advance(eye, get_u64(w));
		send_number(eye, WIRE_ADVANCED, 0);
		break;
	case WIRE_SET_CLOCK:
		clock_set(eye, get_u64(w));
		send_number(eye, WIRE_ADVANCED, 0);
		break;
	case WIRE_SOCKET:
		give_socket(eye, w);
		break;
	case WIRE_FETCH:
		store_fetch(eye, get_str(w));
		break;
	case WIRE_STOP:
		leave(eye);
	default:
		faulty(eye, "unknown request %d", type);
	}
	if (w->bad)
		faulty(eye, "malformed request %d", type);
}

/* Files may come before the plan; the plan is kept, because its strings live in it. */
static void
receive_plan(struct eye *eye)
{
	int type;

	while ((type = wire_receive(eye->control, &eye->plan_bytes)) != WIRE_PLAN) {
		if (type <= 0)
			leave(eye);
		request(eye, type, &eye->plan_bytes);
	}
	if (plan_get(&eye->plan_bytes, &eye->plan) < 0)
		faulty(eye, "malformed plan");
}

/* ---- the program ------------------------------------------------------------ */

static void
seize(struct eye *eye, pid_t pid)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK |
			     PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
			     PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL;
	struct task *task;

	if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)options) < 0)
		faulty(eye, "this machine does not let a process trace its child: %s",
		    strerror(errno));
	task = task_add(eye, pid);
	task->proc = proc_add(eye, pid, NULL);
	task->proc->alive = 1;
	task->state = TASK_RUNNING;
}

static void
start_program(struct eye *eye, int probe_fd, struct child *child)
{
	if (child_start(eye, probe_fd, child) < 0)
		faulty(eye, "cannot start the program: %s", strerror(errno));
	eye->first = child->pid;
	if (eye->plan.traced)
		seize(eye, child->pid);
	/* after the fork, so that the child could be seized; before any of the student's code */
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		faulty(eye, "cannot protect the keeper: %s", strerror(errno));
	if (probe_fd >= 0)
		close(probe_fd);
	eye->start_us = now_us();
	(void)delay_read(getpid(), &eye->own_delay_us); /* 0 where it is not counted */
	if (write(child->go, "", 1) != 1)
		faulty(eye, "cannot start the program: %s", strerror(errno));
	close(child->go);
}

/*
 * The program is running once the fate pipe ends without a word. Until then
 * the eye must follow the child, or both would wait for each other.
 */
static void
read_fate(struct eye *eye, struct child *child)
{
	int e, status;
	pid_t pid;

	while (eye->plan.traced && !eye->started && !eye->ended) {
		pid = waitpid(-1, &status, __WALL);
		if (pid > 0)
			stop_handle(eye, pid, status);
		else if (errno != EINTR)
			faulty(eye, "the program vanished before it began: %s", strerror(errno));
	}
	if (read(child->fate, &e, sizeof e) == (ssize_t)sizeof e)
		faulty(eye, "cannot run %s: %s", eye->plan.argv[0], strerror(e));
	close(child->fate);
	child->fate = -1;
	eye->started = true;
}

static int
end_of(const struct eye *eye)
{
	if (eye->forced_end != 0)
		return eye->forced_end;
	if (WIFSIGNALED(eye->first_status))
		return WTERMSIG(eye->first_status) == SIGXCPU ? ENDED_CPU : ENDED_SIGNALED;
	return ENDED_EXITED;
}

static void
untraced_end(struct eye *eye, pid_t pid, int status)
{
	eye->activity++;
	if (pid != eye->first || eye->ended)
		return;
	leftovers_count(eye, &eye->left, &eye->unwaited);
	eye->ended = true;
	eye->first_status = status;
}

static void
reap(struct eye *eye)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		if (eye->plan.traced)
			stop_handle(eye, pid, status);
		else
			untraced_end(eye, pid, status);
	}
}

static uint64_t
next_usage_us(uint64_t took_us)
{
	uint64_t us = USAGE_SHARE * took_us;

	if (us < USAGE_EVERY_US)
		return USAGE_EVERY_US;
	return us > USAGE_AT_LEAST_EVERY_US ? USAGE_AT_LEAST_EVERY_US : us;
}

/*
 * The kernel bounds the CPU time of each process; that of all together is
 * bounded here, or many processes that compute would be many times as dear.
 * Who does not let the kernel's SIGXCPU through is ended here too, before the
 * kernel's SIGKILL would look like a student's.
 */
static void
watch_usage(struct eye *eye)
{
	enum { TOGETHER = 2 /* times the limit of one process */, GRACE_MS = 300 };
	static uint64_t next;
	struct usage usage;
	uint64_t now = now_us(), warned_ms = (eye->plan.cpu_ms + 999) / 1000 * 1000;

	if (eye->ended || now < next)
		return;
	usage_read(eye, &usage);
	next = now + next_usage_us(now_us() - now);
	if (usage.resident > eye->plan.memory_mib << 20)
		eye->forced_end = ENDED_MEMORY;
	else if (usage.cpu_ms > TOGETHER * eye->plan.cpu_ms ||
		 usage.most_cpu_ms > warned_ms + GRACE_MS)
		eye->forced_end = ENDED_CPU;
}

/* The first process waits at its end until the others have settled. */
static void
watch_ending(struct eye *eye)
{
	const struct task *first = task_find(eye, eye->first);

	if (first == NULL || first->state != TASK_ENDING) {
		eye->ending_since = 0;
		return;
	}
	if (eye->ending_since == 0)
		eye->ending_since = now_us();
	if (eye->n_tasks == 1 || quiet_look(eye) >= SETTLED ||
	    now_us() - eye->ending_since > SETTLE_MOST_US)
		let_first_end(eye);
}

static void
watch_quiet(struct eye *eye)
{
	struct wire_event e = {0};
	const struct task *first = task_find(eye, eye->first);
	enum rest rest;

	if (!eye->started || (first != NULL && first->state == TASK_ENDING))
		return;
	rest = quiet_look(eye);
	if (rest <= eye->rest_told || (rest == SETTLED && !eye->tell_settled))
		return;
	eye->rest_told = rest;
	e.kind = rest == QUIET ? EV_QUIET : EV_SETTLED;
	event_send(eye, &e, "");
}

static void
finish(struct eye *eye, bool *told)
{
	if (*told || (!eye->ended && eye->forced_end == 0))
		return;
	*told = true;
	if (eye->forced_end != 0) {
		look_send(eye, 0);
		leftovers_count(eye, &eye->left, &eye->unwaited);
		kill_all(eye);
	}
	send_ended(eye, end_of(eye));
}

static void
serve(struct eye *eye, int signals)
{
	static struct wire w;
	struct pollfd on[2] = {{eye->control, POLLIN, 0}, {signals, POLLIN, 0}};
	struct signalfd_siginfo info;
	int idle = IDLE_FIRST_MS;
	bool told = false;

	for (;;) {
		uint64_t before = eye->activity;
		int type, ready = poll(on, 2, clock_next_ms(eye, idle));

		if (ready < 0 && errno != EINTR)
			faulty(eye, "poll: %s", strerror(errno));
		if (on[1].revents != 0 && read(signals, &info, sizeof info) < 0 && errno != EAGAIN)
			faulty(eye, "signalfd: %s", strerror(errno));
		reap(eye);
		if (on[0].revents != 0) {
			type = wire_receive(eye->control, &w);
			if (type <= 0)
				leave(eye);
			request(eye, type, &w);
		}
		watch_usage(eye);
		clock_watch(eye);
		if (eye->plan.traced) {
			watch_ending(eye);
			if (ready == 0)
				watch_quiet(eye);
		}
		reap(eye);
		finish(eye, &told);
		if (eye->activity != before || on[0].revents != 0)
			idle = IDLE_FIRST_MS;
		else if (ready == 0 && idle < IDLE_MOST_MS)
			idle *= 2;
	}
}

static int
signals_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -1;
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int
main(int argc, char *argv[])
{
	static struct eye eye;
	struct child child = {0};
	int signals, probe_fd;

	if (argc < 2) {
		fprintf(stderr, "keeper: started by gabel only; see gabel(1)\n");
		return 2;
	}
	eye.control = atoi(argv[1]);
	probe_fd = argc > 2 ? atoi(argv[2]) : -1;
	eye.alone = getpid() == 1;
	signals = signals_open();
	if (signals < 0)
		faulty(&eye, "signalfd: %s", strerror(errno));
	if (!eye.alone && prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		faulty(&eye, "cannot adopt orphans: %s", strerror(errno));
	receive_plan(&eye);
	start_program(&eye, probe_fd, &child);
	read_fate(&eye, &child);
	send_number(&eye, WIRE_STARTED, (uint32_t)eye.first);
	serve(&eye, signals);
}
