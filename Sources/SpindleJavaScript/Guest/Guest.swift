internal import CJavaScriptCore
internal import CSpindle
internal import Glibc
internal import Spindle
internal import SpindleCore
internal import SpindleMemory
package import SpindleMessaging

/// A JavaScript program on a thread of its own: an engine, its event loop, its modules and what the host lends it.
///
/// Lives on its thread from beginning to end; others hold its ``GuestControl``.
package final class Guest {
    package private(set) var configuration = GuestConfiguration(entry: .nothing)
    package private(set) var control = GuestControl()
    package let engine: Engine
    package var loop = LoopStateMachine()
    /// Functions of the built-ins that the host calls, by what they are for.
    package var hooks: [Hook: Retained] = [:]
    /// What `process.exit` asked for, or how the guest failed.
    package var exitCode: Int32?

    /// Functions that wait for the outcome of an operation; see ``performLater(then:_:)``.
    var operations: [Int: Retained] = [:]
    var lastOperation = 0
    /// Functions of the Swift program that are under way, by operation.
    var hostCalls: [Int: Task<Void, Never>] = [:]

    /// When the guest began, on the monotonic clock and in milliseconds of Unix time.
    private(set) var startedAt: Int64 = 0
    private(set) var timeOrigin: Double = 0
    private(set) var loopStartedAt: Int64?
    var input: (any GuestInput)?
    var inputHandler: Retained?
    /// Whether waiting for input keeps the loop alive.
    var isInputReferenced = true
    /// Environment variables that it has in common with others; nil as long as they are its own.
    var sharedEnvironment: GuestEnvironment?

    private(set) var descriptors = OpenDescriptors(isTracking: false)

    /// Ports to other guests, and the workers this one has started.
    let ports = Ports()
    /// The port to the one who started this guest; 0 if nobody did.
    private(set) var parentPort = 0
    var workers: [Int: GuestWorker] = [:]
    /// The waits for shared memory that are under way: each takes itself back and says whether it still was one.
    var waits: [Int: () -> Bool] = [:]
    /// Other programs that this one has started, and pipes to them.
    var children: [Int: GuestChild] = [:]
    var lastChild = 0
    var pipes: [Int: GuestPipe] = [:]
    var lastPipe = 0
    /// Watches both from the loop's own thread; there is none until the first.
    private var poller: LoopPoller?
    private var polledAt: Int64 = 0
    /// Who measures how late the loop is, by number.
    var samplers: [Int: DelaySampler] = [:]
    /// Files that it watches.
    var fileWatches: [Int: GuestFileWatch] = [:]
    var lastFileWatch = 0
    /// Locks that are held or waited for.
    var lockRequests: [Int: GuestLockRequest] = [:]
    /// Where scripts leave the bytes of a message, and where they find those of one that came.
    let outbound = HostMemory(count: 16 << 10)
    let inbound = HostMemory(count: 64 << 10)
    /// Likewise, those of several messages and where each ends.
    let runs = HostMemory(count: MessageRun.memorySize)
    /// The message whose parts scripts may still fetch, and its text.
    var handedOver: GuestMessage?
    var handedText = HandedText.none
    /// The characters of a short one.
    let shortText = HostMemory(count: MessageRun.longest)

    /// What bindings from outside this target keep, by type.
    var companions: [ObjectIdentifier: any GuestCompanion] = [:]

    /// Whether the engine does something on threads of its own, which do not wake the loop.
    var isHeldForEngine = false
    private var requireBuiltIn: Retained?
    /// Whether the engine may call functions of the guest after its end, when another has it.
    var hasFinalizers = false
    /// A worker that has begun and has nothing to do, often for long, gives back what only its beginning needed; see
    /// ``Engine/rest()``.
    private var rest = Rest.none
    private enum Rest { case none, wanted, taken, renounced }
    /// Nanoseconds that it waits in vain before it rests.
    private static let timeBeforeRest: Int64 = 10_000_000
    /// Nanoseconds of work that count as its beginning.
    private static let startTime: Int64 = 200_000_000
    /// When the engine's own work was last looked after.
    private var engineWorkAt: Int64 = 0
    private var patience = LoopPatience()

    package enum Hook: String {
        /// `() => void`: runs the timers that are due.
        case timers
        /// `() => boolean`: runs the immediates; whether there are new ones.
        case immediates
        /// `(number) => void`: takes the samples of who measures how late the loop is.
        case samples
        /// `() => void`: runs what `process.nextTick` queued, and the microtasks; after every call from the host.
        case ticks
        /// `(error, isFromPromise) => boolean`: whether somebody handled what nobody caught.
        case uncaught
        /// `() => void`: nothing is left to do, last chance to add something.
        case beforeExit
        /// `() => number`: the guest ends; its exit code.
        case exit
        /// `(number) => void`: a signal came that the guest listens to.
        case signal
        /// `(threadId, message) => number`: another guest sends a message; see `postToThread` of the worker binding.
        case threadMessage
    }

    /// Runs a guest on the calling thread until it ends.
    ///
    /// - Returns: its exit code.
    package static func run(_ configuration: GuestConfiguration, control: GuestControl) -> Int32 {
        let engine = Engine(stop: control.stop, heapLimit: configuration.heapLimit)
        let guest = Guest(engine)
        let code = guest.run(configuration, control)
        if !configuration.endsProcess { engine.close() }
        return code
    }

    /// Runs a guest on another thread.
    ///
    /// - Parameter ended: called on that thread, last, with the exit code.
    package static func start(
        _ configuration: GuestConfiguration, control: GuestControl, ended: @escaping @Sendable (Int32) -> Void
    ) throws(ThreadStartError) {
        if GuestStock.suits(configuration) {
            return try GuestStock.shared.start(.init(configuration: configuration, control: control, ended: ended))
        }
        let failure = DetachedThread.start(stackSize: configuration.stackSize) {
            spindle_thread_set_name(configuration.name)
            ended(run(configuration, control: control))
        }
        if let failure { throw ThreadStartError(errno: failure) }
    }

    init(_ engine: Engine) { self.engine = engine }

    /// Loads the built-ins that most guests use, before it is known what this one is.
    func prepare() {
        engine.run {
            self.perform {
                try self.startBuiltIns()
                let main = try self.builtIn("internal/main")
                try self.engine.call(self.engine.property("prepare", of: main))
            }
        }
    }

    /// Runs the guest to its end; the engine stays.
    ///
    /// - Returns: its exit code.
    func run(_ configuration: GuestConfiguration, _ control: GuestControl) -> Int32 {
        let threadID = configuration.worker?.threadID ?? 0
        configuration.family.add(threadID, control)
        defer { configuration.family.remove(threadID) }
        begin(configuration, control)
        engine.run { self.live() }
        while rest == .wanted, !engine.isStopped {
            engine.rest()
            rest = .taken
            engine.run { self.goOn() }
        }
        if engine.isOutOfMemory { control.ranOutOfMemory() }
        stopWaiting()
        releaseLocks()
        endWorkers()
        cancelHostCalls()
        endCompanions()
        closePorts()
        closePipes()
        leaveChildren()
        closeFileWatches()
        control.inbox.close()
        control.blockedCalls.leave()
        control.endHelp()
        descriptors.closeAll()
        if configuration.endsProcess { return exitCode ?? 1 }
        hooks = [:]
        operations = [:]
        companions = [:]
        inputHandler = nil
        requireBuiltIn = nil
        control.figures.threadEnded()
        return exitCode ?? 1
    }

    /// Whether the guest has ended so that another may have its engine.
    var leavesEngineClean: Bool { !engine.isStopped && !hasFinalizers && rest != .taken }

    private func begin(_ configuration: GuestConfiguration, _ control: GuestControl) {
        control.figures.threadStarted()
        self.configuration = configuration
        self.control = control
        descriptors = OpenDescriptors(isTracking: configuration.closesDescriptors)
        BlockedCalls.admitSignal()
        control.blockedCalls.enter()
        engine.heed(control.stop)
        startedAt = spindle_monotonic_now()
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        timeOrigin = Double(now.tv_sec) * 1000 + Double(now.tv_nsec) / 1e6
        engine.bytesOutside = { control.sentBytes }
        if let worker = configuration.worker { parentPort = adoptPort(worker.port) }
        sharedEnvironment = configuration.sharedEnvironment
    }

    // MARK: The life of a guest

    private func live() {
        perform { if requireBuiltIn == nil { try startBuiltIns() } }
        perform {
            let start = engine.property("start", of: try builtIn("internal/main"))
            switch configuration.entry {
            case .nothing: break
            case .file(let path):
                try engine.call(start, [engine.value("file"), engine.value(path)])
            case .source(let text, let name, let printsResult):
                try engine.call(
                    start, [engine.value("source"), engine.value(text), engine.value(name), engine.value(printsResult)])
            case .module(let text, let name):
                try engine.call(start, [engine.value("module"), engine.value(text), engine.value(name)])
            case .url(let url):
                try engine.call(start, [engine.value("url"), engine.value(url)])
            case .hosted(let program):
                try engine.call(
                    start,
                    [engine.value("hosted")] + [program.kind, program.text, program.name].map { engine.value($0) }
                        + [program.task.map { engine.value($0) } ?? engine.undefined])
            }
        }
        loopStartedAt = spindle_monotonic_now()
        goOn()
    }

    private func goOn() {
        turn()
        if rest == .wanted { return }
        if !engine.isStopped, let exit = hooks[.exit] {
            perform { exitCode = Int32(truncatingIfNeeded: engine.int(try engine.call(exit.value))) }
        }
        if !engine.isStopped, exitCode == nil { exitCode = 0 }
    }

    /// Performs the loop's turns until nothing is left to do or the guest is stopped.
    private func turn() {
        // Locked once instead of at each of its calls.
        engine.lock()
        while !engine.isStopped, rest != .wanted, engine.keepingValues({ takeTurn() }) {}
        engine.unlock()
    }

    /// - Returns: false when nothing is left to do.
    private func takeTurn() -> Bool {
        let now = spindle_monotonic_now()
        if now - engineWorkAt > 50_000_000 { performEngineWork(now) }
        if let poller, now - polledAt > Self.pollInterval {
            poller.wait(timeout: 0)
            polledAt = now
        }
        if !samplers.isEmpty { sampleDelay(now) }
        switch loop.next(now: now, hasWork: control.inbox.hasWork) {
        case .fireTimers: call(.timers)
        case .runImmediates: runImmediates()
        case .sleep(let deadline): sleep(until: deadline)
        case .performWork:
            for work in control.inbox.take() where !engine.isStopped { engine.keepingValues { work(self) } }
        case .finish:
            call(.beforeExit)
            return loop.isAlive || control.inbox.hasWork
        }
        return true
    }

    private func runImmediates() {
        guard let hook = hooks[.immediates] else { return }
        perform { loop.immediatesRan(leaving: engine.bool(try engine.call(hook.value))) }
    }

    /// The engine's own work is looked after before the loop sleeps for long, not at every message in between.
    private static let engineInterval: Int64 = 1_000_000

    /// How long a loop that never sleeps leaves descriptors waiting, in nanoseconds.
    private static let pollInterval: Int64 = 50_000

    /// Who watches descriptors for this guest.
    var monitor: any DescriptorMonitor {
        if poller == nil {
            poller = LoopPoller()
            control.inbox.sleep(in: poller)
        }
        return poller ?? ProcessMonitor.shared
    }

    private func sampleDelay(_ now: Int64) {
        for number in samplers.keys {
            samplers[number]?.tick(now)
            if samplers[number]?.isFull == true, let hook = hooks[.samples] {
                perform { try engine.call(hook.value, [engine.value(number)]) }
            }
        }
    }

    private func sleep(until deadline: Int64?) {
        let start = spindle_monotonic_now()
        var end = deadline ?? .max
        for sampler in samplers.values { end = min(end, sampler.due) }
        if start - engineWorkAt < Self.engineInterval {
            end = min(end, start + Self.engineInterval)
        } else {
            if performEngineWork(start) { return }
            let timeout = isHeldForEngine ? Self.engineInterval : engine.engineTimeout()
            if timeout >= 0 { end = min(end, start + timeout) }
        }
        let isBeginning = rest == .none && !configuration.isMain && end - start > Self.timeBeforeRest
        if isBeginning { end = start + Self.timeBeforeRest }
        control.figures.becameIdle()
        if !patience.wait(from: start, until: end, for: { control.inbox.hasWork }) {
            engine.unlock()
            control.inbox.sleep(timeout: end == .max ? -1 : max(0, end - spindle_monotonic_now()))
            engine.lock()
        }
        control.figures.becameBusy()
        guard isBeginning, !control.inbox.hasWork else { return }
        // One that has worked for some time has code by now that it takes long to get again.
        rest = control.figures.usage().active < Self.startTime ? .wanted : .renounced
    }

    /// True when there was something to do.
    @discardableResult
    private func performEngineWork(_ now: Int64) -> Bool {
        engineWorkAt = now
        guard engine.performEngineWork() else { return false }
        runTicks()
        return true
    }

    // MARK: Calling the guest

    /// Does something that may run the guest's code, and then what that has made ready.
    package func perform(_ body: () throws -> Void) {
        guard !engine.isStopped else { return }
        do {
            try engine.keepingValues(body)
        } catch {
            handleUncaught(engine.exception(for: error))
        }
        runTicks()
    }

    /// Calls a function of the guest from the loop.
    package func call(_ function: Retained, _ arguments: [GuestValue] = []) {
        perform { try engine.call(function.value, arguments) }
    }

    private func call(_ hook: Hook) {
        if let function = hooks[hook] { call(function) }
    }

    private func runTicks() {
        guard !engine.isStopped else { return }
        guard let ticks = hooks[.ticks] else { return engine.drainMicrotasks() }
        // What a tick throws leaves the others queued.
        while !engine.isStopped {
            do throws(GuestException) {
                try engine.call(ticks.value)
                return
            } catch {
                handleUncaught(error)
            }
        }
    }

    private func handleUncaught(_ exception: GuestException) {
        guard !engine.isStopped else { return }
        do throws(GuestException) {
            guard let uncaught = hooks[.uncaught] else { throw exception }
            let isHandled = engine.bool(try engine.call(uncaught.value, [exception.value.value, engine.value(false)]))
            if isHandled || engine.isStopped { return }
            end(with: 1)
        } catch {
            // Without its built-ins a guest cannot say what went wrong in its own way.
            if engine.isStopped { return }
            let text = (try? engine.string(error.value.value)) ?? "an error that has no text"
            StandardStream.error.write(
                "Uncaught \(text)\n\((try? engine.string(engine.property("stack", of: error.value.value))) ?? "")\n")
            end(with: 7)
        }
    }

    /// Ends the guest from its own thread, outside any of its code.
    private func end(with code: Int32) {
        exitCode = code
        control.stop.raise()
    }

    // MARK: Built-ins

    private func startBuiltIns() throws(GuestException) {
        let host = engine.object()
        engine.setProperty(
            "compile", of: host,
            to: engine.function("compile") { [unowned self] call in
                try engine.evaluate(builtIn: try call.string(0))
            })
        engine.setProperty(
            "open", of: host,
            to: engine.function("open") { [unowned self] call in
                let name = try call.string(0)
                guard let binding = bindings[name] ?? configuration.network?.bindings[name] else {
                    if networkBindings.contains(name) { throw GuestPolicy.denied("the network") }
                    throw HostError("ERR_INTERNAL_ASSERTION", "There is no binding \(name).")
                }
                let made = binding(self)
                configuration.policy?.restrict(made, named: name, of: engine)
                return made
            })
        guard let loader = try engine.evaluate(builtIn: "internal/loader") else { return }
        let module = engine.object()
        try engine.call(loader, [engine.object(), engine.undefined, module, host, engine.undefined])
        requireBuiltIn = Retained(engine.property("exports", of: module), in: engine)
    }

    /// The exports of a built-in.
    package func builtIn(_ id: String) throws(GuestException) -> GuestValue {
        guard let requireBuiltIn else { return engine.undefined }
        return try engine.call(requireBuiltIn.value, [engine.value(id)])
    }
}
