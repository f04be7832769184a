internal import SpindleCore
internal import SpindleMemory

/// What a manager in another process asks of the one that keeps the locks. Each request has a number of its own.
enum LockCommand: Codable, Sendable {
    case request(UInt64, name: String, mode: LockMode, acquisition: LockManager.Acquisition)
    /// Of no effect once the request is answered.
    case cancel(UInt64)
    case release(UInt64)
    case query(UInt64)
}

/// The answers: one to each request and query, and later perhaps the news that the lock was stolen.
enum LockReply: Codable, Sendable {
    case granted(UInt64)
    case refused(UInt64, LockError)
    case cancelled(UInt64)
    case stolen(UInt64)
    case snapshot(UInt64, [LockSnapshot])

    var id: UInt64 {
        switch self {
        case .granted(let id), .refused(let id, _), .cancelled(let id), .stolen(let id), .snapshot(let id, _): id
        }
    }
}
