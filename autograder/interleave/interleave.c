/*
 * interleave.c - makes every access to shared memory a moment at which the eye can choose who goes
 * on.
 *
 * Two processes that add to one number without a lock lose an addition only if
 * one of them is stopped between its load and its store. That is no system
 * call, so the eye sees nothing there, and no sanitizer looks across processes.
 *
 * For a check of profile `interleave` the student's files are compiled with
 * -fsanitize=thread: the compiler then puts a call before each load and store.
 * Instead of the sanitizer's library they are linked with this file, which
 *
 *   1. remembers what the program maps shared and writable: mmap() and
 *      munmap() below are what the student's files call;
 *   2. announces each access inside such a mapping, before it is made, by a
 *      system call that no kernel has had for decades and that does nothing
 *      but fail: afs_syscall(address, bytes, writes), the family CALL_SHARED;
 *   3. makes atomic operations by real ones, each announced like an access.
 *
 * That is all it does. Who is held at such a call, who goes on and in which
 * order is decided outside, by the judge through the eye (judge/interleave.h),
 * from states and never from time. So nothing here can be won: who forges these
 * functions or makes the call himself changes where he is held, and what counts
 * in the end is the value that the judge asks for afterwards. A program that
 * announces nothing has not been examined, and the judge says so.
 *
 * Not announced: what the C library does inside (memcpy(), pthread_mutex_lock(),
 * sem_wait()). A process that sleeps there for a lock is seen by its state.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* ---- what is shared ------------------------------------------------------------- */

enum { MAPPINGS = 64 }; /* of one program at a time; what is more is not examined */

/* from == to: a free place. A child inherits the table as it inherits the mappings. */
static struct mapping {
	uintptr_t from, to;
} mappings[MAPPINGS];

static void
remember(uintptr_t from, size_t n)
{
	for (size_t i = 0; i < MAPPINGS; i++)
		if (mappings[i].from == mappings[i].to) {
			mappings[i] = (struct mapping){from, from + n};
			return;
		}
}

static void
forget(uintptr_t from, size_t n)
{
	for (size_t i = 0; i < MAPPINGS; i++)
		if (mappings[i].from >= from && mappings[i].to <= from + n)
			mappings[i].from = mappings[i].to = 0;
}

void *
mmap(void *address, size_t n, int protection, int flags, int fd, off_t offset)
{
	long at = syscall(SYS_mmap, address, n, protection, flags, fd, offset);

	if (at != -1 && (flags & MAP_TYPE) != MAP_PRIVATE && (protection & PROT_WRITE) != 0)
		remember((uintptr_t)at, n);
	return (void *)at;
}

void *
mmap64(void *address, size_t n, int protection, int flags, int fd, off64_t offset)
{
	return mmap(address, n, protection, flags, fd, offset);
}

int
munmap(void *address, size_t n)
{
	forget((uintptr_t)address, n);
	return (int)syscall(SYS_munmap, address, n);
}

static bool
is_shared(uintptr_t address)
{
	for (size_t i = 0; i < MAPPINGS; i++)
		if (address >= mappings[i].from && address < mappings[i].to)
			return true;
	return false;
}

static void
announce(const volatile void *address, size_t n, bool writes)
{
	int saved = errno;

	if (is_shared((uintptr_t)address))
		syscall(SYS_afs_syscall, address, n, (long)writes);
	errno = saved;
}

/* ---- what the compiler calls ------------------------------------------------------ */

void __tsan_init(void);
void __tsan_func_entry(void *caller);
void __tsan_func_exit(void);

void
__tsan_init(void)
{
}

void
__tsan_func_entry(void *caller)
{
	(void)caller;
}

void
__tsan_func_exit(void)
{
}

#define ACCESS(name, n, writes)                                                                    \
	void name(void *address);                                                                  \
	void name(void *address)                                                                   \
	{                                                                                          \
		announce(address, n, writes);                                                      \
	}

#define ACCESSES(n)                                                                                \
	ACCESS(__tsan_read##n, n, false)                                                           \
	ACCESS(__tsan_write##n, n, true)                                                           \
	ACCESS(__tsan_unaligned_read##n, n, false)                                                 \
	ACCESS(__tsan_unaligned_write##n, n, true)                                                 \
	ACCESS(__tsan_volatile_read##n, n, false)                                                  \
	ACCESS(__tsan_volatile_write##n, n, true)                                                  \
	ACCESS(__tsan_unaligned_volatile_read##n, n, false)                                        \
	ACCESS(__tsan_unaligned_volatile_write##n, n, true)

ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)

void __tsan_read_range(void *address, unsigned long n);
void __tsan_write_range(void *address, unsigned long n);

void
__tsan_read_range(void *address, unsigned long n)
{
	announce(address, n, false);
}

void
__tsan_write_range(void *address, unsigned long n)
{
	announce(address, n, true);
}

/* ---- atomic operations: the strongest order serves for all of them ---------------------- */

#define FETCH(bits, type, name, operation)                                                         \
	type __tsan_atomic##bits##_##name(volatile type *at, type value, int order);               \
	type __tsan_atomic##bits##_##name(volatile type *at, type value, int order)                \
	{                                                                                          \
		(void)order;                                                                       \
		announce(at, sizeof *at, true);                                                    \
		return operation(at, value, __ATOMIC_SEQ_CST);                                     \
	}

#define COMPARE(bits, type, name)                                                                  \
	int __tsan_atomic##bits##_##name(                                                          \
	    volatile type *at, type *expected, type value, int order, int failed);                 \
	int __tsan_atomic##bits##_##name(                                                          \
	    volatile type *at, type *expected, type value, int order, int failed)                  \
	{                                                                                          \
		(void)order;                                                                       \
		(void)failed;                                                                      \
		announce(at, sizeof *at, true);                                                    \
		return __atomic_compare_exchange_n(                                                \
		    at, expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);               \
	}

#define ATOMICS(bits, type)                                                                        \
	type __tsan_atomic##bits##_load(const volatile type *at, int order);                       \
	type __tsan_atomic##bits##_load(const volatile type *at, int order)                        \
	{                                                                                          \
		(void)order;                                                                       \
		announce(at, sizeof *at, false);                                                   \
		return __atomic_load_n(at, __ATOMIC_SEQ_CST);                                      \
	}                                                                                          \
	void __tsan_atomic##bits##_store(volatile type *at, type value, int order);                \
	void __tsan_atomic##bits##_store(volatile type *at, type value, int order)                 \
	{                                                                                          \
		(void)order;                                                                       \
		announce(at, sizeof *at, true);                                                    \
		__atomic_store_n(at, value, __ATOMIC_SEQ_CST);                                     \
	}                                                                                          \
	FETCH(bits, type, exchange, __atomic_exchange_n)                                           \
	FETCH(bits, type, fetch_add, __atomic_fetch_add)                                           \
	FETCH(bits, type, fetch_sub, __atomic_fetch_sub)                                           \
	FETCH(bits, type, fetch_and, __atomic_fetch_and)                                           \
	FETCH(bits, type, fetch_or, __atomic_fetch_or)                                             \
	FETCH(bits, type, fetch_xor, __atomic_fetch_xor)                                           \
	FETCH(bits, type, fetch_nand, __atomic_fetch_nand)                                         \
	COMPARE(bits, type, compare_exchange_strong)                                               \
	COMPARE(bits, type, compare_exchange_weak)

ATOMICS(8, uint8_t)
ATOMICS(16, uint16_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_signal_fence(int order);

void
__tsan_atomic_thread_fence(int order)
{
	(void)order;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void
__tsan_atomic_signal_fence(int order)
{
	(void)order;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}
