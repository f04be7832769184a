#define _GNU_SOURCE
#include "CSpindle.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int spindle_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    // The reading end alone: the writer's is a file description of its own.
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) {
        int error = errno;
        close(ends[0]);
        close(ends[1]);
        return -error;
    }
    return 0;
}

int spindle_event_create(void) {
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int spindle_epoll_create(void) {
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int spindle_epoll_add(int epoll, int descriptor, uint64_t token) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = token};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) < 0 ? -errno : 0;
}

int spindle_epoll_add_once(int epoll, int descriptor, uint64_t token) {
    struct epoll_event event = {.events = EPOLLONESHOT, .data.u64 = token};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) < 0 ? -errno : 0;
}

int spindle_epoll_arm(int epoll, int descriptor, uint64_t token, bool reading, bool writing) {
    struct epoll_event event = {.events = EPOLLONESHOT, .data.u64 = token};
    if (reading) event.events |= EPOLLIN;
    if (writing) event.events |= EPOLLOUT;
    return epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) < 0 ? -errno : 0;
}

int spindle_epoll_remove(int epoll, int descriptor) {
    return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL) < 0 ? -errno : 0;
}

int spindle_epoll_wait(int epoll, uint64_t *tokens, int room, int64_t timeout_ns) {
    struct epoll_event events[64];
    struct timespec limit = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    room = room < 64 ? room : 64;
    // By number: the C library has had it for a short time only.
    long count = syscall(SYS_epoll_pwait2, epoll, events, room, timeout_ns < 0 ? NULL : &limit, NULL, 0);
    if (count < 0 && errno == ENOSYS) {
        int64_t ms = timeout_ns < 0 ? -1 : (timeout_ns + 999999) / 1000000;
        count = epoll_wait(epoll, events, room, ms > INT_MAX ? INT_MAX : (int)ms);
    }
    if (count < 0) return -errno;
    for (long i = 0; i < count; i++) tokens[i] = events[i].data.u64;
    return (int)count;
}
