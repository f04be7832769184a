internal import Glibc

/// The regular files below a directory.
///
/// Symbolic links are not followed at all, be it to files or to directories: they
/// are counted. So are sockets, pipes and devices. What cannot be read, and what has
/// a name that is not UTF-8, becomes a ``FileFailure``; the rest is listed all the same.
public struct DirectoryListing: Sendable {
    public struct File: Equatable, Sendable {
        /// Relative to the root.
        public let path: String
        /// In bytes, when it was listed.
        public let size: Int
    }

    /// How many files a listing holds at most: they are all in memory at once, at some 100 bytes each.
    public static let maximumFileCount = 1_000_000

    /// In the byte order of their paths.
    public private(set) var files: [File] = []
    public private(set) var failures: [FileFailure] = []
    public private(set) var skippedLinks = 0
    public private(set) var skippedSpecials = 0

    /// The sum of the sizes in bytes.
    public var totalSize: Int { files.reduce(0) { $0 + $1.size } }

    /// Lists on the calling thread; costs one or two system calls a file.
    ///
    /// - Throws: ``WorkloadError`` when the root is not a readable directory or has more than
    ///   ``maximumFileCount`` files below it, `CancellationError` when the task is cancelled.
    public init(root path: String, maximumFileCount: Int = Self.maximumFileCount) throws {
        let root = try Descriptor(opening: path, flags: O_RDONLY | O_DIRECTORY)
        // Directories are opened one at a time by their path, so that no depth runs out of descriptors or stack.
        var pending = [""]
        while let directory = pending.popLast() {
            do {
                pending += try list(directory, below: root, maximumFileCount)
            } catch let error as WorkloadError where error.code == .unreadable && !directory.isEmpty {
                failures.append(FileFailure(path: directory, reason: error.message))
            }
        }
        files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Adds what is directly in a directory; returns the directories in it.
    private mutating func list(
        _ directory: String, below root: borrowing Descriptor, _ maximumFileCount: Int
    ) throws -> [String] {
        let descriptor = try root.open(below: directory, flags: O_RDONLY | O_DIRECTORY)
        // The stream takes a descriptor of its own to close.
        let copy = fcntl(descriptor.number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let error = errno
            if copy >= 0 { close(copy) }
            throw WorkloadError.system("list", directory, error)
        }
        defer { closedir(stream) }
        var directories: [String] = []
        while true {
            if Task.isCancelled { throw CancellationError() }
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw WorkloadError.system("list", directory, errno) }
                return directories
            }
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { name in Array(name.prefix { $0 != 0 }) }
            if bytes == [0x2E] || bytes == [0x2E, 0x2E] { continue }
            let prefix = directory.isEmpty ? "" : directory + "/"
            guard let name = String(validating: bytes, as: UTF8.self) else {
                failures.append(
                    FileFailure(
                        path: prefix + String(decoding: bytes, as: UTF8.self),
                        reason: "Its name is not valid UTF-8; rename it."))
                continue
            }
            let path = prefix + name
            var status = stat()
            guard fstatat(descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                failures.append(FileFailure(path: path, reason: WorkloadError.system("inspect", path, errno).message))
                continue
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                guard files.count < maximumFileCount else {
                    throw WorkloadError(
                        .limitExceeded,
                        "There are more than \(maximumFileCount) files; name directories further down, one at a time.")
                }
                files.append(File(path: path, size: Int(status.st_size)))
            case S_IFDIR: directories.append(path)
            case S_IFLNK: skippedLinks += 1
            default: skippedSpecials += 1
            }
        }
    }
}
