internal import SpindleCore
internal import SpindleMemory

/// Takes locks for a manager in another process, until its port ends; then gives back what it holds.
final class LockService: Sendable {
    private let manager: LockManager
    private let port: MessagePort<LockCommand, LockReply>
    private let requests = Lock<[UInt64: Request]>([:])

    private struct Request {
        let release = Release()
        /// Nil until it has run to where it waits for the first time.
        var task: Task<Void, Never>?
    }

    static func start(_ manager: LockManager, _ port: MessagePort<LockCommand, LockReply>) {
        let service = LockService(manager, port)
        Task.detached { await service.run() }
    }

    private init(_ manager: LockManager, _ port: MessagePort<LockCommand, LockReply>) {
        self.manager = manager
        self.port = port
    }

    private func run() async {
        var commands = port.messages.makeAsyncIterator()
        while let command = try? await commands.next() {
            switch command {
            case .request(let id, let name, let mode, let acquisition):
                guard let release = add(id) else { break }
                // Comes to its place in line at once, so that requests are granted in the order in which they came.
                let task = Task.immediate { await self.hold(id, name, mode, acquisition, until: release) }
                requests.withLock { $0[id]?.task = task }
            case .cancel(let id): requests.withLock { $0[id]?.task }?.cancel()
            case .release(let id): requests.withLock { $0[id]?.release }?.fulfil()
            case .query(let id): await answerQuery(id)
            }
        }
        port.close()
        let left = requests.withLock { Array($0.values) }
        for request in left {
            request.task?.cancel()
            request.release.fulfil()
        }
    }

    /// Nil, and the end of the port, for what no manager of ours asks: one that is there already, or one too many.
    private func add(_ id: UInt64) -> Release? {
        let release = requests.withLock { requests -> Release? in
            // Twice, since one that was given back counts there no more, and here until that has arrived.
            guard requests[id] == nil, requests.count < 2 * LockManager.mostRequests else { return nil }
            let request = Request()
            requests[id] = request
            return request.release
        }
        if release == nil { port.close() }
        return release
    }

    private func hold(
        _ id: UInt64, _ name: String, _ mode: LockMode, _ acquisition: LockManager.Acquisition, until release: Release
    ) async {
        do {
            try await manager.request(name, mode: mode, acquisition: acquisition) { lock in
                lock.whenStolen { release.fulfil() }
                await answer(.granted(id))
                await release.wait()
                if lock.isStolen { await answer(.stolen(id)) }
            }
        } catch LockError.stolen {
            // The other process has been told.
        } catch let error as LockError {
            await answer(.refused(id, error))
        } catch {
            await answer(.cancelled(id))
        }
        requests.withLock { $0[id] = nil }
    }

    private func answerQuery(_ id: UInt64) async {
        do {
            await answer(.snapshot(id, try await manager.query()))
        } catch {
            await answer(.refused(id, .disconnected))
        }
    }

    /// Waits for room also in a cancelled task, since an answer has to arrive.
    private func answer(_ reply: LockReply) async {
        do throws(SendError<LockReply>) {
            try port.post(reply)
        } catch {
            guard error.reason == .full else { return }
            let port = port
            await Task { try? await port.send(reply) }.value
        }
    }
}

/// The end of holding a lock. Not ended by cancelling the task, which is meant for requests that still wait.
private final class Release: Sendable {
    private struct State {
        var isFulfilled = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Lock(State())

    func fulfil() {
        let waiter = state.withLock { state in
            state.isFulfilled = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// For one task alone.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isFulfilled = state.withLock { state in
                if !state.isFulfilled { state.waiter = continuation }
                return state.isFulfilled
            }
            if isFulfilled { continuation.resume() }
        }
    }
}
