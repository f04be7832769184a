// Between clone(2) and execve(2) the child shares this process's memory while the calling thread waits, as with vfork(2):
// the start costs the same however large this process is, and a failure is told by writing it down. So nothing here may
// allocate, take a lock or run a handler of a signal; system calls alone.

#define _GNU_SOURCE
#include "CSpindle.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <paths.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// From newer headers than some systems have.
#ifndef P_PIDFD
#define P_PIDFD 3
#endif
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

struct start {
    const struct spindle_child_plan *plan;
    /// A copy that may be changed.
    struct spindle_child_descriptor *descriptors;
    /// `/bin/sh`, room for the path of a script without a first line that names its interpreter, the arguments after it.
    char **shell_arguments;
    pid_t parent;
    int failed_step;
    int error;
};

static bool enter_session(const struct spindle_child_plan *plan) {
    switch (plan->session) {
        case SPINDLE_CHILD_SHARED: return true;
        case SPINDLE_CHILD_GROUP: return setpgid(0, 0) == 0;
        default: return setsid() >= 0;
    }
}

/// Moves every source out of the way of the targets first, so that none is overwritten before it was used.
static bool take_descriptors(const struct start *start) {
    size_t count = start->plan->descriptor_count;
    int past = 3;
    for (size_t i = 0; i < count; i++) {
        if (start->descriptors[i].target >= past) past = start->descriptors[i].target + 1;
    }
    for (size_t i = 0; i < count; i++) {
        struct spindle_child_descriptor *one = &start->descriptors[i];
        if (one->source >= past) continue;
        one->source = fcntl(one->source, F_DUPFD_CLOEXEC, past);
        if (one->source < 0) return false;
    }
    // All that is open now goes with the new program, but for what is put in its place here. Where the kernel cannot do
    // that (before 5.11), what this process opens is close-on-exec anyway.
    syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
    for (size_t i = 0; i < count; i++) {
        int target = start->descriptors[i].target;
        if (dup2(start->descriptors[i].source, target) < 0) return false;
        // Programs expect their standard descriptors to block.
        int flags = target < 3 ? fcntl(target, F_GETFL) : 0;
        if (flags & O_NONBLOCK) fcntl(target, F_SETFL, flags & ~O_NONBLOCK);
    }
    return true;
}

static bool apply_limits(const struct spindle_child_plan *plan) {
    for (size_t i = 0; i < plan->limit_count; i++) {
        int error = spindle_limit_set(plan->limits[i].limit, plan->limits[i].soft, plan->limits[i].hard);
        if (error) {
            errno = -error;
            return false;
        }
    }
    int error = plan->processor_count ? spindle_affinity_set(plan->processors, plan->processor_count) : 0;
    if (error) {
        errno = -error;
        return false;
    }
    return !plan->nice || setpriority(PRIO_PROCESS, 0, plan->nice) == 0;
}

/// By system call: the C library's functions would have the threads of this process follow.
static bool take_identity(const struct spindle_child_plan *plan) {
    if (plan->user < 0 && plan->group < 0) return true;
    if (geteuid() == 0 && syscall(SYS_setgroups, 0, NULL) < 0) return false;
    if (plan->group >= 0 && syscall(SYS_setresgid, plan->group, plan->group, plan->group) < 0) return false;
    return plan->user < 0 || syscall(SYS_setresuid, plan->user, plan->user, plan->user) == 0;
}

static void execute_file(const struct start *start, char *path) {
    execve(path, start->plan->arguments, start->plan->environment);
    if (errno != ENOEXEC) return;
    start->shell_arguments[1] = path;
    execve(_PATH_BSHELL, start->shell_arguments, start->plan->environment);
}

/// As execvp(3), but with the child's own search path.
static void execute(const struct start *start) {
    const struct spindle_child_plan *plan = start->plan;
    size_t length = strlen(plan->program);
    char path[PATH_MAX];
    if (length >= sizeof path) {
        errno = ENAMETOOLONG;
        return;
    }
    if (length == 0 || strchr(plan->program, '/')) {
        memcpy(path, plan->program, length + 1);
        return execute_file(start, path);
    }
    const char *search = plan->search ? plan->search : _PATH_DEFPATH;
    bool was_denied = false;
    errno = ENOENT;
    for (;;) {
        size_t directory = strcspn(search, ":");
        if (directory + length + 2 <= sizeof path) {
            // An empty entry is the working directory.
            memcpy(path, search, directory);
            size_t at = directory;
            if (at) path[at++] = '/';
            memcpy(path + at, plan->program, length + 1);
            execute_file(start, path);
            if (errno == EACCES) was_denied = true;
            else if (errno != ENOENT && errno != ENOTDIR && errno != ENODEV && errno != ESTALE && errno != ETIMEDOUT) return;
        }
        if (!search[directory]) break;
        search += directory + 1;
    }
    errno = was_denied ? EACCES : ENOENT;
}

