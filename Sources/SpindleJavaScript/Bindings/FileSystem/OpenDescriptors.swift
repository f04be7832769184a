internal import Glibc
internal import SpindleMemory

/// The descriptors that a worker's scripts have opened and not closed. The worker's end closes them, as in Node.js; the
/// main program's go with the process.
final class OpenDescriptors: Sendable {
    private let isTracking: Bool
    private let state = Lock(State())

    private struct State {
        var open: Set<Int32> = []
        var isOver = false
    }

    init(isTracking: Bool) { self.isTracking = isTracking }

    /// Notes what an opening call gave. On whatever thread that is: the guest may have ended meanwhile.
    func adopt(_ result: FileResult) -> FileResult {
        guard isTracking, case .number(let number) = result else { return result }
        let descriptor = Int32(truncatingIfNeeded: number)
        let isLate = state.withLock { state in
            if !state.isOver { state.open.insert(descriptor) }
            return state.isOver
        }
        if isLate { _ = Glibc.close(descriptor) }
        return result
    }

    /// A call closes it; before it does, since the number may be another's right after.
    func release(_ descriptor: Int32) {
        guard isTracking else { return }
        state.withLock { _ = $0.open.remove(descriptor) }
    }

    func closeAll() {
        let left = state.withLock { state in
            defer { state = State(isOver: true) }
            return state.open
        }
        for descriptor in left { _ = Glibc.close(descriptor) }
    }
}
