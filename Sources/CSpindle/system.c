#define _GNU_SOURCE
#include "CSpindle.h"

#include <errno.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int spindle_pidfd_open_self(void) {
    long result = syscall(SYS_pidfd_open, getpid(), 0);
    return result < 0 ? -errno : (int)result;
}

int spindle_landlock_version(void) {
    long result = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return result < 0 ? -errno : (int)result;
}

int spindle_seccomp_can_kill(void) {
    uint32_t action = SECCOMP_RET_KILL_PROCESS;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) < 0 ? -errno : 0;
}

int spindle_memfd_seal_check(void) {
    int fd = spindle_memfd_create_sealed("spindle-doctor", 4096);
    if (fd < 0) return fd;
    int result = ftruncate(fd, 0) < 0 ? 0 : -EPERM;
    close(fd);
    return result;
}

static uint64_t soft_limit(int resource) {
    struct rlimit limit;
    // Cannot fail for a resource that exists.
    getrlimit(resource, &limit);
    return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}

uint64_t spindle_limit_threads(void) { return soft_limit(RLIMIT_NPROC); }

uint64_t spindle_limit_descriptors(void) { return soft_limit(RLIMIT_NOFILE); }

int spindle_terminal_width(int fd) {
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) < 0 ? -errno : size.ws_col;
}

int spindle_statfs(const char *path, int64_t figures[7]) {
    struct statfs status;
    if (statfs(path, &status) < 0) return -errno;
    figures[0] = (int64_t)status.f_type;
    figures[1] = (int64_t)status.f_bsize;
    figures[2] = (int64_t)status.f_blocks;
    figures[3] = (int64_t)status.f_bfree;
    figures[4] = (int64_t)status.f_bavail;
    figures[5] = (int64_t)status.f_files;
    figures[6] = (int64_t)status.f_ffree;
    return 0;
}
