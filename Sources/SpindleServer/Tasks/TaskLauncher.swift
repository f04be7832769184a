internal import FoundationEssentials
internal import Logging
internal import Spindle
internal import SpindleCore
internal import SpindleWorkloads

/// Gives tasks to the pool and keeps the board up to date with them.
struct TaskLauncher: Sendable {
    let pool: WorkerPool
    let board: TaskBoard
    let uploads: UploadStore
    let timeout: Duration
    let abandonedLimit: Int
    let logger: Logger

    /// Starts a task; its upload is deleted when it has ended, or now if it cannot start.
    ///
    /// - Throws: ``APIError`` when the pool takes no more.
    func launch(_ request: TaskRequest) async throws(APIError) -> TaskRecord {
        switch request.work {
        case .allocate(let input): try await submit(Allocate.self, input, request, TaskProgress.init)
        case .checksum(let input): try await submit(Checksum.self, input, request, TaskProgress.init)
        case .crash(let input): try await submit(Crash.self, input, request, Self.nothing)
        case .csv(let input): try await submit(CSVSummary.self, input, request, TaskProgress.init)
        case .passwordHash(let input): try await submit(PasswordHash.self, input, request, Self.nothing)
        case .primes(let input): try await submit(Primes.self, input, request, TaskProgress.init)
        case .spin(let input): try await spin(input, request)
        }
    }

    /// Each cancelled one keeps a thread and a processor for the rest of the server's life.
    private func spin(_ input: Spin.Input, _ request: TaskRequest) async throws(APIError) -> TaskRecord {
        let abandoned = pool.statistics.abandonedThreads
        guard abandoned < abandonedLimit else {
            throw .busy(
                "too-many-abandoned",
                "\(abandoned) abandoned tasks still hold a processor each; restart the server before you start another.",
                retryAfter: 60)
        }
        return try await submit(Spin.self, input, request) { TaskProgress(fraction: nil, text: "\($0) billion rounds") }
    }

    /// For tasks that report nothing.
    private static func nothing<Progress>(_ progress: Progress) -> TaskProgress? { nil }

    private func submit<Work: WorkerTask>(
        _ work: Work.Type, _ input: Work.Input, _ request: TaskRequest,
        _ describe: @escaping @Sendable (Work.Progress) -> TaskProgress?
    ) async throws(APIError) -> TaskRecord where Work.Output: Encodable {
        let handle: TaskHandle<Work.Output, Work.Progress>
        do {
            handle = try await pool.submit(work, input, options: TaskOptions(timeout: timeout))
        } catch {
            if let upload = request.upload { await uploads.remove(upload) }
            throw refusal(error)
        }
        let record = TaskRecord(
            id: handle.id.number, kind: request.kind, parameters: request.parameters, submitted: Date())
        await board.add(record) { handle.cancel() }
        // Ends with the task, and so with the pool at the latest.
        Task { await follow(handle, request.upload, describe) }
        return record
    }

    private func follow<Output: Encodable & Sendable, Progress: Sendable>(
        _ handle: TaskHandle<Output, Progress>, _ upload: Upload?, _ describe: @Sendable (Progress) -> TaskProgress?
    ) async {
        let id = handle.id.number
        for await update in handle.updates {
            switch update {
            case .started(_, let worker): await board.started(id, worker: worker.number)
            case .progress(let progress):
                if let progress = describe(progress) { await board.progressed(id, progress) }
            }
        }
        let outcome = await outcome(of: handle)
        // Before the task counts as ended, so that whoever sees its end also sees the file gone.
        if let upload { await uploads.remove(upload) }
        await board.ended(id, outcome)
    }

    private func outcome<Output: Encodable & Sendable, Progress: Sendable>(
        of handle: TaskHandle<Output, Progress>
    ) async -> TaskOutcome {
        do {
            return .succeeded(try JSONCoding.encode(try await handle.value))
        } catch is CancellationError {
            return .cancelled
        } catch let error as WorkerPoolError where error.code == .timedOut || error.code == .waitTimedOut {
            return .timedOut(TaskFailure(error))
        } catch let error as WorkerPoolError {
            return .failed(TaskFailure(error))
        } catch {
            if let failure = TaskFailure(ofWork: error) { return .failed(failure) }
            let type = (error as? RemoteError)?.type ?? "\(type(of: error))"
            logger.error("Task failed", metadata: ["task": "\(handle.id)", "error": "\(type)"])
            return .failed(.unexpected)
        }
    }

    private func refusal(_ error: any Error) -> APIError {
        guard let error = error as? WorkerPoolError else { return .unexpected }
        switch error.code {
        case .queueFull, .shed:
            return .busy("queue-full", "As many tasks wait as may; try again when some have ended.")
        case .closed:
            return .busy("stopping", "The server is stopping; try again when it is back.", retryAfter: 10)
        default:
            return .busy("no-workers", error.message, retryAfter: 60)
        }
    }
}

extension TaskProgress {
    init(_ progress: WorkProgress) {
        let files = progress.filesCompleted.map { ", \($0) files" } ?? ""
        self.init(
            fraction: progress.fraction, text: "\(progress.completed) of \(progress.total) \(progress.unit.rawValue)\(files)")
    }
}
