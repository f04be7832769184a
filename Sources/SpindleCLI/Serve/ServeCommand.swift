public import ArgumentParser
internal import CoreMetrics
public import Logging
internal import ServiceLifecycle
internal import SpindleServer
internal import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs tasks behind HTTP, with a page to start and watch them.",
        discussion: """
            The page is at /, tasks at /api/tasks, figures for Prometheus at /metrics,
            and /health answers whatever the workers do. There is no authentication:
            whoever reaches the address can run tasks, which is why it is this
            machine's own unless --host says otherwise.

            Tasks run on threads of the server, or with --isolation process in worker
            processes, where a task that crashes, hangs or takes more memory than
            --memory-limit is ended alone.

            The first SIGTERM or Ctrl-C lets running tasks end within --drain; a
            second ends at once.

            EXAMPLES
              spindle serve
              spindle serve --port 9000 --workers 2...8 --allow-directory ~/Pictures
              spindle serve --isolation process --memory-limit 512MiB
              curl -X POST 'localhost:8080/api/tasks/primes?wait=true' \\
                   -H 'Content-Type: application/json' -d '{"to": 1000000}'
              curl -X POST 'localhost:8080/api/tasks/csv?wait=true' \\
                   -H 'Content-Type: text/csv' --data-binary @table.csv
              curl -X POST 'localhost:8080/api/tasks/crash?wait=true'
              curl -N localhost:8080/api/events

            EXIT CODES
              0    stopped by a signal after its tasks had ended
              1    the address cannot be listened on, or an option names something
                   that is not there
              64   the command was called wrongly
              130  ended at once by a second Ctrl-C (143: by a second SIGTERM)
            """)

    @Option(help: "The address or name to listen on.")
    var host = ServerOptions().host

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = ServerOptions().port

    @Option(help: .init("How many workers, as N or MIN...MAX. (default: as many as there are cores)", valueName: "range"))
    var workers: WorkerRange?

    @Option(help: .init("Where tasks run: thread or process.", valueName: "where"))
    var isolation = ServerOptions().isolation

    @Option(
        help: .init(
            "How much memory a worker process may use, such as 512MiB; needs --isolation process.", valueName: "size"))
    var memoryLimit: ByteSize?

    @Option(help: .init("How many tasks may wait; one more is answered with 503.", valueName: "count"))
    var queueLimit = ServerOptions().queueLimit

    @Option(help: .init("Largest uploaded file, such as 500MiB.", valueName: "size"))
    var maxUpload = ByteSize(count: ServerLimits().upload)

    @Option(
        help: .init("A directory whose files may be read for checksums; may be given several times.", valueName: "dir"),
        completion: .directory)
    var allowDirectory: [String] = []

    @Option(help: .init("How long a task may run, such as 90s, 10m or 2h.", valueName: "time"))
    var timeout = TimeSpan(duration: ServerOptions().taskTimeout)

    @Option(help: .init("How long running tasks may go on after the first signal.", valueName: "time"))
    var drain = TimeSpan(duration: ServerOptions().drainDeadline)

    @Option(
        help: .init(
            "Least severe messages to log: trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel = Logger.Level.notice

    private static let leastMemory = 64 << 20

    func validate() throws {
        guard 0...65_535 ~= port else { throw ValidationError("--port \(port) is out of range; give 0 to 65535.") }
        guard 1...1_000_000 ~= queueLimit else {
            throw ValidationError("--queue-limit \(queueLimit) is out of range; give 1 to 1000000.")
        }
        if let memoryLimit {
            guard isolation == .process else {
                throw ValidationError(
                    "--memory-limit is for worker processes, and threads share one memory; use --isolation process.")
            }
            guard memoryLimit.count >= Self.leastMemory else {
                throw ValidationError(
                    "--memory-limit of \(memoryLimit.count) bytes is less than a worker needs; give 64MiB or more.")
            }
        }
        guard !host.isEmpty else { throw ValidationError("--host is empty; give an address such as 127.0.0.1.") }
    }

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "spindle")
        logger.logLevel = logLevel
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        let server = SpindleServer(options: options, metrics: metrics, logger: logger) { [host, logger] port in
            logger.notice("Listening on http://\(host.contains(":") ? "[\(host)]" : host):\(port), stop with Ctrl-C")
        }
        do {
            try await run(server, logger)
        } catch let error as ServerError {
            logger.critical("\(error)")
            throw ExitCode(1)
        }
    }

    private var options: ServerOptions {
        var options = ServerOptions()
        options.host = host
        options.port = port
        options.isolation = isolation
        options.memoryLimit = memoryLimit?.count
        if let workers { options.workers = workers.range }
        options.queueLimit = queueLimit
        options.limits.upload = maxUpload.count
        options.limits.storedUploads = max(options.limits.storedUploads, maxUpload.count)
        options.allowedDirectories = allowDirectory
        options.taskTimeout = timeout.duration
        options.drainDeadline = drain.duration
        return options
    }

    private func run(_ server: SpindleServer, _ logger: Logger) async throws {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let services = ServiceGroup(
            configuration: .init(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var isStopping = false
                for await signal in signals {
                    if isStopping { Self.exit(withError: ExitCode(128 + signal.rawValue)) }
                    isStopping = true
                    logger.notice("Stopping once the running tasks have ended; signal again to stop at once")
                }
            }
            try await services.run()
            group.cancelAll()
        }
    }
}

extension TaskIsolation: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}
