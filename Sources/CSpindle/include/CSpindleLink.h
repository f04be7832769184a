// What two processes need to share memory and to hand descriptors to each other.
// Ownership and errors as in CSpindle.h, which includes this.

#ifndef CSPINDLE_LINK_H
#define CSPINDLE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Memory files

/// memfd_create(2), close-on-exec and still without seals. Returns the descriptor, or -errno.
int spindle_memfd_create_open(const char *name);

/// Seals a memory file against writing and any change of size, for good. Fails with -EBUSY while a
/// writable mapping of it exists. Returns 0 or -errno.
int spindle_memfd_freeze(int fd);

/// Whether nobody can change the size of a memory file any more: 1, 0, or -errno (-EINVAL for anything but a memory file).
int spindle_memfd_is_fixed(int fd);

/// Whether, besides, nobody can write to it any more.
int spindle_memfd_is_frozen(int fd);

// MARK: Passing descriptors

/// The most descriptors of one packet: 64 of a message, and the memory file it may lie in.
#define SPINDLE_PACKET_DESCRIPTORS 65

/// Whether a descriptor is a local SEQPACKET socket: 1, 0, or -errno.
int spindle_packet_is_socket(int fd);

// MARK: Noticing the end of a connection

/// epoll_create1(2), close-on-exec: the descriptor, or -errno.
int spindle_hangups_create(void);

/// Reports once, under `id`, when nobody holds the other end of a socket any more. Returns 0 or -errno.
int spindle_hangups_add(int poll, int fd, uint64_t id);

void spindle_hangups_remove(int poll, int fd);

/// Blocks until there are some. Returns how many ids it has written, or -errno.
int spindle_hangups_wait(int poll, uint64_t *ids, int capacity);

// MARK: Waiting for several words

/// A word to wait on. `is_shared` has to match the waker's call.
struct spindle_futex_word {
    const uint32_t *address;
    uint32_t expected;
    bool is_shared;
};

/// The most words that one call can wait on.
#define SPINDLE_FUTEX_WORDS 128

/// futex_waitv(2) on up to SPINDLE_FUTEX_WORDS words. `timeout_ns` < 0 waits without limit.
/// Returns the index of a word that was woken, or -EAGAIN (one differs), -ETIMEDOUT, -EINTR, -ENOSYS (Linux before 5.16).
int spindle_futex_wait_any(const struct spindle_futex_word *words, int count, int64_t timeout_ns);

#endif
