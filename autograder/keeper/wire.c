#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

static void
put(struct wire *w, const void *bytes, size_t n)
{
	if (w->bad || n > sizeof w->bytes - w->n) {
		w->bad = true;
		return;
	}
	if (n > 0)
		memcpy(w->bytes + w->n, bytes, n);
	w->n += n;
}

static const void *
get(struct wire *w, size_t n)
{
	if (w->bad || n > w->n - w->at) {
		w->bad = true;
		return NULL;
	}
	w->at += n;
	return w->bytes + w->at - n;
}

void
wire_begin(struct wire *w, enum wire_type type)
{
	w->n = w->at = 0;
	w->bad = false;
	put_u32(w, type);
}

void
put_u32(struct wire *w, uint32_t value)
{
	put(w, &value, sizeof value);
}

void
put_i32(struct wire *w, int32_t value)
{
	put(w, &value, sizeof value);
}

void
put_u64(struct wire *w, uint64_t value)
{
	put(w, &value, sizeof value);
}

void
put_bytes(struct wire *w, const void *bytes, size_t n)
{
	if (n > UINT32_MAX) {
		w->bad = true;
		return;
	}
	put_u32(w, (uint32_t)n);
	put(w, bytes, n);
}

/* The NUL travels too, so that a reader may point into the message. */
void
put_str(struct wire *w, const char *text)
{
	if (text == NULL)
		text = "";
	put_bytes(w, text, strlen(text) + 1);
}

uint32_t
get_u32(struct wire *w)
{
	const void *p = get(w, sizeof(uint32_t));
	uint32_t value = 0;

	if (p != NULL)
		memcpy(&value, p, sizeof value);
	return value;
}

int32_t
get_i32(struct wire *w)
{
	return (int32_t)get_u32(w);
}

uint64_t
get_u64(struct wire *w)
{
	const void *p = get(w, sizeof(uint64_t));
	uint64_t value = 0;

	if (p != NULL)
		memcpy(&value, p, sizeof value);
	return value;
}

const void *
get_bytes(struct wire *w, size_t *n)
{
	const void *p;

	*n = get_u32(w);
	p = get(w, *n);
	if (p == NULL)
		*n = 0;
	return p;
}

const char *
get_str(struct wire *w)
{
	size_t n;
	const char *p = get_bytes(w, &n);

	if (p == NULL || n == 0 || p[n - 1] != '\0') {
		w->bad = true;
		return "";
	}
	return p;
}

