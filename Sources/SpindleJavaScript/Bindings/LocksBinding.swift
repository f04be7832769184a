internal import SpindleCore
internal import SpindleMemory

/// `binding('locks')`: the named locks of the process, shared by all guests and by Swift code that uses
/// `LockManager.shared`.
func makeLocksBinding(_ guest: Guest) -> GuestValue {
    guest.engine.object(of: [
        "request": { [unowned guest] call in
            let acquisition: LockManager.Acquisition =
                switch call.int(2) {
                case 1: .ifAvailable
                case 2: .steal
                default: .waiting
                }
            let number = guest.requestLock(
                try call.string(0), call.bool(1) ? .shared : .exclusive, acquisition, tell: call[3])
            return call.engine.value(number)
        },
        "release": { [unowned guest] call in
            guest.lockRequests[call.int(0)]?.release()
            return nil
        },
        "cancel": { [unowned guest] call in
            guest.lockRequests[call.int(0)]?.task?.cancel()
            return nil
        },
        "query": { [unowned guest] call in
            guest.queryLocks(then: call[0])
            return nil
        },
    ])
}

/// A request for a lock, from when it is made until the lock is given back.
final class GuestLockRequest: Sendable {
    private struct State {
        var isReleased = false
        var holder: UnsafeContinuation<Void, Never>?
        var task: Task<Void, Never>?
    }
    private let state = Lock(State())

    var task: Task<Void, Never>? {
        get { state.withLock { $0.task } }
        set { state.withLock { $0.task = newValue } }
    }

    /// Holds the lock until it is released.
    func hold() async {
        await withUnsafeContinuation { continuation in
            let isReleased = state.withLock { state in
                if !state.isReleased { state.holder = continuation }
                return state.isReleased
            }
            if isReleased { continuation.resume() }
        }
    }

    func release() {
        let holder = state.withLock { state in
            state.isReleased = true
            defer { state.holder = nil }
            return state.holder
        }
        holder?.resume()
    }
}

extension Guest {
    /// - Parameter tell: `(event) => void`: `granted`, `unavailable` or `cancelled`; after `granted`, `stolen` or `released`.
    fileprivate func requestLock(
        _ name: String, _ mode: LockMode, _ acquisition: LockManager.Acquisition, tell: GuestValue
    ) -> Int {
        lastOperation += 1
        let number = lastOperation
        let request = GuestLockRequest()
        lockRequests[number] = request
        operations[number] = Retained(tell, in: engine)
        loop.addReference()
        let post: @Sendable (String, Bool) -> Void = { [control] event, isLast in
            control.inbox.post { guest in
                guard let tell = guest.operations[number] else { return }
                if isLast {
                    guest.operations[number] = nil
                    guest.lockRequests[number] = nil
                    guest.loop.removeReference()
                }
                guest.call(tell, [guest.engine.value(event)])
            }
        }
        // Begun at once, for requests are granted in the order in which the script makes them.
        request.task = Task.immediate {
            do {
                try await LockManager.shared.request(name, mode: mode, acquisition: acquisition) { lock in
                    post("granted", false)
                    // The script goes on running; what it guards is another's now.
                    lock.whenStolen {
                        post("stolen", false)
                        request.release()
                    }
                    await request.hold()
                }
                post("released", true)
            } catch LockError.unavailable {
                post("unavailable", true)
            } catch is CancellationError {
                post("cancelled", true)
            } catch {
                post("released", true)
            }
        }
        return number
    }

    /// Calls `done` with name, mode (0 exclusive, 1 shared) and whether it is held, for each holder and request in turn.
    fileprivate func queryLocks(then done: GuestValue) {
        lastOperation += 1
        let number = lastOperation
        operations[number] = Retained(done, in: engine)
        loop.addReference()
        Task.immediate { [control] in
            let locks = (try? await LockManager.shared.query()) ?? []
            control.inbox.post { guest in
                guard let done = guest.operations.removeValue(forKey: number) else { return }
                guest.loop.removeReference()
                let engine = guest.engine
                func values(_ name: String, _ modes: [LockMode], _ isHeld: Bool) -> [GuestValue] {
                    modes.flatMap { [engine.value(name), engine.value($0 == .shared ? 1 : 0), engine.value(isHeld)] }
                }
                let flat = locks.flatMap { values($0.name, $0.held, true) + values($0.name, $0.pending, false) }
                guest.call(done, [engine.array(flat)])
            }
        }
    }

    /// Gives back what the guest holds, and forgets what it waits for.
    func releaseLocks() {
        for request in lockRequests.values {
            request.task?.cancel()
            request.release()
        }
        lockRequests = [:]
    }
}
