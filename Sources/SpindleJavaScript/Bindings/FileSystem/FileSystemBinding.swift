internal import Glibc

/// `binding('fs')`: each call of the file system in two forms.
///
/// `stat(path, …)` blocks and returns the result. `statLater(done, path, …)` returns at once, holds the loop, and calls
/// `done(result)` from it. A failure is a negative number (-errno) or, from within an operation of several steps,
/// `{errno, syscall, path}`. A file is named by its path or its descriptor.
///
/// Bytes go by way of the host's own memory: `memory(count)` gives `[buffer, id]`, calls take the id, and
/// `release(id)` ends its use.
func makeFileSystemBinding(_ guest: Guest) -> GuestValue {
    let memories = Memories()
    let engine = guest.engine
    let binding = engine.object(of: [
        "memory": { call in memories.lend(call) },
        "release": { call in
            memories.remove(call.int(0))
            return nil
        },
        "watch": { [unowned guest] call in call.engine.value(guest.watchFile(try call.string(0), then: call[1])) },
        "unwatch": { [unowned guest] call in
            guest.fileWatches.removeValue(forKey: call.int(0))?.close()
            return nil
        },
        "refWatch": { [unowned guest] call in
            guest.fileWatches[call.int(0)]?.setReference(call.bool(1))
            return nil
        },
    ])
    for (name, prepare) in fileCalls {
        engine.setProperty(
            name, of: binding,
            to: engine.function(name) { call in
                try prepare(FileArguments(call: call, first: 0, memories: memories))().value(in: call.engine)
            })
        let later = name + "Later"
        engine.setProperty(
            later, of: binding,
            to: engine.function(later) { [unowned guest] call in
                let perform = try prepare(FileArguments(call: call, first: 1, memories: memories))
                guest.performLater(then: call[0]) {
                    let result = perform()
                    return { result.value(in: $0) }
                }
                return nil
            })
    }
    return binding
}

/// The memory that scripts have in use, by number.
final class Memories {
    private var byID: [Int: HostMemory] = [:]
    private var lastID = 0

    /// `(count)` → `[buffer, id]`.
    func lend(_ call: HostCall) -> GuestValue {
        let memory = HostMemory(count: call.int(0))
        lastID += 1
        byID[lastID] = memory
        return call.engine.array([call.engine.arrayBuffer(memory, count: call.int(0)), call.engine.value(lastID)])
    }

    @discardableResult
    func remove(_ id: Int) -> HostMemory? { byID.removeValue(forKey: id) }
    subscript(_ id: Int) -> HostMemory? { byID[id] }
}

/// The arguments of a call, from `first` on.
private struct FileArguments {
    let call: HostCall
    let first: Int
    let memories: Memories

    func int(_ index: Int) -> Int { call.int(first + index) }
    func int32(_ index: Int) -> Int32 { Int32(truncatingIfNeeded: int(index)) }
    func double(_ index: Int) -> Double { call.double(first + index) }
    func bool(_ index: Int) -> Bool { call.bool(first + index) }
    func mode(_ index: Int) -> mode_t { mode_t(truncatingIfNeeded: int(index)) }
    func string(_ index: Int) throws -> String { try call.string(first + index) }

    func target(_ index: Int) throws -> FileOperations.Target {
        call.engine.isNumber(call[first + index]) ? .descriptor(int32(index)) : .path(try string(index))
    }

    func memory(_ index: Int) throws -> HostMemory {
        guard let memory = memories[int(index)] else {
            throw HostError("ERR_INTERNAL_ASSERTION", "There is no memory \(int(index)).")
        }
        return memory
    }
}

private typealias FileCall = @Sendable (FileArguments) throws -> @Sendable () -> FileResult

