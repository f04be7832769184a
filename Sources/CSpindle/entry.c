#define _GNU_SOURCE
#include "CSpindle.h"
#include "zygote.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// The zygote holds its socket here; the variable says so.
enum { ZYGOTE_SOCKET = 3 };
static const char variable[] = "SPINDLE_ZYGOTE";

static bool taken;

bool spindle_entry_is_taken(void) { return taken; }

/// The variable may have come down from somewhere else by accident. Then the
/// descriptor is no such socket, or its other end is not our parent's, and the program is to run.
static int socket_of_owner(const char *text) {
    char *end;
    long number = strtol(text, &end, 10);
    if (end == text || *end || number < 0 || number > 1 << 20) return -1;
    int socket = (int)number, type = 0;
    struct ucred peer;
    socklen_t type_length = sizeof type, peer_length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &type_length) < 0 || type != SOCK_SEQPACKET) return -1;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &peer_length) < 0) return -1;
    if (peer.pid == getppid()) return socket;
    // The owner ended while we were starting: a second run of its program must not be what is left.
    struct pollfd look = {.fd = socket};
    if (poll(&look, 1, 0) == 1 && (look.revents & POLLHUP)) _exit(0);
    return -1;
}

void spindle_enter(void) {
    taken = true;
    const char *text = getenv(variable);
    if (!text) return;
    int socket = socket_of_owner(text);
    unsetenv(variable);
    if (socket >= 0) spindle_zygote_run(socket);
}

static int (*program_main)(int, char **, char **);

static int entered_main(int argc, char **argv, char **environment) {
    spindle_enter();
    return program_main(argc, argv, environment);
}

/// glibc's start-up routine, which the C runtime's first instructions call and
/// which calls `main` after all constructors. This definition comes before the C
/// library's and only exchanges `main`. Weak, so that a static executable, which
/// has the original in the same file, still links; it calls `spindle_enter` itself.
__attribute__((weak)) int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
                                            void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                                            void *stack_end) {
    int (*real)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void), void (*)(void),
                void *) = dlsym(RTLD_NEXT, "__libc_start_main");
    if (!real) abort();
    taken = true;
    program_main = main;
    return real(entered_main, argc, argv, init, fini, rtld_fini, stack_end);
}

extern char **environ;

static bool is_variable(const char *entry, const char *name) {
    size_t length = strlen(name);
    return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

int32_t spindle_zygote_spawn(int socket) {
    size_t count = 0;
    while (environ && environ[count]) count++;
    char **variables = calloc(count + 3, sizeof *variables);
    if (!variables) return -ENOMEM;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_variable(environ[i], variable) && !is_variable(environ[i], "SWIFT_BACKTRACE")) {
            variables[used++] = environ[i];
        }
    }
    char assignment[32];
    snprintf(assignment, sizeof assignment, "%s=%d", variable, ZYGOTE_SOCKET);
    variables[used++] = assignment;
    // The runtime's own report of a crash delays the end by some 200 ms.
    variables[used++] = "SWIFT_BACKTRACE=enable=no";

    // Room for the names of its children, as a process's name is kept where its arguments were.
    char name[SPINDLE_NAME_ROOM + 1];
    memset(name, ' ', SPINDLE_NAME_ROOM);
    name[SPINDLE_NAME_ROOM] = 0;
    memcpy(name, "spindle-zygote", 14);
    char *arguments[] = {name, NULL};

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawn_file_actions_init(&actions);
    if (error) {
        free(variables);
        return -error;
    }
    error = posix_spawnattr_init(&attributes);
    if (error) {
        posix_spawn_file_actions_destroy(&actions);
        free(variables);
        return -error;
    }
    // The socket first: in a program without standard input it may be descriptor 0.
    error = posix_spawn_file_actions_adddup2(&actions, socket, ZYGOTE_SOCKET);
    if (!error) error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (!error) error = posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(&actions, ZYGOTE_SOCKET + 1);
    if (!error) error = posix_spawnattr_setsigmask(&attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(&attributes, &all);
    if (!error) error = posix_spawnattr_setpgroup(&attributes, 0);
    if (!error) {
        error = posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    pid_t pid = -1;
    if (!error) error = posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, arguments, variables);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(variables);
    return error ? -error : pid;
}
