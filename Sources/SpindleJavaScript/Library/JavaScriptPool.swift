public import Logging
public import Spindle
internal import SpindleMemory
public import SpindleStructuredClone
internal import Synchronization

/// Guests that take tasks from one bounded queue: a module whose export is the task.
///
/// ```swift
/// let pool = try await JavaScriptPool(.module("export default (text) => text.split(/\\s+/).length;"))
/// let words: Int = try await pool.run("one two three", options: .init(timeout: .seconds(1)))
/// await pool.close(deadline: .seconds(10))
/// ```
///
/// The export is called with the input and an object of helpers: `progress(value, transferList)` tells the owner how far it is, and
/// `transfer(object)` has an `ArrayBuffer` or a port in the output move instead of being copied; it returns the object. What the
/// export returns, or the promise it returns comes to, is the output; what it throws fails that task with a ``JavaScriptError``.
///
/// Queue, priorities, retries and limits are those of a `WorkerPool`, with one difference: a task that is cancelled or
/// whose time is up really stops, in a loop too. Its guest ends with it, and the next task gets a new one.
///
/// Tasks of one guest see each other's globals: `tasksPerWorker` of the configuration says after how many a guest is replaced.
/// Cost: a thread for each worker of the pool beside the guest's own.
public final class JavaScriptPool: Sendable {
    /// A guest and how many tasks it may still have.
    private struct Seat {
        let guest: JavaScriptWorker
        var tasksLeft: Int
    }

    private let pool: WorkerPool
    private let program: JavaScriptSource
    private let isolation: WorkerIsolation
    private let options: JavaScriptOptions
    /// How many tasks a guest has in its life.
    private let tasksPerGuest: Int
    /// Guests without a task. Those with one are held by it.
    private let idle = Lock<[Seat]>([])
    private let lastTask = Atomic(0)

    /// Starts the pool. A guest is started when a task needs it.
    ///
    /// - Parameters:
    ///   - program: the module. It must not end by itself.
    ///   - export: the name of the export that is the task; of a CommonJS module that exports a function this is "default".
    ///   - configuration: of the pool; its isolation says where the guests run.
    ///   - options: of each guest.
    ///   - logger: told of the pool's troubles.
    /// - Throws: `WorkerPoolError` with code `invalidConfiguration`.
    public init(
        _ program: JavaScriptSource, export: String = "default",
        configuration: WorkerPoolConfiguration = WorkerPoolConfiguration(),
        options: JavaScriptOptions = JavaScriptOptions(), logger: Logger? = nil
    ) async throws(WorkerPoolError) {
        var hosted = program.program
        hosted.task = export
        self.program = JavaScriptSource(program: hosted)
        self.options = options
        isolation = configuration.isolation
        var configuration = configuration
        configuration.isolation = .thread
        tasksPerGuest = configuration.tasksPerWorker ?? .max
        configuration.tasksPerWorker = nil
        pool = try await WorkerPool(configuration, logger: logger)
    }

    /// Runs a task and waits for its output.
    ///
    /// - Parameters:
    ///   - input: its first argument.
    ///   - type: what its output is read as.
    ///   - options: priority, time limits and retries, as of every pool's tasks.
    ///   - onProgress: called with what the task reports, on a thread of the pool.
    /// - Throws: ``JavaScriptError`` that the task threw; ``GuestLimitError`` if it went beyond a limit of its policy or of its
    ///   process's memory; ``GuestEndedError`` if its guest ended otherwise; `WorkerPoolError`;
    ///   `CancellationError`; what the coding of input and output throws.
    public func run<Output: Decodable>(
        _ input: some Encodable, as type: Output.Type = Output.self, options: TaskOptions = TaskOptions(),
        onProgress: @escaping @Sendable (StructuredValue) -> Void = { _ in }
    ) async throws -> Output {
        let input = try StructuredEncoder().encode(input)
        let output = try await pool.run(options: options) { [self] in try await perform(input, onProgress) }
        return try StructuredDecoder().decode(from: output)
    }

    private func perform(_ input: StructuredValue, _ onProgress: (StructuredValue) -> Void) async throws -> StructuredValue {
        var seat = try await takeSeat()
        let guest = seat.guest
        let answer: Result<StructuredValue, JavaScriptError>
        do {
            answer = try await ask(guest, input, onProgress)
        } catch {
            await guest.terminate()
            throw error
        }
        seat.tasksLeft -= 1
        // One that nobody holds any more ends.
        if seat.tasksLeft > 0 { idle.withLock { $0.append(seat) } }
        return try answer.get()
    }

    /// - Returns: what the task came to. Throws what ended the guest, or the wait for it.
    private func ask(
        _ guest: JavaScriptWorker, _ input: StructuredValue, _ onProgress: (StructuredValue) -> Void
    ) async throws -> Result<StructuredValue, JavaScriptError> {
        let id = StructuredValue.number(Double(lastTask.add(1, ordering: .relaxed).newValue))
        try await guest.send(["id": id, "input": input] as StructuredValue)
        for try await answer in guest.messages where answer["id"] == id {
            if let progress = answer["progress"] {
                onProgress(progress)
            } else if let error = answer["error"] {
                return .failure(JavaScriptError(error))
            } else {
                return .success(answer["output"] ?? .undefined)
            }
        }
        let exit = try await guest.exit
        if case .crashed(let crash) = exit, crash.cause == .limit(.memory) { throw GuestLimitError(limit: .memory) }
        throw GuestEndedError(exit: exit)
    }

    private func takeSeat() async throws -> Seat {
        while let seat = idle.withLock({ $0.popLast() }) {
            if seat.guest.currentExit == nil { return seat }
        }
        // Not a worker of the pool's worker, which may end before it.
        let guest = try await Task.detached { [program, isolation, options] in
            try await JavaScriptWorker(program, isolation: isolation, options: options)
        }.value
        return Seat(guest: guest, tasksLeft: tasksPerGuest)
    }

    /// Takes no further tasks, lets those in the pool end, and ends the guests.
    ///
    /// - Parameter deadline: after this long the rest is stopped.
    public func close(deadline: Duration) async {
        await pool.close(deadline: deadline)
        await endGuests()
    }

    /// Takes no further tasks, stops those that run, and ends the guests.
    public func shutdownNow() async {
        await pool.shutdownNow()
        await endGuests()
    }

    private func endGuests() async {
        let seats = idle.withLock { seats in
            defer { seats = [] }
            return seats
        }
        for seat in seats { await seat.guest.terminate() }
    }

    /// What the pool has done and is doing.
    public var statistics: WorkerPoolStatistics { pool.statistics }
}

/// The guest of a task ended before the task did.
public struct GuestEndedError: Error, CustomStringConvertible {
    public let exit: WorkerExit
    public var description: String { "The guest ended before its task had: \(exit)" }
}
