internal import SpindleMemory

/// A value that comes once, for any number of waiting tasks.
package final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case pending([UInt64: Waiter], next: UInt64)
        case fulfilled(Value)
    }

    private enum Waiter {
        case task(UnsafeContinuation<Value?, Never>)
        case callback(@Sendable (Value) -> Void)
    }

    private let state = Lock(State.pending([:], next: 0))

    package init() {}

    /// The value, if it has come.
    package var current: Value? {
        state.withLock { if case .fulfilled(let value) = $0 { value } else { nil } }
    }

    /// Gives the value to all who wait, now and later. Only the first call counts; it returns true.
    @discardableResult
    package func fulfil(_ value: Value) -> Bool {
        let waiting: [Waiter]? = state.withLock { state in
            guard case .pending(let waiting, _) = state else { return nil }
            state = .fulfilled(value)
            return Array(waiting.values)
        }
        guard let waiting else { return false }
        for waiter in waiting {
            switch waiter {
            case .task(let continuation): continuation.resume(returning: value)
            case .callback(let callback): callback(value)
            }
        }
        return true
    }

    /// Calls back with the value, once: at once when it is there, else on the thread that gives it.
    package func whenFulfilled(_ callback: @escaping @Sendable (Value) -> Void) {
        let id = nextID()
        let value: Value? = state.withLock { state in
            switch state {
            case .fulfilled(let value): return value
            case .pending(var waiting, let next):
                waiting[id] = .callback(callback)
                state = .pending(waiting, next: next)
                return nil
            }
        }
        if let value { callback(value) }
    }

    /// Waits for the value; ends early when the task is cancelled.
    package func value() async throws(CancellationError) -> Value {
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
    package func valueDespiteCancellation() async -> Value {
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
                waiting[id] = .task(continuation)
                state = .pending(waiting, next: next)
                return nil
            }
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func cancel(_ id: UInt64) {
        let continuation: UnsafeContinuation<Value?, Never>? = state.withLock { state in
            guard case .pending(var waiting, let next) = state, case .task(let continuation)? = waiting[id] else { return nil }
            waiting[id] = nil
            state = .pending(waiting, next: next)
            return continuation
        }
        continuation?.resume(returning: nil)
    }
}
