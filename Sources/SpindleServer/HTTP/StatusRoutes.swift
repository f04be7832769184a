internal import CoreMetrics
internal import HTTPTypes
internal import Hummingbird
internal import Spindle
internal import SpindleCore
internal import SystemPackage

/// `/health`, `/metrics` and `/api/status`.
struct StatusRoutes: Sendable {
    let pool: WorkerPool
    let board: TaskBoard
    let metrics: PrometheusMetrics
    let uploads: UploadStore
    let options: ServerOptions
    let directories: AllowedDirectories
    let started = ContinuousClock().now

    func add(to routes: Routes) {
        routes.on("health", [.get: health])
        routes.on("metrics", [.get: prometheus])
        routes.on("api/status", [.get: status])
    }

    @Sendable private func health(_ request: Request, _ context: ServerContext) async throws -> Response {
        .json(bytes: Array(#"{"status":"ok"}"#.utf8))
    }

    @Sendable private func prometheus(_ request: Request, _ context: ServerContext) async throws -> Response {
        Response(
            status: .ok, headers: [.contentType: PrometheusText.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text())))
    }

    @Sendable private func status(_ request: Request, _ context: ServerContext) async throws -> Response {
        try .json(
            StatusReport(
                instance: board.instance, isolation: options.isolation, uptimeSeconds: seconds(ContinuousClock().now - started),
                pool: .init(pool.statistics),
                workers: pool.workers.map(StatusReport.Worker.init),
                limits: .init(options, directories), storedUploadBytes: uploads.storedBytes))
    }
}

/// What `/api/status` tells. Times are in seconds.
struct StatusReport: Encodable {
    let instance: String
    let isolation: TaskIsolation
    let uptimeSeconds: Double
    let pool: Pool
    let workers: [Worker]
    let limits: Limits
    let storedUploadBytes: Int

    struct Pool: Encodable {
        let completed, failed, cancelled, timedOut, crashed, killed, abandoned: Int
        /// Threads of abandoned tasks that still run.
        let abandonedThreads: Int
        let queued, running, workers, idleWorkers: Int
        let utilization: Double
        let waitTime, runTime: Latency

        init(_ statistics: WorkerPoolStatistics) {
            completed = statistics.completed
            failed = statistics.failed
            cancelled = statistics.cancelled
            timedOut = statistics.timedOut
            crashed = statistics.crashed
            killed = statistics.killed
            abandoned = statistics.abandoned
            abandonedThreads = statistics.abandonedThreads
            queued = statistics.queued
            running = statistics.running
            workers = statistics.workers
            idleWorkers = statistics.idleWorkers
            utilization = statistics.utilization
            waitTime = Latency(statistics.waitTime)
            runTime = Latency(statistics.runTime)
        }
    }

    struct Latency: Encodable {
        let count: Int
        let mean, p50, p90, p99, max: Double

        init(_ summary: LatencySummary) {
            count = summary.count
            mean = seconds(summary.mean)
            p50 = seconds(summary.p50)
            p90 = seconds(summary.p90)
            p99 = seconds(summary.p99)
            max = seconds(summary.max)
        }
    }

    struct Worker: Encodable {
        let id: UInt64
        let name: String
        let generation: UInt64
        let state: String
        let tasksCompleted: Int
        let currentTask: UInt64?
        let utilization: Double

        init(_ worker: PoolWorkerStatistics) {
            id = worker.id.number
            name = worker.name
            generation = worker.generation
            state = worker.state.rawValue
            tasksCompleted = worker.tasksCompleted
            currentTask = worker.currentTask?.number
            utilization = worker.utilization
        }
    }

    struct Limits: Encodable {
        let queue, uploadBytes, workers: Int
        /// What each worker process may use; absent where there is no limit.
        let memoryBytes: Int?
        let taskTimeoutSeconds: Double
        let allowedDirectories: [String]

        init(_ options: ServerOptions, _ directories: AllowedDirectories) {
            queue = options.queueLimit
            uploadBytes = options.limits.upload
            workers = options.workers.upperBound
            memoryBytes = options.memoryLimit
            taskTimeoutSeconds = seconds(options.taskTimeout)
            allowedDirectories = directories.roots.map(\.string)
        }
    }
}

private func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
