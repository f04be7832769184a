/// The life of a worker process as its owner sees it: its end comes out exactly once.
///
/// That it ended is learnt twice: from its own descriptor, which no failure of
/// others can delay, and from the zygote, which alone knows how. The end is published
/// when both are in, or when the zygote does not answer.
package struct ProcessLifecycle {
    private enum State {
        /// The zygote was asked for it.
        case forking
        /// It waits for a program.
        case parked
        case running
        /// It has ended; the zygote has yet to say how.
        case awaitingStatus
        case ended
    }

    private var state = State.forking
    private var isZygoteLost = false

    package init() {}

    package enum Action: Equatable {
        case nothing
        /// Wait a little for the zygote's report, then say ``waitedLongEnough()``.
        case awaitStatus
        /// Kill its group; its end will be noticed.
        case kill
        /// Publish the end.
        case finish
    }

    /// The zygote has made it. False when it has ended already.
    package mutating func forked() -> Bool {
        guard case .forking = state else { return false }
        state = .parked
        return true
    }

    /// A program is handed to it. False when it has ended already.
    package mutating func launched() -> Bool {
        guard case .parked = state else { return false }
        state = .running
        return true
    }

    /// Its descriptor says that it has ended.
    package mutating func exitNoticed() -> Action {
        switch state {
        case .running where isZygoteLost: return finish()
        case .running:
            state = .awaitingStatus
            return .awaitStatus
        case .forking, .parked, .awaitingStatus, .ended: return .nothing
        }
    }

    /// The zygote says how it ended.
    package mutating func statusReported() -> Action { finish() }

    package mutating func zygoteLost() -> Action {
        isZygoteLost = true
        switch state {
        // The kernel has killed it with its parent, but its group may go on.
        case .running: return .kill
        // Nobody has seen it yet.
        case .forking, .parked, .awaitingStatus: return finish()
        case .ended: return .nothing
        }
    }

    package mutating func waitedLongEnough() -> Action {
        guard case .awaitingStatus = state else { return .nothing }
        return finish()
    }

    private mutating func finish() -> Action {
        if case .ended = state { return .nothing }
        state = .ended
        return .finish
    }
}
