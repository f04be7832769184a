/// Whether there is a zygote, and whether another may be started after it was lost.
///
/// A zygote that is killed now and then is replaced at its next use. One that keeps
/// dying at once, because memory is short or the program cannot start, is not
/// restarted for ever: after a few in a row, starting is refused for a time that doubles.
/// Times are nanoseconds on any steady clock.
package struct ZygoteStateMachine {
    /// What lives shorter counts as a failed start.
    static let shortLife: Int64 = 5_000_000_000
    /// So many of those in a row are replaced at once.
    static let freeRestarts = 3
    static let firstPause: Int64 = 1_000_000_000
    static let longestPause: Int64 = 60_000_000_000

    private enum State {
        case down(refusedUntil: Int64)
        case up(generation: UInt64, since: Int64)
    }

    private var state = State.down(refusedUntil: .min)
    private var generation: UInt64 = 0
    private var shortLives = 0

    package init() {}

    package enum Need: Equatable {
        /// It is there.
        case use
        /// Start one, of this generation.
        case start(generation: UInt64)
        /// Too many died; try again after so many nanoseconds.
        case refuse(retryAfter: Int64)
    }

    /// Somebody wants a process.
    package mutating func needed(at now: Int64) -> Need {
        switch state {
        case .up: return .use
        case .down(let refusedUntil) where now < refusedUntil: return .refuse(retryAfter: refusedUntil - now)
        case .down:
            generation += 1
            state = .up(generation: generation, since: now)
            return .start(generation: generation)
        }
    }

    /// The zygote of that generation has ended. False when that is known, or it is not the present one.
    package mutating func lost(generation lost: UInt64, at now: Int64) -> Bool {
        guard case .up(lost, let since) = state else { return false }
        shortLives = now - since < Self.shortLife ? shortLives + 1 : 0
        guard shortLives > Self.freeRestarts else {
            state = .down(refusedUntil: .min)
            return true
        }
        let doublings = min(shortLives - Self.freeRestarts - 1, 6)
        state = .down(refusedUntil: now + min(Self.longestPause, Self.firstPause << Int64(doublings)))
        return true
    }
}
