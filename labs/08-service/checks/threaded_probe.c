/*
 * threaded_probe.c - calls run_threaded_service(). Every thread that is made goes through
 * chdir("."), before anything of the student's runs in it: there a check can hold it.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "sessions.h"
#include "threaded.h"
#include <dlfcn.h>
#include <threads.h>

/* malloc() under its other names: glibc's, and that of the sanitizers where they are linked. */
void *__libc_malloc(size_t size);
void *__interceptor_malloc(size_t size) __attribute__((weak));

static void *
real_malloc(size_t size)
{
	return __interceptor_malloc != NULL ? __interceptor_malloc(size) : __libc_malloc(size);
}

static volatile sig_atomic_t starving;

/* In the place of the C library's: there is none while a check says so. */
void *
malloc(size_t size)
{
	if (!starving)
		return real_malloc(size);
	errno = ENOMEM;
	return NULL;
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

	free(with);
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
	error = create(thread, attributes, begin_posix, b);
	if (error != 0)
		free(b);
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
	error = create(thread, begin_c11, b);
	if (error != thrd_success)
		free(b);
	return error;
}

static void
do_serve(void)
{
	serve_with(run_threaded_service);
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
	    {"catch", do_catch}, {"handle", probe_handle}, {0}};

	return probe_serve(verbs);
}
