internal import CSpindle
internal import Glibc

/// Another program that runs as a child of this one.
///
/// ```swift
/// let log = try await ChildProcess.run(ChildCommand("git", "log", "-1"))
/// print(log.outputText)
/// ```
///
/// Four ways to run one: ``run(_:)`` collects what it writes; ``stream(_:_:)`` hands it over while it runs; ``spawn(_:)`` gives
/// a handle that outlives the call; ``shell(_:)`` is `run` for a shell's line. ``fork(_:workerData:options:)`` starts not
/// another program but a part of this one.
///
/// **End.** A child's exit is told once, after all of its output was delivered to those who read it. Descendants that hold
/// its outputs open get ``ChildCommand/lingering``, and are ended then together with its process group.
///
/// **Nothing is left behind.** A child ends with this program, however that ends, unless its command says `.detached`. It
/// is signalled by its pidfd (pidfd_open(2)), never by a number that could have come to mean another process.
///
/// **Cost.** One thread starts all children and one watches them; a child takes no thread, and a start costs the same
/// however much memory this program uses. While nobody reads an output, nothing is read ahead of what a pipe holds.
public final class ChildProcess: Sendable {
    private let driver: ChildDriver

    private init(_ driver: ChildDriver) {
        self.driver = driver
        id = driver.pid
    }

    /// Its process id. Of no use for signals: by the time it is used, it may be another's.
    public let id: Int32

    /// The way to its standard input.
    public var input: ChildInput { ChildInput(descriptor: driver.input) }
    /// What it writes to its standard output.
    public var output: ChildOutput { ChildOutput(driver: driver, descriptor: driver.output) }
    /// What it writes to its standard error.
    public var errorOutput: ChildOutput { ChildOutput(driver: driver, descriptor: driver.errorOutput) }

    // MARK: Starting

    /// Starts a program; returns when it runs.
    ///
    /// It goes on when the handle is dropped or the task cancelled, until its end; only outputs that nobody can read any more are closed.
    ///
    /// - Throws: ``ChildProcessError``; then nothing was started.
    public static func spawn(_ command: ChildCommand) async throws(ChildProcessError) -> ChildProcess {
        ChildProcess(try await ChildDriver.start(command))
    }

    /// Runs a program to its end and collects what it writes, up to ``ChildCommand/outputLimit`` of each output.
    ///
    /// It is stopped when the task is cancelled, and has ended when this throws.
    ///
    /// - Returns: its output and its end, whatever its exit code.
    /// - Throws: ``ChildProcessError`` when it could not be started, or was stopped for its time or the length of its output;
    ///   `CancellationError`.
    public static func run(_ command: ChildCommand) async throws -> ChildResult {
        let child = try await spawn(command)
        let result = await child.collect()
        switch result.exit.stopReason {
        case .timeout:
            throw ChildProcessError(
                .timedOut, "\(command.program.debugDescription) ran longer than \(command.timeout ?? .zero) and was stopped.",
                result: result)
        case .outputLimit:
            throw ChildProcessError(
                .outputLimit,
                "\(command.program.debugDescription) wrote more than \(command.outputLimit) bytes and was stopped; stream it, or raise outputLimit.",
                result: result)
        case .asked where Task.isCancelled: throw CancellationError()
        case .asked, .residentMemory, nil: return result
        }
    }

    /// Runs a line of the shell to its end; see ``ChildCommand/shell(_:_:)`` for what must not go into it.
    ///
    /// - Throws: as ``run(_:)``.
    public static func shell(_ line: String) async throws -> ChildResult { try await run(.shell(line)) }

    /// Runs a program while `body` reads what it writes and writes to it.
    ///
    /// When `body` has returned, the program's input ends, outputs that were not read to their end are closed, and its end
    /// is waited for. It is stopped when `body` throws or the task is cancelled, and has ended when this returns or throws.
    ///
    /// - Returns: what `body` returns, and the end.
    /// - Throws: ``ChildProcessError`` when it could not be started, what `body` throws, or `CancellationError`.
    public static func stream<Value>(
        _ command: ChildCommand, _ body: (ChildProcess) async throws -> Value
    ) async throws -> (value: Value, exit: ChildExit) {
        let child = try await spawn(command)
        return try await withTaskCancellationHandler {
            let value: Value
            do {
                value = try await body(child)
            } catch {
                _ = await child.stop()
                throw error
            }
            child.driver.closePipes()
            let exit = await child.driver.exit.valueDespiteCancellation()
            if Task.isCancelled { throw CancellationError() }
            return (value, exit)
        } onCancel: {
            child.driver.stop(for: .asked)
        }
    }

    /// Starts a part of this program as a process of its own: a worker, with all that workers have.
    ///
    /// - Throws: ``WorkerStartError``.
    public static func fork<Program: WorkerProgram>(
        _ program: Program.Type, workerData: Program.WorkerData, options: WorkerOptions = WorkerOptions()
    ) async throws(WorkerStartError) -> Worker<Program> {
        try await Worker(program, workerData: workerData, isolation: .process, options: options)
    }

    private func collect() async -> ChildResult {
        await withTaskCancellationHandler {
            let limit = driver.command.outputLimit
            let exceeded: @Sendable () -> Void = { [driver] in driver.stop(for: .outputLimit) }
            var errorOutput: [UInt8] = []
            let output: [UInt8]
            if driver.errorOutput == nil {
                output = await self.output.collect(limit: limit, exceeded: exceeded)
            } else {
                async let other = self.errorOutput.collect(limit: limit, exceeded: exceeded)
                output = await self.output.collect(limit: limit, exceeded: exceeded)
                errorOutput = await other
            }
            return ChildResult(
                exit: await driver.exit.valueDespiteCancellation(), output: output, errorOutput: errorOutput)
        } onCancel: {
            driver.stop(for: .asked)
        }
    }

    // MARK: Its end

    /// Waits for its end. Outputs that somebody reads are read to their end first.
    ///
    /// - Throws: `CancellationError` when the task is cancelled; the child goes on.
    public func exit() async throws(CancellationError) -> ChildExit { try await driver.exit.value() }

    /// Stops it, and waits for its end: at most as long as the ladder takes, and ``ChildCommand/lingering``.
    ///
    /// - Parameter ladder: ``ChildCommand/stopping`` when nil.
    public func stop(_ ladder: KillLadder? = nil) async -> ChildExit {
        driver.stop(for: .asked, by: ladder)
        driver.closePipes()
        return await driver.exit.valueDespiteCancellation()
    }

    /// Signals it, together with the descendants in its process group unless that is shared with this program.
    ///
    /// - Returns: whether it was there to be signalled.
    @discardableResult
    public func signal(_ signal: Int32) -> Bool { driver.signal(signal) }

    /// Tells its terminal that it has another size, and the child by SIGWINCH. Of no effect without ``ChildCommand/terminal``.
    public func resizeTerminal(to size: TerminalSize) {
        guard driver.command.terminal != nil, let number = driver.input?.number, number >= 0 else { return }
        var window = winsize()
        window.ws_col = UInt16(clamping: size.columns)
        window.ws_row = UInt16(clamping: size.rows)
        _ = ioctl(number, UInt(TIOCSWINSZ), &window)
    }
}
