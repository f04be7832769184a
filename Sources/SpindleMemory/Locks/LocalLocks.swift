internal import SpindleCore

/// Locks that this process keeps.
final class LocalLocks: LockSource {
    private typealias Continuation = UnsafeContinuation<Bool, Never>
    private let state = Lock(State())

    private struct State {
        var machine = LockStateMachine<Continuation>()
        var lastID: UInt64 = 0
        var holders: [UInt64: HeldLock] = [:]
    }

    func acquire(_ name: String, _ mode: LockMode, _ acquisition: LockManager.Acquisition) async throws -> HeldLock {
        // Registered before it is asked for, so that a thief always finds whom it robs.
        let lock = state.withLock { state in
            state.lastID += 1
            let lock = HeldLock(name: name, mode: mode, id: state.lastID)
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

    func release(_ lock: HeldLock) {
        let granted = state.withLock { state in
            state.holders[lock.id] = nil
            return state.machine.release(lock.name, id: lock.id)
        }
        for continuation in granted { continuation.resume(returning: true) }
    }

    func snapshot() -> [LockSnapshot] {
        state.withLock { $0.machine.snapshot() }.map { LockSnapshot(name: $0.name, held: $0.held, pending: $0.pending) }
    }
}