/* Room for one descriptor beside a message; the union aligns it, see cmsg(3). */
union beside {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static int
send_message(int fd, const struct wire *w, void *control, size_t size)
{
	struct iovec part = {(void *)w->bytes, w->n};
	struct msghdr message = {
	    .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = size};
	ssize_t sent;

	if (w->bad) {
		errno = EMSGSIZE;
		return -1;
	}
	do
		sent = sendmsg(fd, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

int
wire_send(int fd, const struct wire *w)
{
	return send_message(fd, w, NULL, 0);
}

int
wire_send_fd(int fd, const struct wire *w, int passed)
{
	union beside beside = {.head = {.cmsg_len = CMSG_LEN(sizeof passed),
				   .cmsg_level = SOL_SOCKET,
				   .cmsg_type = SCM_RIGHTS}};

	memcpy(CMSG_DATA(&beside.head), &passed, sizeof passed);
	return send_message(fd, w, beside.bytes, sizeof beside.bytes);
}

static int
descriptor_in(struct msghdr *message)
{
	const struct cmsghdr *c = CMSG_FIRSTHDR(message);
	int fd;

	if (c == NULL || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(sizeof fd))
		return -1;
	memcpy(&fd, CMSG_DATA(c), sizeof fd);
	return fd;
}

int
wire_receive(int fd, struct wire *w)
{
	union beside beside;
	struct iovec part = {w->bytes, sizeof w->bytes};
	struct msghdr message = {.msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = beside.bytes,
	    .msg_controllen = sizeof beside.bytes};
	ssize_t n;
	int type;

	do
		n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	w->n = (size_t)n;
	w->at = 0;
	w->bad = false;
	w->fd = descriptor_in(&message);
	type = n == 0 ? 0 : (int)get_u32(w);
	if (w->fd >= 0 && type != WIRE_SOCKETED) {
		close(w->fd);
		w->fd = -1;
	}
	return type;
}

static void
put_words(struct wire *w, const char *const words[])
{
	uint32_t n = 0;

	while (words[n] != NULL)
		n++;
	put_u32(w, n);
	for (uint32_t i = 0; i < n; i++)
		put_str(w, words[i]);
}

static void
get_words(struct wire *w, const char *words[], size_t room)
{
	uint32_t n = get_u32(w);

	if (n > room) {
		w->bad = true;
		n = 0;
	}
	for (uint32_t i = 0; i < n; i++)
		words[i] = get_str(w);
	words[n] = NULL;
}

void
plan_put(struct wire *w, const struct plan *plan)
{
	put_u32(w, plan->traced);
	put_u64(w, plan->watch);
	put_u32(w, plan->moments);
	put_u64(w, plan->ignored);
	put_u64(w, plan->blocked);
	put_u64(w, plan->cpu_ms);
	put_u64(w, plan->memory_mib);
	put_u64(w, plan->processes);
	put_u64(w, plan->forks);
	put_u64(w, plan->descriptors);
	put_u64(w, plan->file_kib);
	put_u64(w, plan->wakes);
	put_u32(w, plan->bound_address_space);
	put_u32(w, plan->sanitized);
	put_u32(w, plan->clock);
	put_words(w, plan->argv);
	put_words(w, plan->env);
	put_words(w, plan->collect);
}

int
plan_get(struct wire *w, struct plan *plan)
{
	plan->traced = get_u32(w);
	plan->watch = get_u64(w);
	plan->moments = get_u32(w);
	plan->ignored = get_u64(w);
	plan->blocked = get_u64(w);
	plan->cpu_ms = get_u64(w);
	plan->memory_mib = get_u64(w);
	plan->processes = get_u64(w);
	plan->forks = get_u64(w);
	plan->descriptors = get_u64(w);
	plan->file_kib = get_u64(w);
	plan->wakes = get_u64(w);
	plan->bound_address_space = get_u32(w);
	plan->sanitized = get_u32(w);
	plan->clock = get_u32(w);
	get_words(w, plan->argv, PLAN_WORDS);
	get_words(w, plan->env, PLAN_WORDS);
	get_words(w, plan->collect, PLAN_COLLECT);
	return w->bad || plan->argv[0] == NULL ? -1 : 0;
}

void
fault_put(struct wire *w, const struct wire_fault *f)
{
	put_u32(w, f->id);
	put_u32(w, f->call);
	put_u32(w, f->action);
	put_u32(w, f->who);
	put_u32(w, f->fd);
	put_u32(w, f->nth);
	put_u32(w, f->per_process);
	put_i32(w, f->error);
	put_i32(w, f->signal);
	put_u64(w, f->bytes);
}

void
fault_get(struct wire *w, struct wire_fault *f)
{
	f->id = get_u32(w);
	f->call = get_u32(w);
	f->action = get_u32(w);
	f->who = get_u32(w);
	f->fd = get_u32(w);
	f->nth = get_u32(w);
	f->per_process = get_u32(w);
	f->error = get_i32(w);
	f->signal = get_i32(w);
	f->bytes = get_u64(w);
}

void
event_put(struct wire *w, const struct wire_event *e, const char *text)
{
	put(w, e, sizeof *e);
	put_str(w, text);
}

const char *
event_get(struct wire *w, struct wire_event *e)
{
	const void *p = get(w, sizeof *e);

	memset(e, 0, sizeof *e);
	if (p != NULL)
		memcpy(e, p, sizeof *e);
	return get_str(w);
}
