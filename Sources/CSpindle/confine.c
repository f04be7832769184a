#define _GNU_SOURCE
#include "CSpindle.h"
#include "zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int checked(long result) { return result < 0 ? -errno : 0; }

// MARK: Signals

int spindle_pidfd_open(int32_t pid) {
    long result = syscall(SYS_pidfd_open, pid, 0);
    return result < 0 ? -errno : (int)result;
}

int spindle_pidfd_signal(int pidfd, int signal) {
    return checked(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int spindle_pidfd_signal_group(int pidfd, int32_t pid, int signal) {
    // PIDFD_SIGNAL_PROCESS_GROUP; headers are older than the kernels they run on.
    int error = checked(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 1U << 2));
    return error == -EINVAL ? checked(kill(-pid, signal)) : error;
}

int spindle_die_with_parent(int32_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) return -errno;
    // It may have ended before the line above.
    if (getppid() != parent) raise(SIGKILL);
    return 0;
}

// MARK: Limits

int spindle_limit_set(int limit, uint64_t soft, uint64_t hard) {
    static const int resources[] = {
        [SPINDLE_LIMIT_ADDRESS_SPACE] = RLIMIT_AS, [SPINDLE_LIMIT_CPU_SECONDS] = RLIMIT_CPU,
        [SPINDLE_LIMIT_OPEN_FILES] = RLIMIT_NOFILE, [SPINDLE_LIMIT_PROCESSES] = RLIMIT_NPROC,
        [SPINDLE_LIMIT_FILE_SIZE] = RLIMIT_FSIZE, [SPINDLE_LIMIT_CORE] = RLIMIT_CORE,
    };
    struct rlimit present;
    if (getrlimit(resources[limit], &present) < 0) return -errno;
    if (hard > present.rlim_max) hard = present.rlim_max;
    if (soft > hard) soft = hard;
    return checked(setrlimit(resources[limit], &(struct rlimit){soft, hard}));
}

int spindle_affinity_set(const int32_t *processors, size_t count) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (size_t i = 0; i < count; i++) {
        if (processors[i] < 0 || processors[i] >= CPU_SETSIZE) return -EINVAL;
        CPU_SET(processors[i], &set);
    }
    return checked(sched_setaffinity(0, sizeof set, &set));
}

int spindle_identity_set(int64_t user, int64_t group) {
    // Groups first: a user without privileges could not give them up any more.
    if (geteuid() == 0 && setgroups(0, NULL) < 0) return -errno;
    if (group >= 0 && setresgid((gid_t)group, (gid_t)group, (gid_t)group) < 0) return -errno;
    if (user >= 0 && setresuid((uid_t)user, (uid_t)user, (uid_t)user) < 0) return -errno;
    return 0;
}

static char *name_room;

void spindle_name_room_is(char *room) { name_room = room; }

void spindle_process_set_name(const char *name) {
    spindle_thread_set_name(name);
    if (!name_room) return;
    // The last byte stays 0: another value there tells the kernel to read on into the environment.
    memset(name_room, 0, SPINDLE_NAME_ROOM);
    memcpy(name_room, name, strnlen(name, SPINDLE_NAME_ROOM - 1));
}

// MARK: Hardening

int spindle_deny_privileges(void) { return checked(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)); }

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define FOREIGN_CALLS 0x40000000
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#define FOREIGN_CALLS 0xffffffff
#endif

int spindle_network_deniable(void) {
#ifdef ARCHITECTURE
    uint32_t action = SECCOMP_RET_ERRNO;
    return checked(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));
#else
    return -ENOSYS;
#endif
}

int spindle_deny_network(void) {
#ifdef ARCHITECTURE
    // On a little-endian machine the low half of an argument comes first.
    const uint32_t family = offsetof(struct seccomp_data, args[0]);
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        // System calls of another architecture have other numbers: none of them.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 0, 7),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FOREIGN_CALLS, 5, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, family),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    };
    struct sock_fprog filter = {sizeof program / sizeof *program, program};
    int error = spindle_deny_privileges();
    // All threads, should a library have started one.
    return error ? error : checked(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter));
#else
    return -ENOSYS;
#endif
}

// From interface 2 and 3, which older headers lack.
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

static const uint64_t writing_files = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE;
static const uint64_t writing = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE |
                                LANDLOCK_ACCESS_FS_REFER | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

static int allow_writing(int rules, const char *path) {
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) return -errno;
    struct stat about;
    int error = checked(fstat(fd, &about));
    if (!error) {
        struct landlock_path_beneath_attr rule = {
            .allowed_access = S_ISDIR(about.st_mode) ? writing : writing_files, .parent_fd = fd};
        error = checked(syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0));
    }
    close(fd);
    return error;
}

int spindle_make_read_only(const char *const *except, size_t count, size_t *failed) {
    *failed = count;
    struct landlock_ruleset_attr handled = {.handled_access_fs = writing};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0) return -errno;
    fcntl(rules, F_SETFD, FD_CLOEXEC);
    int error = allow_writing(rules, "/dev/null");
    for (size_t i = 0; i < count && !error; i++) {
        error = allow_writing(rules, except[i]);
        if (error) *failed = i;
    }
    if (!error) error = spindle_deny_privileges();
    if (!error) error = checked(syscall(SYS_landlock_restrict_self, rules, 0));
    close(rules);
    return error;
}
