internal import CSpindle

/// Starts operating-system threads.
package enum DetachedThread {
    /// Runs `body` on a new thread that nobody joins.
    ///
    /// - Parameter stackSize: bytes; 0 for the system's default.
    /// - Returns: nil, or the system's error number, in which case `body` does not run.
    package static func start(stackSize: Int, _ body: @escaping @Sendable () -> Void) -> Int32? {
        let context = Unmanaged.passRetained(Body(run: body))
        let result = spindle_thread_start(
            stackSize,
            { Unmanaged<Body>.fromOpaque($0!).takeRetainedValue().run() },
            context.toOpaque())
        guard result != 0 else { return nil }
        context.release()
        return -result
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
