#define _GNU_SOURCE
#include "CSpindle.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Debian 12's headers already name futex_waitv; older ones do not.
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#ifndef FUTEX_32
#define FUTEX_32 2
struct futex_waitv {
    uint64_t val;
    uint64_t uaddr;
    uint32_t flags;
    uint32_t __reserved;
};
#endif

static struct timespec *relative(int64_t ns, struct timespec *out) {
    if (ns < 0) return NULL;
    out->tv_sec = ns / 1000000000;
    out->tv_nsec = ns % 1000000000;
    return out;
}

static int wait_on(const uint32_t *word, int operation, uint32_t expected, int64_t timeout_ns) {
    struct timespec timeout;
    long result = syscall(SYS_futex, word, operation, expected, relative(timeout_ns, &timeout), NULL, 0);
    return result < 0 ? -errno : 0;
}

static int wake_on(const uint32_t *word, int operation, int32_t count) {
    long result = syscall(SYS_futex, word, operation, count, NULL, NULL, 0);
    return result < 0 ? -errno : (int)result;
}

int spindle_futex_wait_private(const uint32_t *word, uint32_t expected, int64_t timeout_ns) {
    return wait_on(word, FUTEX_WAIT_PRIVATE, expected, timeout_ns);
}

int spindle_futex_wake_private(const uint32_t *word, int32_t count) {
    return wake_on(word, FUTEX_WAKE_PRIVATE, count);
}

int spindle_futex_wait_shared(const uint32_t *word, uint32_t expected, int64_t timeout_ns) {
    return wait_on(word, FUTEX_WAIT, expected, timeout_ns);
}

int spindle_futex_wake_shared(const uint32_t *word, int32_t count) {
    return wake_on(word, FUTEX_WAKE, count);
}

int spindle_futex_wait_any(const struct spindle_futex_word *words, int count, int64_t timeout_ns) {
    struct futex_waitv waiters[SPINDLE_FUTEX_WORDS];
    if (count < 1 || count > SPINDLE_FUTEX_WORDS) return -EINVAL;
    for (int i = 0; i < count; i++) {
        waiters[i] = (struct futex_waitv){
            .val = words[i].expected, .uaddr = (uintptr_t)words[i].address,
            .flags = FUTEX_32 | (words[i].is_shared ? 0 : FUTEX_PRIVATE_FLAG)};
    }
    // futex_waitv takes an absolute time, unlike FUTEX_WAIT.
    struct timespec deadline, *until = NULL;
    if (timeout_ns >= 0) {
        int64_t at = spindle_monotonic_now();
        at = timeout_ns > INT64_MAX - at ? INT64_MAX : at + timeout_ns;
        until = relative(at, &deadline);
    }
    long result = syscall(SYS_futex_waitv, waiters, count, 0, until, CLOCK_MONOTONIC);
    return result < 0 ? -errno : (int)result;
}

int spindle_futex_wait_either(const uint32_t *first, uint32_t first_expected, bool first_is_shared,
                              const uint32_t *second, uint32_t second_expected, int64_t timeout_ns) {
    struct spindle_futex_word words[2] = {{first, first_expected, first_is_shared}, {second, second_expected, false}};
    return spindle_futex_wait_any(words, 2, timeout_ns);
}
