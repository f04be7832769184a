internal import SpindleCore
internal import SpindleMemory
internal import Synchronization

/// Locks that another process keeps: asked for through a port to its ``LockService``.
final class RemoteLocks: LockSource {
    private let port: MessagePort<LockReply, LockCommand>
    private let ledger = LockLedger()
    private let isReading = Atomic<Bool>(false)

    init(_ port: MessagePort<LockReply, LockCommand>) { self.port = port }

    // The task that reads holds the port too.
    deinit { port.close() }

    func acquire(_ name: String, _ mode: LockMode, _ acquisition: LockManager.Acquisition) async throws -> HeldLock {
        let (id, lock) = try ledger.add { HeldLock(name: name, mode: mode, id: $0) }
        let request = LockCommand.request(id, name: name, mode: mode, acquisition: acquisition)
        switch try await answer(to: request, id) {
        case .granted: return lock
        case .refused(_, let error): throw error
        default: throw CancellationError()
        }
    }

    func release(_ lock: HeldLock) {
        // One that was lost is no longer in the ledger.
        if ledger.remove(lock.id) { tell(.release(lock.id)) }
    }

    func snapshot() async throws -> [LockSnapshot] {
        let (id, _) = try ledger.add { _ in nil as HeldLock? }
        guard case .snapshot(_, let locks) = try await answer(to: .query(id), id) else { throw LockError.disconnected }
        return locks
    }

    private func answer(to command: LockCommand, _ id: UInt64) async throws -> LockReply {
        startReading()
        do throws(SendError<LockCommand>) {
            try await port.send(command)
        } catch {
            _ = ledger.remove(id)
            if error.reason == .cancelled { throw CancellationError() }
            throw LockError.disconnected
        }
        let reply = await withTaskCancellationHandler {
            await ledger.reply(to: id)
        } onCancel: {
            tell(.cancel(id))
        }
        guard let reply else { throw LockError.disconnected }
        return reply
    }

    /// Sends without waiting; as many at most as there are requests.
    private func tell(_ command: LockCommand) {
        do throws(SendError<LockCommand>) {
            try port.post(command)
        } catch {
            guard error.reason == .full else { return }
            let port = port
            Task { try? await port.send(command) }
        }
    }

    private func startReading() {
        guard !isReading.exchange(true, ordering: .relaxed) else { return }
        let (ledger, replies) = (ledger, port.messages)
        Task.detached {
            var replies = replies.makeAsyncIterator()
            while let reply = try? await replies.next() { ledger.receive(reply) }
            ledger.end()
        }
    }
}

/// What was asked, what was answered, and what is held.
private final class LockLedger: Sendable {
    fileprivate struct Entry {
        /// Nil for a query.
        let lock: HeldLock?
        var waiter: UnsafeContinuation<LockReply?, Never>?
        /// One that came before anybody waited for it.
        var reply: LockReply?
    }

    fileprivate struct State {
        var lastID: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
        var hasEnded = false
    }

    private let state = Lock(State())

    /// - Throws: ``LockError/tooManyRequests`` or ``LockError/disconnected``.
    func add<Kept>(_ make: (UInt64) -> Kept) throws(LockError) -> (UInt64, Kept) {
        let added = state.withLock { state -> Result<(UInt64, Kept), LockError> in
            guard !state.hasEnded else { return .failure(.disconnected) }
            guard state.entries.count < LockManager.mostRequests else { return .failure(.tooManyRequests) }
            state.lastID += 1
            let kept = make(state.lastID)
            state.entries[state.lastID] = Entry(lock: kept as? HeldLock)
            return .success((state.lastID, kept))
        }
        return try added.get()
    }

    /// Whether it was there.
    func remove(_ id: UInt64) -> Bool { state.withLock { $0.entries.removeValue(forKey: id) } != nil }

    /// The answer to a request; nil when none comes any more.
    func reply(to id: UInt64) async -> LockReply? {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<LockReply?, Never>) in
            let (isKnown, reply) = state.withLock { state -> (Bool, LockReply?) in
                guard let entry = state.entries[id] else { return (true, nil) }
                guard let reply = entry.reply else {
                    state.entries[id]?.waiter = continuation
                    return (false, nil)
                }
                state.settle(id, reply)
                return (true, reply)
            }
            if isKnown { continuation.resume(returning: reply) }
        }
    }

    func receive(_ reply: LockReply) {
        if case .stolen(let id) = reply {
            state.withLock { $0.lose(id) }?.markStolen()
            return
        }
        let waiter = state.withLock { state -> UnsafeContinuation<LockReply?, Never>? in
            guard let waiter = state.entries[reply.id]?.waiter else {
                state.entries[reply.id]?.reply = reply
                return nil
            }
            state.settle(reply.id, reply)
            return waiter
        }
        waiter?.resume(returning: reply)
    }

    /// Nothing comes any more: what was held is lost.
    func end() {
        let entries = state.withLock { state in
            state.hasEnded = true
            defer { state.entries = [:] }
            return state.entries.values
        }
        for entry in entries {
            entry.lock?.markStolen()
            entry.waiter?.resume(returning: nil)
        }
    }
}

extension LockLedger.State {
    /// Only what is held stays.
    fileprivate mutating func settle(_ id: UInt64, _ reply: LockReply) {
        entries[id]?.waiter = nil
        if case .granted = reply { entries[id]?.reply = nil } else { entries[id] = nil }
    }

    /// Nil when it was given back already.
    fileprivate mutating func lose(_ id: UInt64) -> HeldLock? {
        // Whoever has yet to hear that it was granted hears so, and then that it is stolen.
        guard entries[id]?.reply == nil else { return entries[id]?.lock }
        return entries.removeValue(forKey: id)?.lock
    }
}
