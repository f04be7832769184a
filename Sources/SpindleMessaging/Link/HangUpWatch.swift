internal import CSpindle
internal import Glibc
internal import SpindleMemory

/// Notices that nobody holds the other end of a link's socket any more: its process has died or let go of it.
///
/// One thread for the whole program sleeps in epoll_wait(2); it starts with the first link.
final class HangUpWatch: Sendable {
    static let shared = HangUpWatch()

    private struct State {
        var poll: Int32 = -1
        var lastID: UInt64 = 0
        var watched: [UInt64: any HangUpReceiver] = [:]
    }

    private let state = Lock(State())

    /// Tells the receiver once; keeps it until then or until ``remove(_:_:)``.
    ///
    /// - Returns: a number for ``remove(_:_:)``, or nil when the system refuses; the link then ends only as its frames say.
    func add(_ socket: DescriptorSocket, _ receiver: any HangUpReceiver) -> UInt64? {
        state.withLock { (state) -> UInt64? in
            if state.poll < 0 { startThread(&state) }
            guard state.poll >= 0 else { return nil }
            state.lastID += 1
            guard spindle_hangups_add(state.poll, socket.descriptor.number, state.lastID) == 0 else { return nil }
            state.watched[state.lastID] = receiver
            return state.lastID
        }
    }

    func remove(_ socket: DescriptorSocket, _ id: UInt64) {
        // The receiver goes outside the lock.
        _ = state.withLock { state in
            spindle_hangups_remove(state.poll, socket.descriptor.number)
            return state.watched.removeValue(forKey: id)
        }
    }

    private func startThread(_ state: inout State) {
        let poll = spindle_hangups_create()
        guard poll >= 0 else { return }
        guard DetachedThread.start(stackSize: 256 << 10, { self.run(poll) }) == nil else {
            close(poll)
            return
        }
        state.poll = poll
    }

    private func run(_ poll: Int32) {
        var ids = [UInt64](repeating: 0, count: 64)
        while true {
            let count = spindle_hangups_wait(poll, &ids, Int32(ids.count))
            for id in ids.prefix(Int(max(0, count))) {
                let receiver = state.withLock { $0.watched.removeValue(forKey: id) }
                receiver?.hangUpNoticed()
            }
        }
    }
}

protocol HangUpReceiver: AnyObject, Sendable {
    func hangUpNoticed()
}
