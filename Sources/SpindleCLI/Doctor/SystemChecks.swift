internal import CSpindle
internal import Glibc

/// What worker processes build on beside sealed memory and waits on two words; workers on threads do without.
enum SystemChecks {
    static func all() -> [Finding] { [pidfd(), landlock(), seccomp()] }

    private static func pidfd() -> Finding {
        let descriptor = spindle_pidfd_open_self()
        guard descriptor >= 0 else {
            return .missing(
                "process descriptors", ThreadChecks.text(of: descriptor),
                "Watching worker processes needs pidfd_open(2), Linux 5.3 or later, and a sandbox that allows it.")
        }
        close(descriptor)
        return .ok("process descriptors", "pidfd_open")
    }

    private static func landlock() -> Finding {
        let version = spindle_landlock_version()
        guard version > 0 else {
            return .missing(
                "Landlock", ThreadChecks.text(of: version),
                "Worker processes cannot be kept to some directories; boot Linux 5.13 or later with 'lsm=landlock,…'.")
        }
        return .ok("Landlock", "interface version \(version)")
    }

    private static func seccomp() -> Finding {
        let result = spindle_seccomp_can_kill()
        guard result == 0 else {
            return .missing(
                "seccomp", ThreadChecks.text(of: result),
                "Worker processes cannot be kept from system calls; use a kernel with CONFIG_SECCOMP_FILTER.")
        }
        return .ok("seccomp", "filters can end a process")
    }
}
