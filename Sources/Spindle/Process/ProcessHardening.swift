internal import CSpindle
internal import Glibc

/// What a worker process may do, for work that is not trusted. Everything unless you say so.
///
/// Each holds for the process and those it starts, and cannot be undone by them.
/// It narrows the damage; it is not a container: the worker still shares the
/// user, the file names and the processes of its program.
public struct ProcessHardening: Sendable, Equatable {
    /// No set-user-ID program or file capability gives it more privileges (PR_SET_NO_NEW_PRIVS). The other two imply it.
    public var noNewPrivileges: Bool
    /// It can make no socket but a local one (AF_UNIX), by a seccomp(2) filter. Descriptors it is given keep working.
    public var noNetwork: Bool
    /// It can change, create and remove files beneath these paths only, by Landlock. Reading is not restricted,
    /// nor are /dev/null and descriptors it is given. Nil for no restriction; empty for no writing at all.
    public var writablePaths: [String]?

    /// No restriction but those you name.
    public init(noNewPrivileges: Bool = false, noNetwork: Bool = false, writablePaths: [String]? = nil) {
        self.noNewPrivileges = noNewPrivileges
        self.noNetwork = noNetwork
        self.writablePaths = writablePaths
    }

    /// A file system to be read only, outside the given paths.
    public static func readOnlyFileSystem(except paths: [String] = []) -> ProcessHardening {
        ProcessHardening(writablePaths: paths)
    }

    /// In the owner: a restriction that this kernel cannot keep is refused, never dropped.
    func check() throws(WorkerStartError) {
        if noNetwork {
            let error = spindle_network_deniable()
            if error != 0 {
                throw WorkerStartError(
                    .unsupported,
                    "This kernel has no seccomp filters, which noNetwork needs (\(systemMessage(-error))); leave it out or run elsewhere.",
                    errno: -error)
            }
        }
        if let writablePaths {
            let version = spindle_landlock_version()
            guard version >= SPINDLE_LANDLOCK_NEEDED else {
                throw WorkerStartError(
                    .unsupported,
                    "A read-only file system needs Landlock, interface 3 or later (Linux 6.2); this kernel has \(version < 0 ? "none" : "\(version)"). Leave it out or run elsewhere.",
                    errno: version < 0 ? -version : nil)
            }
            for path in writablePaths where path.utf8.contains(0) || access(path, F_OK) != 0 {
                throw .invalid("the writable path \(path) does not exist.")
            }
        }
    }
}
