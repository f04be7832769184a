internal import Glibc
internal import Logging
internal import NIOPosix
internal import SystemPackage
internal import _NIOFileSystem

/// The server's directory for uploaded files, named after its process.
enum UploadDirectory {
    private static let prefix = "spindle-uploads-"

    /// Runs `body` with a new directory that only this user can enter, and deletes it afterwards.
    ///
    /// A server that was killed could not delete its own: those of processes that are no more are deleted first.
    static func with<Result>(logger: Logger, _ body: (FilePath) async throws -> Result) async throws -> Result {
        let parent = try await FileSystem.shared.temporaryDirectory
        await deleteAbandoned(in: parent, logger: logger)
        let directory = try await FileSystem.shared.createTemporaryDirectory(
            template: parent.appending("\(prefix)\(getpid())-XXXXXX"))
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(directory))
        } catch {
            outcome = .failure(error)
        }
        await despiteCancellation {
            do {
                try await FileSystem.shared.removeItem(at: directory)
            } catch {
                logger.error("Could not delete the uploads", metadata: ["path": "\(directory)", "error": "\(error)"])
            }
        }
        return try outcome.get()
    }

    private static func deleteAbandoned(in parent: FilePath, logger: Logger) async {
        let names = (try? await NIOThreadPool.singleton.runIfActive { abandoned(in: parent.string) }) ?? []
        for name in names {
            logger.info("Deleting the uploads of a server that was killed", metadata: ["name": "\(name)"])
            _ = try? await FileSystem.shared.removeItem(at: parent.appending(name))
        }
    }

    /// Looks at the bare names only: a directory for temporary files may hold very many.
    private static func abandoned(in parent: String) -> [String] {
        guard let stream = opendir(parent) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            guard entry.pointee.d_type == DT_DIR else { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    strncmp($0, prefix, prefix.utf8.count) == 0 ? String(cString: $0) : nil
                }
            }
            if let name, isAbandoned(name) { names.append(name) }
        }
        return names
    }

    private static func isAbandoned(_ name: String) -> Bool {
        guard let pid = pid_t(name.dropFirst(prefix.count).prefix { $0 != "-" }) else { return false }
        // Signal 0 only asks whether there is such a process.
        return kill(pid, 0) == -1 && errno == ESRCH
    }
}
