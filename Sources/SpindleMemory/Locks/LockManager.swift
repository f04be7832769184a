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
public final class LockManager: Sendable {
    /// The locks of the whole program.
    public static let shared = LockManager()

    private typealias Continuation = UnsafeContinuation<Bool, Never>
    private let state = Lock(State())

    private struct State {
        var machine = LockStateMachine<Continuation>()
        var lastID: UInt64 = 0
        var holders: [UInt64: HeldLock] = [:]
    }

    /// What to do when the lock is taken.
    public enum Acquisition: Sendable {
        /// Wait for one's turn; cancelling the task gives up.
        case waiting
        /// Give up at once.
        case ifAvailable
        /// Take it from its holders, ahead of all who wait. Only exclusive.
        case steal
    }

    /// A separate set of names; most programs use ``shared``.
    public init() {}

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
        let lock = try await acquire(name, mode, acquisition)
        defer { release(lock) }
        let result = try await body(lock)
        if lock.isStolen { throw LockError.stolen }
        return result
    }

    /// What is held and waited for now, by name.
    public func query() -> [LockSnapshot] {
        state.withLock { $0.machine.snapshot() }.map {
            LockSnapshot(name: $0.name, held: $0.held, pending: $0.pending)
        }
    }

    private func acquire(_ name: String, _ mode: LockMode, _ acquisition: Acquisition) async throws -> HeldLock {
        try Task.checkCancellation()
        // Registered before it is asked for, so that a thief always finds whom it robs.
        let lock = state.withLock { state in
            state.lastID += 1
            let lock = HeldLock(name: name, mode: acquisition == .steal ? .exclusive : mode, id: state.lastID)
            state.holders[lock.id] = lock
            return lock
        }
        do {
            switch acquisition {
            case .waiting: try await wait(for: lock)
            case .ifAvailable: try take(lock)
            case .steal: steal(lock)
            }
        } catch {
            state.withLock { $0.holders[lock.id] = nil }
            throw error
        }
        return lock
    }

    private func take(_ lock: HeldLock) throws(LockError) {
        let action = state.withLock { $0.machine.tryRequest(lock.name, id: lock.id, mode: lock.mode) }
        guard action == .granted else { throw .unavailable }
    }

    private func steal(_ lock: HeldLock) {
        let losers = state.withLock { state in
            state.machine.steal(lock.name, id: lock.id).compactMap { state.holders.removeValue(forKey: $0) }
        }
        for loser in losers { loser.markStolen() }
    }

    private func wait(for lock: HeldLock) async throws {
        let granted = await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: Continuation) in
                let action = state.withLock {
                    $0.machine.request(lock.name, id: lock.id, mode: lock.mode, waiter: continuation)
                }
                if action == .granted {
                    continuation.resume(returning: true)
                } else if Task.isCancelled {
                    // The handler may have run before the request was in line.
                    cancel(lock)
                }
            }
        } onCancel: {
            cancel(lock)
        }
        guard granted else { throw CancellationError() }
    }

    private func cancel(_ lock: HeldLock) {
        guard let action = state.withLock({ $0.machine.cancel(lock.name, id: lock.id) }) else { return }
        action.cancelled.resume(returning: false)
        for continuation in action.granted { continuation.resume(returning: true) }
    }

    private func release(_ lock: HeldLock) {
        let granted = state.withLock { state in
            state.holders[lock.id] = nil
            return state.machine.release(lock.name, id: lock.id)
        }
        for continuation in granted { continuation.resume(returning: true) }
    }
}

/// A lock while it is held.
public final class HeldLock: Sendable {
    public let name: String
    public let mode: LockMode
    let id: UInt64
    private let stolen = Lock(false)

    init(name: String, mode: LockMode, id: UInt64) {
        self.name = name
        self.mode = mode
        self.id = id
    }

    /// Whether another took the lock with ``LockManager/Acquisition/steal``: stop touching what it guards.
    public var isStolen: Bool { stolen.withLock { $0 } }

    func markStolen() { stolen.withLock { $0 = true } }
}

/// The state of one named lock.
public struct LockSnapshot: Sendable, Equatable {
    public let name: String
    /// The mode of each holder.
    public let held: [LockMode]
    /// The mode of each request in line, first come first.
    public let pending: [LockMode]
}

/// Why a lock was not had, or not kept.
public enum LockError: Error, Sendable, Equatable, CustomStringConvertible {
    case unavailable
    case stolen

    public var description: String {
        switch self {
        case .unavailable: "The lock is taken; wait for it, or try again later."
        case .stolen: "Another request stole the lock before the work under it ended."
        }
    }
}
