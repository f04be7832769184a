// The system's constants on Linux, as os.constants shows them.

const { ObjectAssign, ObjectFreeze } = primordials;

/** Names with the numbers from `first` on; an empty name leaves its number out. */
function numbered(first, names) {
    const result = { __proto__: null };
    for (let i = 0; i < names.length; i++) if (names[i] !== '') result[names[i]] = first + i;
    return result;
}

const signals = numbered(1, [
    'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGUSR1', 'SIGSEGV', 'SIGUSR2',
    'SIGPIPE', 'SIGALRM', 'SIGTERM', 'SIGSTKFLT', 'SIGCHLD', 'SIGCONT', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGURG',
    'SIGXCPU', 'SIGXFSZ', 'SIGVTALRM', 'SIGPROF', 'SIGWINCH', 'SIGIO', 'SIGPWR', 'SIGSYS',
]);
signals.SIGIOT = signals.SIGABRT;
signals.SIGPOLL = signals.SIGIO;

const errno = numbered(1, [
    'EPERM', 'ENOENT', 'ESRCH', 'EINTR', 'EIO', 'ENXIO', 'E2BIG', 'ENOEXEC', 'EBADF', 'ECHILD', 'EAGAIN', 'ENOMEM', 'EACCES',
    'EFAULT', '', 'EBUSY', 'EEXIST', 'EXDEV', 'ENODEV', 'ENOTDIR', 'EISDIR', 'EINVAL', 'ENFILE', 'EMFILE', 'ENOTTY', 'ETXTBSY',
    'EFBIG', 'ENOSPC', 'ESPIPE', 'EROFS', 'EMLINK', 'EPIPE', 'EDOM', 'ERANGE', 'EDEADLK', 'ENAMETOOLONG', 'ENOLCK', 'ENOSYS',
    'ENOTEMPTY', 'ELOOP', '', 'ENOMSG', 'EIDRM',
]);
ObjectAssign(errno, numbered(60, ['ENOSTR', 'ENODATA', 'ETIME', 'ENOSR', '', '', '', 'ENOLINK']));
ObjectAssign(errno, numbered(71, ['EPROTO', 'EMULTIHOP', '', 'EBADMSG', 'EOVERFLOW']));
ObjectAssign(errno, numbered(84, ['EILSEQ', '', '', '', 'ENOTSOCK', 'EDESTADDRREQ', 'EMSGSIZE', 'EPROTOTYPE', 'ENOPROTOOPT',
    'EPROTONOSUPPORT', '', 'EOPNOTSUPP', '', 'EAFNOSUPPORT', 'EADDRINUSE', 'EADDRNOTAVAIL', 'ENETDOWN', 'ENETUNREACH',
    'ENETRESET', 'ECONNABORTED', 'ECONNRESET', 'ENOBUFS', 'EISCONN', 'ENOTCONN', '', '', 'ETIMEDOUT', 'ECONNREFUSED', '',
    'EHOSTUNREACH', 'EALREADY', 'EINPROGRESS', 'ESTALE', '', '', '', '', '', 'EDQUOT', '', '', 'ECANCELED']));
errno.EWOULDBLOCK = errno.EAGAIN;
errno.ENOTSUP = errno.EOPNOTSUPP;

const os = ObjectFreeze({
    __proto__: null,
    UV_UDP_REUSEADDR: 4,
    dlopen: ObjectFreeze({ __proto__: null, RTLD_LAZY: 1, RTLD_NOW: 2, RTLD_GLOBAL: 256, RTLD_LOCAL: 0, RTLD_DEEPBIND: 8 }),
    errno: ObjectFreeze(errno),
    signals: ObjectFreeze(signals),
    priority: ObjectFreeze({
        __proto__: null,
        PRIORITY_LOW: 19,
        PRIORITY_BELOW_NORMAL: 10,
        PRIORITY_NORMAL: 0,
        PRIORITY_ABOVE_NORMAL: -7,
        PRIORITY_HIGH: -14,
        PRIORITY_HIGHEST: -20,
    }),
});

module.exports = { os };
