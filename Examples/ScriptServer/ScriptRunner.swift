import Spindle
import SpindleJavaScript

/// What one script may take.
struct ScriptLimits: Sendable {
    /// From its first line to its output.
    var time: Duration
    /// Bytes of its heap and its buffers.
    var memory: Int
    /// Bytes of its output as JSON.
    var output: Int
    /// How many scripts run at once.
    var running: Int
    /// How many more may wait.
    var waiting: Int

    init(
        time: Duration = .seconds(2), memory: Int = 64 << 20, output: Int = 1 << 20, running: Int = 4, waiting: Int = 100
    ) {
        self.time = time
        self.memory = memory
        self.output = output
        self.running = running
        self.waiting = waiting
    }
}

/// Runs scripts of users, each in a process of its own that ends with it: whatever a script does, neither the server nor
/// another user's script notices.
final class ScriptRunner: Sendable {
    private let pool: JavaScriptPool
    private let limits: ScriptLimits

    /// The task of the pool: a script is a module whose default export is a function. Input and output go as JSON, which
    /// says what a client may send and get.
    private static let program = JavaScriptSource.module(
        """
        const { parse, stringify } = JSON;
        const encode = encodeURIComponent;
        export default async ({ script, input, outputLimit }) => {
            const { default: run } = await import(`data:text/javascript,${encode(script)}`);
            if (typeof run !== 'function') throw new TypeError('The script exports no function as its default');
            const output = stringify(await run(parse(input))) ?? 'null';
            if (output.length > outputLimit) throw new RangeError(`The output is longer than ${outputLimit} characters`);
            return output;
        };
        """, name: "script-server.mjs")

    private struct Work: Encodable {
        var script: String
        var input: String
        var outputLimit: Int
    }

    init(limits: ScriptLimits = ScriptLimits()) async throws {
        self.limits = limits
        // Nothing but computing: no files, no network, no environment.
        var policy = GuestPolicy.none
        policy.memoryLimit = limits.memory
        // A script cannot prolong its life by answering first and going on afterwards.
        policy.lifetimeLimit = .seconds(60)
        // The engine's own limit is looked at now and then; this one ends the process, with what the engine takes by itself.
        let process = ProcessConfiguration(
            environment: .replacing([:]), limits: ProcessLimits(residentMemory: UInt64(limits.memory + (192 << 20))))
        pool = try await JavaScriptPool(
            Self.program,
            configuration: WorkerPoolConfiguration(
                name: "scripts", size: .fixed(limits.running), isolation: .process(process), queueLimit: limits.waiting,
                onFull: .fail, tasksPerWorker: 1),
            options: JavaScriptOptions(policy: policy))
    }

    /// Runs a script.
    ///
    /// - Parameters:
    ///   - script: a module.
    ///   - input: JSON.
    /// - Returns: JSON.
    func run(_ script: String, input: String) async throws(ScriptFailure) -> String {
        do {
            return try await pool.run(
                Work(script: script, input: input, outputLimit: limits.output), options: TaskOptions(timeout: limits.time))
        } catch {
            throw ScriptFailure(error, limits)
        }
    }

    /// Ends the scripts that run.
    func close() async { await pool.shutdownNow() }
}
