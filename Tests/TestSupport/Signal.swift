internal import SpindleMemory

/// Something that happens once and that any number of tasks wait for.
package final class Signal: Sendable {
    private struct State {
        var hasFired = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Lock(State())

    package init() {}

    package var hasFired: Bool { state.withLock { $0.hasFired } }

    package func fire() {
        let waiting = state.withLock { state in
            state.hasFired = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    package func wait() async {
        await withCheckedContinuation { continuation in
            let hasFired = state.withLock { state in
                if !state.hasFired { state.waiting.append(continuation) }
                return state.hasFired
            }
            if hasFired { continuation.resume() }
        }
    }
}

/// What happened, in order, noted from any thread.
package final class EventLog<Event: Sendable>: Sendable {
    private let log = Lock<[Event]>([])

    package init() {}

    package func append(_ event: Event) { log.withLock { $0.append(event) } }
    package var events: [Event] { log.withLock { $0 } }
}

/// Counts objects that are alive: each ``Token`` of it adds one while it lives.
package final class LifeCount: Sendable {
    private struct State {
        var count = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Lock(State())

    package init() {}

    package var living: Int { state.withLock { $0.count } }

    /// Waits until none lives: whoever had an object may let go of it a moment after the test has seen it do so.
    package func noneLives() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.count > 0 { state.waiting.append(continuation) }
                return state.count == 0
            }
            if isOver { continuation.resume() }
        }
    }

    private func change(by difference: Int) {
        let over = state.withLock { state in
            state.count += difference
            guard state.count == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in over { continuation.resume() }
    }

    package func token() -> Token { Token(self) }

    package final class Token: Sendable {
        private let owner: LifeCount
        fileprivate init(_ owner: LifeCount) {
            self.owner = owner
            owner.change(by: 1)
        }
        deinit { owner.change(by: -1) }
    }
}
