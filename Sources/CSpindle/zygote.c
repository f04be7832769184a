// The zygote: a copy of the program that never ran the program, kept to fork
// worker processes from. A fork of the program itself would inherit its memory,
// its locks in whatever state, and threads that are gone.
//
// It stays in C: once Swift's task pool or Dispatch has been used, children hang.
// It ends when its owner does, and takes everything with it.
//
// It forks from a thread that has never run Swift, and so the only thread of a child has not either. The main thread
// has: constructors do. Swift's runtime and libdispatch note a thread's number in the thread's own memory, for their
// locks that are futexes with an owner (FUTEX_LOCK_PI). A fork copies the note, and is another thread by number: as soon
// as a second thread wants a lock that it holds, as for the first use of some type by both, the kernel takes neither
// the lock nor its release for good, and both try for ever.

#define _GNU_SOURCE
#include "zygote.h"
#include "CSpindle.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct worker {
    pid_t pid;
    uint64_t id;
    struct worker *next;
};

enum {
    /// Process ids come one after the other, so that chains stay short.
    CHAINS = 1024,
    /// In seconds; it takes a few milliseconds.
    LONGEST_REHEARSAL = 10,
    /// After so many rounds with ends strays are looked for, whatever else there is to do.
    MOST_ENDS = 64,
};

static struct {
    int socket;
    int signals;
    struct worker *workers[CHAINS];
} zygote;

/// What points to the worker of that id, or to where it would be.
static struct worker **find(pid_t pid) {
    struct worker **place = &zygote.workers[(size_t)pid % CHAINS];
    while (*place && (*place)->pid != pid) place = &(*place)->next;
    return place;
}

static bool is_worker(pid_t pid) { return pid > 0 && *find(pid); }

static void kill_group(pid_t pid) {
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
}

static size_t each_child_of(pid_t thread, void (*visit)(pid_t)) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", thread);
    FILE *list = fopen(path, "re");
    if (!list) return 0;
    size_t count = 0;
    for (int pid; fscanf(list, "%d", &pid) == 1; count++) visit(pid);
    fclose(list);
    return count;
}

/// Calls `visit` for every child: those that this thread has forked, and those that became the process's, and so its
/// main thread's, when their parent ended. Returns how many there were.
static size_t each_child(void (*visit)(pid_t)) { return each_child_of(gettid(), visit) + each_child_of(getpid(), visit); }

/// A descendant that left the group of its worker, or has outlived it, goes.
static void kill_if_stray(pid_t pid) {
    if (is_worker(pid) || is_worker(getpgid(pid))) return;
    kill(pid, SIGKILL);
}

/// The owner is gone: nothing may be left.
static _Noreturn void end_all(void) {
    for (size_t i = 0; i < CHAINS; i++) {
        for (struct worker *worker = zygote.workers[i]; worker; worker = worker->next) kill_group(worker->pid);
    }
    // Each that ends may leave us children of its own.
    do each_child(kill_group);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
    _exit(0);
}

/// Returns 0, or -errno where the system lacks something for the moment.
static int send_report(struct spindle_zygote_report report, int descriptor) {
    int error = spindle_packet_send(zygote.socket, &report, sizeof report, NULL, 0, &descriptor, descriptor >= 0, true);
    if (error == -EPIPE || error == -ECONNRESET) end_all();
    return error;
}

/// One that needs nothing but a little memory, which is waited for; nothing else could be done without it.
static void report(struct spindle_zygote_report report) {
    while (send_report(report, -1)) poll(NULL, 0, 1);
}

static int64_t microseconds(struct timeval time) { return (int64_t)time.tv_sec * 1000000 + time.tv_usec; }

static void reap(void) {
    siginfo_t next;
    // Looked at first: until it is reaped its id cannot come to mean another group.
    while (next.si_pid = 0, waitid(P_ALL, 0, &next, WEXITED | WNOHANG | WNOWAIT) == 0 && next.si_pid) {
        struct worker **place = find(next.si_pid), *worker = *place;
        if (worker) kill(-next.si_pid, SIGKILL);
        int status;
        struct rusage usage;
        if (wait4(next.si_pid, &status, WNOHANG, &usage) != next.si_pid || !worker) continue;
        struct spindle_zygote_report ended = {
            .kind = SPINDLE_ZYGOTE_ENDED,
            .value = worker->pid,
            .id = worker->id,
            .status = status,
            .max_resident_kib = usage.ru_maxrss,
            .user_us = microseconds(usage.ru_utime),
            .system_us = microseconds(usage.ru_stime),
        };
        *place = worker->next;
        free(worker);
        report(ended);
    }
}

