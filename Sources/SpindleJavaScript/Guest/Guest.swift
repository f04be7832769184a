internal import CJavaScriptCore
internal import CSpindle
internal import Glibc
internal import SpindleCore
internal import SpindleMemory
package import SpindleMessaging

/// A JavaScript program on a thread of its own: an engine, its event loop, its modules and what the host lends it.
///
/// Lives on its thread from beginning to end; others hold its ``GuestControl``.
package final class Guest {
    package let configuration: GuestConfiguration
    package let control: GuestControl
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
    let startedAt = spindle_monotonic_now()
    let timeOrigin: Double
    private(set) var loopStartedAt: Int64?
    var input: (any GuestInput)?
    var inputHandler: Retained?
    /// Whether waiting for input keeps the loop alive.
    var isInputReferenced = true
    /// Environment variables that it has in common with others; nil as long as they are its own.
    var sharedEnvironment: GuestEnvironment?

    /// Ports to other guests, and the workers this one has started.
    let ports = Ports()
    var workers: [Int: GuestWorker] = [:]
    /// The waits for shared memory that are under way: each takes itself back and says whether it still was one.
    var waits: [Int: () -> Bool] = [:]
    /// Other programs that this one has started, and pipes to them.
    var children: [Int: GuestChild] = [:]
    var lastChild = 0
    var pipes: [Int: GuestPipe] = [:]
    var lastPipe = 0
    /// Files that it watches.
    var fileWatches: [Int: GuestFileWatch] = [:]
    var lastFileWatch = 0
    /// Locks that are held or waited for.
    var lockRequests: [Int: GuestLockRequest] = [:]
    /// Where scripts leave the bytes of a message, and where they find those of one that came.
    let outbound = HostMemory(count: 16 << 10)
    let inbound = HostMemory(count: 64 << 10)
    /// The message whose parts scripts may still fetch.
    var handedOver: GuestMessage?

    /// Whether the engine does something on threads of its own, which do not wake the loop.
    var isHeldForEngine = false
    private var requireBuiltIn: Retained?
    /// When the engine's own work was last looked after.
    private var engineWorkAt: Int64 = 0

    package enum Hook: String {
        /// `() => void`: runs the timers that are due.
        case timers
        /// `() => void`: runs the immediates.
        case immediates
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
        control.figures.threadStarted()
        let guest = Guest(configuration, control)
        let threadID = configuration.worker?.threadID ?? 0
        configuration.family.add(threadID, control)
        defer { configuration.family.remove(threadID) }
        guest.engine.run { guest.live() }
        if guest.engine.isOutOfMemory { control.ranOutOfMemory() }
        guest.stopWaiting()
        guest.releaseLocks()
        guest.endWorkers()
        guest.cancelHostCalls()
        guest.closePorts()
        guest.closePipes()
        guest.closeFileWatches()
        control.inbox.close()
        if configuration.endsProcess { return guest.exitCode ?? 1 }
        guest.hooks = [:]
        guest.operations = [:]
        guest.inputHandler = nil
        guest.requireBuiltIn = nil
        guest.engine.close()
        control.figures.threadEnded()
        return guest.exitCode ?? 1
    }

    /// Runs a guest on a thread of its own.
    ///
    /// - Parameter ended: called on that thread, last, with the exit code.
    package static func start(
        _ configuration: GuestConfiguration, control: GuestControl, ended: @escaping @Sendable (Int32) -> Void
    ) throws(ThreadStartError) {
        let failure = DetachedThread.start(stackSize: configuration.stackSize) {
            spindle_thread_set_name(configuration.name)
            ended(run(configuration, control: control))
        }
        if let failure { throw ThreadStartError(errno: failure) }
    }

    private init(_ configuration: GuestConfiguration, _ control: GuestControl) {
        self.configuration = configuration
        self.control = control
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        timeOrigin = Double(now.tv_sec) * 1000 + Double(now.tv_nsec) / 1e6
        engine = Engine(stop: control.stop, heapLimit: configuration.heapLimit)
        sharedEnvironment = configuration.sharedEnvironment
    }

    // MARK: The life of a guest

    private func live() {
        perform { try startBuiltIns() }
        perform {
            let start = engine.property("start", of: try builtIn("internal/main"))
            switch configuration.entry {
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
        turn()
        if !engine.isStopped, let exit = hooks[.exit] {
            perform { exitCode = Int32(truncatingIfNeeded: engine.int(try engine.call(exit.value))) }
        }
        if !engine.isStopped, exitCode == nil { exitCode = 0 }
    }

    /// Performs the loop's turns until nothing is left to do or the guest is stopped.
    private func turn() {
        loopStartedAt = spindle_monotonic_now()
        while !engine.isStopped, engine.keepingValues({ takeTurn() }) {}
    }

    /// - Returns: false when nothing is left to do.
    private func takeTurn() -> Bool {
        let now = spindle_monotonic_now()
        if now - engineWorkAt > 50_000_000 { performEngineWork(now) }
        switch loop.next(now: now, hasWork: control.inbox.hasWork) {
        case .fireTimers: call(.timers)
        case .runImmediates: call(.immediates)
        case .sleep(let deadline): sleep(until: deadline)
        case .performWork:
            for work in control.inbox.take() where !engine.isStopped { engine.keepingValues { work(self) } }
        case .finish:
            call(.beforeExit)
            return loop.isAlive || control.inbox.hasWork
        }
        return true
    }

    private func sleep(until deadline: Int64?) {
        if performEngineWork(spindle_monotonic_now()) { return }
        let engineTimeout = isHeldForEngine ? 1_000_000 : engine.engineTimeout()
        let timeout = deadline.map { max(0, $0 - spindle_monotonic_now()) } ?? -1
        let shorter = timeout < 0 ? engineTimeout : engineTimeout < 0 ? timeout : min(timeout, engineTimeout)
        control.figures.becameIdle()
        control.inbox.sleep(timeout: shorter)
        control.figures.becameBusy()
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
                let id = try call.string(0)
                guard let script = BuiltIns.wrapped(id) else { return nil }
                return try engine.evaluate(script, at: "node:" + id)
            })
        engine.setProperty(
            "open", of: host,
            to: engine.function("open") { [unowned self] call in
                let name = try call.string(0)
                guard let binding = bindings[name] else {
                    throw HostError("ERR_INTERNAL_ASSERTION", "There is no binding \(name).")
                }
                let made = binding(self)
                configuration.policy?.restrict(made, named: name, of: engine)
                return made
            })
        guard let script = BuiltIns.wrapped("internal/loader") else { return }
        let module = engine.object()
        let loader = try engine.evaluate(script, at: "node:internal/loader")
        try engine.call(loader, [engine.object(), engine.undefined, module, host, engine.undefined])
        requireBuiltIn = Retained(engine.property("exports", of: module), in: engine)
    }

    /// The exports of a built-in.
    package func builtIn(_ id: String) throws(GuestException) -> GuestValue {
        guard let requireBuiltIn else { return engine.undefined }
        return try engine.call(requireBuiltIn.value, [engine.value(id)])
    }
}
