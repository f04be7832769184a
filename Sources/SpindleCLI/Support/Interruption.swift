internal import ArgumentParser
internal import UnixSignals

/// Runs `body`, and cancels it when the process is interrupted or told to terminate.
///
/// - Throws: what `body` throws; after a signal, once `body` has ended, the exit
///   code that shells give it: 130 for SIGINT, 143 for SIGTERM.
func withInterruption<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    return try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask { try await body() }
        group.addTask {
            for await signal in signals { throw ExitCode(128 + signal.rawValue) }
            throw CancellationError()
        }
        defer { group.cancelAll() }
        // Never nil: two children were added.
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}
