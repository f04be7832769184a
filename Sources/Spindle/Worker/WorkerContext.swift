internal import SpindleMemory

/// What the tasks of a worker know about it: its identity, its environment data, its own workers.
final class WorkerContext: Sendable {
    @TaskLocal static var current: WorkerContext?

    let id: WorkerID
    let name: String
    let parentID: WorkerID
    let environment: EnvironmentStore
    private let children = Lock<[WorkerID: any NestedWorker]?>([:])

    /// Of a worker that is started here and now.
    convenience init(name: String?) {
        let id = WorkerID.next()
        self.init(
            id: id, name: name ?? "worker-\(id)", parentID: Self.current?.id ?? .main,
            environment: EnvironmentData.inherited())
    }

    init(id: WorkerID, name: String, parentID: WorkerID, environment: EnvironmentStore) {
        self.id = id
        self.name = name
        self.parentID = parentID
        self.environment = environment
    }

    /// Notes a worker that has to end with this one. False when this one is ending already.
    func adopt(_ worker: any NestedWorker, id: WorkerID) -> Bool {
        children.withLock { children in
            children?[id] = worker
            return children != nil
        }
    }

    func release(_ id: WorkerID) {
        _ = children.withLock { $0?.removeValue(forKey: id) }
    }

    /// Tells the workers this one started to stop as well.
    func requestChildrenTermination(within deadline: Duration) {
        let running = children.withLock { children in children.map { Array($0.values) } ?? [] }
        for worker in running { worker.requestTermination(within: deadline) }
    }

    /// Stops the workers this one started; later ones are refused.
    func terminateChildren() async {
        let running = children.withLock { children in
            defer { children = nil }
            return children.map { Array($0.values) } ?? []
        }
        for worker in running { worker.requestTermination() }
        for worker in running { await worker.ended() }
    }
}

/// A worker as its creator's context sees it.
protocol NestedWorker: Sendable {
    /// Stops it by its own deadline.
    func requestTermination()
    func requestTermination(within deadline: Duration)
    func ended() async
}
