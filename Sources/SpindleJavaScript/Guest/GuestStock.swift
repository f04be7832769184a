internal import CSpindle
internal import SpindleMemory
package import SpindleMessaging

/// Threads on which a guest begins at once, since an engine is there and its built-ins have run.
///
/// A guest that has to wait for its engine waits some milliseconds, most of which the engine spends on parsing the built-ins. So
/// spares are made ahead, and an engine whose guest has ended by itself is used again: with a fresh context, but without
/// parsing anything. The stock follows demand: there is none in a program that starts no workers, it is bounded, and spares that
/// nobody takes for a while are let go.
///
/// **What a guest leaves behind.** The next one on its engine sees nothing of it: it gets a context of its own, with objects,
/// prototypes, modules and symbols of its own. Functions of the host that the old context has are dead; none of its code runs again,
/// as microtasks and timers end with the guest. Engines of guests that were stopped, or had finalizers registered, which the engine
/// might still call, are closed instead. Guests under a policy are never run here.
package final class GuestStock: Sendable {
    package static let shared = GuestStock(idleTime: 10_000_000_000)

    /// A guest that is to run.
    package struct Request: Sendable {
        let configuration: GuestConfiguration
        let control: GuestControl
        let ended: @Sendable (Int32) -> Void

        package init(configuration: GuestConfiguration, control: GuestControl, ended: @escaping @Sendable (Int32) -> Void) {
            self.configuration = configuration
            self.control = control
            self.ended = ended
        }
    }

    /// How many there are of what, and were.
    package struct Figures: Sendable, Equatable {
        /// Threads that wait with their engines.
        package var spares = 0
        /// Threads that get an engine ready.
        package var preparing = 0
        /// Guests that ran on an engine that another had used.
        package var reuses = 0
    }

    /// A thread that waits for its next guest. Written under the stock's lock.
    private final class Spare: Sendable {
        let request = Lock<Request?>(nil)
        /// 1 as soon as there is a request.
        let word = FutexWord()
    }

    private struct State {
        var spares: [Spare] = []
        /// Guests that wait for an engine, oldest first.
        var requests: [Request] = []
        /// How many spares are to be made ahead.
        var target = 0
        var figures = Figures()
    }
    private let state = Lock(State())
    /// Nanoseconds that a spare waits at most.
    private let idleTime: Int64
    /// Nanoseconds after which a spare that is not taken tidies its heap.
    private static let restTime: Int64 = 50_000_000
    /// Of spares made ahead. Engines of guests that have ended are kept for more: they cost nothing to get.
    private static let limit = 1

    package init(idleTime: Int64) { self.idleTime = idleTime }

    package var figures: Figures { state.withLock { $0.figures } }

    /// Whether a guest needs nothing special.
    static func suits(_ configuration: GuestConfiguration) -> Bool {
        configuration.worker != nil && configuration.policy == nil && configuration.heapLimit == nil
            && configuration.stackSize == GuestConfiguration.defaultStackSize
    }

    /// Runs a guest on one of the threads.
    package func start(_ request: Request) throws(ThreadStartError) {
        let spare = state.withLock { state -> Spare? in
            state.target = min(Self.limit, state.target + 1)
            if let spare = state.spares.popLast() {
                state.figures.spares -= 1
                return spare
            }
            state.requests.append(request)
            return nil
        }
        if let spare {
            spare.request.withLock { $0 = request }
            spare.word.store(1)
            spare.word.wake(1)
            return
        }
        guard let error = prepareIfNeeded(.request) else { return }
        let isStranded = state.withLock { state in
            guard let index = state.requests.firstIndex(where: { $0.control === request.control }) else { return false }
            state.requests.remove(at: index)
            return true
        }
        if isStranded { throw error }
    }

    private enum Need { case request, spare }

    /// Starts a thread if those under way are too few.
    private func prepareIfNeeded(_ need: Need) -> ThreadStartError? {
        let isNeeded = state.withLock { state in
            let wanted = state.requests.count + (need == .spare ? state.target - state.figures.spares : 0)
            guard state.figures.preparing < wanted else { return false }
            state.figures.preparing += 1
            return true
        }
        guard isNeeded else { return nil }
        let failure = DetachedThread.start(stackSize: GuestConfiguration.defaultStackSize) { self.serve() }
        guard let failure else { return nil }
        state.withLock { $0.figures.preparing -= 1 }
        return ThreadStartError(errno: failure)
    }

    // MARK: The threads

    private func serve() {
        spindle_thread_set_name("spindle-spare")
        let engine = Engine()
        var guest = Guest(engine)
        guest.prepare()
        var next = takeRequest(isFirst: true, engine)
        while let request = next {
            // Not before there is a guest for this one: the first to come is to have the processor for itself.
            _ = prepareIfNeeded(.spare)
            spindle_thread_set_name(request.configuration.name)
            let code = guest.run(request.configuration, request.control)
            guard guest.leavesEngineClean, mayStay() else {
                engine.close()
                return request.ended(code)
            }
            request.ended(code)
            spindle_thread_set_name("spindle-spare")
            engine.renew()
            guest = Guest(engine)
            guest.prepare()
            next = takeRequest(isFirst: false, engine)
        }
        engine.close()
    }

    /// Whether a thread whose guest has ended gets ready for another one.
    private func mayStay() -> Bool {
        state.withLock { state in
            guard state.figures.spares + state.figures.preparing <= Self.limit || !state.requests.isEmpty else { return false }
            state.figures.preparing += 1
            return true
        }
    }

    /// Waits for a guest; nil when none has come for long.
    private func takeRequest(isFirst: Bool, _ engine: Engine) -> Request? {
        let spare = Spare()
        let ready = state.withLock { state -> Request? in
            state.figures.preparing -= 1
            if !isFirst { state.figures.reuses += 1 }
            if !state.requests.isEmpty { return state.requests.removeFirst() }
            state.spares.append(spare)
            state.figures.spares += 1
            return nil
        }
        if let ready { return ready }
        spare.word.wait(while: 0, timeout: Self.restTime)
        if spare.word.load() == 0 {
            engine.collectGarbage()
            spare.word.wait(while: 0, timeout: idleTime)
        }
        let isLeft = state.withLock { state in
            guard let index = state.spares.firstIndex(where: { $0 === spare }) else { return false }
            state.spares.remove(at: index)
            state.figures.spares -= 1
            state.target = max(0, state.target - 1)
            return true
        }
        if isLeft { return nil }
        // It was taken: the request is there, or about to be.
        while spare.word.load() == 0 { spare.word.wait(while: 0, timeout: -1) }
        return spare.request.withLock { $0 }
    }
}
