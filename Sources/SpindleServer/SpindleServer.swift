internal import CoreMetrics
internal import Glibc
internal import HTTPTypes
internal import Hummingbird
public import Logging
internal import NIOCore
public import ServiceLifecycle
internal import Spindle
internal import Synchronization

/// An HTTP server with a page that runs tasks in a ``WorkerPool`` while it stays responsive.
///
/// As a `Service` it runs until it is told to shut down: it then takes no more
/// connections, lets running tasks end within ``ServerOptions/drainDeadline``, and
/// answers the clients that wait for them. When its task is cancelled it ends at once.
public final class SpindleServer: Service {
    private let options: ServerOptions
    private let metrics: PrometheusMetrics
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - metrics: what `/metrics` shows. To see the pool's figures there, bootstrap swift-metrics with it.
    ///   - onListening: called with the port once clients can connect.
    public init(
        options: ServerOptions, metrics: PrometheusMetrics, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.options = options
        self.metrics = metrics
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until shutdown.
    ///
    /// - Throws: ``ServerError`` when an option cannot be used or the address cannot be listened on.
    public func run() async throws {
        guard options.memoryLimit == nil || options.isolation == .process else {
            throw ServerError(
                .invalidOption, "Threads share the server's memory and have no limit of their own; run tasks in processes.")
        }
        let directories = try await AllowedDirectories(options.allowedDirectories)
        if !HostGuard.isLoopback(options.host) {
            logger.warning(
                "Listening beyond this machine without authentication: everyone who reaches it can run tasks",
                metadata: ["host": "\(options.host)"])
        }
        try await UploadDirectory.with(logger: logger) { directory in
            let uploads = UploadStore(directory: directory, limits: options.limits, logger: logger)
            let board = TaskBoard(finishedLimit: options.limits.finishedTasks, resultBytesLimit: options.limits.results)
            let pool = try await WorkerPool(poolConfiguration, logger: logger)
            let routes = routes(pool, board, uploads, directories)
            do {
                try await serve(routes, draining: pool)
            } catch {
                await pool.shutdownNow()
                await board.allEnded()
                throw error
            }
            await pool.close(deadline: .zero)
            await board.allEnded()
        }
    }

    private var poolConfiguration: WorkerPoolConfiguration {
        WorkerPoolConfiguration(
            name: "tasks", size: .range(options.workers), isolation: WorkerIsolation(options), queueLimit: options.queueLimit,
            onFull: .fail,
            abandonedLimit: options.limits.abandonedTasks + options.workers.upperBound,
            // Answers go before tasks where both want a processor.
            nice: 5, reportsMetrics: true)
    }

    private func routes(
        _ pool: WorkerPool, _ board: TaskBoard, _ uploads: UploadStore, _ directories: AllowedDirectories
    ) -> Routes {
        let routes = Routes(middleware: [
            RequestMetrics(factory: metrics), AnswerGuard(drainedBody: options.limits.json), HostGuard(boundTo: options.host),
        ])
        TaskRoutes(
            board: board,
            launcher: TaskLauncher(
                pool: pool, board: board, uploads: uploads, timeout: options.taskTimeout,
                abandonedLimit: options.limits.abandonedTasks, logger: logger),
            reader: TaskRequestReader(
                uploads: uploads, directories: directories, limits: options.limits, isolation: options.isolation),
            streams: Slots(options.limits.eventStreams)
        ).add(to: routes)
        StatusRoutes(
            pool: pool, board: board, metrics: metrics, uploads: uploads, options: options, directories: directories
        ).add(to: routes)
        PageRoutes().add(to: routes)
        return routes
    }

    private func serve(_ routes: Routes, draining pool: WorkerPool) async throws {
        let listening = Mutex(false)
        // It says a second time that the server listens.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        let application = Application(
            router: routes.router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ProtocolAnswers()],
                    idleTimeout: TimeAmount(options.limits.idle),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port),
                availableConnectionsDelegate: .maximum(options.limits.connections, logger: logger)),
            onServerRunning: { [onListening] channel in
                listening.withLock { $0 = true }
                await onListening(channel.localAddress?.port ?? 0)
            },
            logger: quiet)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [options] in
                    // While connections finish their requests: those that wait for a task then get their answer.
                    try await gracefulShutdown()
                    await pool.close(deadline: options.drainDeadline)
                }
                try await application.run()
                group.cancelAll()
            }
        } catch  where !listening.withLock({ $0 }) && !(error is CancellationError) {
            throw ServerError(.cannotListen, listenFailure(error))
        }
    }

    private func listenFailure(_ error: any Error) -> String {
        let address = "\(options.host):\(options.port)"
        if let error = error as? IOError {
            switch error.errnoCode {
            case EADDRINUSE:
                return "Cannot listen on \(address): another program does. Stop it, or choose another port with --port."
            case EACCES:
                return "Cannot listen on \(address): permission denied. Choose a port from 1024 on with --port."
            case EADDRNOTAVAIL:
                return "Cannot listen on \(address): no interface of this machine has it. Choose another with --host."
            default:
                break
            }
        }
        return "Cannot listen on \(address): \(error). Check --host and --port."
    }
}

extension WorkerIsolation {
    /// As the options ask for it.
    init(_ options: ServerOptions) {
        switch options.isolation {
        case .thread:
            self = .thread
        case .process:
            var configuration = ProcessConfiguration()
            configuration.limits.residentMemory = options.memoryLimit.map { .init($0) }
            self = .process(configuration)
        }
    }
}
