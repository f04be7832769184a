internal import SpindleMemory
package import SpindleMessaging

/// Runs `body` on a thread of its own, where it may block.
package func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let failed = DetachedThread.start(stackSize: 512 << 10) {
            continuation.resume(with: Result { try body() })
        }
        if let failed { continuation.resume(throwing: ThreadsExhausted(errno: failed)) }
    }
}

package struct ThreadsExhausted: Error {
    package let errno: Int32
}

/// Gives `body` a thread for its tasks, and ends it afterwards.
package func withExecutor<Value>(
    _ name: String = "test", _ body: (ThreadExecutor) async throws -> Value
) async throws -> Value {
    let executor = try ThreadExecutor(name: name)
    defer { executor.stop() }
    return try await body(executor)
}

extension ThreadExecutor {
    /// Starts a task on this thread.
    package func start<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) -> Task<Value, any Error> {
        Task(executorPreference: self) { try await body() }
    }

    /// Returns when every task started here before has run to its first suspension
    /// or its end, since jobs run in order. That is how a test knows that others wait.
    package func settle() async {
        await Task(executorPreference: self) {}.value
    }
}
