internal import Glibc
internal import HTTPTypes
internal import NIOPosix
internal import SystemPackage

/// The directories below which clients may have files read.
struct AllowedDirectories: Sendable {
    /// Real paths, without symbolic links.
    let roots: [FilePath]

    /// - Throws: ``ServerError`` for one that does not exist or is no directory.
    init(_ paths: [String]) async throws {
        roots = try await NIOThreadPool.singleton.runIfActive {
            try paths.map { path in
                guard let real = Self.realPath(path), Self.isDirectory(real) else {
                    throw ServerError(
                        .invalidOption,
                        "'\(path)' is not a directory that can be read; give an existing one to --allow-directory.")
                }
                return real
            }
        }
    }

    /// The real path of a directory that a client names.
    ///
    /// Symbolic links are followed before the check, so that none leads out.
    /// - Throws: ``APIError`` when it is not allowed or does not exist.
    func resolve(_ path: String) async throws -> FilePath {
        guard !roots.isEmpty else {
            throw forbidden(
                "This server may not read directories; its operator can allow one with 'spindle serve --allow-directory DIR'.")
        }
        let named = FilePath(path)
        guard named.isAbsolute, !path.utf8.contains(0) else {
            throw APIError.badRequest("invalid-parameter", "'directory' must be an absolute path, such as \(roots[0]).")
        }
        let (real, isDirectory) = try await NIOThreadPool.singleton.runIfActive {
            let real = Self.realPath(path)
            return (real, real.map(Self.isDirectory) ?? false)
        }
        if let real, allows(real) {
            guard isDirectory else {
                throw APIError.badRequest("not-a-directory", "'\(path)' is not a directory; upload a single file instead.")
            }
            return real
        }
        // What is not there is only admitted to be missing where the client may look.
        if real == nil, allows(named.lexicallyNormalized()) {
            throw APIError.badRequest("no-such-directory", "There is no directory '\(path)'; check the spelling.")
        }
        let list = roots.map(\.string).joined(separator: ", ")
        throw forbidden("'\(path)' is not below a directory that the operator allowed (\(list)).")
    }

    private func allows(_ path: FilePath) -> Bool { roots.contains { path.starts(with: $0) } }

    private func forbidden(_ message: String) -> APIError {
        APIError(status: .forbidden, code: "directory-not-allowed", message: message)
    }

    private static func realPath(_ path: String) -> FilePath? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return FilePath(platformString: real)
    }

    private static func isDirectory(_ path: FilePath) -> Bool {
        var info = stat()
        return stat(path.string, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }
}
