public import SpindleCore

/// Named locks that tasks of one program take in turn, after the Web Locks API (W3C).
///
/// A lock is held while the closure runs and released when it ends, however it ends.
///
/// ```swift
/// try await LockManager.shared.request("index") { _ in
///     try await rebuildIndex()
/// }
/// ```
///
/// Waiting suspends the task and holds no thread. Requests for a name are granted in order.
///
/// A manager travels in messages to worker processes: what arrives takes the same locks, which the sender keeps.
/// When the receiver's manager goes, or its process ends however it does, its locks are released and its requests
/// forgotten. ``shared`` is a separate one in every process.
public final class LockManager: Sendable {
    /// The locks of the whole program.
    public static let shared = LockManager()

    /// How many locks may be held and waited for at once through a manager that came from another process.
    public static let mostRequests = 10_000

    private let source: any LockSource

    /// What to do when the lock is taken.
    public enum Acquisition: Sendable, Codable {
        /// Wait for one's turn; cancelling the task gives up.
        case waiting
        /// Give up at once.
        case ifAvailable
        /// Take it from its holders, ahead of all who wait. Only exclusive.
        case steal
    }

    /// A separate set of names; most programs use ``shared``.
    public convenience init() { self.init(LocalLocks()) }

    package init(_ source: any LockSource) { self.source = source }

    /// Runs `body` while holding the lock `name`.
    ///
    /// - Parameters:
    ///   - name: any string; locks of different names have nothing to do with each other.
    ///   - mode: whether others may hold it too; `steal` is always exclusive.
    ///   - acquisition: what to do when the lock is taken.
    ///   - body: receives the lock, to notice when it was stolen.
    /// - Throws: what `body` throws; ``LockError/unavailable`` for `ifAvailable`;
    ///   ``LockError/stolen`` when another took the lock before `body` ended;
    ///   `CancellationError` when the task is cancelled while it waits.
    public func request<Result>(
        _ name: String, mode: LockMode = .exclusive, acquisition: Acquisition = .waiting,
        _ body: (HeldLock) async throws -> Result
    ) async throws -> Result {
        try Task.checkCancellation()
        let lock = try await source.acquire(name, acquisition == .steal ? .exclusive : mode, acquisition)
        defer { source.release(lock) }
        let result = try await body(lock)
        if lock.isStolen { throw LockError.stolen }
        return result
    }

    /// What is held and waited for now, by name.
    ///
    /// - Throws: ``LockError/disconnected`` when the manager came from another process, and that cannot be reached.
    public func query() async throws -> [LockSnapshot] { try await source.snapshot() }
}

/// Where a manager's locks are kept: here, or in another process.
package protocol LockSource: Sendable {
    /// Takes a lock, waiting for it if that is asked for.
    ///
    /// - Throws: as ``LockManager/request(_:mode:acquisition:_:)`` does before its body.
    func acquire(_ name: String, _ mode: LockMode, _ acquisition: LockManager.Acquisition) async throws -> HeldLock
    /// Gives it back. Of no effect for one that was stolen.
    func release(_ lock: HeldLock)
    func snapshot() async throws -> [LockSnapshot]
}

/// A lock while it is held.
public final class HeldLock: Sendable {
    public let name: String
    public let mode: LockMode
    package let id: UInt64
    private let state = Lock(State())

    private struct State {
        var isStolen = false
        var onTheft: (@Sendable () -> Void)?
    }

    package init(name: String, mode: LockMode, id: UInt64) {
        self.name = name
        self.mode = mode
        self.id = id
    }

    /// Whether it was lost: to another that took it with ``LockManager/Acquisition/steal``, or because the process that
    /// keeps the locks cannot be reached. Stop touching what it guards.
    public var isStolen: Bool { state.withLock { $0.isStolen } }

    /// Calls `action` once when the lock is lost, or now when it has been.
    package func whenStolen(_ action: @escaping @Sendable () -> Void) {
        let isStolen = state.withLock { state in
            if !state.isStolen { state.onTheft = action }
            return state.isStolen
        }
        if isStolen { action() }
    }

    package func markStolen() {
        let action = state.withLock { state in
            state.isStolen = true
            defer { state.onTheft = nil }
            return state.onTheft
        }
        action?()
    }
}

/// The state of one named lock.
public struct LockSnapshot: Sendable, Equatable, Codable {
    public let name: String
    /// The mode of each holder.
    public let held: [LockMode]
    /// The mode of each request in line, first come first.
    public let pending: [LockMode]
}

/// Why a lock was not had, or not kept.
public enum LockError: Error, Sendable, Equatable, Codable, CustomStringConvertible {
    /// Another holds the lock, or waits for it already.
    case unavailable
    /// It was lost before the work under it ended.
    case stolen
    /// The process that keeps the locks cannot be reached any more.
    case disconnected
    /// ``LockManager/mostRequests`` are held or waited for already through one manager from another process.
    case tooManyRequests

    public var description: String {
        switch self {
        case .unavailable: "The lock is taken; wait for it, or try again later."
        case .stolen: "Another request stole the lock before the work under it ended."
        case .disconnected: "The process that keeps the locks has ended or let go of them; get a manager from where they are now."
        case .tooManyRequests:
            "\(LockManager.mostRequests) locks are held or waited for through this manager; give some back, or send another manager."
        }
    }
}
