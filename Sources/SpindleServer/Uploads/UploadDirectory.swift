internal import Glibc
internal import Logging
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
        do {
            try await FileSystem.shared.withDirectoryHandle(atPath: parent) { handle in
                for try await entry in handle.listContents() where isAbandoned(entry) {
                    logger.info("Deleting the uploads of a server that was killed", metadata: ["path": "\(entry.path)"])
                    _ = try? await FileSystem.shared.removeItem(at: entry.path)
                }
            }
        } catch {
            logger.debug("Could not look for uploads of killed servers", metadata: ["error": "\(error)"])
        }
    }

    private static func isAbandoned(_ entry: DirectoryEntry) -> Bool {
        guard entry.type == .directory, entry.name.string.hasPrefix(prefix),
            let pid = pid_t(entry.name.string.dropFirst(prefix.count).prefix { $0 != "-" })
        else { return false }
        // Signal 0 only asks whether there is such a process.
        return kill(pid, 0) == -1 && errno == ESRCH
    }
}
