// Starting other programs. posix_spawn(3) comes close, but gives no pidfd of the very child it made, no user or group,
// no limits, no controlling terminal and no step at which it failed; and it cannot be asked for all descriptors but some
// to be closed without knowing their numbers.
//
// Ownership and errors as in CSpindle.h.

#ifndef CSPINDLE_CHILD_H
#define CSPINDLE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A descriptor of this process, and the number under which the child has it.
struct spindle_child_descriptor {
    int source;
    int target;
};

struct spindle_child_limit {
    /// One of `SPINDLE_LIMIT_…`.
    int limit;
    uint64_t soft;
    uint64_t hard;
};

enum {
    /// In the session and the process group of this process.
    SPINDLE_CHILD_SHARED,
    /// In a process group of its own, which it leads.
    SPINDLE_CHILD_GROUP,
    /// In a session of its own, without a terminal.
    SPINDLE_CHILD_SESSION,
    /// In a session of its own, whose terminal is the child's descriptor 0.
    SPINDLE_CHILD_TERMINAL,
};

struct spindle_child_plan {
    /// A path, or a name without a slash, which is looked for in `search`.
    const char *program;
    /// Both end with a null pointer.
    char *const *arguments;
    char *const *environment;
    /// Directories separated by colons. The C library's usual ones when null.
    const char *search;
    /// Entered before the program is looked for; stays when null.
    const char *directory;
    /// Every other descriptor is closed in the child.
    const struct spindle_child_descriptor *descriptors;
    size_t descriptor_count;
    const struct spindle_child_limit *limits;
    size_t limit_count;
    /// Those it may run on; all of this process's when there are none.
    const int32_t *processors;
    size_t processor_count;
    /// -1 leaves one as it is.
    int64_t user;
    int64_t group;
    int32_t nice;
    /// One of `SPINDLE_CHILD_…`.
    int32_t session;
    /// The kernel kills it when the *thread* that starts it ends.
    bool ends_with_thread;
};

/// At which step a start failed.
enum {
    SPINDLE_CHILD_STEP_CREATE,
    SPINDLE_CHILD_STEP_SESSION,
    SPINDLE_CHILD_STEP_DIRECTORY,
    SPINDLE_CHILD_STEP_DESCRIPTORS,
    SPINDLE_CHILD_STEP_LIMITS,
    SPINDLE_CHILD_STEP_IDENTITY,
    SPINDLE_CHILD_STEP_EXECUTE,
};

struct spindle_child {
    int32_t pid;
    int pidfd;
    /// One of `SPINDLE_CHILD_STEP_…`, of a failure.
    int failed_step;
};

/// Starts a program and returns once it is the child's, or could not be. No signal is blocked or ignored in it.
/// Returns 0, or -errno with `failed_step`; then no child is left behind.
int spindle_child_start(const struct spindle_child_plan *plan, struct spindle_child *child);

struct spindle_child_end {
    /// wait(2)'s CLD_EXITED, CLD_KILLED or CLD_DUMPED.
    int code;
    /// The exit code or the signal.
    int status;
    int64_t user_us;
    int64_t system_us;
    int64_t max_resident_kib;
};

/// Takes the end of a child out of the process table, and into `end` if that is not null. Returns 0, -EAGAIN while it runs, or -errno: -ECHILD when
/// somebody else has taken it, or this process ignores SIGCHLD.
int spindle_child_reap(int pidfd, struct spindle_child_end *end);

/// Whether the child has ended, without taking anything.
bool spindle_child_has_ended(int pidfd);

// MARK: Its pipes

/// write(2) without SIGPIPE. Returns how many bytes were taken, or -errno.
int64_t spindle_write_quietly(int descriptor, const void *bytes, size_t count, bool is_socket);

bool spindle_is_socket(int descriptor);

/// pipe2(2), close-on-exec; both ends block. Returns 0 or -errno.
int spindle_blocking_pipe(int ends[2]);

/// F_SETPIPE_SZ, if it can be had.
void spindle_pipe_widen(int descriptor, int capacity);

/// socketpair(2) of close-on-exec streams. Returns 0 or -errno.
int spindle_stream_pair(int sockets[2]);

/// Has neither reading nor writing block. Returns 0 or -errno.
int spindle_set_nonblocking(int descriptor);

/// A pseudo-terminal of that size (pty(7)); `ends` are the owner's and the child's. Both are close-on-exec. Returns 0 or -errno.
int spindle_terminal_pair(int columns, int rows, int ends[2]);

#endif
