/// What an event loop does next, as a pure value: time and what is queued are passed in.
///
/// One turn goes, as in Node.js, through: timers that are due; waiting, if nothing else is to do; what other threads
/// have posted; immediates. After each turn the loop ends if nothing referenced is left.
package struct LoopStateMachine {
    /// When the earliest timer falls due, in nanoseconds of the driver's clock.
    package var timerDeadline: Int64?
    /// Whether timers keep the loop alive.
    package var isTimerReferenced = true
    /// Whether immediates are queued that keep the loop alive and from sleeping. Others run when a turn comes.
    package var hasImmediates = false { didSet { mayHaveImmediates = mayHaveImmediates || hasImmediates } }
    /// Whether there can be any at all; each begins as one that keeps the loop alive.
    private var mayHaveImmediates = false
    /// Everything else that keeps the loop alive: operations under way, open ports, running workers.
    package private(set) var references = 0

    private var phase = Phase.timers
    private enum Phase { case timers, wait, work, immediates, end }

    package enum Action: Equatable {
        case fireTimers
        /// Sleep until work is posted, at the latest until then.
        case sleep(until: Int64?)
        case performWork
        case runImmediates
        /// Nothing is left that could happen.
        case finish
    }

    package init() {}

    /// The immediates of this turn have run.
    ///
    /// - Parameter isLeft: whether some were queued meanwhile.
    package mutating func immediatesRan(leaving isLeft: Bool) { mayHaveImmediates = isLeft }

    package mutating func addReference() { references += 1 }

    package mutating func removeReference() {
        precondition(references > 0, "A loop's reference was given back twice.")
        references -= 1
    }

    package var isAlive: Bool {
        references > 0 || (timerDeadline != nil && isTimerReferenced) || hasImmediates
    }

    /// - Parameter hasWork: whether posted work is queued.
    package mutating func next(now: Int64, hasWork: Bool) -> Action {
        while true {
            switch phase {
            case .timers:
                phase = .wait
                if let timerDeadline, timerDeadline <= now { return .fireTimers }
            case .wait:
                phase = .work
                if !hasWork, !hasImmediates, isAlive, (timerDeadline ?? .max) > now { return .sleep(until: timerDeadline) }
            case .work:
                phase = .immediates
                if hasWork { return .performWork }
            case .immediates:
                phase = .end
                if mayHaveImmediates {
                    mayHaveImmediates = hasImmediates
                    return .runImmediates
                }
            case .end:
                phase = .timers
                // Work that was posted while the last reference went is still performed.
                if !isAlive, !hasWork { return .finish }
            }
        }
    }
}
