import Spindle

/// Where the measuring side runs: an actor that lives on a thread of its own.
///
/// So a wake-up from a worker goes from thread to thread and not by way of the cooperative pool, and a task
/// that is isolated to an actor is resumed without looking up where it would rather run.
@globalActor
actor Owner {
    static let shared = Owner()

    private nonisolated let thread: ThreadExecutor

    private init() {
        do {
            thread = try ThreadExecutor(name: "owner")
        } catch {
            fatalError("\(error)")
        }
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.serialExecutor.asUnownedSerialExecutor() }
}
