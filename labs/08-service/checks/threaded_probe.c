/*
 * threaded_probe.c - calls run_threaded_service(). Every thread that is made goes through
 * chdir("."), before anything of the student's runs in it: there a check can hold it.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "sessions.h"
#include "threaded.h"
#include <dlfcn.h>
#include <stdatomic.h>
#include <threads.h>

/* The allocator under its other names: glibc's, and that of the sanitizers where they are linked.
 */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void __libc_free(void *old);
void *__interceptor_malloc(size_t size) __attribute__((weak));
void *__interceptor_calloc(size_t n, size_t size) __attribute__((weak));
void __interceptor_free(void *old) __attribute__((weak));

static void *
real_malloc(size_t size)
{
	return __interceptor_malloc != NULL ? __interceptor_malloc(size) : __libc_malloc(size);
}

static void
real_free(void *old)
{
	if (__interceptor_free != NULL)
		__interceptor_free(old);
	else
		__libc_free(old);
}

static volatile sig_atomic_t starving;
static atomic_llong blocks; /* allocated by malloc() or calloc() and not freed */

/* In the place of the C library's: there is none while a check says so. */
void *
malloc(size_t size)
{
	if (!starving) {
		void *new = real_malloc(size);

		blocks += new != NULL;
		return new;
	}
	errno = ENOMEM;
	return NULL;
}

void *
calloc(size_t n, size_t size)
{
	void *new =
	    __interceptor_calloc != NULL ? __interceptor_calloc(n, size) : __libc_calloc(n, size);

	blocks += new != NULL;
	return new;
}

void
free(void *old)
{
	int error = errno;

	blocks -= old != NULL;
	real_free(old);
	errno = error;
}

static void
change_supply(int signal)
{
	(void)signal;
	starving = !starving;
}

/* starve SIGNAL: from the next of these signals on malloc() fails, until the one after it */
static void
do_starve(void)
{
	struct sigaction action = {.sa_handler = change_supply, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	answer_put_int("result", sigaction((int)request_int(1), &action, NULL));
}

/* What a new thread is to do; memory of ours, which no check counts. */
struct birth {
	union {
		void *(*posix)(void *);
		int (*c11)(void *);
	} run;
	void *with;
};

typedef int posix_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
typedef int c11_create(thrd_t *, int (*)(void *), void *);
typedef int posix_detach(pthread_t);
typedef int c11_detach(thrd_t);

static atomic_int made, detached; /* threads */

static struct birth *
birth_of(void *with)
{
	struct birth *b = real_malloc(sizeof *b);

	if (b != NULL)
		b->with = with;
	return b;
}

static struct birth
born(void *with)
{
	struct birth b = *(struct birth *)with;

	real_free(with);
	(void)!chdir(".");
	return b;
}

static void *
begin_posix(void *with)
{
	struct birth b = born(with);

	return b.run.posix(b.with);
}

static int
begin_c11(void *with)
{
	struct birth b = born(with);

	return b.run.c11(b.with);
}

int
pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *with)
{
	struct birth *b = birth_of(with);
	posix_create *create;
	int error;

	if (b == NULL)
		return EAGAIN;
	*(void **)&create = dlsym(RTLD_NEXT, "pthread_create");
	b->run.posix = run;
	made++; /* it may detach itself before we are back */
	error = create(thread, attributes, begin_posix, b);
	if (error != 0)
		real_free(b);
	made -= error != 0;
	return error;
}

int
thrd_create(thrd_t *thread, int (*run)(void *), void *with)
{
	struct birth *b = birth_of(with);
	c11_create *create;
	int error;

	if (b == NULL)
		return thrd_nomem;
	*(void **)&create = dlsym(RTLD_NEXT, "thrd_create");
	b->run.c11 = run;
	made++;
	error = create(thread, begin_c11, b);
	if (error != thrd_success)
		real_free(b);
	made -= error != thrd_success;
	return error;
}

/* What is detached without having been made may be anything: it ends here for certain. */
static void
count_detached(void)
{
	if (++detached > made)
		abort();
}

int
pthread_detach(pthread_t thread)
{
	posix_detach *detach;

	count_detached();
	*(void **)&detach = dlsym(RTLD_NEXT, "pthread_detach");
	return detach(thread);
}

int
thrd_detach(thrd_t thread)
{
	c11_detach *detach;

	count_detached();
	*(void **)&detach = dlsym(RTLD_NEXT, "thrd_detach");
	return detach(thread);
}

static void
do_serve(void)
{
	serve_with(run_threaded_service);
	answer_put_int("blocks", blocks);
}

static void
say_signal(int signal)
{
	int error = errno;

	(void)signal;
	(void)!write(STDERR_FILENO, "handler\n", 8);
	errno = error;
}

/* catch SIGNAL: with a handler that says so */
static void
do_catch(void)
{
	struct sigaction action = {.sa_handler = say_signal, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	answer_put_int("result", sigaction((int)request_int(1), &action, NULL));
}

int
main(void)
{
	static const struct verb verbs[] = {{"serve", do_serve}, {"starve", do_starve},
	    {"catch", do_catch}, {"handle", probe_handle}, {"lend", do_lend}, {0}};

	return probe_serve(verbs);
}
