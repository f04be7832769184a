internal import CJavaScriptCore
internal import Glibc

/// What a call of the file system gives back; made on any thread, handed to the guest on its own.
enum FileResult: Sendable {
    case done
    case number(Int)
    case text(String)
    /// UTF-8 that becomes a string of the guest.
    case utf8(HostMemory, count: Int)
    case bytes(HostMemory, count: Int)
    /// The numbers of a stat(2) or a statfs(2).
    case figures([Int64], bigInt: Bool)
    /// Names, and of each the type as in a dirent(3), or none asked for.
    case entries([String], types: [UInt8]?)
    /// Seen as a negative number.
    case failure(errno: Int32)
    /// Likewise, from within an operation of several steps; seen as an object.
    case failureAt(errno: Int32, call: String, path: String)

    func value(in engine: Engine) -> GuestValue {
        switch self {
        case .done: return engine.undefined
        case .number(let number): return engine.value(number)
        case .text(let text): return engine.value(text)
        case .utf8(let memory, let count):
            return memory.bytes.withMemoryRebound(to: UInt8.self) {
                engine.value(utf8: UnsafeBufferPointer(rebasing: $0.prefix(count)))
            }
        case .bytes(let memory, let count): return engine.arrayBuffer(memory, count: count)
        case .figures(let figures, let bigInt):
            return engine.array(figures.map { bigInt ? engine.value(bigInt: $0) : engine.value(Double($0)) })
        case .entries(let names, nil): return engine.array(names.map { engine.value($0) })
        case .entries(let names, let types?):
            return engine.array([
                engine.array(names.map { engine.value($0) }), engine.array(types.map { engine.value(Int($0)) }),
            ])
        case .failure(let errno): return engine.value(-Int(errno))
        case .failureAt(let errno, let call, let path):
            let failure = engine.object()
            engine.setProperty("errno", of: failure, to: engine.value(-Int(errno)))
            engine.setProperty("syscall", of: failure, to: engine.value(call))
            engine.setProperty("path", of: failure, to: engine.value(path))
            return failure
        }
    }

    /// The outcome of a system call that gives -1 and sets errno.
    static func of(_ result: some BinaryInteger) -> FileResult {
        result < 0 ? .failure(errno: Glibc.errno) : .done
    }
}
