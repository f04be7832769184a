internal import CSpindle
internal import Glibc

/// The calls of the file system that a guest can make. Each blocks, and can be called on any thread.
enum FileOperations {
    static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }

    /// The figures of a stat(2), in the order in which the script reads them.
    private static func figures(of stat: Glibc.stat) -> [Int64] {
        [
            Int64(bitPattern: UInt64(stat.st_dev)), Int64(stat.st_mode), Int64(stat.st_nlink), Int64(stat.st_uid),
            Int64(stat.st_gid), Int64(bitPattern: UInt64(stat.st_rdev)), Int64(stat.st_blksize),
            Int64(bitPattern: UInt64(stat.st_ino)), Int64(stat.st_size), Int64(stat.st_blocks),
            Int64(stat.st_atim.tv_sec), Int64(stat.st_atim.tv_nsec), Int64(stat.st_mtim.tv_sec), Int64(stat.st_mtim.tv_nsec),
            Int64(stat.st_ctim.tv_sec), Int64(stat.st_ctim.tv_nsec),
        ]
    }

    static func status(_ path: String, followsLinks: Bool, bigInt: Bool) -> FileResult {
        var buffer = Glibc.stat()
        let result = followsLinks ? stat(path, &buffer) : lstat(path, &buffer)
        return result < 0 ? .failure(errno: errno) : .figures(figures(of: buffer), bigInt: bigInt)
    }

    static func status(_ descriptor: Int32, bigInt: Bool) -> FileResult {
        var buffer = Glibc.stat()
        return fstat(descriptor, &buffer) < 0 ? .failure(errno: errno) : .figures(figures(of: buffer), bigInt: bigInt)
    }

    static func fileSystemStatus(_ path: String, bigInt: Bool) -> FileResult {
        var figures = [Int64](repeating: 0, count: 7)
        let result = spindle_statfs(path, &figures)
        return result < 0 ? .failure(errno: -result) : .figures(figures, bigInt: bigInt)
    }

    static func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> FileResult {
        let descriptor = retrying { Glibc.open(path, flags | O_CLOEXEC, mode) }
        return descriptor < 0 ? .failure(errno: errno) : .number(Int(descriptor))
    }

    static func close(_ descriptor: Int32) -> FileResult {
        // Not again after EINTR: on Linux the descriptor is closed then (close(2)).
        let result = Glibc.close(descriptor)
        return result < 0 && errno != EINTR ? .failure(errno: errno) : .done
    }

    /// - Parameter position: where in the file; negative for where the descriptor stands.
    static func read(_ descriptor: Int32, into bytes: UnsafeMutableRawBufferPointer, at position: Int) -> FileResult {
        let count = retrying {
            position < 0
                ? Glibc.read(descriptor, bytes.baseAddress, bytes.count)
                : pread(descriptor, bytes.baseAddress, bytes.count, position)
        }
        return count < 0 ? .failure(errno: errno) : .number(count)
    }

    static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at position: Int) -> FileResult {
        let count = retrying {
            position < 0
                ? Glibc.write(descriptor, bytes.baseAddress, bytes.count)
                : pwrite(descriptor, bytes.baseAddress, bytes.count, position)
        }
        return count < 0 ? .failure(errno: errno) : .number(count)
    }

    // MARK: Whole files

    /// A path, or a descriptor that somebody has opened.
    enum Target: Sendable {
        case path(String)
        case descriptor(Int32)

        /// Opens a path; `body` gets the descriptor, which is closed afterwards if it was opened here.
        func withDescriptor(_ flags: Int32, _ mode: mode_t, _ body: (Int32) -> FileResult) -> FileResult {
            switch self {
            case .descriptor(let descriptor): return body(descriptor)
            case .path(let path):
                let descriptor = retrying { Glibc.open(path, flags | O_CLOEXEC, mode) }
                guard descriptor >= 0 else { return .failure(errno: errno) }
                defer { _ = Glibc.close(descriptor) }
                return body(descriptor)
            }
        }
    }

    /// The rest of a file, of whatever kind.
    static func readFile(_ target: Target, flags: Int32, asText: Bool) -> FileResult {
        target.withDescriptor(flags, 0) { descriptor in
            var status = Glibc.stat()
            guard fstat(descriptor, &status) == 0 else { return .failureAt(errno: errno, call: "fstat", path: "") }
            // One byte more than there should be shows the end without a second read.
            var memory = HostMemory(count: status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) + 1 : 64 << 10)
            var count = 0
            while true {
                if count == memory.bytes.count {
                    let larger = HostMemory(count: 2 * count)
                    larger.bytes.copyMemory(from: UnsafeRawBufferPointer(memory.bytes))
                    memory = larger
                }
                let rest = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[count...])
                let got = retrying { Glibc.read(descriptor, rest.baseAddress, rest.count) }
                if got < 0 { return .failureAt(errno: errno, call: "read", path: "") }
                if got == 0 { break }
                count += got
            }
            return asText ? .utf8(memory, count: count) : .bytes(memory, count: count)
        }
    }

    static func writeFile(_ target: Target, _ bytes: UnsafeRawBufferPointer, flags: Int32, mode: mode_t, flush: Bool)
        -> FileResult
    {
        target.withDescriptor(flags, mode) { descriptor in
            var rest = bytes
            while !rest.isEmpty {
                let count = retrying { Glibc.write(descriptor, rest.baseAddress, rest.count) }
                if count < 0 { return .failureAt(errno: errno, call: "write", path: "") }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
            return flush && fsync(descriptor) < 0 ? .failureAt(errno: errno, call: "fsync", path: "") : .done
        }
    }

    static func copyFile(_ source: String, _ destination: String, isExclusive: Bool) -> FileResult {
        let input = retrying { Glibc.open(source, O_RDONLY | O_CLOEXEC) }
        guard input >= 0 else { return .failure(errno: errno) }
        defer { _ = Glibc.close(input) }
        var status = Glibc.stat()
        guard fstat(input, &status) == 0 else { return .failure(errno: errno) }
        if status.st_mode & S_IFMT == S_IFDIR { return .failure(errno: EISDIR) }
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (isExclusive ? O_EXCL : 0)
        let output = retrying { Glibc.open(destination, flags, status.st_mode & 0o7777) }
        guard output >= 0 else { return .failure(errno: errno) }
        defer { _ = Glibc.close(output) }
        var existing = Glibc.stat()
        guard fstat(output, &existing) == 0 else { return .failure(errno: errno) }
        // A file copied onto itself stays as it is; cutting it first would lose it.
        if existing.st_dev == status.st_dev, existing.st_ino == status.st_ino { return .done }
        guard ftruncate(output, 0) == 0, fchmod(output, status.st_mode & 0o7777) == 0 else { return .failure(errno: errno) }
        let memory = HostMemory(count: 256 << 10)
        while true {
            let count = retrying { Glibc.read(input, memory.bytes.baseAddress, memory.bytes.count) }
            if count == 0 { return .done }
            if count < 0 { return .failure(errno: errno) }
            let piece = UnsafeRawBufferPointer(rebasing: memory.bytes.prefix(count))
            let written = writeFile(.descriptor(output), piece, flags: 0, mode: 0, flush: false)
            guard case .done = written else { return written }
        }
    }

    // MARK: Names

    static func realPath(_ path: String) -> FileResult {
        guard let resolved = realpath(path, nil) else { return .failure(errno: errno) }
        defer { free(resolved) }
        return .text(String(cString: resolved))
    }

    static func readLink(_ path: String) -> FileResult {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
            let count = readlink(path, buffer.baseAddress!, buffer.count)
            guard count >= 0 else { return .failure(errno: errno) }
            return .text(String(decoding: UnsafeRawBufferPointer(buffer).prefix(count), as: UTF8.self))
        }
    }

    static func makeTemporaryDirectory(_ prefix: String) -> FileResult {
        var template = Array((prefix + "XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { return .failure(errno: errno) }
        return .text(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// - Parameter times: access and modification, in seconds.
    static func setTimes(_ target: Target, _ times: (Double, Double), followsLinks: Bool) -> FileResult {
        let specifications = [times.0, times.1].map { time in
            let whole = time.rounded(.down)
            return timespec(tv_sec: Int(exactly: whole) ?? 0, tv_nsec: Int(((time - whole) * 1e9).rounded(.down)))
        }
        switch target {
        case .path(let path): return .of(utimensat(AT_FDCWD, path, specifications, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW))
        case .descriptor(let descriptor): return .of(futimens(descriptor, specifications))
        }
    }
}
