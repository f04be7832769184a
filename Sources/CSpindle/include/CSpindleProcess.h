// What starting, watching and confining worker processes needs of C: code that
// runs between fork(2) and the first line of Swift, in a process that must not
// have touched Swift's runtime yet, and system calls without a wrapper.
//
// Ownership and errors as in CSpindle.h.

#ifndef CSPINDLE_PROCESS_H
#define CSPINDLE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Entry

/// Makes this process the zygote if it was started to be one, and then does not
/// return; otherwise returns at once. Called before `main`, and by programs whose
/// `main` cannot be wrapped.
void spindle_enter(void);

/// Whether a copy of this program would come by `spindle_enter` before its own code.
bool spindle_entry_is_taken(void);

// MARK: Zygote
// One SEQPACKET socket joins owner and zygote; these are its packets.

enum { SPINDLE_ZYGOTE_FORK = 1 };

/// How long the name of a program may be that a child rehearses, in bytes.
enum { SPINDLE_REHEARSAL_MOST = 1024 };

/// From the owner, with one descriptor: the child's end of its control socket. The rest of
/// the packet, if any, is the name of the program that the child, a spare, is to rehearse.
struct spindle_zygote_command {
    uint32_t kind;
    uint32_t unused;
    uint64_t id;
};

enum { SPINDLE_ZYGOTE_FORKED = 1, SPINDLE_ZYGOTE_FORK_FAILED = 2, SPINDLE_ZYGOTE_ENDED = 3 };

/// To the owner; `FORKED` comes with one descriptor, the child's pidfd.
struct spindle_zygote_report {
    uint32_t kind;
    /// The process id, or the error number of a failed fork.
    int32_t value;
    uint64_t id;
    /// wait(2)'s status and getrusage(2)'s figures, of `ENDED` alone.
    int32_t status;
    uint32_t unused;
    int64_t max_resident_kib;
    int64_t user_us;
    int64_t system_us;
};

/// Starts a copy of this program as a zygote that holds `socket` as descriptor 3,
/// no other one of this process but standard error, and none of its signal
/// settings. The caller keeps `socket`. Returns the process id or -errno.
int32_t spindle_zygote_spawn(int socket);

/// The packet that hands a program to a parked child, with at least
/// `SPINDLE_LAUNCH_FIXED` descriptors: the launch file, standard input, output and error.
enum { SPINDLE_LAUNCH_MAGIC = 0x53504e31, SPINDLE_LAUNCH_FIXED = 4, SPINDLE_LAUNCH_MOST = 204 };
struct spindle_launch_packet {
    uint32_t magic;
    uint32_t count;
};

// MARK: Packets

/// socketpair(2) of close-on-exec SEQPACKET sockets. Returns 0 or -errno.
int spindle_packet_pair(int sockets[2]);

/// Sends one packet of two parts with descriptors, of which the receiver gets duplicates.
/// With `wait` false it returns -EAGAIN where it would block. Never raises SIGPIPE.
/// Returns 0 or -errno.
int spindle_packet_send(int socket, const void *head, size_t head_length, const void *body, size_t body_length,
                        const int *descriptors, size_t count, bool wait);

/// Receives one packet. `count` is the room in `descriptors` on entry and how many
/// came on return; more than there is room for are closed by the kernel.
/// Returns the length, 0 at the end of the stream, or -errno: -EMSGSIZE for a packet that
/// is longer than `capacity` or came with too many descriptors, -EMFILE for one with descriptors
/// for which this process has no numbers left. All of them are closed then, and the bytes are in `buffer`.
int64_t spindle_packet_receive(int socket, void *buffer, size_t capacity, int *descriptors, size_t *count, bool wait);

// MARK: Watching

/// pipe2(2), close-on-exec; reading never blocks, writing does. Returns 0 or -errno.
int spindle_pipe(int ends[2]);

/// eventfd(2) that never blocks. Returns the descriptor or -errno.
int spindle_event_create(void);

/// epoll_create1(2). Returns the descriptor or -errno.
int spindle_epoll_create(void);

/// Has `spindle_epoll_wait` name `token` while the descriptor is readable or its other end is gone. Returns 0 or -errno.
int spindle_epoll_add(int epoll, int descriptor, uint64_t token);

/// Likewise, but only after `spindle_epoll_arm`, and then once. Returns 0 or -errno.
int spindle_epoll_add_once(int epoll, int descriptor, uint64_t token);

/// Has the token named once, when the descriptor can be read, written, or its other end is gone. Returns 0 or -errno.
int spindle_epoll_arm(int epoll, int descriptor, uint64_t token, bool reading, bool writing);

/// Ends that. Returns 0 or -errno.
int spindle_epoll_remove(int epoll, int descriptor);

/// Waits for up to `room` (64 at most) tokens, without limit when `timeout_ns` < 0. Returns how many, or -errno.
int spindle_epoll_wait(int epoll, uint64_t *tokens, int room, int64_t timeout_ns);

// MARK: Signals

/// pidfd_open(2). Returns the descriptor or -errno.
int spindle_pidfd_open(int32_t pid);

/// pidfd_send_signal(2). Returns 0 or -errno.
int spindle_pidfd_signal(int pidfd, int signal);

/// Signals the process group that the process leads. Before Linux 6.9 by its id, which is
/// sound only while the process has not been reaped. Returns 0 or -errno.
int spindle_pidfd_signal_group(int pidfd, int32_t pid, int signal);

/// Has the kernel kill this process when `parent` ends, and kills it now if that has happened. Returns 0 or -errno.
int spindle_die_with_parent(int32_t parent);

// MARK: Confinement
// Each acts on the calling process for good, and returns 0 or -errno.

enum {
    SPINDLE_LIMIT_ADDRESS_SPACE,
    SPINDLE_LIMIT_CPU_SECONDS,
    SPINDLE_LIMIT_OPEN_FILES,
    SPINDLE_LIMIT_PROCESSES,
    SPINDLE_LIMIT_FILE_SIZE,
    SPINDLE_LIMIT_CORE,
};

/// setrlimit(2), soft and hard, never above the present hard limit. `limit` is one of `SPINDLE_LIMIT_…`.
int spindle_limit_set(int limit, uint64_t soft, uint64_t hard);

/// sched_setaffinity(2).
int spindle_affinity_set(const int32_t *processors, size_t count);

/// Takes on a user and a group and gives up every other group; -1 leaves one as it is.
int spindle_identity_set(int64_t user, int64_t group);

/// Shows `name` for this process in ps and top: in a worker process up to 119 bytes, elsewhere the thread's 15.
void spindle_process_set_name(const char *name);

/// PR_SET_NO_NEW_PRIVS.
int spindle_deny_privileges(void);

/// Whether `spindle_deny_network` can hold on this system.
int spindle_network_deniable(void);

/// A seccomp(2) filter under which sockets of every family but AF_UNIX are refused, and io_uring, which could make them.
int spindle_deny_network(void);

/// The Landlock interface that `spindle_make_read_only` needs: truncation counts as writing from there on.
enum { SPINDLE_LANDLOCK_NEEDED = 3 };

/// Landlock rules under which only files beneath the given paths can be changed, and /dev/null written to.
/// `failed` is set to the index of the path at fault, if it is one's.
int spindle_make_read_only(const char *const *except, size_t count, size_t *failed);

#endif
