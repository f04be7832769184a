public import ServiceLifecycle

extension WorkerPool: Service {
    /// How long ``run()`` lets tasks end when the service group shuts down.
    public static let gracefulShutdownDeadline = Duration.seconds(30)

    /// Keeps the pool open until graceful shutdown or cancellation, then closes it.
    ///
    /// Graceful shutdown closes with ``gracefulShutdownDeadline``, cancellation at once. Both
    /// have to fit into the service group's `maximumGracefulShutdownDuration` and
    /// `maximumCancellationDuration`.
    public func run() async throws {
        let deadline: Duration
        do {
            try await gracefulShutdown()
            deadline = Self.gracefulShutdownDeadline
        } catch {
            deadline = .zero
        }
        await close(deadline: deadline)
    }
}
