internal import Logging
internal import SpindleMemory

/// What a guest prints, on its way to its owner's logger.
final class GuestOutput: Sendable {
    private let logger: Logger?
    private let limit: Int?
    private let written = Lock(0)

    /// - Parameters:
    ///   - logger: nobody listens when nil.
    ///   - limit: in bytes; what comes after is dropped.
    init(_ logger: Logger?, limit: Int?) {
        self.logger = logger
        self.limit = limit
    }

    /// A record for each write.
    func write(_ bytes: UnsafeRawBufferPointer, isError: Bool) {
        guard let logger else { return }
        let level = isError ? Logger.Level.error : .info
        let (before, after) = written.withLock { written in
            defer { written += bytes.count }
            return (written, written + bytes.count)
        }
        if let limit, after > limit {
            if before <= limit { logger.warning("The guest has printed more than \(limit) bytes; the rest is dropped.") }
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        logger.log(level: level, "\(text.hasSuffix("\n") ? String(text.dropLast()) : text)")
    }
}
