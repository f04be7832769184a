#define _GNU_SOURCE
#include "CSpindle.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

int spindle_memfd_create_open(const char *name) {
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return fd < 0 ? -errno : fd;
}

int spindle_memfd_freeze(int fd) {
    int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    return fcntl(fd, F_ADD_SEALS, seals) < 0 ? -errno : 0;
}

static int has_seals(int fd, int wanted) {
    int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0) return -errno;
    return (seals & wanted) == wanted;
}

int spindle_memfd_is_fixed(int fd) { return has_seals(fd, F_SEAL_SHRINK | F_SEAL_GROW); }

int spindle_memfd_is_frozen(int fd) { return has_seals(fd, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW); }

int spindle_packet_is_socket(int fd) {
    int domain, type;
    socklen_t length = sizeof domain;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) < 0) return -errno;
    length = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) < 0) return -errno;
    return domain == AF_UNIX && type == SOCK_SEQPACKET;
}

int spindle_hangups_create(void) {
    int poll = epoll_create1(EPOLL_CLOEXEC);
    return poll < 0 ? -errno : poll;
}

int spindle_hangups_add(int poll, int fd, uint64_t id) {
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLONESHOT, .data.u64 = id};
    return epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

void spindle_hangups_remove(int poll, int fd) { epoll_ctl(poll, EPOLL_CTL_DEL, fd, NULL); }

int spindle_hangups_wait(int poll, uint64_t *ids, int capacity) {
    struct epoll_event events[64];
    int count = epoll_wait(poll, events, capacity < 64 ? capacity : 64, -1);
    if (count < 0) return -errno;
    for (int i = 0; i < count; i++) ids[i] = events[i].data.u64;
    return count;
}
