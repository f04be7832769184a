internal import Glibc

/// A regular file that is open for reading; closes with the value.
struct OpenFile: ~Copyable {
    private let descriptor: Descriptor
    /// In bytes, when it was opened.
    let size: Int

    /// Opens the file at a path that the caller trusts: links in it are followed.
    init(_ path: String) throws(WorkloadError) {
        try self.init(Descriptor(opening: path, flags: Self.flags), path)
    }

    /// Opens a file below a directory; no link below it is followed.
    init(_ path: String, below root: borrowing Descriptor) throws(WorkloadError) {
        try self.init(root.open(below: path, flags: Self.flags), path)
    }

    /// Without O_NONBLOCK the open itself would wait for the other end of a named pipe.
    private static let flags = O_RDONLY | O_NONBLOCK

    private init(_ descriptor: consuming Descriptor, _ path: String) throws(WorkloadError) {
        let status = try descriptor.status(path)
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw WorkloadError(.unreadable, "'\(path)' is not a regular file; name a file.")
        }
        self.descriptor = descriptor
        size = Int(status.st_size)
        // A hint only: it doubles the system's read-ahead.
        posix_fadvise(self.descriptor.number, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    /// Hands the file's bytes to `body` in order, in chunks of at most 1 MiB, each valid during the call.
    ///
    /// - Throws: ``WorkloadError`` when reading fails, `CancellationError` when the task is cancelled, and what `body` throws.
    func forEachChunk(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        // A small file gets a small buffer: a fresh mebibyte costs its page faults.
        let capacity = min(1 << 20, max(4096, size))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            if Task.isCancelled { throw CancellationError() }
            let count = read(descriptor.number, buffer.baseAddress, capacity)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw WorkloadError.system("read", path, errno) }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}

/// An open file descriptor; closes with the value.
struct Descriptor: ~Copyable {
    let number: Int32

    init(opening path: String, flags: Int32) throws(WorkloadError) {
        // The system would take the path up to the NUL for the whole.
        guard !path.utf8.contains(0) else {
            throw WorkloadError(.invalidInput, "A path cannot contain a NUL character; check where it comes from.")
        }
        let opened = Glibc.open(path, flags | O_CLOEXEC)
        guard opened >= 0 else { throw .system("open", path, errno) }
        number = opened
    }

    /// `path` is for the error.
    private init(openingAt directory: Int32, _ name: String, flags: Int32, _ path: String) throws(WorkloadError) {
        let opened = openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { throw .system("open", path, errno) }
        number = opened
    }

    deinit { close(number) }

    /// Opens what is at a relative path below this directory, one component at a time and without following
    /// links: a directory that somebody swaps for a link meanwhile cannot lead out of the root.
    /// The empty path is the directory itself.
    borrowing func open(below path: String, flags: Int32) throws(WorkloadError) -> Descriptor {
        let components = path.split(separator: "/")
        guard !components.contains(".."), !path.hasPrefix("/"), !path.utf8.contains(0) else {
            throw WorkloadError(.invalidInput, "'\(path)' leads out of its directory; give a path below it.")
        }
        var current = try Descriptor(openingAt: number, ".", flags: O_RDONLY | O_DIRECTORY, path.isEmpty ? "." : path)
        for (index, component) in components.enumerated() {
            let isLast = index == components.count - 1
            current = try Descriptor(
                openingAt: current.number, String(component), flags: isLast ? flags : O_RDONLY | O_DIRECTORY, path)
        }
        return current
    }

    borrowing func status(_ path: String) throws(WorkloadError) -> stat {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw .system("inspect", path, errno) }
        return status
    }
}

extension WorkloadError {
    /// The system refused `verb` on a path.
    static func system(_ verb: String, _ path: String, _ errno: Int32) -> WorkloadError {
        let hint =
            switch errno {
            case ENOENT: "there is no such file or directory; check the path"
            case EACCES, EPERM: "permission denied; run as a user that may read it"
            case ELOOP: "it is a symbolic link, and links are not followed"
            case ENOTDIR: "a part of the path is not a directory; check the path"
            case EMFILE, ENFILE: "too many open files; raise the limit with 'ulimit -n'"
            default: String(cString: strerror(errno))
            }
        return WorkloadError(.unreadable, "Cannot \(verb) '\(path)': \(hint).", errno: errno)
    }
}
