/// The life of a worker as a pure value: an exit comes out of it exactly once.
package struct WorkerLifecycle {
    package enum State {
        /// Its thread is on the way.
        case starting
        /// Its program runs.
        case online
        /// It was told to stop and has not yet.
        case stopping
        /// It has ended, and so has its program.
        case exited
        /// It has ended for its owner while its program goes on.
        case abandoned
        /// The program of an abandoned worker has ended after all.
        case abandonedEnded
    }

    package private(set) var state = State.starting

    package init() {}

    /// Whether the exit is out.
    package var hasExited: Bool {
        switch state {
        case .starting, .online, .stopping: false
        case .exited, .abandoned, .abandonedEnded: true
        }
    }

    package enum EndAction {
        /// Publish this exit.
        case exit(WorkerExit)
        /// The exit was published long ago; only the count of abandoned workers changes.
        case abandonedEnded
    }

    /// The program has begun. False when it was told to stop before, so that it should not.
    package mutating func programStarted() -> Bool {
        guard case .starting = state else { return false }
        state = .online
        return true
    }

    /// The program has returned or thrown.
    package mutating func programEnded(_ exit: WorkerExit) -> EndAction {
        switch state {
        case .starting, .online:
            state = .exited
            return .exit(exit)
        case .stopping:
            state = .exited
            return .exit(.terminated)
        case .abandoned:
            state = .abandonedEnded
            return .abandonedEnded
        case .exited, .abandonedEnded:
            preconditionFailure("A program ends once.")
        }
    }

    /// The owner wants it to stop. True for the first call on a living worker: cancel the program.
    package mutating func terminateRequested() -> Bool {
        switch state {
        case .starting, .online:
            state = .stopping
            return true
        case .stopping, .exited, .abandoned, .abandonedEnded:
            return false
        }
    }

    /// The time to stop is up. True when the worker has to be abandoned: publish that as its exit.
    package mutating func deadlinePassed() -> Bool {
        guard case .stopping = state else { return false }
        state = .abandoned
        return true
    }
}
