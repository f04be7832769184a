internal import CSpindle
internal import SpindleCore
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
        /// How often a spare that waited has given back what the guest before had left.
        package var tidyings = 0
    }

    /// A thread that waits for its next guest.
    private final class Spare: Sendable {
        let request = Lock<Request?>(nil)
        /// 1 as soon as there is a request.
        let word = FutexWord()

        /// - Parameter timeout: nanoseconds; negative for none.
        func wait(_ timeout: Int64) {
            let deadline = spindle_monotonic_now().addingClamped(timeout)
            while word.load() == 0 {
                let rest = timeout < 0 ? -1 : deadline - spindle_monotonic_now()
                if timeout >= 0, rest <= 0 { return }
                word.wait(while: 0, timeout: rest)
            }
        }
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
    private let observe: (@Sendable (Figures) -> Void)?
    /// Nanoseconds after which a spare that is not taken tidies its heap.
    private static let restTime: Int64 = 50_000_000
    /// Bytes that the process may have grown by when a guest leaves its engine to another.
    private static let largestGrowth = 16 << 20
    /// Of spares made ahead.
    private static let ahead = 1
    /// Of all spares: engines of guests that have ended cost little to get ready.
    private static let limit = 3

    /// - Parameters:
    ///   - idleTime: nanoseconds after which a spare is let go that nobody has taken.
    ///   - observe: called after every change of the figures, on the thread that made it.
    package init(idleTime: Int64, observe: (@Sendable (Figures) -> Void)? = nil) {
        self.idleTime = idleTime
        self.observe = observe
    }

    package var figures: Figures { state.withLock { $0.figures } }

    private func change<Result>(_ body: (inout State) -> Result) -> Result {
        let (result, figures) = state.withLock { (body(&$0), $0.figures) }
        observe?(figures)
        return result
    }

    /// Whether a guest needs nothing special.
    static func suits(_ configuration: GuestConfiguration) -> Bool {
        configuration.worker != nil && configuration.policy == nil && configuration.heapLimit == nil
            && configuration.stackSize == GuestConfiguration.defaultStackSize
    }

    /// Runs a guest on one of the threads.
    package func start(_ request: Request) throws(ThreadStartError) {
        let spare = change { state -> Spare? in
            state.target = min(Self.ahead, state.target + 1)
            guard let spare = state.spares.popLast() else {
                state.requests.append(request)
                return nil
            }
            state.figures.spares -= 1
            return spare
        }
        if let spare {
            spare.request.withLock { $0 = request }
            spare.word.store(1)
            spare.word.wake(1)
            return
        }
        guard let error = prepare(ahead: false) else { return }
        let isStranded = change { state in
            guard let index = state.requests.firstIndex(where: { $0.control === request.control }) else { return false }
            state.requests.remove(at: index)
            return true
        }
        if isStranded { throw error }
    }

    /// Starts a thread if those that get ready are too few for the guests that wait, and for the spares that are to be there.
    private func prepare(ahead: Bool) -> ThreadStartError? {
        let isNeeded = change { state in
            let wanted = state.requests.count + (ahead ? state.target - state.figures.spares : 0)
            guard state.figures.preparing < wanted else { return false }
            state.figures.preparing += 1
            return true
        }
        guard isNeeded else { return nil }
        let failure = DetachedThread.start(stackSize: GuestConfiguration.defaultStackSize) { self.serve() }
        guard let failure else { return nil }
        change { $0.figures.preparing -= 1 }
        return ThreadStartError(errno: failure)
    }

    // MARK: The threads

    private func serve() {
        spindle_thread_set_name("spindle-spare")
        let engine = Engine()
        var isFirst = true
        while true {
            let guest = Guest(engine)
            guest.prepare()
            guard let request = takeRequest(isFirst, engine) else { return engine.close() }
            isFirst = false
            // Not before there is an engine for this guest, which is to have the processor for itself.
            _ = prepare(ahead: true)
            spindle_thread_set_name(request.configuration.name)
            let resident = ProcessMemory.residentBytes
            let code = guest.run(request.configuration, request.control)
            // A heap that has been large collects less often, whoever has it.
            let isSmall = ProcessMemory.residentBytes - resident < Self.largestGrowth
            guard guest.leavesEngineClean, isSmall, mayStay() else {
                // The memory is to be back when the guest's end is told.
                engine.close()
                return request.ended(code)
            }
            request.ended(code)
            spindle_thread_set_name("spindle-spare")
            engine.renew()
        }
    }

    /// Whether a thread whose guest has ended gets ready for another one.
    private func mayStay() -> Bool {
        change { state in
            guard state.figures.spares + state.figures.preparing < Self.limit || !state.requests.isEmpty else { return false }
            state.figures.preparing += 1
            return true
        }
    }

    /// Waits for a guest; nil when none has come for long.
    private func takeRequest(_ isFirst: Bool, _ engine: Engine) -> Request? {
        let spare = Spare()
        let (waiting, mayWait) = change { state -> (Request?, Bool) in
            state.figures.preparing -= 1
            guard state.requests.isEmpty else {
                if !isFirst { state.figures.reuses += 1 }
                return (state.requests.removeFirst(), true)
            }
            // Guests that waited for this one may have got another engine meanwhile.
            guard state.figures.spares < Self.limit else { return (nil, false) }
            state.spares.append(spare)
            state.figures.spares += 1
            return (nil, true)
        }
        if waiting != nil || !mayWait { return waiting }
        spare.wait(Self.restTime)
        if spare.word.load() == 0 {
            engine.collectGarbage()
            EngineRuntime.releaseFreeMemory?()
            change { $0.figures.tidyings += 1 }
            spare.wait(idleTime)
        }
        let isLeft = change { state in
            guard let index = state.spares.firstIndex(where: { $0 === spare }) else {
                if !isFirst { state.figures.reuses += 1 }
                return false
            }
            state.spares.remove(at: index)
            state.figures.spares -= 1
            state.target = max(0, state.target - 1)
            return true
        }
        if isLeft { return nil }
        // It was taken: the request is there, or about to be.
        spare.wait(-1)
        return spare.request.withLock { $0 }
    }
}
