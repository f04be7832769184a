// The system calls that Swift cannot reach: variadic ones, those glibc gives no
// wrapper for, and those behind macros. Nothing here holds logic or state that
// Swift could hold.
//
// Ownership: a returned descriptor belongs to the caller.
// Errors: every function that can fail returns -errno (never touches errno
// after another call), so a Swift caller cannot read a stale errno.

#ifndef CSPINDLE_H
#define CSPINDLE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CSpindleProcess.h"
#include "CSpindleLink.h"
#include "CSpindleChild.h"

// MARK: Shared memory

/// memfd_create(2) of `length` bytes, close-on-exec, then sealed against
/// shrinking, growing and further seals: no holder can make a mapping of it fault.
/// Returns the descriptor, or -errno.
int spindle_memfd_create_sealed(const char *name, uint64_t length);

// MARK: Futex

/// FUTEX_WAIT on a word of this process. `timeout_ns` < 0 waits without limit.
/// Returns 0 when woken, or -EAGAIN, -ETIMEDOUT, -EINTR.
int spindle_futex_wait_private(const uint32_t *word, uint32_t expected, int64_t timeout_ns);

/// FUTEX_WAKE on a word of this process. Returns how many were woken, or -errno.
int spindle_futex_wake_private(const uint32_t *word, int32_t count);

/// FUTEX_WAIT on a word that other processes may map too.
int spindle_futex_wait_shared(const uint32_t *word, uint32_t expected, int64_t timeout_ns);

/// FUTEX_WAKE on a word that other processes may map too.
int spindle_futex_wake_shared(const uint32_t *word, int32_t count);

/// futex_waitv(2): waits on two words at once; the second is of this process, the
/// first may be shared. The flag has to match the waker's call: the kernel looks
/// shared and private waiters up under different keys.
/// Returns the index (0 or 1) of a word that was woken, or -EAGAIN (either differs), -ETIMEDOUT, -EINTR, -ENOSYS (Linux before 5.16).
int spindle_futex_wait_either(const uint32_t *first, uint32_t first_expected, bool first_is_shared,
                              const uint32_t *second, uint32_t second_expected, int64_t timeout_ns);

// MARK: Threads

/// Starts a detached thread with the given stack (bytes, 0 for the default) and
/// with every asynchronous signal blocked, so that a host program's signal
/// handlers keep running on its own threads. `body(context)` runs on it.
/// Returns 0 or -errno.
int spindle_thread_start(size_t stack_size, void (*body)(void *), void *context);

/// The real-time signal `offset` below the highest, of which the C library keeps none (SIGRTMAX is no constant).
int spindle_realtime_signal(int offset);

/// How many threads this process has, or -errno.
int spindle_thread_count(void);

/// gettid(2).
int32_t spindle_thread_id(void);

/// Names the calling thread (cut to 15 bytes) as shown by ps, top and gdb.
void spindle_thread_set_name(const char *name);

/// setpriority(2) of the calling thread alone. Returns 0 or -errno.
int spindle_thread_set_nice(int nice);

/// The CPU-time clock of the calling thread, which any thread may read.
int32_t spindle_thread_cpu_clock(void);

/// The CPU-time clock of a process, all its threads together.
int32_t spindle_process_cpu_clock(int32_t pid);

/// Nanoseconds on a clock, or -errno: -EINVAL once the clock's thread has ended.
int64_t spindle_clock_time(int32_t clock);

/// Monotonic clock in nanoseconds.
int64_t spindle_monotonic_now(void);

/// Tells the processor that this is a spin loop.
static inline void spindle_spin_hint(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// A pointer that belongs to the calling thread; null until set. Spindle keeps
/// the thread's executor in it, unretained: the executor outlives its thread's use.
extern __thread void *spindle_thread_slot;
static inline void *spindle_thread_slot_get(void) { return spindle_thread_slot; }
static inline void spindle_thread_slot_set(void *value) { spindle_thread_slot = value; }

/// Likewise, for the word that interrupts the calling thread's blocking waits.
extern __thread void *spindle_interrupt_slot;
static inline void *spindle_interrupt_slot_get(void) { return spindle_interrupt_slot; }
static inline void spindle_interrupt_slot_set(void *value) { spindle_interrupt_slot = value; }

// MARK: What the system offers
// Each asks the kernel without a lasting effect.

/// pidfd_open(2) of this process. Returns the descriptor, or -errno (-ENOSYS before Linux 5.3).
int spindle_pidfd_open_self(void);

/// The version of the Landlock interface, 1 or more, or -errno (-ENOSYS before Linux 5.13, -EOPNOTSUPP when disabled).
int spindle_landlock_version(void);

/// Whether seccomp(2) filters can end a process. Returns 0 or -errno.
int spindle_seccomp_can_kill(void);

/// Whether a memory file's seals hold: 0, or -errno of the call that failed, or -EPERM if the sealed file could be cut.
int spindle_memfd_seal_check(void);

/// getrlimit(2): the soft limit on threads and processes of this user. UINT64_MAX when unlimited.
uint64_t spindle_limit_threads(void);

/// getrlimit(2): the soft limit on open descriptors of this process. UINT64_MAX when unlimited.
uint64_t spindle_limit_descriptors(void);

/// The width in columns of the terminal at a descriptor, or -errno (-ENOTTY when it is none).
int spindle_terminal_width(int fd);

/// statfs(2), whose header Swift's module of the C library lacks: type, block size, blocks, free, available, files, free files.
/// Returns 0 or -errno.
int spindle_statfs(const char *path, int64_t figures[7]);

#endif
