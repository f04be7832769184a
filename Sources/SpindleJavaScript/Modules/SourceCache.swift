internal import CSpindle
internal import Glibc
internal import SpindleMemory
internal import SpindleResolution
internal import SpindleSyntax

/// The text of modules as engines run it: parsed and rewritten once for all guests of the process.
///
/// A file that has changed since is read again. What is kept is bounded; beyond that the cache begins anew.
final class SourceCache: Sendable {
    static let shared = SourceCache()

    enum Source: Sendable {
        case script(ScriptSource)
        case module(ModuleSource)
    }

    private struct Key: Hashable {
        let path: String
        let isModule: Bool
    }

    /// What tells a changed file from the one that was read.
    private struct Stamp: Equatable {
        let device: UInt64
        let file: UInt64
        let size: Int
        let seconds: Int
        let nanoseconds: Int
    }

    private struct State {
        var entries: [Key: (stamp: Stamp, source: Source)] = [:]
        var bytes = 0
    }

    private let state = Lock(State())
    private static let limit = 64 << 20

    /// Throws the errno of reading, as a ``FileFailure``, or the module's ``SyntaxError``.
    func script(at path: String) throws -> ScriptSource {
        guard
            case .script(let source) = try source(
                at: path, isModule: false, { .script(ScriptSource($0, isFunctionBody: true, keepsAsyncContext: true)) })
        else { throw FileFailure(errno: EINVAL) }
        return source
    }

    func module(at path: String) throws -> ModuleSource {
        guard
            case .module(let source) = try source(
                at: path, isModule: true, { .module(try ModuleSource($0, keepsAsyncContext: true)) })
        else {
            throw FileFailure(errno: EINVAL)
        }
        return source
    }

    private func source(at path: String, isModule: Bool, _ make: ([UInt8]) throws -> Source) throws -> Source {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileFailure(errno: errno) }
        let stamp = Stamp(
            device: UInt64(status.st_dev), file: UInt64(status.st_ino), size: Int(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        let key = Key(path: path, isModule: isModule)
        if let known = state.withLock({ $0.entries[key] }), known.stamp == stamp { return known.source }
        let text = try GuestFiles.read(path)
        let source = try make(text)
        state.withLock { state in
            if state.bytes + text.count > Self.limit { state = State() }
            state.bytes += text.count
            state.entries[key] = (stamp, source)
        }
        return source
    }
}

/// A file could not be read.
struct FileFailure: Error {
    let errno: Int32
}

/// The file system as resolution sees it.
struct GuestFiles: ResolutionFiles {
    /// Whose guest looks; nil for one that may import everything. What it may not import is not there for it, so that it
    /// does not learn which files there are. Settings of packages are found all the same: they say what its own file is.
    var policy: GuestPolicy?

    func kind(of path: String) -> FileKind? {
        if let policy, !path.hasSuffix("/package.json"), !policy.imports(path) { return nil }
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file
    }

    func contents(of path: String) -> [UInt8]? { try? Self.read(path) }

    func realPath(of path: String) -> String {
        if case .text(let real) = FileOperations.realPath(path) { return real }
        return path
    }

    static func read(_ path: String) throws(FileFailure) -> [UInt8] {
        switch FileOperations.readFile(.path(path), flags: O_RDONLY, asText: false) {
        case .bytes(let memory, let count): return Array(memory.bytes.prefix(count))
        case .failure(let errno), .failureAt(let errno, _, _): throw FileFailure(errno: errno)
        default: return []
        }
    }
}
