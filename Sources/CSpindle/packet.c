#define _GNU_SOURCE
#include "CSpindle.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

// What the kernel allows in one message (SCM_MAX_FD).
enum { MOST = 253 };

union rights {
    char bytes[CMSG_SPACE(MOST * sizeof(int))];
    struct cmsghdr alignment;
};

int spindle_packet_pair(int sockets[2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0 ? -errno : 0;
}

int spindle_packet_send(int socket, const void *head, size_t head_length, const void *body, size_t body_length,
                        const int *descriptors, size_t count, bool wait) {
    if (count > MOST) return -EINVAL;
    struct iovec parts[2] = {{(void *)head, head_length}, {(void *)body, body_length}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    union rights rights;
    if (count) {
        message.msg_control = &rights;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
        memset(&rights, 0, message.msg_controllen);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
    }
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

int64_t spindle_packet_receive(int socket, void *buffer, size_t capacity, int *descriptors, size_t *count, bool wait) {
    size_t room = *count > MOST ? MOST : *count;
    struct iovec part = {buffer, capacity};
    union rights rights;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    *count = 0;
    if (room) {
        message.msg_control = &rights;
        message.msg_controllen = CMSG_SPACE(room * sizeof(int));
    }
    ssize_t length;
    // An end that closes before it has read everything resets the connection, which is said once and before
    // what it had sent: that is still there to be read.
    do length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
    while (length < 0 && (errno == EINTR || errno == ECONNRESET));
    if (length < 0) return -errno;

    // Padding lets one more than `room` through.
    int extra = -1;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t got = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < got; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof descriptor);
            if (*count < room) {
                descriptors[(*count)++] = descriptor;
            } else {
                extra = descriptor;
                close(descriptor);
            }
        }
    }
    // Without room for any, the kernel says MSG_CTRUNC and has closed them: nothing was asked for.
    bool is_cut = room && (message.msg_flags & MSG_CTRUNC), has_more = extra >= 0 || (message.msg_flags & MSG_TRUNC);
    if (!is_cut && !has_more) return length;
    // Cut before all the room was used: there was no number left to give them.
    bool is_short = is_cut && !has_more && *count < room;
    while (*count) close(descriptors[--*count]);
    return is_short ? -EMFILE : -EMSGSIZE;
}
