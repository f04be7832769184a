internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Synchronization
internal import SystemPackage
internal import _NIOFileSystem

/// A file that a client has sent, until ``UploadStore/remove(_:)``.
struct Upload: Sendable {
    let path: FilePath
    /// In bytes.
    let size: Int
}

/// Receives uploaded files into a directory of its own, within limits.
///
/// A body is written as it comes: while the disk is slow, the client waits.
final class UploadStore: Sendable {
    private let directory: FilePath
    private let limits: ServerLimits
    private let logger: Logger
    private let receiving: Slots
    private let clock = ContinuousClock()
    private let state = Mutex((lastNumber: 0, bytes: 0))

    /// A client slower than this, in bytes a second, is cut off once it had `patience`.
    private static let slowest = 1_024.0
    private static let patience = Duration.seconds(30)

    init(directory: FilePath, limits: ServerLimits, logger: Logger) {
        self.directory = directory
        self.limits = limits
        self.logger = logger
        receiving = Slots(limits.concurrentUploads)
    }

    /// Bytes of the files that exist now.
    var storedBytes: Int { state.withLock { $0.bytes } }

    /// Writes a body to a file. One whose announced length is larger than allowed is refused unread.
    ///
    /// - Throws: ``APIError``; nothing is left behind then.
    func receive(_ body: IncomingBody) async throws -> Upload {
        if let declared = body.declared, declared > limits.upload { throw APIError.tooLarge(limit: limits.upload, what: "file") }
        guard let slot = receiving.take() else {
            throw APIError.busy(
                "too-many-uploads", "\(limits.concurrentUploads) files are being received already; try again soon.")
        }
        defer { _ = slot }
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        let path = directory.appending("upload-\(number)")
        var size = 0
        do {
            try await write(body.begin(), to: path, size: &size)
            if let declared = body.declared, size < declared {
                throw APIError.badRequest("incomplete-file", "Only \(size) of \(declared) bytes have come; send the file again.")
            }
            guard size > 0 else {
                throw APIError.badRequest("empty-file", "The body is empty; send the file's content as the body.")
            }
            return Upload(path: path, size: size)
        } catch {
            await remove(Upload(path: path, size: size))
            throw Self.explained(error)
        }
    }

    /// Deletes the file.
    func remove(_ upload: Upload) async {
        await despiteCancellation { [logger] in
            do {
                try await FileSystem.shared.removeItem(at: upload.path)
            } catch {
                logger.error("Could not delete an uploaded file", metadata: ["path": "\(upload.path)", "error": "\(error)"])
            }
        }
        state.withLock { $0.bytes -= upload.size }
    }

    private func write(_ body: RequestBody, to path: FilePath, size: inout Int) async throws {
        let handle = try await FileSystem.shared.openFile(
            forWritingAt: path, options: .newFile(replaceExisting: false, permissions: [.ownerReadWrite]))
        do {
            let start = clock.now
            for try await chunk in body {
                size += chunk.readableBytes
                state.withLock { $0.bytes += chunk.readableBytes }
                try check(size: size, since: start)
                try await handle.write(contentsOf: chunk, toAbsoluteOffset: Int64(size - chunk.readableBytes))
            }
            // A body that was broken off by a cancellation looks like one that has ended.
            try Task.checkCancellation()
            try await handle.close()
        } catch {
            await despiteCancellation { try? await handle.close() }
            throw error
        }
    }

    private func check(size: Int, since start: ContinuousClock.Instant) throws(APIError) {
        if size > limits.upload { throw .tooLarge(limit: limits.upload, what: "file") }
        if storedBytes > limits.storedUploads {
            throw .busy(
                "storage-full", "The server holds as many uploaded files as it may; try again when tasks have ended.",
                retryAfter: 10)
        }
        let elapsed = clock.now - start
        if elapsed > Self.patience, Double(size) < Self.slowest * (elapsed / .seconds(1)) {
            throw APIError(
                status: .requestTimeout, code: "too-slow",
                message: "The upload is slower than \(Int(Self.slowest)) bytes a second; try a better connection.")
        }
    }

    private static func explained(_ error: any Error) -> any Error {
        guard let error = error as? FileSystemError else { return error }
        if let cause = error.cause as? FileSystemError.SystemCallError,
            cause.errno == .noSpace || cause.errno == .diskQuotaExceeded
        {
            return APIError(
                status: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"), code: "disk-full",
                message: "The server's disk is full; send a smaller file or try again later.")
        }
        return error
    }
}
