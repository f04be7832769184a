internal import Glibc

/// Operations on whole directories. Not atomic: others may change the tree meanwhile.
extension FileOperations {
    static func readDirectory(_ path: String, withTypes: Bool, isRecursive: Bool) -> FileResult {
        var names: [String] = []
        var types: [UInt8] = []
        // Relative to `path`; the front is read next, which gives Node's order.
        var pending = [""]
        var next = 0
        while next < pending.count {
            let folder = pending[next]
            next += 1
            let full = folder.isEmpty ? path : path + "/" + folder
            guard let directory = opendir(full) else { return failure(folder.isEmpty, "scandir", full) }
            defer { closedir(directory) }
            var found: [(name: String, type: UInt8)] = []
            while true {
                errno = 0
                guard let entry = readdir(directory) else {
                    if errno != 0 { return failure(folder.isEmpty, "scandir", full) }
                    break
                }
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                var type = entry.pointee.d_type
                if type == UInt8(DT_UNKNOWN), withTypes || isRecursive { type = typeOf(full + "/" + name) }
                found.append((name, type))
            }
            // As scandir(3) with a comparison by bytes, which Node does.
            found.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            for entry in found {
                let name = folder.isEmpty ? entry.name : folder + "/" + entry.name
                names.append(name)
                types.append(entry.type)
                if isRecursive, entry.type == UInt8(DT_DIR) { pending.append(name) }
            }
        }
        return .entries(names, types: withTypes ? types : nil)
    }

    private static func failure(_ isTop: Bool, _ call: String, _ path: String) -> FileResult {
        isTop ? .failure(errno: errno) : .failureAt(errno: errno, call: call, path: path)
    }

    /// Some file systems leave the type out of their directories.
    private static func typeOf(_ path: String) -> UInt8 {
        var status = Glibc.stat()
        guard lstat(path, &status) == 0 else { return UInt8(DT_UNKNOWN) }
        return UInt8((status.st_mode & S_IFMT) >> 12)
    }

    /// - Returns: the first directory that had to be made, if any.
    static func makeDirectories(_ path: String, _ mode: mode_t) -> FileResult {
        var missing: [String] = []
        var current = path
        while current.count > 1, current.hasSuffix("/") { current.removeLast() }
        while true {
            if mkdir(current, mode) == 0 { break }
            switch errno {
            case ENOENT:
                missing.append(current)
                let parent = parentOf(current)
                // The directory in which we work is gone.
                if parent == current { return .failure(errno: ENOENT) }
                current = parent
                continue
            case EEXIST, EISDIR, EROFS, EACCES, EPERM:
                let reason = errno
                var status = Glibc.stat()
                guard stat(current, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                    return .failure(errno: missing.isEmpty || reason != EEXIST ? reason : ENOTDIR)
                }
                guard let first = missing.last else { return .done }
                return make(missing, first: first, mode)
            default: return .failure(errno: errno)
            }
        }
        return make(missing, first: current, mode)
    }

    private static func make(_ missing: [String], first: String, _ mode: mode_t) -> FileResult {
        for path in missing.reversed() {
            // Somebody else may have been as quick.
            if mkdir(path, mode) < 0, errno != EEXIST { return .failure(errno: errno) }
        }
        return .text(first)
    }

    private static func parentOf(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        var parent = String(path[..<slash])
        while parent.hasSuffix("/") { parent.removeLast() }
        return parent.isEmpty ? "/" : parent
    }

    /// Removes a file, or a directory with everything in it. Links are removed, not followed.
    static func remove(_ path: String, isRecursive: Bool, isForced: Bool) -> FileResult {
        var status = Glibc.stat()
        guard lstat(path, &status) == 0 else {
            return isForced && errno == ENOENT ? .done : .failureAt(errno: errno, call: "lstat", path: path)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return unlink(path) < 0 && !(isForced && errno == ENOENT)
                ? .failureAt(errno: errno, call: "unlink", path: path) : .done
        }
        guard isRecursive else { return .failureAt(errno: EISDIR, call: "rm", path: path) }
        guard case .entries(let names, _) = readDirectory(path, withTypes: false, isRecursive: false) else {
            return .failureAt(errno: errno, call: "scandir", path: path)
        }
        for name in names {
            // What vanishes meanwhile is what we wanted.
            let result = remove(path + "/" + name, isRecursive: true, isForced: true)
            guard case .done = result else { return result }
        }
        return rmdir(path) < 0 && !(isForced && errno == ENOENT) ? .failureAt(errno: errno, call: "rmdir", path: path) : .done
    }
}
