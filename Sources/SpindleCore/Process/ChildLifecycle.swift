/// The end of a child as its owner sees it: told once, and after its outputs.
///
/// A child may leave descendants behind that hold its outputs open. They get a while; then what is left of the child's
/// process group is ended, and its outputs with it.
package struct ChildLifecycle {
    private enum State {
        case running
        /// It has exited, but somebody holds its outputs.
        case lingering
        case reaping
        case reaped
        case ended
    }

    private var state = State.running
    /// Readers that have begun with an output and not come to its end.
    private var readers = 0
    /// Nobody waits for the readers any more.
    private var areReadersDismissed = false

    package init() {}

    package enum Action: Equatable {
        case nothing
        /// Say ``outputsReleased()`` when nobody holds its outputs, or ``lingeredLongEnough()``.
        case linger
        /// End its process group, take it out of the process table, and say ``reaped()``.
        case reap
        /// Tell its end.
        case finish
    }

    /// Whether it can still be signalled.
    package var isRunning: Bool { if case .running = state { true } else { false } }

    /// - Parameter holdsOutputs: whether somebody has an output of it open to write to.
    package mutating func exitNoticed(holdsOutputs: Bool) -> Action {
        guard case .running = state else { return .nothing }
        state = .lingering
        return holdsOutputs ? .linger : stopLingering()
    }

    package mutating func outputsReleased() -> Action { stopLingering() }

    package mutating func lingeredLongEnough() -> Action { stopLingering() }

    private mutating func stopLingering() -> Action {
        guard case .lingering = state else { return .nothing }
        state = .reaping
        return .reap
    }

    package mutating func reaped() -> Action {
        guard case .reaping = state else { return .nothing }
        state = .reaped
        return finishIfRead()
    }

    package mutating func readerBegan() { readers += 1 }

    package mutating func readerEnded() -> Action {
        readers -= 1
        return finishIfRead()
    }

    /// The outputs are closed: readers that are still about get nothing more.
    package mutating func readersDismissed() -> Action {
        areReadersDismissed = true
        return finishIfRead()
    }

    private mutating func finishIfRead() -> Action {
        guard case .reaped = state, readers == 0 || areReadersDismissed else { return .nothing }
        state = .ended
        return .finish
    }
}
