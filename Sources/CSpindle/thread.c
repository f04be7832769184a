#define _GNU_SOURCE
#include "CSpindle.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

__thread void *spindle_thread_slot;
__thread void *spindle_interrupt_slot;

struct start {
    void (*body)(void *);
    void *context;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

int spindle_thread_start(size_t stack_size, void (*body)(void *), void *context) {
    struct start *start = malloc(sizeof *start);
    if (!start) return -ENOMEM;
    *start = (struct start){body, context};

    pthread_t thread;
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error) {
        free(start);
        return -error;
    }
    // Faults stay deliverable: a blocked SIGSEGV would end the process without a report.
    sigset_t mask;
    sigfillset(&mask);
    const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS, SIGPROF};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&mask, faults[i]);

    error = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (!error && stack_size) error = pthread_attr_setstacksize(&attributes, stack_size);
    if (!error) error = pthread_attr_setsigmask_np(&attributes, &mask);
    if (!error) error = pthread_create(&thread, &attributes, run, start);
    pthread_attr_destroy(&attributes);
    if (error) free(start);
    return -error;
}

int spindle_realtime_signal(int offset) { return SIGRTMAX - offset; }

int32_t spindle_thread_id(void) { return (int32_t)syscall(SYS_gettid); }

void spindle_thread_set_name(const char *name) {
    char cut[16] = {0};
    for (int i = 0; i < 15 && name[i]; i++) cut[i] = name[i];
    pthread_setname_np(pthread_self(), cut);
}

int spindle_thread_set_nice(int nice) {
    // On Linux PRIO_PROCESS with a thread id addresses that thread alone (setpriority(2), notes).
    return setpriority(PRIO_PROCESS, (id_t)spindle_thread_id(), nice) < 0 ? -errno : 0;
}

static int64_t nanoseconds(struct timespec t) { return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec; }

int32_t spindle_thread_cpu_clock(void) {
    clockid_t clock;
    // Cannot fail for the calling thread, and a thread clock's id is negative anyway.
    pthread_getcpuclockid(pthread_self(), &clock);
    return clock;
}

int64_t spindle_clock_time(int32_t clock) {
    struct timespec now;
    return clock_gettime(clock, &now) < 0 ? -errno : nanoseconds(now);
}

int64_t spindle_monotonic_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return nanoseconds(now);
}

int32_t spindle_process_cpu_clock(int32_t pid) {
    clockid_t clock;
    return clock_getcpuclockid(pid, &clock) == 0 ? clock : -1;
}

int spindle_thread_count(void) {
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks) return -errno;
    int count = 0;
    for (struct dirent *entry; (entry = readdir(tasks));) count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}
