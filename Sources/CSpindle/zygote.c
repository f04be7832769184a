// The zygote: a copy of the program that never ran the program, kept to fork
// worker processes from. A fork of the program itself would inherit its memory,
// its locks in whatever state, and threads that are gone.
//
// It stays in C and has one thread: once Swift's task pool or Dispatch has been
// used, children hang. It ends when its owner does, and takes everything with it.

#define _GNU_SOURCE
#include "zygote.h"
#include "CSpindle.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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
};

static struct {
    int socket;
    int signals;
    struct worker *workers;
    size_t count, room;
} zygote;

static struct worker *find(pid_t pid) {
    for (size_t i = 0; i < zygote.count; i++) {
        if (zygote.workers[i].pid == pid) return &zygote.workers[i];
    }
    return NULL;
}

static void kill_group(pid_t pid) {
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
}

/// Calls `visit` for every child, those included that became ours when their parent ended.
/// Returns how many there were.
static size_t each_child(void (*visit)(pid_t)) {
    FILE *list = fopen("/proc/thread-self/children", "re");
    if (!list) return 0;
    size_t count = 0;
    for (int pid; fscanf(list, "%d", &pid) == 1; count++) visit(pid);
    fclose(list);
    return count;
}

/// A descendant that left the group of its worker, or has outlived it, goes.
static void kill_if_stray(pid_t pid) {
    if (find(pid) || find(getpgid(pid))) return;
    kill(pid, SIGKILL);
}

/// The owner is gone: nothing may be left.
static _Noreturn void end_all(void) {
    for (size_t i = 0; i < zygote.count; i++) kill_group(zygote.workers[i].pid);
    // Each that ends may leave us children of its own.
    do each_child(kill_group);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
    _exit(0);
}

static void report(struct spindle_zygote_report report, int descriptor) {
    int error = spindle_packet_send(zygote.socket, &report, sizeof report, NULL, 0, &descriptor, descriptor >= 0, true);
    if (error) end_all();
}

static int64_t microseconds(struct timeval time) { return (int64_t)time.tv_sec * 1000000 + time.tv_usec; }

static void reap(void) {
    siginfo_t next;
    // Looked at first: until it is reaped its id cannot come to mean another group.
    while (next.si_pid = 0, waitid(P_ALL, 0, &next, WEXITED | WNOHANG | WNOWAIT) == 0 && next.si_pid) {
        struct worker *worker = find(next.si_pid);
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
        *worker = zygote.workers[--zygote.count];
        report(ended, -1);
    }
    each_child(kill_if_stray);
}

/// What a fresh child does until somebody needs it: waits. A spare goes through the steps to
/// come once before, as a fork starts without most of its pages.
static _Noreturn void park(int control, const char *rehearsal) {
    if (*rehearsal && spindle_worker_rehearse) spindle_worker_rehearse(control, rehearsal);
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
    free(zygote.workers);
    setpgid(0, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (spindle_die_with_parent(parent) < 0) _exit(1);
    park(control, rehearsal);
}

static void fork_child(uint64_t id, int control, const char *rehearsal) {
    pid_t self = getpid(), pid = -1;
    int error = 0, pidfd = -1;
    if (zygote.count == zygote.room) {
        size_t room = zygote.room ? zygote.room * 2 : 64;
        struct worker *grown = realloc(zygote.workers, room * sizeof *grown);
        if (grown) {
            zygote.workers = grown;
            zygote.room = room;
        } else {
            error = ENOMEM;
        }
    }
    if (!error && (pid = fork()) < 0) error = errno;
    if (pid == 0) become_child(control, self, rehearsal);
    if (pid > 0) {
        // Both do it, so that neither can find the group missing.
        setpgid(pid, pid);
        pidfd = spindle_pidfd_open(pid);
        if (pidfd < 0) {
            error = -pidfd;
            // Unknown from here on, so it is reaped as a stray.
            kill_group(pid);
        }
    }
    if (error) {
        report((struct spindle_zygote_report){.kind = SPINDLE_ZYGOTE_FORK_FAILED, .value = error, .id = id}, -1);
        return;
    }
    zygote.workers[zygote.count++] = (struct worker){pid, id};
    report((struct spindle_zygote_report){.kind = SPINDLE_ZYGOTE_FORKED, .value = pid, .id = id}, pidfd);
    close(pidfd);
}

static void serve(void) {
    struct {
        struct spindle_zygote_command head;
        char rehearsal[SPINDLE_REHEARSAL_MOST + 1];
    } command;
    int control;
    size_t count = 1;
    int64_t length =
        spindle_packet_receive(zygote.socket, &command, sizeof command.head + SPINDLE_REHEARSAL_MOST, &control, &count, false);
    if (length == -EAGAIN) return;
    if (length < (int64_t)sizeof command.head || command.head.kind != SPINDLE_ZYGOTE_FORK || count != 1) end_all();
    ((char *)&command)[length] = 0;
    fork_child(command.head.id, control, command.rehearsal);
    close(control);
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

    struct pollfd watched[2] = {{.fd = socket, .events = POLLIN}, {.fd = zygote.signals, .events = POLLIN}};
    while (true) {
        if (poll(watched, 2, -1) < 0 && errno != EINTR) end_all();
        if (watched[1].revents) {
            struct signalfd_siginfo information[16];
            while (read(zygote.signals, information, sizeof information) > 0) continue;
            reap();
        }
        if (watched[0].revents) serve();
    }
}