static int child_main(void *context) {
    struct start *start = context;
    const struct spindle_child_plan *plan = start->plan;
    // Every signal is still blocked. Handlers are this process's code, so they go before that ends.
    // By the system's own call, since the C library does not touch the two signals that it uses itself (signal(7)), and may have
    // been started with them ignored. All zero is SIG_DFL, without flags, whatever the order of the members.
    const unsigned long usual[8] = {0};
    for (int signal = 1; signal <= 64; signal++) syscall(SYS_rt_sigaction, signal, usual, NULL, 8);

    start->failed_step = SPINDLE_CHILD_STEP_SESSION;
    if (!enter_session(plan)) goto failed;
    start->failed_step = SPINDLE_CHILD_STEP_DESCRIPTORS;
    if (!take_descriptors(start)) goto failed;
    if (plan->session == SPINDLE_CHILD_TERMINAL && ioctl(0, TIOCSCTTY, 0) < 0) goto failed;
    start->failed_step = SPINDLE_CHILD_STEP_DIRECTORY;
    if (plan->directory && chdir(plan->directory) < 0) goto failed;
    start->failed_step = SPINDLE_CHILD_STEP_LIMITS;
    if (!apply_limits(plan)) goto failed;
    start->failed_step = SPINDLE_CHILD_STEP_IDENTITY;
    if (!take_identity(plan)) goto failed;
    // After that, as it would be dropped with the identity.
    if (plan->ends_with_thread) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != start->parent) _exit(0);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    start->failed_step = SPINDLE_CHILD_STEP_EXECUTE;
    execute(start);
failed:
    start->error = errno;
    _exit(127);
}

static int start_on(const struct start *start, size_t stack_size, struct spindle_child *child) {
    void *stack = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED) return -errno;
    child->pidfd = -1;
    pid_t pid = clone(child_main, (char *)stack + stack_size, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, (void *)start,
                      &child->pidfd);
    int error = pid < 0 ? errno : 0;
    munmap(stack, stack_size);
    child->pid = pid;
    return -error;
}

int spindle_child_start(const struct spindle_child_plan *plan, struct spindle_child *child) {
    size_t arguments = 0;
    while (plan->arguments[arguments]) arguments++;
    struct start start = {.plan = plan, .parent = getpid()};
    child->failed_step = SPINDLE_CHILD_STEP_CREATE;
    start.shell_arguments = calloc(arguments + 3, sizeof *start.shell_arguments);
    start.descriptors = calloc(plan->descriptor_count + 1, sizeof *start.descriptors);
    int result = -ENOMEM;
    if (start.shell_arguments && start.descriptors) {
        memcpy(start.descriptors, plan->descriptors, plan->descriptor_count * sizeof *start.descriptors);
        start.shell_arguments[0] = (char *)_PATH_BSHELL;
        for (size_t i = 1; i < arguments; i++) start.shell_arguments[i + 1] = plan->arguments[i];
        // Those of the C library's own too, which its functions leave out.
        uint64_t all = ~0ULL, before;
        syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
        result = start_on(&start, 64 << 10, child);
        syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof before);
    }
    free(start.shell_arguments);
    free(start.descriptors);
    if (!result && start.error) {
        child->failed_step = start.failed_step;
        result = -start.error;
        waitid((idtype_t)P_PIDFD, (id_t)child->pidfd, NULL, WEXITED);
        close(child->pidfd);
    }
    return result;
}

int spindle_child_reap(int pidfd, struct spindle_child_end *end) {
    siginfo_t info = {0};
    struct rusage usage;
    memset(&usage, 0, sizeof usage);
    // The system call gives what was used too, the C library's function does not.
    if (syscall(SYS_waitid, P_PIDFD, pidfd, &info, WEXITED | WNOHANG, &usage) < 0) return -errno;
    if (!info.si_pid) return -EAGAIN;
    if (end) *end = (struct spindle_child_end){
        .code = info.si_code,
        .status = info.si_status,
        .user_us = usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec,
        .system_us = usage.ru_stime.tv_sec * 1000000 + usage.ru_stime.tv_usec,
        .max_resident_kib = usage.ru_maxrss,
    };
    return 0;
}

bool spindle_child_has_ended(int pidfd) {
    siginfo_t info = {0};
    return waitid((idtype_t)P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid;
}

int64_t spindle_write_quietly(int descriptor, const void *bytes, size_t count, bool is_socket) {
    ssize_t written;
    if (is_socket) {
        do written = send(descriptor, bytes, count, MSG_NOSIGNAL);
        while (written < 0 && errno == EINTR);
        return written < 0 ? -errno : written;
    }
    sigset_t pipe, before;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    bool was_blocked = sigismember(&before, SIGPIPE);
    do written = write(descriptor, bytes, count);
    while (written < 0 && errno == EINTR);
    int error = errno;
    if (!was_blocked) {
        const struct timespec at_once = {0};
        while (written < 0 && error == EPIPE && sigtimedwait(&pipe, NULL, &at_once) < 0 && errno == EINTR) {}
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    return written < 0 ? -error : written;
}

int spindle_blocking_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0; }

void spindle_pipe_widen(int descriptor, int capacity) { fcntl(descriptor, F_SETPIPE_SZ, capacity); }

int spindle_stream_pair(int sockets[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0 ? -errno : 0;
}

bool spindle_is_socket(int descriptor) {
    int type;
    socklen_t length = sizeof type;
    return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) == 0;
}

int spindle_set_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

int spindle_terminal_pair(int columns, int rows, int ends[2]) {
    int owner = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (owner < 0) return -errno;
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
    int locked = 0, child = -1;
    if (ioctl(owner, TIOCSPTLCK, &locked) == 0 && ioctl(owner, TIOCSWINSZ, &size) == 0) {
        child = ioctl(owner, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    if (child < 0) {
        int error = errno;
        close(owner);
        return -error;
    }
    ends[0] = owner;
    ends[1] = child;
    return 0;
}
