internal import DequeModule
internal import FoundationEssentials

/// The tasks of the server as its clients see them: those that wait or run, and the last that ended.
///
/// Readers follow it without a buffer of their own: each remembers the revision it has
/// seen, is rung when there is something newer, and asks for the present state of what
/// changed. A slow reader sees fewer steps in between and always the last one, and
/// costs no memory.
actor TaskBoard {
    /// Rung, at most once ahead, when there is something new.
    typealias Bell = AsyncStream<Void>.Continuation

    /// Unique to this run of the server, since a later one numbers its tasks from 1 again.
    nonisolated let instance = UUID().uuidString.lowercased()

    private struct Entry {
        var record: TaskRecord
        var result: [UInt8]?
        var cancel: (@Sendable () -> Void)?
    }

    private var entries: [UInt64: Entry] = [:]
    private var finished: Deque<UInt64> = []
    private var resultBytes = 0
    private var revision: UInt64 = 0
    private var bells: [UInt64?: [UInt64: Bell]] = [:]
    private var lastBell: UInt64 = 0
    private let finishedLimit: Int
    private let resultBytesLimit: Int

    init(finishedLimit: Int, resultBytesLimit: Int) {
        self.finishedLimit = finishedLimit
        self.resultBytesLimit = resultBytesLimit
    }

    // MARK: What happens to a task

    func add(_ record: TaskRecord, cancel: @escaping @Sendable () -> Void) {
        entries[record.id] = Entry(record: record, cancel: cancel)
        touch(record.id)
    }

    func started(_ id: UInt64, worker: UInt64) {
        change(id) {
            $0.state = .running
            $0.started = Date()
            $0.worker = worker
            $0.progress = nil
        }
    }

    func progressed(_ id: UInt64, _ progress: TaskProgress) {
        change(id) {
            // The start itself is not seen when many reports follow it at once.
            $0.state = .running
            $0.started = $0.started ?? Date()
            $0.progress = progress
        }
    }

    func ended(_ id: UInt64, _ outcome: TaskOutcome) {
        guard var entry = entries[id], !entry.record.state.isFinal else { return }
        entry.cancel = nil
        entry.record.finished = Date()
        switch outcome {
        case .succeeded(let result):
            entry.record.state = .succeeded
            entry.result = result
            resultBytes += result.count
        case .failed(let failure):
            entry.record.state = .failed
            entry.record.error = failure
        case .cancelled:
            entry.record.state = .cancelled
        case .timedOut(let failure):
            entry.record.state = .timedOut
            entry.record.error = failure
        }
        entries[id] = entry
        finished.append(id)
        forgetOldest()
        touch(id)
    }

    /// Asks a task to stop.
    func cancel(_ id: UInt64) throws(APIError) -> TaskRecord {
        guard let entry = entries[id] else { throw .unknownTask(id) }
        guard let cancel = entry.cancel else { throw .alreadyEnded(entry.record) }
        change(id) { $0.cancelRequested = true }
        cancel()
        return entries[id]?.record ?? entry.record
    }

    private func change(_ id: UInt64, _ body: (inout TaskRecord) -> Void) {
        guard let record = entries[id]?.record, !record.state.isFinal else { return }
        body(&entries[id]!.record)  // present: looked up on the line above
        touch(id)
    }

    private func touch(_ id: UInt64) {
        revision += 1
        entries[id]?.record.revision = revision
        for key in [nil, id] {
            for bell in bells[key, default: [:]].values { bell.yield() }
        }
    }

    private func forgetOldest() {
        while finished.count > finishedLimit || (resultBytes > resultBytesLimit && finished.count > 1) {
            guard let id = finished.popFirst() else { return }
            resultBytes -= entries.removeValue(forKey: id)?.result?.count ?? 0
        }
    }

    // MARK: Reading

    func record(_ id: UInt64) throws(APIError) -> TaskRecord {
        guard let record = entries[id]?.record else { throw .unknownTask(id) }
        return record
    }

    /// The result of a task as JSON text.
    func result(_ id: UInt64) throws(APIError) -> [UInt8] {
        guard let entry = entries[id] else { throw .unknownTask(id) }
        guard let result = entry.result else { throw .noResult(entry.record) }
        return result
    }

    /// The newest tasks first.
    func list(state: TaskState?, kind: TaskKind?, limit: Int) -> [TaskRecord] {
        entries.values.lazy.map(\.record)
            .filter { (state == nil || $0.state == state) && (kind == nil || $0.kind == kind) }
            .sorted { $0.id > $1.id }
            .prefix(limit).map { $0 }
    }

    /// The tasks that changed after a revision, in the order of their last change.
    func changes(after seen: UInt64) -> [TaskRecord] {
        guard seen < revision else { return [] }
        return entries.values.lazy.map(\.record).filter { $0.revision > seen }.sorted { $0.revision < $1.revision }
    }

    /// Has `bell` rung when a task changes (any task for nil), until ``unsubscribe(_:from:)``.
    func subscribe(_ bell: Bell, to id: UInt64?) -> UInt64 {
        lastBell += 1
        bells[id, default: [:]][lastBell] = bell
        return lastBell
    }

    func unsubscribe(_ number: UInt64, from id: UInt64?) {
        bells[id]?[number] = nil
        if bells[id]?.isEmpty == true { bells[id] = nil }
    }

    /// How many readers are rung.
    var subscribers: Int { bells.values.reduce(0) { $0 + $1.count } }

    /// Waits until a task has ended.
    ///
    /// - Throws: `CancellationError` when the waiting task is cancelled; the task goes on.
    func ending(of id: UInt64) async throws -> TaskRecord {
        let (rings, bell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = subscribe(bell, to: id)
        defer { unsubscribe(number, from: id) }
        bell.yield()
        for await _ in rings {
            let record = try record(id)
            if record.state.isFinal { return record }
        }
        throw CancellationError()
    }
}

extension TaskBoard {
    /// Waits until no task is left that waits or runs.
    func allEnded() async {
        for record in list(state: .queued, kind: nil, limit: .max) + list(state: .running, kind: nil, limit: .max) {
            _ = try? await ending(of: record.id)
        }
    }
}