/// What a fresh child does until somebody needs it: waits. A spare goes through the steps to
/// come once before, as a fork starts without most of its pages.
static _Noreturn void park(int control, const char *rehearsal) {
    if (*rehearsal && spindle_worker_rehearse) {
        // One that hangs ends: it would use a processor for ever, and be handed a launch.
        alarm(LONGEST_REHEARSAL);
        spindle_worker_rehearse(control, rehearsal);
        alarm(0);
    }
    struct spindle_launch_packet packet;
    int descriptors[SPINDLE_LAUNCH_MOST];
    size_t count = SPINDLE_LAUNCH_MOST;
    int64_t length = spindle_packet_receive(control, &packet, sizeof packet, descriptors, &count, true);
    if (length != sizeof packet || packet.magic != SPINDLE_LAUNCH_MAGIC || packet.count != count ||
        count < SPINDLE_LAUNCH_FIXED || !spindle_worker_main) {
        _exit(0);
    }
    spindle_worker_main(control, descriptors, count);
}

static _Noreturn void become_child(int control, pid_t parent, const char *rehearsal) {
    close(zygote.socket);
    close(zygote.signals);
    setpgid(0, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (spindle_die_with_parent(parent) < 0) _exit(1);
    park(control, rehearsal);
}

static void fork_child(uint64_t id, int control, const char *rehearsal) {
    pid_t self = getpid(), pid = -1;
    int error = 0;
    struct worker *worker = malloc(sizeof *worker);
    if (!worker || (pid = fork()) < 0) error = errno;
    if (pid == 0) become_child(control, self, rehearsal);
    if (pid > 0) {
        // Both do it, so that neither can find the group missing.
        setpgid(pid, pid);
        int pidfd = spindle_pidfd_open(pid);
        error = pidfd < 0 ? -pidfd
                          : -send_report((struct spindle_zygote_report){.kind = SPINDLE_ZYGOTE_FORKED, .value = pid, .id = id}, pidfd);
        if (pidfd >= 0) close(pidfd);
        // Unknown from here on, so it is reaped as a stray.
        if (error) kill_group(pid);
    }
    if (error) {
        free(worker);
        report((struct spindle_zygote_report){.kind = SPINDLE_ZYGOTE_FORK_FAILED, .value = error, .id = id});
        return;
    }
    *worker = (struct worker){pid, id, NULL};
    *find(pid) = worker;
}

static void serve(void) {
    struct {
        struct spindle_zygote_command head;
        char rehearsal[SPINDLE_REHEARSAL_MOST + 1];
    } command = {0};
    int control = -1;
    size_t count = 1;
    int64_t length =
        spindle_packet_receive(zygote.socket, &command, sizeof command.head + SPINDLE_REHEARSAL_MOST, &control, &count, false);
    if (length == -EAGAIN || length == -ENOMEM || length == -ENOBUFS) return;
    if (length == -EMFILE && command.head.kind == SPINDLE_ZYGOTE_FORK) {
        report((struct spindle_zygote_report){.kind = SPINDLE_ZYGOTE_FORK_FAILED, .value = EMFILE, .id = command.head.id});
        return;
    }
    if (length < (int64_t)sizeof command.head || command.head.kind != SPINDLE_ZYGOTE_FORK || count != 1) end_all();
    ((char *)&command)[length] = 0;
    fork_child(command.head.id, control, command.rehearsal);
    close(control);
}

/// Serves the owner, until it is gone.
static void *run(void *unused) {
    (void)unused;
    struct pollfd watched[2] = {{.fd = zygote.socket, .events = POLLIN}, {.fd = zygote.signals, .events = POLLIN}};
    // Of rounds in which somebody ended since strays were looked for.
    int ends = 0;
    while (true) {
        int count = poll(watched, 2, ends ? 0 : -1);
        if (count < 0 && errno != EINTR && errno != ENOMEM && errno != EAGAIN) end_all();
        if (count > 0 && watched[1].revents) {
            struct signalfd_siginfo information[16];
            while (read(zygote.signals, information, sizeof information) > 0) continue;
            reap();
            ends++;
        }
        if (count > 0 && watched[0].revents) serve();
        // A look at every child takes long when there are many: when there is nothing else to do, or long was not time for it.
        if (ends && (count == 0 || ends > MOST_ENDS)) {
            each_child(kill_if_stray);
            ends = 0;
        }
    }
}

_Noreturn void spindle_zygote_run(int socket) {
    zygote.socket = socket;
    fcntl(socket, F_SETFD, FD_CLOEXEC);
    // A program without standard error: the number must not go to a descriptor of ours.
    if (fcntl(STDERR_FILENO, F_GETFD) < 0) open("/dev/null", O_WRONLY);
    // That is the start of the arguments (error(3)), which the owner made long enough.
    if (strlen(program_invocation_name) == SPINDLE_NAME_ROOM) spindle_name_room_is(program_invocation_name);
    spindle_process_set_name("spindle-zygote");

    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_SETMASK, &children, NULL);
    zygote.signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    // Without either nothing could be promised about how children end.
    if (zygote.signals < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) _exit(71);

    // SIGCHLD stays blocked in both threads: one that did not block it would take it away from `signals`.
    pthread_t server;
    if (pthread_create(&server, NULL, run, NULL)) _exit(71);
    while (true) pause();
}
