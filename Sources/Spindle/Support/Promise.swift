internal import SpindleMemory

/// A value that comes once, for any number of waiting tasks.
final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case pending([UInt64: UnsafeContinuation<Value?, Never>], next: UInt64)
        case fulfilled(Value)
    }

    private let state = Lock(State.pending([:], next: 0))

    init() {}

    /// The value, if it has come.
    var current: Value? {
        state.withLock { if case .fulfilled(let value) = $0 { value } else { nil } }
    }

    /// Gives the value to all who wait, now and later. Only the first call counts; it returns true.
    @discardableResult
    func fulfil(_ value: Value) -> Bool {
        let waiting: [UnsafeContinuation<Value?, Never>]? = state.withLock { state in
            guard case .pending(let waiting, _) = state else { return nil }
            state = .fulfilled(value)
            return Array(waiting.values)
        }
        guard let waiting else { return false }
        for continuation in waiting { continuation.resume(returning: value) }
        return true
    }

    /// Waits for the value; ends early when the task is cancelled.
    func value() async throws(CancellationError) -> Value {
        let id = nextID()
        let value = await withTaskCancellationHandler {
            await withUnsafeContinuation { wait(id, $0, unlessCancelled: true) }
        } onCancel: {
            cancel(id)
        }
        guard let value else { throw CancellationError() }
        return value
    }

    /// Waits for the value whatever becomes of the task: for one that comes within a bound.
    func valueDespiteCancellation() async -> Value {
        let id = nextID()
        // Nothing but the value resumes it.
        return await withUnsafeContinuation { wait(id, $0, unlessCancelled: false) }!
    }

    private func nextID() -> UInt64 {
        state.withLock { state in
            guard case .pending(let waiting, let next) = state else { return 0 }
            state = .pending(waiting, next: next + 1)
            return next
        }
    }

    private func wait(_ id: UInt64, _ continuation: UnsafeContinuation<Value?, Never>, unlessCancelled: Bool) {
        let answer: Value?? = state.withLock { state in
            switch state {
            case .fulfilled(let value): return value
            case .pending(var waiting, let next):
                // The cancellation handler may have run before the waiter was there to cancel.
                if unlessCancelled, Task.isCancelled { return .some(nil) }
                waiting[id] = continuation
                state = .pending(waiting, next: next)
                return nil
            }
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func cancel(_ id: UInt64) {
        let continuation: UnsafeContinuation<Value?, Never>? = state.withLock { state in
            guard case .pending(var waiting, let next) = state else { return nil }
            let continuation = waiting.removeValue(forKey: id)
            state = .pending(waiting, next: next)
            return continuation
        }
        continuation?.resume(returning: nil)
    }
}