private let fileCalls: KeyValuePairs<String, FileCall> = [
    // (path, mode)
    "access": { a in
        let (path, mode) = (try a.string(0), a.int32(1))
        return { .of(access(path, mode)) }
    },
    // (path | fd, mode)
    "chmod": { a in
        let (target, mode) = (try a.target(0), a.mode(1))
        return {
            switch target {
            case .path(let path): .of(chmod(path, mode))
            case .descriptor(let descriptor): .of(fchmod(descriptor, mode))
            }
        }
    },
    // (path | fd, uid, gid, followsLinks)
    "chown": { a in
        let (target, user, group, follows) = (
            try a.target(0), uid_t(truncatingIfNeeded: a.int(1)), gid_t(truncatingIfNeeded: a.int(2)), a.bool(3)
        )
        return {
            switch target {
            case .path(let path): .of(follows ? chown(path, user, group) : lchown(path, user, group))
            case .descriptor(let descriptor): .of(fchown(descriptor, user, group))
            }
        }
    },
    // (fd)
    "close": { a in
        let descriptor = a.int32(0)
        return { FileOperations.close(descriptor) }
    },
    // (source, destination, isExclusive)
    "copyFile": { a in
        let (source, destination, isExclusive) = (try a.string(0), try a.string(1), a.bool(2))
        return { FileOperations.copyFile(source, destination, isExclusive: isExclusive) }
    },
    // (existing, path)
    "link": { a in
        let (existing, path) = (try a.string(0), try a.string(1))
        return { .of(link(existing, path)) }
    },
    // (path, mode, isRecursive) → the first that was made, if recursive
    "mkdir": { a in
        let (path, mode, isRecursive) = (try a.string(0), a.mode(1), a.bool(2))
        return { isRecursive ? FileOperations.makeDirectories(path, mode) : .of(mkdir(path, mode)) }
    },
    // (prefix) → path
    "mkdtemp": { a in
        let prefix = try a.string(0)
        return { FileOperations.makeTemporaryDirectory(prefix) }
    },
    // (path, flags, mode) → fd
    "open": { a in
        let (path, flags, mode) = (try a.string(0), a.int32(1), a.mode(2))
        return { FileOperations.open(path, flags, mode) }
    },
    // (fd, memory, count, position | -1) → count
    "read": { a in
        let (descriptor, memory, count, position) = (a.int32(0), try a.memory(1), a.int(2), a.int(3))
        return { FileOperations.read(descriptor, into: .init(rebasing: memory.bytes.prefix(count)), at: position) }
    },
    // (path, withTypes, isRecursive) → names, or [names, types]
    "readdir": { a in
        let (path, withTypes, isRecursive) = (try a.string(0), a.bool(1), a.bool(2))
        return { FileOperations.readDirectory(path, withTypes: withTypes, isRecursive: isRecursive) }
    },
    // (path | fd, flags, asText) → string or ArrayBuffer
    "readFile": { a in
        let (target, flags, asText) = (try a.target(0), a.int32(1), a.bool(2))
        return { FileOperations.readFile(target, flags: flags, asText: asText) }
    },
    // (path) → path
    "readlink": { a in
        let path = try a.string(0)
        return { FileOperations.readLink(path) }
    },
    // (path) → path
    "realpath": { a in
        let path = try a.string(0)
        return { FileOperations.realPath(path) }
    },
    // (from, to)
    "rename": { a in
        let (from, to) = (try a.string(0), try a.string(1))
        return { .of(rename(from, to)) }
    },
    // (path, isRecursive, isForced)
    "rm": { a in
        let (path, isRecursive, isForced) = (try a.string(0), a.bool(1), a.bool(2))
        return { FileOperations.remove(path, isRecursive: isRecursive, isForced: isForced) }
    },
    // (path)
    "rmdir": { a in
        let path = try a.string(0)
        return { .of(rmdir(path)) }
    },
    // (path | fd, followsLinks, asBigInt) → figures
    "stat": { a in
        let (target, follows, bigInt) = (try a.target(0), a.bool(1), a.bool(2))
        return {
            switch target {
            case .path(let path): FileOperations.status(path, followsLinks: follows, bigInt: bigInt)
            case .descriptor(let descriptor): FileOperations.status(descriptor, bigInt: bigInt)
            }
        }
    },
    // (path, asBigInt) → figures
    "statfs": { a in
        let (path, bigInt) = (try a.string(0), a.bool(1))
        return { FileOperations.fileSystemStatus(path, bigInt: bigInt) }
    },
    // (target, path)
    "symlink": { a in
        let (target, path) = (try a.string(0), try a.string(1))
        return { .of(symlink(target, path)) }
    },
    // (fd, dataOnly)
    "sync": { a in
        let (descriptor, dataOnly) = (a.int32(0), a.bool(1))
        return { .of(dataOnly ? fdatasync(descriptor) : fsync(descriptor)) }
    },
    // (path | fd, length)
    "truncate": { a in
        let (target, length) = (try a.target(0), a.int(1))
        return {
            switch target {
            case .path(let path): .of(truncate(path, length))
            case .descriptor(let descriptor): .of(ftruncate(descriptor, length))
            }
        }
    },
    // (path)
    "unlink": { a in
        let path = try a.string(0)
        return { .of(unlink(path)) }
    },
    // (path | fd, accessed, modified, followsLinks); times in seconds
    "utimes": { a in
        let (target, accessed, modified, follows) = (try a.target(0), a.double(1), a.double(2), a.bool(3))
        return { FileOperations.setTimes(target, (accessed, modified), followsLinks: follows) }
    },
    // (fd, memory, count, position | -1) → count
    "write": { a in
        let (descriptor, memory, count, position) = (a.int32(0), try a.memory(1), a.int(2), a.int(3))
        return { FileOperations.write(descriptor, .init(rebasing: memory.bytes.prefix(count)), at: position) }
    },
    // (path | fd, memory, count, flags, mode, flush)
    "writeFile": { a in
        let (target, memory, count) = (try a.target(0), try a.memory(1), a.int(2))
        let (flags, mode, flush) = (a.int32(3), a.mode(4), a.bool(5))
        return {
            FileOperations.writeFile(
                target, .init(rebasing: memory.bytes.prefix(count)), flags: flags, mode: mode, flush: flush)
        }
    },
    // (path | fd, text, flags, mode, flush)
    "writeText": { a in
        let (target, text) = (try a.target(0), try a.string(1))
        let (flags, mode, flush) = (a.int32(2), a.mode(3), a.bool(4))
        return {
            var text = text
            return text.withUTF8 {
                FileOperations.writeFile(target, UnsafeRawBufferPointer($0), flags: flags, mode: mode, flush: flush)
            }
        }
    },
]
